//! Quantised floats: from integers back, the dither taken away. FITS 4.0, sections 10.2 and
//! appendix I.

use std::sync::OnceLock;

/// How many random numbers there are before they start again.
const NUMBERS: usize = 10_000;

/// Stands for an exact zero in `SUBTRACTIVE_DITHER_2`.
const ZERO: i32 = -2_147_483_646;

/// `ZQUANTIZ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// Nothing was added.
    None,
    /// Random numbers were added.
    Dither,
    /// As before, and zeros are kept.
    DitherKeepingZeros,
}

/// The generator of the standard: `x = 16807 x mod (2^31 - 1)`, from 1 on.
fn numbers() -> &'static [f32] {
    static NUMBERS_OF_ALL: OnceLock<Vec<f32>> = OnceLock::new();
    NUMBERS_OF_ALL.get_or_init(|| {
        let mut seed = 1_u64;
        let next = || {
            seed = seed
                .wrapping_mul(16807)
                .checked_rem(2_147_483_647)
                .unwrap_or(0);
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "the standard's numbers are single precision"
            )]
            let number = (seed as f64 / 2_147_483_647.0) as f32;
            number
        };
        std::iter::repeat_with(next).take(NUMBERS).collect()
    })
}

/// The random numbers for the pixels of one tile, one after the other.
struct Dither {
    seed: usize,
    next: usize,
}

impl Dither {
    /// `row` is the tile's number from 0 on plus `ZDITHER0`.
    fn new(row: u64) -> Self {
        let first = row
            .saturating_sub(1)
            .checked_rem(NUMBERS as u64)
            .unwrap_or(0);
        let seed = usize::try_from(first).unwrap_or(0);
        Self {
            seed,
            next: Self::start(seed),
        }
    }

    /// Where in the list the numbers of a seed begin.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 500"
    )]
    fn start(seed: usize) -> usize {
        numbers()
            .get(seed)
            .map_or(0, |number| (number * 500.0) as usize)
    }

    fn next(&mut self) -> f64 {
        let number = numbers().get(self.next).copied().unwrap_or(0.0);
        self.next = self.next.saturating_add(1);
        if self.next >= NUMBERS {
            self.seed = self.seed.saturating_add(1);
            if self.seed >= NUMBERS {
                self.seed = 0;
            }
            self.next = Self::start(self.seed);
        }
        number.into()
    }
}

/// How one tile was quantised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantised {
    pub(super) method: Method,
    pub(super) scale: f64,
    pub(super) zero: f64,
    /// Stands for NaN.
    pub(super) blank: Option<i64>,
    /// The tile's number from 0 on plus `ZDITHER0`.
    pub(super) row: u64,
}

impl Quantised {
    /// The floats, handed out one by one.
    pub(super) fn restore(&self, numbers: &[i32], mut put: impl FnMut(f64)) {
        let mut dither = Dither::new(self.row);
        for number in numbers {
            // A random number belongs to each pixel, whatever the pixel is.
            let random = match self.method {
                Method::None => 0.5,
                Method::Dither | Method::DitherKeepingZeros => dither.next(),
            };
            let value = if self.blank == Some(i64::from(*number)) {
                f64::NAN
            } else if self.method == Method::DitherKeepingZeros && *number == ZERO {
                0.0
            } else if self.method == Method::None {
                f64::from(*number) * self.scale + self.zero
            } else {
                (f64::from(*number) - random + 0.5) * self.scale + self.zero
            };
            put(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_ends_where_the_standard_says() {
        let mut seed = 1_u64;
        for _ in 0..NUMBERS {
            seed = seed * 16807 % 2_147_483_647;
        }
        assert_eq!(seed, 1_043_618_065);
        assert_eq!(numbers().len(), NUMBERS);
    }

    #[test]
    fn the_numbers_go_on_with_the_next_seed() {
        let mut dither = Dither {
            seed: NUMBERS - 1,
            next: NUMBERS - 1,
        };
        dither.next();
        assert_eq!((dither.seed, dither.next), (0, Dither::start(0)));
    }
}
