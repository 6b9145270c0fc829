//! Numbers as another type than the one in the file.

use super::ArrayRef;
use super::byte_order::ByteOrder;
use super::data::ArrayData;
use super::datatype::{Datatype, Scalar};
use super::element::Element;
use super::number::Number;
use crate::error::Mismatch;
use crate::error::Result;
use crate::tree::float_text;
use half::f16;
use num_complex::Complex;

impl ArrayRef<'_> {
    /// Loads all elements as numbers of the type asked for, in C order, whatever number type the file has.
    ///
    /// Numbers that become floats are rounded, and infinite where they are too large. Integers and truth values must be exact.
    ///
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let flux = file.array("roman/data")?;
    /// let values = flux.load_as::<f64>()?;
    /// assert_eq!(values.len() as u64, flux.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The array cannot be loaded; its elements are not numbers; the type cannot hold one of them.
    pub fn load_as<T: Element>(&self) -> Result<Vec<T>> {
        let data = self.load()?;
        data.to_vec_as::<T>()
            .map_err(|error| error.at_node(self.path()))
    }
}

impl ArrayData<'_> {
    /// The elements as numbers of the type asked for, in C order; see [`ArrayRef::load_as`].
    ///
    /// # Errors
    /// The elements are not numbers; the type cannot hold one of them.
    pub fn to_vec_as<T: Element>(&self) -> Result<Vec<T>> {
        let Datatype::Scalar(scalar) = self.datatype() else {
            return Ok(self.view::<T>()?.to_vec());
        };
        match scalar {
            same if *same == T::SCALAR => Ok(self.view::<T>()?.to_vec()),
            Scalar::Int8 => self.each(|value: i8| Number::Int(value.into())),
            Scalar::Int16 => self.each(|value: i16| Number::Int(value.into())),
            Scalar::Int32 => self.each(|value: i32| Number::Int(value.into())),
            Scalar::Int64 => self.each(|value: i64| Number::Int(value.into())),
            Scalar::Uint8 => self.each(|value: u8| Number::Int(value.into())),
            Scalar::Uint16 => self.each(|value: u16| Number::Int(value.into())),
            Scalar::Uint32 => self.each(|value: u32| Number::Int(value.into())),
            Scalar::Uint64 => self.each(|value: u64| Number::Int(value.into())),
            Scalar::Bool8 => self.each(|value: bool| Number::Int(value.into())),
            Scalar::Float16 => self.each(|value: f16| Number::Float(value.into())),
            Scalar::Float32 => self.each(|value: f32| Number::Float(value.into())),
            Scalar::Float64 => self.each(Number::Float),
            Scalar::Complex64 => {
                self.each(|value: Complex<f32>| Number::Complex(value.re.into(), value.im.into()))
            }
            Scalar::Complex128 => {
                self.each(|value: Complex<f64>| Number::Complex(value.re, value.im))
            }
        }
    }

    fn each<S: Element, T: Element>(&self, number: impl Fn(S) -> Number) -> Result<Vec<T>> {
        let mut bytes = Vec::with_capacity(T::SIZE);
        let convert = |(index, value): (u64, S)| {
            let number = number(value);
            if !holds(number, T::SCALAR) {
                return Err(Mismatch::Number {
                    index,
                    found: text(number).into(),
                    asked: T::SCALAR.name(),
                }
                .into());
            }
            bytes.clear();
            number.write(T::SCALAR, ByteOrder::NATIVE, &mut bytes);
            Ok(T::read(&bytes, ByteOrder::NATIVE))
        };
        (0..).zip(self.view::<S>()?.iter()).map(convert).collect()
    }
}

fn text(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Float(value) => float_text(value),
        Number::Complex(re, im) => format!("({}, {})", float_text(re), float_text(im)),
    }
}

/// True when a type holds the number, floats rounded; truth values are 0 and 1 only.
fn holds(number: Number, scalar: Scalar) -> bool {
    number.fits(scalar) && (scalar != Scalar::Bool8 || matches!(number, Number::Int(0 | 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(values: &[f64]) -> ArrayData<'static> {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_be_bytes())
            .collect();
        let shape = vec![values.len() as u64];
        let datatype = Datatype::Scalar(Scalar::Float64);
        ArrayData::from_parts(bytes, 0, datatype, ByteOrder::Big, shape, None).unwrap()
    }

    #[test]
    fn whole_floats_are_integers_and_others_are_refused_with_their_index() {
        let found = data(&[1.0, -3.0]).to_vec_as::<i16>().unwrap();
        assert_eq!(found, [1_i16, -3]);
        let error = data(&[1.0, 2.5]).to_vec_as::<i16>().unwrap_err();
        assert!(error.is_mismatch(), "{error}");
        assert!(error.to_string().contains("element 1"), "{error}");
        assert!(data(&[40_000.0]).to_vec_as::<i16>().is_err());
        assert!(data(&[f64::NAN]).to_vec_as::<u8>().is_err());
    }

    #[test]
    fn floats_are_rounded_and_real_numbers_are_complex_ones() {
        assert_eq!(data(&[0.1]).to_vec_as::<f32>().unwrap(), [0.1_f32]);
        let complex = data(&[0.5]).to_vec_as::<Complex<f64>>().unwrap();
        assert_eq!(complex, [Complex::new(0.5, 0.0)]);
    }
}
