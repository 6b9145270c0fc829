//! Region files of DS9: read and written.

mod physical;
mod write;

pub use physical::Physical;
pub use write::write_regions;

use super::position::read_position;
use super::sky::SkySystem;

/// What the numbers of a region mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coordinates {
    /// Pixels from 0 at the centre of the first one.
    Pixels,
    /// Degrees on the sky.
    Sky(SkySystem),
}

/// The shape of a region; lengths are in pixels or degrees, angles in radians from x (or west) counterclockwise.
#[derive(Debug, Clone, PartialEq)]
pub enum RegionShape {
    /// A marker.
    Point([f64; 2]),
    /// A circle: centre and radius.
    Circle([f64; 2], f64),
    /// Rings: centre and radii.
    Annulus([f64; 2], Vec<f64>),
    /// An ellipse: centre, half axes, angle.
    Ellipse([f64; 2], [f64; 2], f64),
    /// A rectangle: centre, sides, angle.
    Box([f64; 2], [f64; 2], f64),
    /// Ellipses about each other: centre, half axes of each, angle.
    EllipseRings([f64; 2], Vec<[f64; 2]>, f64),
    /// Rectangles about each other: centre, sides of each, angle.
    BoxRings([f64; 2], Vec<[f64; 2]>, f64),
    /// A polygon.
    Polygon(Vec<[f64; 2]>),
    /// A line.
    Line([f64; 2], [f64; 2]),
}

/// A region of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// What its numbers mean.
    pub coordinates: Coordinates,
    /// Its shape.
    pub shape: RegionShape,
    /// What is written beside it.
    pub label: String,
    /// The name of its colour; may be empty.
    pub color: String,
    /// False for one that takes elements out of others.
    pub is_included: bool,
    /// True for a point that is only the place of its label.
    pub is_text: bool,
    /// True where lengths are in pixels although the place is on the sky.
    pub in_pixels: bool,
}

/// What stands in a region file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RegionFile {
    /// What can be drawn, in the order of the file.
    pub regions: Vec<Region>,
    /// The numbers of other lines, from 1, with the reason why they cannot be drawn.
    pub skipped: Vec<(usize, String)>,
}

impl RegionFile {
    /// What is told of the lines that were skipped; `None` where there are none.
    pub fn told(&self) -> Option<String> {
        let (number, reason) = self.skipped.first()?;
        Some(match self.skipped.len() {
            1 => format!("line {number} is not drawn: {reason}"),
            count => format!("{count} lines are not drawn, first line {number}: {reason}"),
        })
    }
}

impl RegionShape {
    /// The middle of a shape, and how far it reaches to the right of it at most: beside it stands the label.
    pub fn anchor(&self) -> ([f64; 2], f64) {
        let longest = |rings: &[[f64; 2]]| rings.iter().flatten().copied().fold(0.0, f64::max);
        match self {
            Self::Point(center) => (*center, 0.0),
            Self::Circle(center, radius) => (*center, *radius),
            Self::Annulus(center, radii) => (*center, radii.iter().copied().fold(0.0, f64::max)),
            Self::Ellipse(center, axes, _) => (*center, axes[0].max(axes[1])),
            Self::Box(center, sides, _) => (*center, sides[0].max(sides[1]) / 2.0),
            Self::EllipseRings(center, rings, _) => (*center, longest(rings)),
            Self::BoxRings(center, rings, _) => (*center, longest(rings) / 2.0),
            Self::Polygon(corners) => (corners.first().copied().unwrap_or_default(), 0.0),
            Self::Line(_, to) => (*to, 0.0),
        }
    }
}

/// Regions of a file at most.
const MOST: usize = 100_000;
/// Corners of a polygon, and radii of rings at most.
const MOST_NUMBERS: usize = 20_000;

/// Reads a region file; `physical` leads to the pixels of the image.
///
/// # Errors
/// There are too many regions; nothing can be drawn: the first line that cannot, and why.
pub fn read_regions(text: &str, physical: &Physical) -> Result<RegionFile, String> {
    let mut file = RegionFile::default();
    let mut state = State {
        system: System::Known(Coordinates::Pixels, None),
        global: Properties::default(),
        physical: *physical,
    };
    for (number, line) in text.lines().enumerate() {
        for part in parts(line) {
            match state.statement(part.trim()) {
                Ok(Some(region)) if file.regions.len() < MOST => file.regions.push(region),
                Ok(Some(_)) => return Err(format!("more than {MOST} regions")),
                Ok(None) => {}
                Err(reason) if file.skipped.len() < MOST => {
                    file.skipped.push((number + 1, reason));
                }
                Err(_) => return Err(format!("more than {MOST} lines that cannot be drawn")),
            }
        }
    }
    match file.skipped.first() {
        Some((number, reason)) if file.regions.is_empty() => {
            Err(format!("line {number}: {reason}"))
        }
        _ => Ok(file),
    }
}

/// The statements of a line: `;` and line ends are between them, but not within `{…}`, quotes and comments.
fn parts(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut close) = (0, None);
    for (at, char) in line.char_indices() {
        match (close, char) {
            (Some(wanted), char) if char == wanted => close = None,
            (None, '{') => close = Some('}'),
            (None, '"') if line.get(..at).is_some_and(|text| text.ends_with('=')) => {
                close = Some('"');
            }
            (None, ';') => {
                found.extend(line.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(line.get(start..));
    found
}

/// Properties after `#`.
#[derive(Debug, Clone, Default)]
struct Properties {
    label: String,
    color: String,
}

impl Properties {
    fn of(text: &str, global: &Self) -> Self {
        let value = |name: &str| {
            let mut from = 0;
            loop {
                let at = from + text.get(from..)?.find(name)?;
                let before = text.get(..at).and_then(|text| text.chars().next_back());
                let rest = text.get(at + name.len()..)?.trim_start();
                from = at + name.len();
                let Some(rest) = rest.strip_prefix('=').map(str::trim_start) else {
                    continue;
                };
                if before.is_some_and(char::is_alphanumeric) {
                    continue;
                }
                let pairs = [('{', '}'), ('"', '"'), ('\'', '\'')];
                let quoted = pairs.iter().find_map(|(open, close)| {
                    rest.strip_prefix(*open)?
                        .split_once(*close)
                        .map(|found| found.0)
                });
                let word = quoted.or_else(|| rest.split_whitespace().next());
                return word.map(str::to_owned);
            }
        };
        Self {
            label: value("text").unwrap_or_default(),
            color: value("color").unwrap_or_else(|| global.color.clone()),
        }
    }
}

/// The system of the coordinates that follow.
#[derive(Debug, Clone)]
enum System {
    /// One that is read, and for pixels of a detector the way to those of the image.
    Known(Coordinates, Option<Physical>),
    /// The name of another one.
    Other(String),
}

/// What was said before a line.
struct State {
    system: System,
    global: Properties,
    physical: Physical,
}

/// Shapes that stand in what looks like a comment.
const IN_COMMENTS: [&str; 8] = [
    "vector",
    "ruler",
    "compass",
    "projection",
    "segment",
    "panda",
    "epanda",
    "bpanda",
];

impl State {
    fn statement(&mut self, text: &str) -> Result<Option<Region>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(rest) = text.strip_prefix('#') {
            let rest = rest.trim_start();
            let name: String = rest
                .chars()
                .take_while(|char| char.is_alphabetic())
                .collect();
            let has_numbers = rest
                .get(name.len()..)
                .is_some_and(|rest| rest.trim_start().starts_with('('));
            return match name.as_str() {
                "text" if has_numbers || rest.starts_with("text ") => self.shape(rest).map(Some),
                name if has_numbers && IN_COMMENTS.contains(&name) => {
                    Err(format!("`{name}` is not a shape that is known"))
                }
                _ => Ok(None),
            };
        }
        if let Some(rest) = text.strip_prefix("global") {
            self.global = Properties::of(rest, &Properties::default());
            return Ok(None);
        }
        let word = text.split(['(', ' ', '#']).next().unwrap_or_default();
        let rest = text.get(word.len()..).unwrap_or_default().trim();
        let is_alone = rest.is_empty() || rest.starts_with('#');
        self.system = match word.to_ascii_lowercase().as_str() {
            "image" => System::Known(Coordinates::Pixels, None),
            "physical" => System::Known(Coordinates::Pixels, Some(self.physical)),
            "icrs" | "fk5" | "j2000" | "galactic" => {
                System::Known(Coordinates::Sky(word.parse()?), None)
            }
            "fk4" | "b1950" => System::Known(Coordinates::Sky(SkySystem::Fk4), None),
            // What stands alone is no shape: what follows is not in the system before.
            _ if is_alone => System::Other(word.to_owned()),
            _ => return self.shape(text).map(Some),
        };
        // A shape may follow on the same line.
        if is_alone {
            return Ok(None);
        }
        self.shape(rest).map(Some)
    }

    fn shape(&self, text: &str) -> Result<Region, String> {
        match &self.system {
            System::Known(coordinates, physical) => shape(
                text,
                *coordinates,
                physical.as_ref(),
                &self.global,
                &self.physical,
            ),
            System::Other(name) => Err(format!("regions in `{name}` are not read")),
        }
    }
}

/// Reads a shape. Its numbers are those of the image, or of `physical` where that is given; `detector` is what `p` means.
fn shape(
    text: &str,
    coordinates: Coordinates,
    physical: Option<&Physical>,
    global: &Properties,
    detector: &Physical,
) -> Result<Region, String> {
    let (body, properties) = text.split_once('#').unwrap_or((text, ""));
    let (body, properties) = match text.strip_prefix("text") {
        // What follows a marker of text are its properties.
        Some(_) => text
            .split_once(')')
            .map_or((text, ""), |(body, rest)| (body, rest)),
        None => (body, properties),
    };
    let body = body.trim().trim_start_matches('+');
    let (body, is_included) = match body.strip_prefix('-') {
        Some(rest) => (rest, false),
        None => (body, true),
    };
    let name: String = body
        .chars()
        .take_while(|char| char.is_alphabetic())
        .collect();
    let inside = body.get(name.len()..).unwrap_or_default().trim();
    let inside = inside.trim_start_matches('(');
    let inside = inside.split(')').next().unwrap_or_default();
    let words: Vec<&str> = inside
        .split(|char: char| char == ',' || char.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > MOST_NUMBERS {
        return Err(format!("more than {MOST_NUMBERS} numbers"));
    }
    let name = name.to_ascii_lowercase();
    let mut reader = Reader {
        words,
        coordinates,
        physical: physical.copied(),
        detector: *detector,
        in_pixels: false,
    };
    let lengths = reader.lengths(&name);
    reader.in_pixels = matches!(coordinates, Coordinates::Sky(_))
        && !lengths.is_empty()
        && lengths.clone().all(|at| reader.is_in_pixels(at));
    let shape = reader.shape(&name)?;
    let properties = Properties::of(properties, global);
    Ok(Region {
        coordinates,
        shape,
        label: properties.label,
        color: properties.color,
        is_included,
        is_text: name == "text",
        in_pixels: reader.in_pixels,
    })
}

/// The numbers of a shape.
struct Reader<'t> {
    words: Vec<&'t str>,
    coordinates: Coordinates,
    /// The system of numbers without a unit, where that is not the image.
    physical: Option<Physical>,
    /// The system of numbers with `p`.
    detector: Physical,
    /// Whether lengths about a place on the sky are in pixels.
    in_pixels: bool,
}

impl Reader<'_> {
    /// Which of the numbers are lengths.
    fn lengths(&self, name: &str) -> std::ops::Range<usize> {
        let count = self.words.len();
        match name {
            "circle" | "annulus" => 2..count,
            // A box without an angle has an even number of them.
            "box" if count.is_multiple_of(2) => 2..count,
            "ellipse" | "box" => 2..count.saturating_sub(1),
            _ => 0..0,
        }
    }

    fn is_in_pixels(&self, at: usize) -> bool {
        self.word(at).is_ok_and(|word| word.ends_with(['p', 'i']))
    }

    /// Pairs of lengths from the third number to another one.
    fn pairs(&self, end: usize) -> Result<Vec<[f64; 2]>, String> {
        let pairs = (2..end).step_by(2);
        pairs
            .map(|at| Ok([self.length(at)?, self.length(at + 1)?]))
            .collect()
    }

    fn shape(&self, name: &str) -> Result<RegionShape, String> {
        let count = self.words.len();
        Ok(match (name, count) {
            ("point" | "text", 2..) => RegionShape::Point(self.place(0)?),
            ("circle", 3) => RegionShape::Circle(self.place(0)?, self.length(2)?),
            ("annulus", 4..) => {
                let radii = (2..count).map(|at| self.length(at));
                RegionShape::Annulus(self.place(0)?, radii.collect::<Result<_, _>>()?)
            }
            ("ellipse", 5) => {
                let axes = [self.length(2)?, self.length(3)?];
                RegionShape::Ellipse(self.place(0)?, axes, self.angle(4)?)
            }
            ("box", 4 | 5) => {
                let sides = [self.length(2)?, self.length(3)?];
                let angle = if count == 5 { self.angle(4)? } else { 0.0 };
                RegionShape::Box(self.place(0)?, sides, angle)
            }
            ("ellipse", 7..) if count % 2 == 1 => {
                let rings = self.pairs(count - 1)?;
                RegionShape::EllipseRings(self.place(0)?, rings, self.angle(count - 1)?)
            }
            ("box", 7..) if count % 2 == 1 => {
                let rings = self.pairs(count - 1)?;
                RegionShape::BoxRings(self.place(0)?, rings, self.angle(count - 1)?)
            }
            ("polygon", 6..) if count.is_multiple_of(2) => {
                let corners = (0..count).step_by(2).map(|at| self.place(at));
                RegionShape::Polygon(corners.collect::<Result<_, _>>()?)
            }
            ("line", 4) => RegionShape::Line(self.place(0)?, self.place(2)?),
            (
                "point" | "circle" | "annulus" | "ellipse" | "box" | "polygon" | "line" | "text",
                _,
            ) => {
                return Err(format!("{name} of {count} numbers"));
            }
            _ => return Err(format!("`{name}` is not a shape that is known")),
        })
    }

    fn word(&self, at: usize) -> Result<&str, String> {
        let word = self.words.get(at).copied();
        word.ok_or_else(|| format!("number {} is missing", at + 1))
    }

    fn plain(&self, at: usize, text: &str) -> Result<f64, String> {
        let value: Option<f64> = text.parse().ok().filter(|value: &f64| value.is_finite());
        value.ok_or_else(|| format!("`{}` is not a number", self.word(at).unwrap_or(text)))
    }

    fn place(&self, at: usize) -> Result<[f64; 2], String> {
        let (x, y) = (self.word(at)?, self.word(at + 1)?);
        let Coordinates::Sky(system) = self.coordinates else {
            let along = |axis: usize, word: &str| {
                let (digits, physical) = self.system_of(word);
                let value = self.plain(at + axis, digits)?;
                // The first pixel is 1 there, and 0 here.
                Ok::<f64, String>(physical.map_or(value, |way| way.place(value, axis)) - 1.0)
            };
            return Ok([along(0, x)?, along(1, y)?]);
        };
        let is_parts = |text: &str| text.contains([':', 'h', 'm']);
        if is_parts(x) || is_parts(y) {
            let found = read_position(&format!("{x}, {y}"));
            let [longitude, latitude] =
                found.ok_or_else(|| format!("`{x},{y}` is not a position"))?;
            // Galactic longitudes are not in hours.
            let is_hours = system != SkySystem::Galactic || x.contains('h');
            return Ok([
                if is_hours {
                    longitude
                } else {
                    longitude / 15.0
                },
                latitude,
            ]);
        }
        let degrees = |at: usize, text: &str| self.plain(at, text.trim_end_matches(['d', '°']));
        Ok([degrees(at, x)?, degrees(at + 1, y)?])
    }

    /// The digits of a number of pixels, and the system that it is in.
    fn system_of<'w>(&self, word: &'w str) -> (&'w str, Option<Physical>) {
        if let Some(digits) = word.strip_suffix('p') {
            return (digits, Some(self.detector));
        }
        match word.strip_suffix('i') {
            Some(digits) => (digits, None),
            None => (word, self.physical),
        }
    }

    /// A length: in pixels, or with a unit in degrees.
    fn length(&self, at: usize) -> Result<f64, String> {
        let word = self.word(at)?;
        let units = [
            ("\"", 1.0 / 3600.0),
            ("'", 1.0 / 60.0),
            ("d", 1.0),
            ("r", 180.0 / std::f64::consts::PI),
        ];
        let unit = units
            .iter()
            .find_map(|(mark, factor)| Some((word.strip_suffix(mark)?, *factor)));
        let is_pixels = self.is_in_pixels(at);
        let pixels = || {
            let (digits, physical) = self.system_of(word);
            let value = self.plain(at, digits)?;
            Ok::<f64, String>(physical.map_or(value, |way| way.length(value)))
        };
        let value = match (self.coordinates, unit) {
            (Coordinates::Pixels, None) => pixels()?,
            (Coordinates::Sky(_), None) if self.in_pixels => pixels()?,
            (Coordinates::Sky(_), None) if !is_pixels => self.plain(at, word)?,
            (Coordinates::Sky(_), Some((digits, factor))) => self.plain(at, digits)? * factor,
            (Coordinates::Pixels, Some(_)) => {
                return Err(format!(
                    "`{word}`: a length on the sky about a place in pixels"
                ));
            }
            (Coordinates::Sky(_), None) => {
                return Err(format!(
                    "`{word}`: a length in pixels beside others on the sky"
                ));
            }
        };
        if value < 0.0 {
            return Err(format!("`{word}` is less than 0"));
        }
        Ok(value)
    }

    fn angle(&self, at: usize) -> Result<f64, String> {
        let word = self.word(at)?;
        Ok(self
            .plain(at, word.trim_end_matches(['d', '°']))?
            .to_radians())
    }
}
