//! Which datatypes hold all values of another: numpy's "safe" casts, which `datatype` allows.

use crate::array::Datatype;
use crate::array::Scalar;

/// The families of numbers, each able to hold those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Bool,
    Unsigned,
    Signed,
    Float,
    Complex,
}

/// Family and bytes of one number (of one part, when complex).
fn family(scalar: Scalar) -> (Family, u64) {
    let size = scalar.size();
    match scalar {
        Scalar::Bool8 => (Family::Bool, 1),
        Scalar::Uint8 | Scalar::Uint16 | Scalar::Uint32 | Scalar::Uint64 => {
            (Family::Unsigned, size)
        }
        Scalar::Int8 | Scalar::Int16 | Scalar::Int32 | Scalar::Int64 => (Family::Signed, size),
        Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => (Family::Float, size),
        Scalar::Complex64 | Scalar::Complex128 => (Family::Complex, size / 2),
    }
}

/// True when every value of `from` is one of `to`.
pub(super) fn is_safe(from: &Datatype, to: &Datatype) -> bool {
    match (from, to) {
        (Datatype::Scalar(from), Datatype::Scalar(to)) => scalar(*from, *to),
        (Datatype::Ascii(from), Datatype::Ascii(to) | Datatype::Ucs4(to))
        | (Datatype::Ucs4(from), Datatype::Ucs4(to)) => from <= to,
        (Datatype::Scalar(from), Datatype::Ascii(to) | Datatype::Ucs4(to)) => digits(*from) <= *to,
        (Datatype::Record(from), Datatype::Record(to)) => {
            from.len() == to.len()
                && from.iter().zip(to).all(|(from, to)| {
                    // A single value spreads over a sub-array.
                    (from.shape.is_empty() || from.shape == to.shape)
                        && is_safe(&from.datatype, &to.datatype)
                })
        }
        _ => false,
    }
}

fn scalar(from: Scalar, to: Scalar) -> bool {
    let ((from, size), (to, room)) = (family(from), family(to));
    match (from, to) {
        (Family::Bool, _) => true,
        (from, to) if from > to => false,
        (from, to) if from == to => size <= room,
        (Family::Unsigned, Family::Signed) => size < room,
        // Integers lie within floats of twice their size; float64 is taken for all of them.
        (Family::Unsigned | Family::Signed, _) => size < room || (size == 8 && room == 8),
        _ => size <= room,
    }
}

/// Characters that numpy sets aside for a number.
fn digits(from: Scalar) -> u64 {
    match from {
        Scalar::Uint8 => 3,
        Scalar::Int8 => 4,
        Scalar::Bool8 | Scalar::Uint16 => 5,
        Scalar::Int16 => 6,
        Scalar::Uint32 => 10,
        Scalar::Int32 => 11,
        Scalar::Uint64 => 20,
        Scalar::Int64 => 21,
        Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => 32,
        Scalar::Complex64 | Scalar::Complex128 => 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `numpy.can_cast(from, to, "safe")`, a line each.
    const SAFE: &str = "\
bool8: bool8 int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128
int8: int8 int16 int32 int64 float16 float32 float64 complex64 complex128
int16: int16 int32 int64 float32 float64 complex64 complex128
int32: int32 int64 float64 complex128
int64: int64 float64 complex128
uint8: int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128
uint16: int32 int64 uint16 uint32 uint64 float32 float64 complex64 complex128
uint32: int64 uint32 uint64 float64 complex128
uint64: uint64 float64 complex128
float16: float16 float32 float64 complex64 complex128
float32: float32 float64 complex64 complex128
float64: float64 complex128
complex64: complex64 complex128
complex128: complex128";

    const ALL: [Scalar; 14] = [
        Scalar::Int8,
        Scalar::Int16,
        Scalar::Int32,
        Scalar::Int64,
        Scalar::Uint8,
        Scalar::Uint16,
        Scalar::Uint32,
        Scalar::Uint64,
        Scalar::Float16,
        Scalar::Float32,
        Scalar::Float64,
        Scalar::Complex64,
        Scalar::Complex128,
        Scalar::Bool8,
    ];

    #[test]
    fn casts_between_numbers_are_those_of_numpy() {
        for from in ALL {
            let prefix = format!("{}: ", from.name());
            let line = SAFE
                .lines()
                .find_map(|line| line.strip_prefix(&prefix))
                .unwrap();
            for to in ALL {
                let wanted = line.split(' ').any(|name| name == to.name());
                let found = is_safe(&Datatype::Scalar(from), &Datatype::Scalar(to));
                assert_eq!(found, wanted, "{} to {}", from.name(), to.name());
            }
        }
    }

    #[test]
    fn text_holds_shorter_text_and_printed_numbers() {
        assert!(is_safe(&Datatype::Ascii(4), &Datatype::Ucs4(4)));
        assert!(!is_safe(&Datatype::Ucs4(1), &Datatype::Ascii(9)));
        assert!(!is_safe(&Datatype::Ascii(5), &Datatype::Ascii(4)));
        assert!(is_safe(
            &Datatype::Scalar(Scalar::Int32),
            &Datatype::Ascii(11)
        ));
        assert!(!is_safe(
            &Datatype::Scalar(Scalar::Int32),
            &Datatype::Ucs4(10)
        ));
        assert!(!is_safe(
            &Datatype::Ascii(1),
            &Datatype::Scalar(Scalar::Int32)
        ));
    }
}
