//! What can be typed after `:` for a picture: places and settings.

use super::colored::ColorsAsk;
use super::look::Look;
use super::viewport::Zoom;
use crate::measure::read_position as sky;
use crate::raster::Collapse;
use crate::raster::Colormap;
use crate::raster::ContourLevels;
use crate::raster::Interpolation;
use crate::raster::LimitRule;
use crate::raster::Origin;
use crate::raster::Stretch;
use std::ops::Range;

/// Something that was typed.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// Go to a pixel, x first, from 0.
    Pixel([f64; 2]),
    /// Go to a position on the sky, longitude first, in degrees.
    Sky([f64; 2]),
    /// Go to the greatest element of the plane.
    Peak,
    /// Go to the least.
    Least,
    /// Go to a plane, by its place along each of the axes that do not show.
    Plane(Vec<u64>),
    /// Go to the plane with a value of a world coordinate: what it is called, the value, its unit.
    World(String, f64, String),
    /// Limits.
    Limits(LimitRule),
    /// A stretch.
    Stretch(Stretch),
    /// Colours.
    Colormap(Colormap),
    /// How large, or all of it.
    Zoom(Option<Zoom>),
    /// Where the first row is.
    Origin(Origin),
    /// The radii of the aperture and of the ring of the sky, in pixels or arc seconds.
    Aperture([f64; 3], LengthUnit),
    /// Regions, markers, catalogues.
    Marked(MarkedAsk),
    /// A second image: a path in this file, or a file with or without a path.
    Second(String),
    /// No second image any more.
    NoSecond,
    /// How the second image is brought onto the pixels of the first.
    Match(Option<Interpolation>),
    /// Contours at levels, or none.
    Contours(Option<ContourLevels>),
    /// Three arrays, or the elements, as colours.
    Colors(ColorsAsk),
    /// Planes made one, all or some of them, or not.
    Collapse(Option<Collapse>, Option<Range<u64>>),
}

/// What lengths are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthUnit {
    /// Pixels.
    Pixels,
    /// Seconds of arc.
    ArcSeconds,
}

/// What is wanted with what is drawn over a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkedAsk {
    /// Read a region file.
    Regions(String),
    /// Take the regions of a text.
    Text(String),
    /// Write one.
    SaveRegions(String),
    /// Read a catalogue: a file, or a table of the tree.
    Catalog(String),
    /// A marker at the crosshair.
    Marker(String),
    /// Take all away.
    Clear,
}

/// The settings with what they can be, for completion.
pub fn settings() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("aper", Vec::new()),
        ("catalog", Vec::new()),
        ("clear", Vec::new()),
        ("cmap", Colormap::names().to_vec()),
        (
            "collapse",
            std::iter::once("none")
                .chain(Collapse::ALL.map(|entry| entry.1))
                .collect(),
        ),
        ("contours", vec!["auto", "auto:10", "none"]),
        (
            "limits",
            vec!["zscale", "minmax", "pct:99.5", "pct:99", "pct:95"],
        ),
        ("mark", Vec::new()),
        ("match", vec!["none", "nearest", "linear"]),
        ("max", Vec::new()),
        ("min", Vec::new()),
        ("origin", vec!["lower", "upper"]),
        ("peak", Vec::new()),
        ("plane", Vec::new()),
        ("regions", vec!["save "]),
        (
            "rgb",
            vec![
                "none", "red=", "green=", "blue=", "stretch ", "q ", "minimum ",
            ],
        ),
        ("second", vec!["none"]),
        ("sky", Vec::new()),
        ("stretch", Look::stretch_names().to_vec()),
        ("wave", Vec::new()),
        ("zoom", vec!["fit", "1", "2", "1/2"]),
    ]
}

impl Typed {
    /// Reads a line; `None` when it is not about pictures.
    ///
    /// # Errors
    /// It begins as one that is, and goes on otherwise.
    pub fn parse(text: &str) -> Option<Result<Self, String>> {
        let text = text.trim();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        let found = match word {
            "peak" | "max" if rest.is_empty() => Ok(Self::Peak),
            "min" if rest.is_empty() => Ok(Self::Least),
            "limits" => limits(rest).map(Self::Limits),
            "stretch" => rest.parse().map(Self::Stretch),
            "cmap" => colormap(rest).map(Self::Colormap),
            "zoom" => zoom(rest).map(Self::Zoom),
            "origin" => rest.parse().map(Self::Origin),
            "second" => match rest {
                "" => Err("second FILE, second FILE PATH, second PATH, second none".to_owned()),
                "none" => Ok(Self::NoSecond),
                _ => Ok(Self::Second(rest.to_owned())),
            },
            "match" => match rest {
                "none" => Ok(Self::Match(None)),
                _ => rest.parse().map(|how| Self::Match(Some(how))),
            },
            "collapse" => collapse(rest).map(|(how, planes)| Self::Collapse(how, planes)),
            "contours" => contours(rest).map(Self::Contours),
            "rgb" => ColorsAsk::parse(rest).map(Self::Colors),
            "plane" => plane(rest).map(Self::Plane),
            "aper" => aperture(rest).map(|(radii, unit)| Self::Aperture(radii, unit)),
            "regions" => match rest.strip_prefix("save ").map(str::trim) {
                Some(name) if !name.is_empty() => {
                    Ok(Self::Marked(MarkedAsk::SaveRegions(name.to_owned())))
                }
                _ if rest.is_empty() || rest == "save" => {
                    Err("regions FILE reads, regions save FILE writes".to_owned())
                }
                _ => Ok(Self::Marked(MarkedAsk::Regions(rest.to_owned()))),
            },
            "catalog" if rest.is_empty() => Err("catalog FILE, or a table of the tree".to_owned()),
            "catalog" => Ok(Self::Marked(MarkedAsk::Catalog(rest.to_owned()))),
            "mark" => Ok(Self::Marked(MarkedAsk::Marker(rest.to_owned()))),
            "clear" if rest.is_empty() => Ok(Self::Marked(MarkedAsk::Clear)),
            "sky" => {
                let found = sky(rest).or_else(|| pair(rest));
                found.map(Self::Sky).ok_or_else(|| not_a_position(rest))
            }
            _ => {
                // A second number with its sign is a declination, as positions are written.
                if let Some(found) = sky(text) {
                    return Some(Ok(Self::Sky(found)));
                }
                if let Some(found) = pair(text) {
                    let [_, y] = [found[0], found[1]];
                    let is_signed = second(text).is_some_and(|word| word.starts_with(['+', '-']));
                    return Some(Ok(if is_signed && y.abs() <= 90.0 {
                        Self::Sky(found)
                    } else {
                        Self::Pixel(found)
                    }));
                }
                let name = world_name(word)?;
                quantity(rest).map(|(value, unit)| Self::World(name, value, unit))
            }
        };
        Some(found)
    }
}

/// `none`, `auto`, `0.5 1 2`.
fn contours(text: &str) -> Result<Option<ContourLevels>, String> {
    match text {
        "none" => Ok(None),
        "" => "auto".parse().map(Some),
        _ => text.parse().map(Some),
    }
}

fn not_a_position(text: &str) -> String {
    format!("`{text}` is not a position: 05:22:01.2 -69:30:00, 5h22m1s -69d30m, 80.505 -69.5")
}

/// The second of two words.
fn second(text: &str) -> Option<&str> {
    text.split([',', ' '])
        .filter(|word| !word.is_empty())
        .nth(1)
}

/// `12, 34` or `12 34`.
fn pair(text: &str) -> Option<[f64; 2]> {
    let words = text.split([',', ' ']).filter(|word| !word.is_empty());
    let numbers: Vec<f64> = words.map(|word| word.parse().ok()).collect::<Option<_>>()?;
    match numbers.as_slice() {
        [x, y] if x.is_finite() && y.is_finite() => Some([*x, *y]),
        _ => None,
    }
}

fn limits(text: &str) -> Result<LimitRule, String> {
    if let Some([low, high]) = pair(text) {
        if low < high {
            return Ok(LimitRule::Fixed([low, high]));
        }
        return Err(format!(
            "limits from {low} to {high}: the first has to be less"
        ));
    }
    let percent = text.strip_suffix('%').map(str::trim);
    match percent.and_then(|percent| percent.parse::<f64>().ok()) {
        Some(percent) => format!("pct:{percent}").parse(),
        None => text.parse(),
    }
}

fn colormap(text: &str) -> Result<Colormap, String> {
    Colormap::named(text).ok_or_else(|| {
        format!(
            "no colormap `{text}`; there are {}",
            Colormap::names().join(", ")
        )
    })
}

fn zoom(text: &str) -> Result<Option<Zoom>, String> {
    let wrong = || format!("`{text}` is not a zoom: fit, 4, 1/4");
    if text == "fit" {
        return Ok(None);
    }
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    let number = |text: &str| text.trim().parse::<u64>().ok().filter(|number| *number > 0);
    match (number(above), number(below)) {
        (Some(side), Some(1)) => Ok(Some(Zoom::In(side.min(64)).tidy())),
        (Some(1), Some(factor)) => Ok(Some(Zoom::Out(factor))),
        _ => Err(wrong()),
    }
}

/// `5 8 12`, or seconds of arc with `"`.
fn aperture(text: &str) -> Result<([f64; 3], LengthUnit), String> {
    let wrong = || {
        format!(
            "`{text}` is not an aperture: its radius, those of the ring of the sky: 5 8 12, 2\" 3\" 5\""
        )
    };
    let words: Vec<&str> = text
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .collect();
    let is_sky = words.first().is_some_and(|word| word.ends_with('"'));
    let number = |word: &&str| {
        word.trim_end_matches('"')
            .parse::<f64>()
            .ok()
            .filter(|value| *value >= 0.0 && value.is_finite())
    };
    let numbers: Option<Vec<f64>> = words.iter().map(number).collect();
    let numbers = numbers.ok_or_else(wrong)?;
    let radii = match numbers.as_slice() {
        [radius] => [*radius, 0.0, 0.0],
        [radius, inner, outer] if inner < outer => [*radius, *inner, *outer],
        _ => return Err(wrong()),
    };
    let unit = if is_sky {
        LengthUnit::ArcSeconds
    } else {
        LengthUnit::Pixels
    };
    (radii[0] > 0.0).then_some((radii, unit)).ok_or_else(wrong)
}

/// `mean`, `median 3..7` with the last plane counted, `none`.
fn collapse(text: &str) -> Result<(Option<Collapse>, Option<Range<u64>>), String> {
    let (how, planes) = text.split_once(' ').unwrap_or((text, ""));
    if how == "none" {
        return Ok((None, None));
    }
    let how: Collapse = how.parse()?;
    let planes = planes.trim();
    if planes.is_empty() {
        return Ok((Some(how), None));
    }
    let ends = planes.split_once("..").and_then(|(first, last)| {
        let [first, last] = [first, last].map(|end| end.trim().parse::<u64>().ok());
        Some(first?..last?.checked_add(1)?)
    });
    let range = ends.filter(|range| !range.is_empty());
    let wrong = || format!("`{planes}` are no planes: 3..7, from 0");
    Ok((Some(how), Some(range.ok_or_else(wrong)?)))
}

fn plane(text: &str) -> Result<Vec<u64>, String> {
    let words = text.split([',', ' ']).filter(|word| !word.is_empty());
    let numbers: Option<Vec<u64>> = words.map(|word| word.parse().ok()).collect();
    let wrong = || format!("`{text}` is not a plane: a number for each axis that does not show");
    numbers
        .filter(|numbers| !numbers.is_empty())
        .ok_or_else(wrong)
}

/// What a coordinate is called in its frame, by what people type for it; `None` for other words.
fn world_name(word: &str) -> Option<String> {
    const NAMES: [&str; 14] = [
        "λ",
        "lambda",
        "wave",
        "wavelength",
        "wl",
        "ν",
        "nu",
        "freq",
        "frequency",
        "v",
        "velo",
        "velocity",
        "energy",
        "z",
    ];
    NAMES.contains(&word).then(|| word.to_owned())
}

/// `5.2um`, `1.4 GHz`, `5.2`.
fn quantity(text: &str) -> Result<(f64, String), String> {
    let text = text.trim_start_matches('=').trim();
    let is_exponent = |at: usize| {
        let rest = text.get(at + 1..).unwrap_or_default();
        rest.trim_start_matches(['+', '-'])
            .starts_with(|char: char| char.is_ascii_digit())
    };
    let is_part = |(at, char): (usize, char)| match char {
        'e' | 'E' => at > 0 && is_exponent(at),
        _ => char.is_ascii_digit() || matches!(char, '.' | '-' | '+'),
    };
    let end = text.char_indices().find(|entry| !is_part(*entry));
    let (number, unit) = text
        .split_at_checked(end.map_or(text.len(), |end| end.0))
        .unwrap_or((text, ""));
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((value, unit.trim().to_owned())),
        _ => Err(format!(
            "`{text}` is not a value with a unit: 5.2um, 1.4 GHz"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_pixels_unless_the_second_has_a_sign() {
        let parse = |text: &str| Typed::parse(text).unwrap().unwrap();
        assert_eq!(parse("10, 20"), Typed::Pixel([10.0, 20.0]));
        assert_eq!(parse("10.5 20"), Typed::Pixel([10.5, 20.0]));
        assert_eq!(parse("80.5 -69.5"), Typed::Sky([80.5, -69.5]));
        assert_eq!(parse("80.5 +69.5"), Typed::Sky([80.5, 69.5]));
        assert_eq!(parse("sky 80.5 69.5"), Typed::Sky([80.5, 69.5]));
    }

    #[test]
    fn settings_and_values_are_read() {
        let parse = |text: &str| Typed::parse(text).unwrap();
        assert_eq!(
            parse("limits 0.4 6"),
            Ok(Typed::Limits(LimitRule::Fixed([0.4, 6.0])))
        );
        assert_eq!(parse("limits minmax"), Ok(Typed::Limits(LimitRule::MinMax)));
        assert_eq!(
            parse("limits 99%"),
            Ok(Typed::Limits(LimitRule::Percentiles([0.5, 99.5])))
        );
        assert!(parse("limits 6 0.4").is_err());
        assert_eq!(parse("stretch sqrt"), Ok(Typed::Stretch(Stretch::Sqrt)));
        assert!(parse("stretch much").is_err());
        assert!(parse("cmap rainbows").unwrap_err().contains("viridis"));
        assert_eq!(parse("zoom 1/4"), Ok(Typed::Zoom(Some(Zoom::Out(4)))));
        assert_eq!(parse("zoom fit"), Ok(Typed::Zoom(None)));
        assert_eq!(parse("plane 3"), Ok(Typed::Plane(vec![3])));
        assert_eq!(
            parse("λ 5.2um"),
            Ok(Typed::World("λ".to_owned(), 5.2, "um".to_owned()))
        );
        assert_eq!(
            parse("freq 1.4e9 Hz"),
            Ok(Typed::World("freq".to_owned(), 1.4e9, "Hz".to_owned()))
        );
        assert_eq!(
            parse("wave 5e-6m"),
            Ok(Typed::World("wave".to_owned(), 5e-6, "m".to_owned()))
        );
        assert!(parse("wave um").is_err());
        assert_eq!(Typed::parse("roman.meta"), None);
    }
}
