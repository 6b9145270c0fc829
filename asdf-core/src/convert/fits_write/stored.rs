//! Scaled numbers as they were stored, where the header says how.

use crate::array::{ArrayData, ByteOrder, Datatype, Scalar};
use crate::fits::{ColumnForm, FitsHeader};

/// Stored numbers of a column with their scale, and the one that stands for no value.
pub(super) struct Stored {
    pub(super) data: ArrayData<'static>,
    pub(super) scale: f64,
    pub(super) zero: f64,
    pub(super) null: i64,
}

/// The stored numbers of floats of which some are masked, by `TFORMn`, `TSCALn`, `TZEROn` and `TNULLn` of the header; `None` where
/// nothing is masked, or where these would not give every number again, bit for bit.
pub(super) fn of(data: &ArrayData<'_>, number: u64, header: &FitsHeader<'_>) -> Option<Stored> {
    let mask = data.mask().filter(|mask| mask.contains(&true))?;
    if *data.datatype() != Datatype::Scalar(Scalar::Float64) {
        return None;
    }
    let form = header.text(&format!("TFORM{number}")).ok()??;
    let (ColumnForm::Fixed { code, .. } | ColumnForm::Variable { code, .. }) =
        ColumnForm::binary(&form)?
    else {
        return None;
    };
    let (kind, least, most) = match code {
        'B' => (Scalar::Uint8, 0, 255),
        'I' => (Scalar::Int16, i64::from(i16::MIN), i64::from(i16::MAX)),
        'J' => (Scalar::Int32, i64::from(i32::MIN), i64::from(i32::MAX)),
        'K' => (Scalar::Int64, i64::MIN, i64::MAX),
        _ => return None,
    };
    let card = |stem: &str| header.float(&format!("{stem}{number}")).ok().flatten();
    let (scale, zero) = (card("TSCAL").unwrap_or(1.0), card("TZERO").unwrap_or(0.0));
    let null = header.integer(&format!("TNULL{number}")).ok()??;
    if scale == 0.0 || !(least..=most).contains(&null) {
        return None;
    }
    let width = usize::try_from(kind.size()).ok()?;
    let mut bytes = Vec::with_capacity(mask.len().saturating_mul(width));
    for (value, masked) in data.view::<f64>().ok()?.iter().zip(mask) {
        let stored = if *masked {
            null
        } else {
            stored(value, scale, zero)
                .filter(|stored| (least..=most).contains(stored) && *stored != null)?
        };
        let number = stored.to_be_bytes();
        bytes.extend_from_slice(number.get(number.len().checked_sub(width)?..)?);
    }
    let shape = data.shape().to_vec();
    let data = ArrayData::from_parts(bytes, 0, kind.into(), ByteOrder::Big, shape, None).ok()?;
    Some(Stored {
        data,
        scale,
        zero,
        null,
    })
}

/// The integer that the scale makes exactly this number of.
fn stored(value: f64, scale: f64, zero: f64) -> Option<i64> {
    let number = ((value - zero) / scale).round();
    if !(-9.2e18..9.2e18).contains(&number) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within the range")]
    let stored = number as i64;
    #[expect(clippy::cast_precision_loss, reason = "as a reader computes it")]
    let again = stored as f64 * scale + zero;
    #[expect(clippy::float_cmp, reason = "the same number again")]
    (again == value).then_some(stored)
}
