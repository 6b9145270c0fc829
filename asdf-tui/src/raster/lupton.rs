//! Colours of three images that keep their ratios however bright they are, after Lupton et al. 2004, as `astropy`'s
//! `make_lupton_rgb` has them.

use super::canvas::Rgb;

/// How three values become a colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lupton {
    /// The values of black.
    pub minimum: [f64; 3],
    /// The linear stretch.
    pub stretch: f64,
    /// The softening.
    pub q: f64,
}

impl Default for Lupton {
    fn default() -> Self {
        Self {
            minimum: [0.0; 3],
            stretch: 5.0,
            q: 8.0,
        }
    }
}

impl Lupton {
    /// The colour of a red, a green and a blue value; `None` where one is missing.
    pub fn color(&self, values: [f64; 3]) -> Option<Rgb> {
        const FRACTION: f64 = 0.1;
        const LEAST: f64 = 1.0 / 8_388_608.0;
        const MOST: f64 = 1e10;
        let q = if self.q.abs() < LEAST {
            0.1
        } else {
            self.q.min(MOST)
        };
        let [red, green, blue] = values;
        if values.iter().any(|value| value.is_nan()) {
            return None;
        }
        let [r, g, b] = self.minimum;
        let own = [red - r, green - g, blue - b];
        let intensity = (own[0] + own[1] + own[2]) / 3.0;
        let factor = if intensity <= 0.0 {
            0.0
        } else {
            (intensity * (q / self.stretch)).asinh() * (FRACTION / (FRACTION * q).asinh())
                / intensity
        };
        let bands = own.map(|band| (band * factor).max(0.0));
        let most = bands.iter().copied().fold(0.0, f64::max);
        let whole = most.max(1.0);
        #[expect(clippy::cast_possible_truncation, reason = "from 0 to 255")]
        #[expect(clippy::cast_sign_loss, reason = "not below 0")]
        Some(bands.map(|band| (band / whole * 255.0) as u8))
    }
}
