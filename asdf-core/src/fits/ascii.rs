//! Numbers of ASCII tables. FITS 4.0, section 7.2.5; clause F-16.

use super::form::ColumnForm;
use super::mask::some_mask;
use super::value;
use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::Scalar;
use crate::error::Error;
use crate::error::FitsFault;
use crate::error::Locate;
use crate::error::Result;

/// How the fields of a column are read.
pub(super) struct Numbers<'c> {
    pub(super) form: ColumnForm,
    /// The text that stands for no value.
    pub(super) null: Option<&'c str>,
    /// Digits after the decimal point of numbers that have none.
    pub(super) decimals: u64,
    /// The column's number.
    pub(super) column: u64,
    /// Number of the first row.
    pub(super) first: u64,
}

impl Numbers<'_> {
    /// Reads one number a row; fields that are blank or `TNULLn` are masked.
    pub(super) fn read<'f, 'd>(
        &self,
        fields: impl Iterator<Item = (u64, &'d [u8])>,
        rows: u64,
    ) -> Result<ArrayData<'f>> {
        let scalar = self.form.stored_type().unwrap_or(Scalar::Float64);
        let (mut out, mut mask) = (Vec::new(), Vec::new());
        for ((offset, field), row) in fields.zip(self.first..) {
            let text = field.trim_ascii();
            let absent =
                text.is_empty() || self.null.is_some_and(|null| null.trim().as_bytes() == text);
            mask.push(absent);
            let bytes = match (absent, scalar) {
                (true, Scalar::Float64) => Some(Number::Float(f64::NAN)),
                (true, _) => Some(Number::Integer(0)),
                (false, Scalar::Float64) => self.float(text).map(Number::Float),
                (false, _) => integer(text).map(Number::Integer),
            };
            if bytes
                .and_then(|number| number.put(scalar, &mut out))
                .is_none()
            {
                let fault = FitsFault::Field {
                    row,
                    column: self.column,
                    found: format!("`{}`", text.escape_ascii()).into(),
                    wanted: if scalar == Scalar::Float64 {
                        "a number"
                    } else {
                        "a whole number"
                    },
                };
                let end = offset.saturating_add(field.len() as u64);
                return Err(Error::from(fault).at(offset..end));
            }
        }
        let (datatype, order) = (Datatype::Scalar(scalar), ByteOrder::NATIVE);
        let data = ArrayData::from_parts(out, 0, datatype, order, vec![rows], None)?;
        Ok(data.with_mask(some_mask(mask)))
    }

    /// A number, its decimal point implied where it has none; the letter of the exponent may be missing, as in Fortran.
    fn float(&self, text: &[u8]) -> Option<f64> {
        let has_letter = text
            .iter()
            .any(|byte| matches!(byte, b'E' | b'e' | b'D' | b'd'));
        let mut signs = text.iter().enumerate().skip(1);
        let sign = signs.find(|(_, byte)| matches!(byte, b'+' | b'-'));
        if let (false, Some((at, _))) = (has_letter, sign) {
            let (mantissa, exponent) = text.split_at_checked(at)?;
            return self.with_letter(&[mantissa, b"E", exponent].concat());
        }
        self.with_letter(text)
    }

    fn with_letter(&self, text: &[u8]) -> Option<f64> {
        let digits = text
            .iter()
            .position(|byte| matches!(byte, b'E' | b'e' | b'D' | b'd'));
        let (mantissa, exponent) = text.split_at_checked(digits.unwrap_or(text.len()))?;
        if mantissa.contains(&b'.') || self.decimals == 0 {
            return value::float(text);
        }
        let exponent = match exponent.get(1..) {
            Some(exponent) => std::str::from_utf8(exponent).ok()?.parse::<i64>().ok()?,
            None => 0,
        };
        let moved = exponent.checked_sub(i64::try_from(self.decimals).ok()?)?;
        let mut whole = mantissa.to_vec();
        whole.extend(format!("E{moved}").into_bytes());
        value::float(&whole)
    }
}

#[derive(Clone, Copy)]
enum Number {
    Integer(i64),
    Float(f64),
}

impl Number {
    /// Appends the number; `None` when it does not fit the type.
    fn put(self, scalar: Scalar, out: &mut Vec<u8>) -> Option<()> {
        match (self, scalar) {
            (Self::Integer(number), Scalar::Int16) => {
                out.extend(i16::try_from(number).ok()?.to_ne_bytes());
            }
            (Self::Integer(number), Scalar::Int32) => {
                out.extend(i32::try_from(number).ok()?.to_ne_bytes());
            }
            (Self::Integer(number), _) => out.extend(number.to_ne_bytes()),
            (Self::Float(number), _) => out.extend(number.to_ne_bytes()),
        }
        Some(())
    }
}

fn integer(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, null: Option<&str>, fields: &[&str]) -> Result<ArrayData<'static>> {
        let form = ColumnForm::ascii(form).unwrap();
        let ColumnForm::Ascii { decimals, .. } = form else {
            unreachable!()
        };
        let numbers = Numbers {
            form,
            null,
            decimals,
            column: 1,
            first: 0,
        };
        let places = fields.iter().map(|field| (7, field.as_bytes()));
        numbers.read(places, fields.len() as u64)
    }

    #[test]
    fn a_decimal_point_is_implied_only_where_there_is_none() {
        let found = read("F8.2", None, &["   12345", " 1.5 ", "-25", "1E2", "1D2"]).unwrap();
        assert_eq!(
            found.view::<f64>().unwrap().to_vec(),
            [123.45, 1.5, -0.25, 1.0, 1.0]
        );
    }

    #[test]
    fn the_letter_of_an_exponent_may_be_missing() {
        let found = read(
            "E10.3",
            None,
            &["1.5+3", "-2.5-2", "+1.0+00", "12345-1", "2.5E+1"],
        );
        assert_eq!(
            found.unwrap().view::<f64>().unwrap().to_vec(),
            [1500.0, -0.025, 1.0, 1.2345, 25.0]
        );
        assert!(read("E10.3", None, &["1.5+"]).is_err());
        assert!(read("E10.3", None, &["1.5+3+3"]).is_err());
    }

    #[test]
    fn blank_fields_and_nulls_are_masked() {
        let found = read("I6", Some("***"), &[" 12 ", "   ", "***"]).unwrap();
        assert_eq!(found.view::<i32>().unwrap().to_vec(), [12, 0, 0]);
        assert_eq!(found.mask(), Some([false, true, true].as_slice()));
    }

    #[test]
    fn what_is_no_number_is_an_error_at_its_bytes() {
        let error = read("I6", None, &["12", "1x"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "at 0x7..0x9: row 1 of column 1 is `1x`, expected a whole number"
        );
    }
}
