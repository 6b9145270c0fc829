//! Pictures of several images at once: red, green and blue, and how much of them is seen.

use super::canvas::{Origin, Picture, Rgb};
use super::downsample::Reduced;
use super::lupton::Lupton;
use asdf_core::array::{Datatype, Scalar};
use std::fmt;

/// How the values of red, green, blue and opacity become a colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Blend {
    /// By their brightness, as `astropy`'s `make_lupton_rgb` does; a colour without an image is as dark as its black.
    Lupton(Lupton),
    /// They are colours already, from 0 to 255; where it is not opaque the picture is as dark as what is below it: black.
    Bytes,
}

impl fmt::Display for Blend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lupton(Lupton {
                minimum: [r, g, b],
                stretch,
                q,
            }) => write!(
                f,
                "Lupton asinh, minimum {r},{g},{b}, stretch {stretch}, Q {q}"
            ),
            Self::Bytes => f.write_str("colours as they are"),
        }
    }
}

impl Blend {
    /// The colour of values, `None` for a colour that has no image; no colour where a value is missing.
    pub fn color(&self, values: [Option<f64>; 4]) -> Option<Rgb> {
        let [red, green, blue, opacity] = values;
        match self {
            Self::Lupton(lupton) => {
                let [r, g, b] = lupton.minimum;
                lupton.color([red.unwrap_or(r), green.unwrap_or(g), blue.unwrap_or(b)])
            }
            Self::Bytes => {
                let share = opacity.map_or(1.0, |opacity| opacity / 255.0);
                let own = [red, green, blue].map(|value| value.unwrap_or(0.0) * share);
                if own.iter().any(|value| value.is_nan()) {
                    return None;
                }
                #[expect(clippy::cast_possible_truncation, reason = "from 0 to 255")]
                #[expect(clippy::cast_sign_loss, reason = "not below 0")]
                Some(own.map(|value| value.round().clamp(0.0, 255.0) as u8))
            }
        }
    }

    /// The picture of small images of the same size; `missing` where one has no value. `None` where sizes differ, or there is no
    /// image.
    pub fn paint(
        &self,
        images: [Option<&Reduced>; 4],
        origin: Origin,
        missing: Rgb,
    ) -> Option<Picture> {
        let first = images.iter().flatten().next()?;
        let (width, height) = (first.width, first.height);
        let mut known = images.iter().flatten();
        if known.any(|image| (image.width, image.height) != (width, height)) {
            return None;
        }
        let color = |at: usize| {
            let value = |image: Option<&Reduced>| {
                image.map(|image| image.values.get(at).copied().unwrap_or(f64::NAN))
            };
            self.color(images.map(value)).unwrap_or(missing)
        };
        let colors: Vec<Rgb> = (0..width.saturating_mul(height)).map(color).collect();
        let rows = colors.chunks(width.max(1));
        let pixels = match origin {
            Origin::Lower => rows.rev().flatten().copied().collect(),
            Origin::Upper => rows.flatten().copied().collect(),
        };
        Some(Picture {
            width,
            height,
            pixels,
        })
    }
}

/// The axis along which an array has the colours of its pixels: three axes of bytes, of which the last has three or four places
/// (red, green, blue, opacity), or else the first has three. `None` of other arrays.
pub fn channel_axis(shape: &[u64], datatype: &Datatype) -> Option<usize> {
    if datatype.scalar() != Some(Scalar::Uint8) {
        return None;
    }
    match *shape {
        [_, _, 3 | 4] => Some(2),
        [3, _, _] => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_colours_and_opacity_mixes_them_with_black() {
        let color = |values| Blend::Bytes.color(values);
        let [r, g, b] = [Some(200.0), Some(100.0), Some(0.0)];
        assert_eq!(color([r, g, b, None]), Some([200, 100, 0]));
        assert_eq!(color([r, g, b, Some(255.0)]), Some([200, 100, 0]));
        // A half of 255 is 127.5: 200 × 127 / 255 = 99.6.
        assert_eq!(color([r, g, b, Some(127.0)]), Some([100, 50, 0]));
        assert_eq!(color([r, Some(f64::NAN), b, None]), None);
    }

    #[test]
    fn colours_are_along_the_last_axis_else_along_the_first() {
        let bytes = Datatype::Scalar(Scalar::Uint8);
        let axis = |shape: &[u64]| channel_axis(shape, &bytes);
        assert_eq!(axis(&[20, 30, 3]), Some(2));
        assert_eq!(axis(&[20, 30, 4]), Some(2));
        assert_eq!(axis(&[3, 20, 30]), Some(0));
        assert_eq!(axis(&[3, 20, 3]), Some(2));
        assert_eq!(axis(&[4, 20, 30]), None);
        assert_eq!(axis(&[20, 30]), None);
        assert_eq!(
            channel_axis(&[20, 30, 3], &Datatype::Scalar(Scalar::Uint16)),
            None
        );
    }
}
