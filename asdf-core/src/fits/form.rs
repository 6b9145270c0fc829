//! `TFORMn` and `TDIMn`: what a column holds. FITS 4.0, sections 7.2.1, 7.3.1 and 7.3.2.

use crate::array::Scalar;

/// The meaning of `TFORMn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnForm {
    /// A fixed number of elements in each row of a binary table.
    Fixed {
        /// Elements; bits for `X`, characters for `A`.
        repeat: u64,
        /// One of `LXBIJKAEDCM`.
        code: char,
    },
    /// An array in the heap for each row (section 7.3.5).
    Variable {
        /// One of `LXBIJKAEDCM`.
        code: char,
        /// Descriptors of 64 bits (`Q`), not of 32 (`P`).
        wide: bool,
        /// False for a repeat of 0: a column without descriptors.
        there: bool,
    },
    /// Characters of an ASCII table.
    Ascii {
        /// One of `AIFED`.
        code: char,
        /// Characters.
        width: u64,
        /// Digits after the decimal point, where a number has none.
        decimals: u64,
    },
}

/// What follows a number at the start of a text.
fn leading_number(text: &str) -> (Option<u64>, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits).unwrap_or_default();
    (number.parse().ok(), rest)
}

impl ColumnForm {
    /// Reads `TFORMn` of a binary table: `rT`, `rPT(e)`. Small letters mean the same.
    pub(crate) fn binary(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        let (number, rest) = leading_number(text.trim());
        let repeat = if text.trim().starts_with(|char: char| char.is_ascii_digit()) {
            number?
        } else {
            1
        };
        let mut chars = rest.chars();
        let code = chars.next()?;
        match code {
            'L' | 'X' | 'B' | 'I' | 'J' | 'K' | 'A' | 'E' | 'D' | 'C' | 'M' => {
                Some(Self::Fixed { repeat, code })
            }
            'P' | 'Q' if repeat < 2 => {
                let inner = chars.next()?;
                "LXBIJKAEDCM".contains(inner).then_some(Self::Variable {
                    code: inner,
                    wide: code == 'Q',
                    there: repeat == 1,
                })
            }
            _ => None,
        }
    }

    /// Reads `TFORMn` of an ASCII table: `Aw`, `Iw`, `Fw.d`, `Ew.d`, `Dw.d`.
    pub(super) fn ascii(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        let mut chars = text.trim().chars();
        let code = chars.next()?;
        let (width, rest) = leading_number(chars.as_str());
        let width = width?;
        let decimals = match rest.strip_prefix('.') {
            Some(rest) => leading_number(rest).0.unwrap_or(0),
            None if rest.is_empty() => 0,
            None => return None,
        };
        matches!(code, 'A' | 'I' | 'F' | 'E' | 'D').then_some(Self::Ascii {
            code,
            width,
            decimals,
        })
    }

    /// Bytes that the column takes of a row.
    pub fn row_bytes(self) -> Option<u64> {
        match self {
            Self::Fixed { repeat, code: 'X' } => Some(repeat.div_ceil(8)),
            Self::Fixed { repeat, code } => repeat.checked_mul(element_size(code)),
            Self::Variable { there: false, .. } => Some(0),
            Self::Variable { wide, .. } => Some(if wide { 16 } else { 8 }),
            Self::Ascii { width, .. } => Some(width),
        }
    }

    /// True for arrays in the heap.
    pub fn is_variable(self) -> bool {
        matches!(self, Self::Variable { .. })
    }

    /// True for text.
    pub fn is_text(self) -> bool {
        let (Self::Fixed { code, .. } | Self::Variable { code, .. } | Self::Ascii { code, .. }) =
            self;
        code == 'A'
    }

    /// The type of numbers as they are stored; none of text and bits.
    pub fn stored_type(self) -> Option<Scalar> {
        match self {
            Self::Fixed { code, .. } | Self::Variable { code, .. } => scalar(code),
            // As wide as the digits need: what other readers do as well.
            Self::Ascii {
                code: 'I', width, ..
            } => Some(match width {
                ..=4 => Scalar::Int16,
                5..=9 => Scalar::Int32,
                _ => Scalar::Int64,
            }),
            Self::Ascii { code: 'A', .. } => None,
            Self::Ascii { .. } => Some(Scalar::Float64),
        }
    }
}

/// The type of an element of a binary table (section 7.3.1, table 18).
pub(super) fn scalar(code: char) -> Option<Scalar> {
    Some(match code {
        'L' => Scalar::Bool8,
        'B' => Scalar::Uint8,
        'I' => Scalar::Int16,
        'J' => Scalar::Int32,
        'K' => Scalar::Int64,
        'E' => Scalar::Float32,
        'D' => Scalar::Float64,
        'C' => Scalar::Complex64,
        'M' => Scalar::Complex128,
        _ => return None,
    })
}

/// Bytes of an element; of bits, a byte for eight.
pub(super) fn element_size(code: char) -> u64 {
    scalar(code).map_or(1, Scalar::size)
}

/// Reads `TDIMn`, `(3,2)`: the fastest axis first. `None` when it is no such list.
pub(super) fn dimensions(text: &str) -> Option<Vec<u64>> {
    let inner = text.trim().strip_prefix('(')?.strip_suffix(')')?;
    let axes: Option<Vec<u64>> = inner
        .split(',')
        .map(|axis| axis.trim().parse().ok())
        .collect();
    axes.filter(|axes| axes.len() <= 32)
}

/// `TDIMn` in C order, where it names as many elements as there are (clause F-14).
pub(super) fn shape(text: &str, form: ColumnForm) -> Option<Vec<u64>> {
    let ColumnForm::Fixed { repeat, .. } = form else {
        return None;
    };
    let axes = dimensions(text)?;
    let count = axes
        .iter()
        .try_fold(1_u64, |product, axis| product.checked_mul(*axis))?;
    (count == repeat).then(|| axes.into_iter().rev().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_binary_column_is_read() {
        let fixed = |repeat, code| Some(ColumnForm::Fixed { repeat, code });
        assert_eq!(ColumnForm::binary("J"), fixed(1, 'J'));
        assert_eq!(ColumnForm::binary("1j"), fixed(1, 'J'));
        assert_eq!(ColumnForm::binary(" 0E "), fixed(0, 'E'));
        assert_eq!(ColumnForm::binary("12A4"), fixed(12, 'A'));
        assert_eq!(
            ColumnForm::binary("11X").and_then(ColumnForm::row_bytes),
            Some(2)
        );
        let variable = |code, wide, there| Some(ColumnForm::Variable { code, wide, there });
        assert_eq!(ColumnForm::binary("PE(5)"), variable('E', false, true));
        assert_eq!(ColumnForm::binary("0QJ"), variable('J', true, false));
        for bad in ["", "3", "2PE(5)", "Z", "P", "PZ", "99999999999999999999J"] {
            assert_eq!(ColumnForm::binary(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_form_of_an_ascii_column_is_read() {
        let form = |code, width, decimals| {
            Some(ColumnForm::Ascii {
                code,
                width,
                decimals,
            })
        };
        assert_eq!(ColumnForm::ascii("A10"), form('A', 10, 0));
        assert_eq!(ColumnForm::ascii("f8.3"), form('F', 8, 3));
        assert_eq!(ColumnForm::ascii("D25.17"), form('D', 25, 17));
        assert_eq!(ColumnForm::ascii("I"), None);
        assert_eq!(ColumnForm::ascii("E5x"), None);
    }

    #[test]
    fn dimensions_are_a_list_in_parentheses() {
        assert_eq!(dimensions("(3,2)"), Some(vec![3, 2]));
        assert_eq!(dimensions(" ( 4 , 3 ) "), Some(vec![4, 3]));
        assert_eq!(dimensions("3,2"), None);
        assert_eq!(dimensions("(a)"), None);
    }
}
