//! Elements that do not count because flags beside them say so.

use crate::array::{ArrayPart, ArrayRef, Datatype, Slice};
use crate::error::{ArrayFault, Result};

/// For each element of an array of that shape whether its flags have one of the bits.
pub(super) fn elements(flags: &ArrayRef<'_>, bits: u64, shape: &[u64]) -> Result<Vec<bool>> {
    let others = axes_before(flags, shape)?;
    let size = flag_size(flags);
    let mut out = Vec::new();
    flags.stream_le(&mut |bytes| {
        extend(&mut out, bytes, size, bits);
        Ok(())
    })?;
    let parts = shape.iter().take(others);
    let parts = parts.fold(1_u64, |product, length| product.saturating_mul(*length));
    Ok(repeated(out, parts))
}

/// The same of a part of such an array, which has that many elements.
pub(super) fn elements_of_part(
    flags: &ArrayRef<'_>,
    bits: u64,
    shape: &[u64],
    part: &ArrayPart,
    count: usize,
) -> Result<Vec<bool>> {
    let others = axes_before(flags, shape)?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let mut slices = part.slices();
    slices.resize(shape.len(), Slice::ALL);
    let own = slices.get(others..).unwrap_or_default();
    let taken = flags.load_slices(own)?;
    let size = flag_size(flags);
    let mut once = Vec::new();
    taken.pack(&mut |bytes| {
        extend(&mut once, bytes, size, bits);
        Ok(())
    })?;
    // What is taken of the axes that the flags have not.
    let before = slices.iter().zip(shape).take(others);
    let parts = before
        .filter_map(|(slice, length)| Some(slice.positions(*length)?.2))
        .fold(1_u64, u64::saturating_mul);
    let out = repeated(once, parts);
    // Axes of a field come last: its values share the flags of their record.
    let values = count / out.len().max(1);
    if values == 1 {
        return Ok(out);
    }
    let each = out.into_iter();
    Ok(each
        .flat_map(|flag| std::iter::repeat_n(flag, values))
        .collect())
}

/// How many axes an array of that shape has before those of the flags.
fn axes_before(flags: &ArrayRef<'_>, shape: &[u64]) -> Result<usize> {
    let is_integer = matches!(flags.datatype(), Datatype::Scalar(scalar) if scalar.is_integer());
    if !is_integer || !shape.ends_with(flags.shape()) {
        return Err(ArrayFault::Flags {
            datatype: flags.datatype().to_string().into(),
            flags: flags.shape().into(),
            shape: shape.into(),
        }
        .into());
    }
    Ok(shape.len().saturating_sub(flags.shape().len()))
}

/// Bytes of a flag.
fn flag_size(flags: &ArrayRef<'_>) -> usize {
    let size = usize::try_from(flags.datatype().size());
    size.unwrap_or(usize::MAX).max(1)
}

/// Adds for each of these flags whether it has one of the bits.
fn extend(out: &mut Vec<bool>, bytes: &[u8], size: usize, bits: u64) {
    let flags = bytes.chunks_exact(size).map(number);
    out.extend(flags.map(|flags| flags & bits != 0));
}

fn repeated(flags: Vec<bool>, times: u64) -> Vec<bool> {
    match usize::try_from(times) {
        Ok(1) => flags,
        times => flags.repeat(times.unwrap_or(usize::MAX)),
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
