//! What is told of a picture in colours.

use super::Channel;
use super::Colored;
use super::Mix;
use crate::pane::image::ImagePane;
use crate::pane::image::readout;
use crate::raster::Blend;

impl ImagePane {
    /// What the picture is of, where it is in colours.
    pub fn colors_text(&self) -> Option<String> {
        let colored = self.colored.as_ref()?;
        Some(match &colored.mix {
            Mix::Arrays(_) => format!("RGB of {}", colored.names()),
            Mix::Bytes => {
                let (subject, cut) = (self.shown.subject.as_ref()?, self.shown.cut.as_ref()?);
                let axis = subject.channels?;
                let count = subject.shape.get(axis).copied().unwrap_or(0);
                format!("{}{}", subject.path, cut.text_along(axis, &(0..count)))
            }
        })
    }

    /// How values become colours, for the line of the picture.
    pub fn blend_text(&self) -> Option<String> {
        let colored = self.colored.as_ref()?;
        Some(match colored.blend() {
            None => "colours …".to_owned(),
            Some(Blend::Bytes) => "colours of the file".to_owned(),
            Some(Blend::Lupton(lupton)) => {
                let minimum = lupton.minimum.map(readout::number);
                let [red, green, blue] = &minimum;
                let minimum = if red == green && green == blue {
                    red.clone()
                } else {
                    minimum.join(",")
                };
                let stretch = readout::number(lupton.stretch);
                format!("minimum {minimum}  stretch {stretch}  Q {}", lupton.q)
            }
        })
    }

    /// The values of the channels at a pixel, as text: `R 1.2  G 0.4  B -`.
    pub fn channels_text(&self, values: &[Option<f64>; 4]) -> String {
        let is_bytes = matches!(
            self.colored,
            Some(Colored {
                mix: Mix::Bytes,
                ..
            })
        );
        let parts = Channel::ALL.into_iter().zip(values);
        let parts = parts.filter(|(channel, value)| match channel {
            Channel::Opacity => value.is_some(),
            _ => true,
        });
        let datatype = if is_bytes { "uint8" } else { "float64" };
        let text = |(channel, value): (Channel, &Option<f64>)| {
            let value = value.map_or_else(
                || "-".to_owned(),
                |value| readout::value_text(value, datatype),
            );
            format!("{} {value}", channel.letter())
        };
        parts.map(text).collect::<Vec<_>>().join("  ")
    }
}
