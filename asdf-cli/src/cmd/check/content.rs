//! What the elements of an array are, as far as it must be known.

use asdf_core::array::{Scalar, ViewIdentity};
use asdf_core::error::ErrorKind;
use asdf_core::{ArrayRef, Error, Result};
use std::collections::HashMap;

/// What is wrong with all elements together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Content {
    pub(super) all_nan: bool,
    pub(super) all_zero: bool,
    /// All elements are the same, and there are two at least.
    pub(super) constant: bool,
    /// The share of NaN, when it was asked for.
    pub(super) nan_share: Option<f64>,
}

/// What was found of views so far: those of the same elements are read once.
#[derive(Debug, Default)]
pub(super) struct Looks {
    known: HashMap<(ViewIdentity, bool), Content>,
}

impl Looks {
    /// As [`look`], if it is not known.
    pub(super) fn look(&mut self, array: &ArrayRef<'_>, counts_nan: bool) -> Result<Content> {
        let Some(identity) = array.identity() else {
            return look(array, counts_nan);
        };
        let key = (identity, counts_nan);
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let found = look(array, counts_nan)?;
        self.known.insert(key, found);
        Ok(found)
    }
}

/// Reads an array until it is known that its elements are not all the same; to its end when NaN are counted.
fn look(array: &ArrayRef<'_>, counts_nan: bool) -> Result<Content> {
    let width = usize::try_from(array.datatype().size()).unwrap_or(0);
    if width == 0 || array.is_empty() {
        return Ok(Content::default());
    }
    let mut seen = Seen {
        width,
        float: array.datatype().scalar().and_then(float),
        first: Vec::new(),
        elements: 0,
        nans: 0,
        is_constant: true,
    };
    let counts_nan = counts_nan && seen.float.is_some();
    let read = array.stream_le(&mut |bytes| {
        seen.take(bytes);
        if seen.is_settled() && !counts_nan {
            return Err(ErrorKind::Cancelled.into());
        }
        Ok(())
    });
    match read {
        Err(error) if !is_stop(&error) => return Err(error),
        _ => {}
    }
    let all_nan = seen.nans == seen.elements;
    let is_constant = seen.is_constant && !all_nan;
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
    let nan_share = seen.nans as f64 / seen.elements.max(1) as f64;
    Ok(Content {
        all_nan,
        all_zero: is_constant && seen.first.iter().all(|byte| *byte == 0),
        constant: is_constant && seen.elements > 1,
        nan_share: counts_nan.then_some(nan_share),
    })
}

fn is_stop(error: &Error) -> bool {
    error.is_cancelled()
}

/// How NaN is told from the little-endian bytes of a float.
type IsNan = fn(&[u8]) -> bool;

fn float(scalar: Scalar) -> Option<IsNan> {
    match scalar {
        Scalar::Float16 => Some(|bytes| {
            let bits = bytes.try_into().map_or(0, u16::from_le_bytes);
            bits & 0x7fff > 0x7c00
        }),
        Scalar::Float32 => Some(|bytes| {
            bytes
                .try_into()
                .is_ok_and(|four| f32::from_le_bytes(four).is_nan())
        }),
        Scalar::Float64 => Some(|bytes| {
            bytes
                .try_into()
                .is_ok_and(|eight| f64::from_le_bytes(eight).is_nan())
        }),
        _ => None,
    }
}

struct Seen {
    width: usize,
    float: Option<IsNan>,
    first: Vec<u8>,
    elements: u64,
    nans: u64,
    is_constant: bool,
}

impl Seen {
    fn take(&mut self, bytes: &[u8]) {
        let Some(first) = bytes.get(..self.width) else {
            return;
        };
        if self.elements == 0 {
            self.first = first.to_vec();
        }
        for element in bytes.chunks_exact(self.width) {
            self.elements += 1;
            if self.float.is_some_and(|is_nan| is_nan(element)) {
                self.nans += 1;
            } else if element != self.first {
                self.is_constant = false;
            }
        }
    }

    /// True when neither all elements are NaN nor all the same.
    fn is_settled(&self) -> bool {
        let varies = !self.is_constant || (self.nans > 0 && self.nans < self.elements);
        varies && self.nans < self.elements
    }
}
