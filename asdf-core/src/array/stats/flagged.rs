//! Elements that do not count because flags beside them say so.

use crate::array::{ArrayRef, Datatype};
use crate::error::{ArrayFault, Result};

/// For each element of an array of that shape whether its flags have one of the bits.
pub(super) fn elements(flags: &ArrayRef<'_>, bits: u64, shape: &[u64]) -> Result<Vec<bool>> {
    let is_integer = matches!(flags.datatype(), Datatype::Scalar(scalar) if scalar.is_integer());
    if !is_integer || !shape.ends_with(flags.shape()) {
        return Err(ArrayFault::Flags {
            datatype: flags.datatype().to_string().into(),
            flags: flags.shape().into(),
            shape: shape.into(),
        }
        .into());
    }
    let size = usize::try_from(flags.datatype().size())
        .unwrap_or(usize::MAX)
        .max(1);
    let mut out = Vec::new();
    flags.stream_le(&mut |bytes| {
        let flags = bytes.chunks_exact(size).map(number);
        out.extend(flags.map(|flags| flags & bits != 0));
        Ok(())
    })?;
    let others = shape.len().saturating_sub(flags.shape().len());
    let parts = shape.iter().take(others);
    let parts = parts.fold(1_u64, |product, length| product.saturating_mul(*length));
    match usize::try_from(parts) {
        Ok(1) => Ok(out),
        parts => Ok(out.repeat(parts.unwrap_or(usize::MAX))),
    }
}

/// The bits of an integer, without those of a sign.
fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// What one of two masks leaves out.
pub(super) fn joined(a: Option<Vec<bool>>, b: Option<Vec<bool>>) -> Option<Vec<bool>> {
    match (a, b) {
        (Some(mut a), Some(b)) => {
            for (slot, other) in a.iter_mut().zip(b) {
                *slot |= other;
            }
            Some(a)
        }
        (a, b) => a.or(b),
    }
}
