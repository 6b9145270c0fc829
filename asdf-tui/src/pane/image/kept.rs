//! What is shown beside an image and over it, as sessions keep it: second image, regions, contours, colours.

use super::ImageJob;
use super::ImagePane;
use super::colored::Channel;
use super::colored::Colored;
use super::colored::LuptonLook;
use super::colored::Mix;
use super::second::Second;
use super::second::Target;
use super::second::Wish;
use super::typed::MarkedAsk;
use crate::measure::Region;
use crate::measure::write_regions;
use crate::raster::Operation;
use asdf_core::TreePath;
use serde_json::Value;
use serde_json::json;
use std::path::PathBuf;

/// An array, in another file where one is named.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptImage {
    /// The file.
    pub file: Option<PathBuf>,
    /// The path of the array.
    pub path: String,
}

/// A second image and what is made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptSecond {
    /// Where it is.
    pub image: KeptImage,
    /// How it is brought onto the pixels of the first, as it is typed; empty pixel by pixel.
    pub matched: String,
    /// `difference`, `ratio`, `second`; empty where the first shows.
    pub operation: String,
    /// Whether it stands at the right.
    pub is_beside: bool,
}

/// What makes a picture in colours.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptColors {
    /// Red, green and blue; none of them where the elements are colours.
    pub images: [Option<KeptImage>; 3],
    /// The values of black, where they were set.
    pub minimum: Option<[f64; 3]>,
    /// The linear stretch, where it was set.
    pub stretch: Option<f64>,
    /// The softening.
    pub q: f64,
}

/// What is shown beside an image and over it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    /// A second image.
    pub second: Option<KeptSecond>,
    /// Regions, markers and sources, as a region file.
    pub regions: String,
    /// The levels of contours, as they are typed; empty without any.
    pub contours: String,
    /// Colours.
    pub colors: Option<KeptColors>,
    /// Whether a bar of colours shows.
    pub has_colorbar: bool,
}

impl KeptImage {
    fn of(second: &Second) -> Self {
        Self {
            file: second.file.as_ref().map(|file| file.name().to_path_buf()),
            path: second.subject.path.to_string(),
        }
    }

    fn target(&self) -> Option<Target> {
        let path = TreePath::parse(&self.path).ok()?;
        Some(match &self.file {
            Some(file) => Target::Open(file.clone(), Some(path)),
            None => Target::Array(path),
        })
    }

    fn to_json(&self) -> Value {
        let file = self.file.as_ref().map(|file| file.display().to_string());
        json!({ "file": file, "path": self.path })
    }

    fn of_json(value: &Value) -> Option<Self> {
        Some(Self {
            file: value.get("file")?.as_str().map(PathBuf::from),
            path: value.get("path")?.as_str()?.to_owned(),
        })
    }
}

/// Three numbers.
fn three(value: &Value) -> Option<[f64; 3]> {
    let all = value.as_array()?.iter().map(Value::as_f64);
    all.collect::<Option<Vec<f64>>>()?.try_into().ok()
}

impl Kept {
    /// As JSON.
    pub fn to_json(&self) -> Value {
        let second = self.second.as_ref().map(|second| {
            json!({
                "image": second.image.to_json(),
                "match": second.matched,
                "operation": second.operation,
                "beside": second.is_beside,
            })
        });
        let colors = self.colors.as_ref().map(|colors| {
            let images = colors.images.iter();
            let images = images.map(|image| image.as_ref().map(KeptImage::to_json));
            json!({
                "images": images.collect::<Vec<_>>(),
                "minimum": colors.minimum,
                "stretch": colors.stretch,
                "q": colors.q,
            })
        });
        json!({
            "second": second,
            "regions": self.regions,
            "contours": self.contours,
            "rgb": colors,
            "colorbar": self.has_colorbar,
        })
    }

    /// Of JSON; `None` when something is missing.
    pub fn of_json(value: &Value) -> Option<Self> {
        let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
        let second = match value.get("second")? {
            Value::Null => None,
            second => Some(KeptSecond {
                image: KeptImage::of_json(second.get("image")?)?,
                matched: text(second, "match")?,
                operation: text(second, "operation")?,
                is_beside: second.get("beside")?.as_bool()?,
            }),
        };
        let colors = match value.get("rgb")? {
            Value::Null => None,
            colors => {
                let image = |place: usize| match colors.get("images")?.get(place)? {
                    Value::Null => Some(None),
                    image => KeptImage::of_json(image).map(Some),
                };
                let minimum = match colors.get("minimum")? {
                    Value::Null => None,
                    values => Some(three(values)?),
                };
                Some(KeptColors {
                    images: [image(0)?, image(1)?, image(2)?],
                    minimum,
                    stretch: colors.get("stretch")?.as_f64(),
                    q: colors.get("q")?.as_f64()?,
                })
            }
        };
        Some(Self {
            second,
            regions: text(value, "regions")?,
            contours: text(value, "contours")?,
            colors,
            has_colorbar: value.get("colorbar")?.as_bool()?,
        })
    }
}

/// The operations by name.
const OPERATIONS: [(&str, Operation); 3] = [
    ("difference", Operation::Difference),
    ("ratio", Operation::Ratio),
    ("second", Operation::Second),
];

impl ImagePane {
    /// What is shown beside the image and over it.
    pub(super) fn kept(&self) -> Kept {
        let operation = self.shown.versus.as_ref().map(|versus| versus.operation);
        let named = OPERATIONS.iter().find(|entry| Some(entry.1) == operation);
        let second = self.second.as_ref().map(|second| KeptSecond {
            image: KeptImage::of(second),
            matched: self.matched.map_or_else(String::new, |how| how.to_string()),
            operation: named.map_or("", |entry| entry.0).to_owned(),
            is_beside: self.beside.is_some(),
        });
        let colors = self.colored.as_ref().map(|colored| {
            let look = match &colored.mix {
                Mix::Arrays(look) => *look,
                Mix::Bytes => LuptonLook::default(),
            };
            let image =
                |second: Option<std::sync::Arc<Second>>| second.map(|own| KeptImage::of(&own));
            KeptColors {
                images: colored.seconds().map(image),
                minimum: look.minimum,
                stretch: look.stretch,
                q: look.q,
            }
        });
        let regions: Vec<Region> = self.marked.iter().map(|own| own.region.clone()).collect();
        Kept {
            second,
            regions: if regions.is_empty() {
                String::new()
            } else {
                write_regions(&regions)
            },
            contours: self
                .contours
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            colors,
            has_colorbar: self.has_colorbar,
        }
    }

    /// Brings back what was beside the image and over it.
    pub(super) fn bring_back(&mut self, kept: &Kept) -> Vec<ImageJob> {
        self.contours = kept.contours.parse().ok();
        self.has_colorbar = kept.has_colorbar;
        self.marked = std::sync::Arc::default();
        let mut jobs = Vec::new();
        match &kept.colors {
            None => self.without_colors(),
            Some(colors) if colors.images.iter().all(Option::is_none) => {
                let channels = self.shown.subject.as_ref().and_then(|own| own.channels);
                if let Some(axis) = channels {
                    self.show_bytes(axis);
                }
            }
            Some(colors) => {
                self.colored = Some(Colored::arrays(LuptonLook {
                    minimum: colors.minimum,
                    stretch: colors.stretch.filter(|stretch| *stretch > 0.0),
                    q: colors.q.max(0.0),
                }));
                let each = Channel::COLORS.into_iter().zip(&colors.images);
                let named =
                    each.filter_map(|(channel, image)| Some((channel, image.as_ref()?.target()?)));
                jobs.extend(self.find_channels(named.collect(), true));
            }
        }
        if let Some(second) = &kept.second
            && let Some(target) = second.image.target()
        {
            self.matched = second.matched.parse().ok();
            self.match_reason = super::second::MatchReason::Asked;
            let operation = OPERATIONS.iter().find(|entry| entry.0 == second.operation);
            let wish = match operation {
                Some((_, operation)) => Wish::Operation(*operation),
                None if second.is_beside => Wish::Beside,
                None => Wish::Known,
            };
            self.is_beside_too = second.is_beside && operation.is_some();
            jobs.extend(self.compare_with(target, wish));
        }
        if !kept.regions.is_empty() {
            jobs.extend(self.mark_up(MarkedAsk::Text(kept.regions.clone())));
        }
        jobs.extend(self.lay_out());
        jobs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_the_same_after_json() {
        let image = |file: Option<&str>, path: &str| KeptImage {
            file: file.map(PathBuf::from),
            path: path.to_owned(),
        };
        let kept = Kept {
            second: Some(KeptSecond {
                image: image(Some("night/b c.asdf"), "/roman/data"),
                matched: "linear".to_owned(),
                operation: "ratio".to_owned(),
                is_beside: true,
            }),
            regions: "# Region file format: DS9\nimage\ncircle(1,2,3)\n".to_owned(),
            contours: "auto:6".to_owned(),
            colors: Some(KeptColors {
                images: [Some(image(None, "/r")), None, Some(image(Some("b"), "/b"))],
                minimum: Some([0.1, 0.0, -0.25]),
                stretch: None,
                q: 8.0,
            }),
            has_colorbar: true,
        };
        assert_eq!(Kept::of_json(&kept.to_json()), Some(kept));
        let nothing = Kept::default();
        assert_eq!(Kept::of_json(&nothing.to_json()), Some(nothing));
        assert_eq!(Kept::of_json(&json!({ "second": null })), None);
    }
}
