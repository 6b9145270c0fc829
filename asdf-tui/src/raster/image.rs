//! What a picture is made of: a plane or many of them made one, perhaps with what a second image makes of it, without the
//! elements that are left out.

use super::plane::Plane;
use super::resample::Resampled;
use super::stack::Stack;
use super::zscale::Precision;
use asdf_core::error::Mismatch;
use asdf_core::{Error, Result};
use std::ops::Range;

/// Elements that are left out because of what another plane of the same shape says.
#[derive(Debug)]
pub enum Blank<'f> {
    /// Where one of these bits is set.
    Bits(Plane<'f>, u64),
    /// Where it is not a positive finite number: errors that mean "no measurement".
    NotPositive(Plane<'f>),
}

impl<'f> Blank<'f> {
    fn plane(&self) -> &Plane<'f> {
        match self {
            Self::Bits(plane, _) | Self::NotPositive(plane) => plane,
        }
    }

    fn apply(&self, rows: &Range<u64>, columns: &Range<u64>, values: &mut [f64]) -> Result<()> {
        let blank = |values: &mut [f64], missing: &mut dyn Iterator<Item = bool>| {
            for (value, missing) in values.iter_mut().zip(missing) {
                if missing {
                    *value = f64::NAN;
                }
            }
        };
        match self {
            Self::Bits(plane, bits) => {
                let found = plane.bits(rows, columns)?.ok_or_else(|| {
                    let array = plane.array();
                    let found = array.datatype().to_string().into();
                    let fact = Mismatch::ElementType {
                        found,
                        asked: "integers, which have bits",
                    };
                    Error::from(fact).at_node(array.path())
                })?;
                blank(
                    values,
                    &mut found.into_iter().map(|found| found & bits != 0),
                );
            }
            Self::NotPositive(plane) => {
                let found = plane.values(rows, columns)?;
                let missing = |value: f64| !(value > 0.0 && value.is_finite());
                blank(values, &mut found.into_iter().map(missing));
            }
        }
        Ok(())
    }
}

/// What becomes of an element and that of a second image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// The first less the second.
    Difference,
    /// The first divided by the second.
    Ratio,
    /// The second.
    Second,
}

impl Operation {
    /// Of two values; NaN where one is missing, but for the second alone.
    pub fn apply(self, first: f64, second: f64) -> f64 {
        match self {
            Self::Difference => first - second,
            Self::Ratio => first / second,
            Self::Second => second,
        }
    }
}

/// A second image beside the first.
#[derive(Debug)]
pub enum Second<'f> {
    /// Element by element.
    Plane(Plane<'f>),
    /// On the pixels of the first.
    Resampled(Resampled<'f>),
}

/// The elements of a picture; nothing is read yet.
#[derive(Debug)]
pub struct Image<'f> {
    plane: Plane<'f>,
    stack: Option<Stack<'f>>,
    second: Option<(Operation, Second<'f>)>,
    blanks: Vec<Blank<'f>>,
}

impl<'f> From<Plane<'f>> for Image<'f> {
    fn from(plane: Plane<'f>) -> Self {
        Self {
            plane,
            stack: None,
            second: None,
            blanks: Vec::new(),
        }
    }
}

impl<'f> Image<'f> {
    /// With a second image.
    ///
    /// # Errors
    /// It has another shape, and is not resampled.
    pub fn with(mut self, operation: Operation, second: Second<'f>) -> Result<Self> {
        if let Second::Plane(plane) = &second {
            self.check(plane)?;
        }
        self.second = Some((operation, second));
        Ok(self)
    }

    /// With what many planes make in the place of the one; they are those of [`Stack::of`] the same plane.
    #[must_use]
    pub fn stacked(mut self, stack: Stack<'f>) -> Self {
        self.stack = Some(stack);
        self
    }

    /// Without some elements.
    ///
    /// # Errors
    /// The plane that says which has another shape.
    pub fn without(mut self, blank: Blank<'f>) -> Result<Self> {
        self.check(blank.plane())?;
        self.blanks.push(blank);
        Ok(self)
    }

    fn check(&self, other: &Plane<'f>) -> Result<()> {
        let ([rows, columns], [own_rows, own_columns]) = (other.shape(), self.plane.shape());
        if (rows, columns) == (own_rows, own_columns) {
            return Ok(());
        }
        let path = self.plane.array().path();
        let reason =
            format!("{rows}×{columns} elements for an image of {own_rows}×{own_columns} ({path})");
        Err(Error::of_caller(reason).at_node(other.array().path()))
    }

    /// The plane that is shown.
    pub fn plane(&self) -> &Plane<'f> {
        &self.plane
    }

    /// Rows and columns.
    pub fn shape(&self) -> [u64; 2] {
        self.plane.shape()
    }

    /// The floats that its arithmetic is in.
    pub fn precision(&self) -> Precision {
        match (&self.stack, &self.second) {
            (None, None | Some((Operation::Difference | Operation::Second, Second::Plane(_)))) => {
                self.plane.precision()
            }
            _ => Precision::Double,
        }
    }

    /// The elements of a window in C order, NaN where there are none.
    ///
    /// # Errors
    /// An array or a mask cannot be read.
    pub fn values(&self, rows: &Range<u64>, columns: &Range<u64>) -> Result<Vec<f64>> {
        let own = || match &self.stack {
            Some(stack) => stack.values(rows, columns),
            None => self.plane.values(rows, columns),
        };
        let mut values = match &self.second {
            None => own()?,
            Some((operation, second)) => {
                let others = match second {
                    Second::Plane(plane) => plane.values(rows, columns)?,
                    Second::Resampled(resampled) => {
                        resampled.values(self.plane.geometry(), rows, columns)?
                    }
                };
                if *operation == Operation::Second {
                    others
                } else {
                    let pairs = own()?.into_iter().zip(others);
                    pairs
                        .map(|(first, second)| operation.apply(first, second))
                        .collect()
                }
            }
        };
        for blank in &self.blanks {
            blank.apply(rows, columns, &mut values)?;
        }
        Ok(values)
    }
}
