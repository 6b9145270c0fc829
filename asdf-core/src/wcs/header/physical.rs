//! The physical pixels of a section of an image (`LTVi`, `LTMi_j` of IRAF): as the alternate description P, where the header
//! has no other under that letter.

use super::keywords::Keywords;
use super::number;
use super::number::{Read, Refusal};
use crate::fits::{CardValue, FitsHeader, NewHeader};

/// The letter that physical coordinates are described under.
pub(super) const LETTER: &str = "P";
/// Axes that are looked at.
const MOST: usize = 9;

pub(super) fn is_given(header: &FitsHeader<'_>) -> bool {
    let is = |keyword: String| header.get(&keyword).is_some();
    (1..=MOST).any(|axis| is(format!("LTV{axis}")) || is(format!("LTM{axis}_{axis}")))
}

/// Pixel = LTM · physical + LTV, the other way round and as cards of a description.
pub(super) fn cards(keywords: Keywords<'_>) -> Read<NewHeader> {
    let header = keywords.header;
    let number = |keyword: String, default: f64| -> Read<f64> {
        Ok(number::number(header, &keyword)?.unwrap_or(default))
    };
    let count = number("NAXIS".to_owned(), 2.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to small numbers"
    )]
    let count = count.clamp(1.0, 9.0) as usize;
    let matrix = matrix(keywords, count)?;
    let [[a, b, ..], [c, d, ..], ..] = matrix;
    let determinant = if count > 1 { a * d - b * c } else { a };
    if determinant == 0.0 {
        return Err(Refusal::new(
            "LTM1_1",
            "belongs to a matrix without an inverse",
        ));
    }
    let mut out = NewHeader::new();
    let mut set = |keyword: String, value: f64| {
        let value = CardValue::Float(value);
        let failed = |_| Refusal::new(keyword.as_str(), "cannot be written");
        out.set(&keyword, &value, "").map_err(failed)
    };
    for (axis, row) in matrix.iter().enumerate().take(count) {
        let place = axis + 1;
        set(
            format!("CRPIX{place}P"),
            number(format!("LTV{place}"), 0.0)?,
        )?;
        set(format!("CRVAL{place}P"), 0.0)?;
        let own = row.get(axis).copied().unwrap_or(1.0);
        let own = match axis {
            0 if count > 1 => d / determinant,
            1 => a / determinant,
            _ if own == 0.0 => {
                let reason = "belongs to a matrix without an inverse";
                return Err(Refusal::new(format!("LTM{place}_{place}"), reason));
            }
            _ => 1.0 / own,
        };
        set(format!("CD{place}_{place}P"), own)?;
    }
    if count > 1 && (b != 0.0 || c != 0.0) {
        set("CD1_2P".to_owned(), -b / determinant)?;
        set("CD2_1P".to_owned(), -c / determinant)?;
    }
    for axis in 1..=count {
        name_axis(&mut out, keywords, axis)?;
    }
    Ok(out)
}

/// The numbers `LTMi_j`, as unit matrix where there are none.
fn matrix(keywords: Keywords<'_>, count: usize) -> Read<[[f64; MOST]; MOST]> {
    let mut matrix = [[0.0; MOST]; MOST];
    for (i, row) in matrix.iter_mut().enumerate().take(count) {
        for (j, cell) in row.iter_mut().enumerate().take(count) {
            let default = if i == j { 1.0 } else { 0.0 };
            let keyword = format!("LTM{}_{}", i + 1, j + 1);
            *cell = number::number(keywords.header, &keyword)?.unwrap_or(default);
            if i != j && *cell != 0.0 && (i > 1 || j > 1) {
                let reason = format!("is {cell}, axes are mixed beyond the second");
                return Err(Refusal::new(keyword, reason));
            }
        }
    }
    Ok(matrix)
}

/// The length and the type of an axis.
fn name_axis(out: &mut NewHeader, keywords: Keywords<'_>, axis: usize) -> Read<()> {
    let header = keywords.header;
    let keyword = format!("NAXIS{axis}");
    if header.get(&keyword).is_some() {
        let length = CardValue::Integer(number::integer(header, &keyword)?.into());
        let failed = |_| Refusal::new(keyword.as_str(), "cannot be written");
        out.set(&keyword, &length, "").map_err(failed)?;
    }
    let name = CardValue::Text("PHYSICAL".to_owned());
    let keyword = format!("CTYPE{axis}P");
    let failed = |_| Refusal::new(keyword.as_str(), "cannot be written");
    out.set(&keyword, &name, "").map_err(failed)
}
