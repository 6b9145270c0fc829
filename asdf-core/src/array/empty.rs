//! What is written of an array though it takes no byte: lists without elements, and elements without bytes.

use super::datatype::Datatype;
use super::shape::count;
use crate::error::{LimitExceeded, Result};

/// A shape like `[1000000000000, 0]` takes no bytes and is that many lists.
const ALLOWED: u64 = 1 << 20;

/// Bounds what takes no byte when an array is taken apart into lists, values or nodes.
///
/// # Errors
/// There are more than 2^20 lists without elements and elements without bytes; the limit is fixed.
pub(crate) fn check_lists(shape: &[u64], datatype: &Datatype) -> Result<()> {
    let what = "empty lists of an array, and elements without bytes,";
    LimitExceeded::fixed(what, without_bytes(shape, datatype), ALLOWED)
}

fn without_bytes(shape: &[u64], datatype: &Datatype) -> u64 {
    if shape.contains(&0) {
        // The lists along the axes in front of the first that has no length.
        let outer = shape.iter().take_while(|length| **length > 0);
        return outer.fold(1, |all: u64, length| all.saturating_mul(*length));
    }
    let inner = match datatype {
        Datatype::Scalar(_) => 0,
        Datatype::Ascii(length) | Datatype::Ucs4(length) => u64::from(*length == 0),
        Datatype::Record(fields) => {
            let each = fields
                .iter()
                .map(|field| without_bytes(&field.shape, &field.datatype));
            each.fold(0, u64::saturating_add)
        }
    };
    count(shape).unwrap_or(u64::MAX).saturating_mul(inner)
}

#[cfg(test)]
mod tests {
    use super::super::datatype::Scalar;
    use super::*;

    #[test]
    fn only_what_takes_no_byte_is_counted() {
        let byte = Datatype::Scalar(Scalar::Uint8);
        assert_eq!(without_bytes(&[1 << 40, 7], &byte), 0);
        assert_eq!(without_bytes(&[1 << 40, 7, 0, 3], &byte), 7 << 40);
        assert_eq!(without_bytes(&[u64::MAX, u64::MAX, 0], &byte), u64::MAX);
        assert_eq!(without_bytes(&[0, u64::MAX], &byte), 1);
        assert_eq!(without_bytes(&[5], &Datatype::Ascii(0)), 5);
        assert!(check_lists(&[3, 0], &byte).is_ok());
        assert!(check_lists(&[1 << 21, 0], &byte).is_err());
    }
}
