//! The Rust types that elements can be viewed as.

use super::byte_order::ByteOrder;
use super::datatype::Scalar;
use half::f16;
use num_complex::Complex;

mod sealed {
    pub trait Sealed {}
}

/// A Rust type for a scalar datatype: `i8` … `i64`, `u8` … `u64`, [`struct@f16`], `f32`, `f64`,
/// `Complex<f32>`, `Complex<f64>`, `bool`.
pub trait Element: sealed::Sealed + Copy + Send + Sync + 'static {
    /// The datatype.
    const SCALAR: Scalar;
    /// Bytes of an element.
    const SIZE: usize;
    /// The type's name in Rust.
    const NAME: &'static str;

    /// Reads an element from exactly [`Element::SIZE`] bytes; fewer give zero.
    fn read(bytes: &[u8], order: ByteOrder) -> Self;

    /// The bytes as a slice, when they are this type's own representation.
    #[doc(hidden)]
    fn cast(bytes: &[u8]) -> Option<&[Self]>;
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}

macro_rules! number {
    ($type:ty, $scalar:ident) => {
        impl sealed::Sealed for $type {}
        impl Element for $type {
            const SCALAR: Scalar = Scalar::$scalar;
            const SIZE: usize = size_of::<$type>();
            const NAME: &'static str = stringify!($type);

            #[inline]
            fn read(bytes: &[u8], order: ByteOrder) -> Self {
                match order {
                    ByteOrder::Little => Self::from_le_bytes(array(bytes)),
                    ByteOrder::Big => Self::from_be_bytes(array(bytes)),
                }
            }

            fn cast(bytes: &[u8]) -> Option<&[Self]> {
                bytemuck::try_cast_slice(bytes).ok()
            }
        }
    };
}

// One table of types: the bodies differ in the type's name alone, which no generic can express.
number!(i8, Int8);
number!(i16, Int16);
number!(i32, Int32);
number!(i64, Int64);
number!(u8, Uint8);
number!(u16, Uint16);
number!(u32, Uint32);
number!(u64, Uint64);
number!(f16, Float16);
number!(f32, Float32);
number!(f64, Float64);

impl<F: Element + bytemuck::Pod> sealed::Sealed for Complex<F> {}

/// Splits the bytes of a complex number.
fn halves<F: Element>(bytes: &[u8], order: ByteOrder) -> Complex<F> {
    let (re, im) = bytes.split_at_checked(F::SIZE).unwrap_or_default();
    Complex::new(F::read(re, order), F::read(im, order))
}

impl Element for Complex<f32> {
    const SCALAR: Scalar = Scalar::Complex64;
    const SIZE: usize = 8;
    const NAME: &'static str = "Complex<f32>";

    #[inline]
    fn read(bytes: &[u8], order: ByteOrder) -> Self {
        halves(bytes, order)
    }

    fn cast(bytes: &[u8]) -> Option<&[Self]> {
        bytemuck::try_cast_slice(bytes).ok()
    }
}

impl Element for Complex<f64> {
    const SCALAR: Scalar = Scalar::Complex128;
    const SIZE: usize = 16;
    const NAME: &'static str = "Complex<f64>";

    #[inline]
    fn read(bytes: &[u8], order: ByteOrder) -> Self {
        halves(bytes, order)
    }

    fn cast(bytes: &[u8]) -> Option<&[Self]> {
        bytemuck::try_cast_slice(bytes).ok()
    }
}

impl sealed::Sealed for bool {}

impl Element for bool {
    const SCALAR: Scalar = Scalar::Bool8;
    const SIZE: usize = 1;
    const NAME: &'static str = "bool";

    #[inline]
    fn read(bytes: &[u8], _: ByteOrder) -> Self {
        bytes.first().is_some_and(|byte| *byte != 0)
    }

    /// A byte other than 0 and 1 is not a `bool`, so there is no slice without a look at every byte.
    fn cast(_: &[u8]) -> Option<&[Self]> {
        None
    }
}
