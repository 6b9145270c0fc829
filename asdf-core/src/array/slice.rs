//! Windows of arrays, by the rules of numpy's basic indexing.

use super::shape;
use crate::error::Result;
use crate::error::Usage;
use std::ops::Range;

/// What is taken of one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slice {
    /// `start:stop:step`; negative positions count from the end.
    Range {
        /// First position; `None` is the end that the step comes from.
        start: Option<i64>,
        /// Position after the last; `None` is the other end.
        stop: Option<i64>,
        /// From one to the next; never 0.
        step: i64,
    },
    /// One position; the axis disappears.
    Index(i64),
}

impl Slice {
    /// Everything.
    pub const ALL: Self = Self::Range {
        start: None,
        stop: None,
        step: 1,
    };

    /// Parses what stands between the brackets of `data[0:100, ::2]`.
    ///
    /// # Errors
    /// A part is neither an integer nor `start:stop:step`, or its step is 0.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::array::Slice;
    ///
    /// let slices = Slice::parse_list("-1, 2:10:2")?;
    /// assert_eq!(slices[0], Slice::Index(-1));
    /// assert_eq!(slices[1].positions(7), Some((2, 2, 3))); // first, step, count in an axis of 7
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse_list(text: &str) -> Result<Vec<Self>> {
        text.split(',')
            .map(|part| Self::parse(part.trim()))
            .collect()
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let number = |text: &str| match text.trim() {
            "" => Ok(None),
            digits => digits
                .parse()
                .map(Some)
                .map_err(|error| bad(format!("`{}`: {error}", digits.escape_debug()))),
        };
        let mut parts = text.split(':');
        let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        if parts.next().is_some() {
            return Err(bad(format!(
                "`{}` has more than two `:`",
                text.escape_debug()
            )));
        }
        let Some(second) = second else {
            return match number(first)? {
                Some(index) => Ok(Self::Index(index)),
                None => Err(bad("an index is missing")),
            };
        };
        let step = third.map_or(Ok(None), number)?.unwrap_or(1);
        if step == 0 {
            return Err(bad("a step must not be 0"));
        }
        Ok(Self::Range {
            start: number(first)?,
            stop: number(second)?,
            step,
        })
    }

    /// The positions taken of an axis of that length: first, step, count. `None` is an index out of bounds.
    pub fn positions(self, length: u64) -> Option<(i64, i64, u64)> {
        let length = i64::try_from(length).ok()?;
        match self {
            Self::Index(index) => {
                let at = if index < 0 {
                    index.checked_add(length)?
                } else {
                    index
                };
                (0..length).contains(&at).then_some((at, 1, 1))
            }
            Self::Range { start, stop, step } => {
                let (low, high) = if step > 0 {
                    (0, length)
                } else {
                    (-1, length.saturating_sub(1))
                };
                let place = |at: i64| {
                    (if at < 0 {
                        at.saturating_add(length)
                    } else {
                        at
                    })
                    .clamp(low, high)
                };
                let start = start.map_or(if step > 0 { low } else { high }, place);
                let stop = stop.map_or(if step > 0 { high } else { low }, place);
                let span = if step > 0 {
                    stop.saturating_sub(start)
                } else {
                    start.saturating_sub(stop)
                };
                let count = if span > 0 {
                    span.unsigned_abs().div_ceil(step.unsigned_abs())
                } else {
                    0
                };
                Some((start, step, count))
            }
        }
    }
}

pub(super) fn bad(reason: impl Into<Box<str>>) -> crate::error::Error {
    Usage::Window {
        reason: reason.into(),
    }
    .into()
}

/// Where elements are: byte of the first, lengths and strides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placement {
    pub(super) first: i64,
    pub(super) shape: Vec<u64>,
    pub(super) strides: Vec<i64>,
}

impl Placement {
    /// The same from another byte on.
    pub(super) fn moved_to(self, first: u64) -> Self {
        let first = i64::try_from(first).unwrap_or(i64::MAX);
        Self { first, ..self }
    }

    /// The part that the slices take; axes without a slice are taken whole.
    pub(super) fn slice(&self, slices: &[Slice]) -> Result<Self> {
        if slices.len() > self.shape.len() {
            return Err(bad(format!(
                "{} slices for {} axes",
                slices.len(),
                self.shape.len()
            )));
        }
        let empty = self.shape.contains(&0);
        let mut out = Self {
            first: self.first,
            shape: Vec::new(),
            strides: Vec::new(),
        };
        let slices = slices.iter().copied().chain(std::iter::repeat(Slice::ALL));
        for (axis, ((length, stride), slice)) in
            self.shape.iter().zip(&self.strides).zip(slices).enumerate()
        {
            let Some((start, step, count)) = slice.positions(*length) else {
                return Err(bad(format!(
                    "index {slice} is outside of axis {axis}, which has {length}"
                )));
            };
            if count > 0 && !empty {
                let shift = stride
                    .checked_mul(start)
                    .and_then(|shift| out.first.checked_add(shift));
                out.first = shift.ok_or_else(|| bad("a window beyond 64 bits"))?;
            }
            if !matches!(slice, Slice::Index(_)) {
                out.shape.push(count);
                out.strides.push(stride.saturating_mul(step));
            }
        }
        Ok(out)
    }

    /// The bytes that are touched, `None` when the arithmetic leaves 64 bits or falls below 0.
    pub(super) fn extent(&self, size: u64) -> Option<Range<u64>> {
        // Without elements it does not matter where the first would be.
        if self.shape.contains(&0) {
            return Some(0..0);
        }
        let Range { start, end } = shape::extent(&self.shape, &self.strides, size)?;
        let at = |offset: i64| u64::try_from(self.first.checked_add(offset)?).ok();
        Some(at(start)?..at(end)?)
    }
}

impl std::fmt::Display for Slice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = |at: &Option<i64>| at.map(|at| at.to_string()).unwrap_or_default();
        match self {
            Self::Index(index) => write!(f, "{index}"),
            Self::Range {
                start,
                stop,
                step: 1,
            } => write!(f, "{}:{}", part(start), part(stop)),
            Self::Range { start, stop, step } => write!(f, "{}:{}:{step}", part(start), part(stop)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_follow_numpy() {
        // (text, length of the axis, positions as range(n)[text] in Python)
        let cases: [(&str, u64, &[i64]); 9] = [
            ("1:4", 10, &[1, 2, 3]),
            ("::3", 10, &[0, 3, 6, 9]),
            ("::-4", 10, &[9, 5, 1]),
            ("-3:", 10, &[7, 8, 9]),
            ("5:2", 10, &[]),
            ("5:2:-1", 10, &[5, 4, 3]),
            ("-100:100:5", 10, &[0, 5]),
            (":-12:-6", 10, &[9, 3]),
            ("3", 10, &[3]),
        ];
        for (text, length, wanted) in cases {
            let (start, step, count) = Slice::parse(text).unwrap().positions(length).unwrap();
            let found: Vec<i64> = (0..count)
                .map(|index| start + step * i64::try_from(index).unwrap())
                .collect();
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn a_broken_slice_says_what_is_wrong() {
        for text in ["", "a", "1:2:0", "1:2:3:4", "1,"] {
            assert!(Slice::parse_list(text).is_err(), "{text}");
        }
        assert_eq!(Slice::parse("-11").unwrap().positions(10), None);
    }

    #[test]
    fn an_index_drops_its_axis() {
        let all = Placement {
            first: 4,
            shape: vec![3, 5],
            strides: vec![10, 2],
        };
        let part = all.slice(&Slice::parse_list("-1, ::2").unwrap()).unwrap();
        assert_eq!(
            part,
            Placement {
                first: 24,
                shape: vec![3],
                strides: vec![4]
            }
        );
    }
}
