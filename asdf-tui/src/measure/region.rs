//! Region files of DS9: read and written.

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
}

/// Regions of a file at most.
const MOST: usize = 100_000;
/// Corners of a polygon, and radii of rings at most.
const MOST_NUMBERS: usize = 20_000;

/// Reads a region file.
///
/// # Errors
/// A line cannot be understood, or has a shape or a system that is not known: its number and what is wrong with it.
pub fn read_regions(text: &str) -> Result<Vec<Region>, String> {
    let mut regions = Vec::new();
    let mut system = None;
    let mut global = Properties::default();
    for (number, line) in text.lines().enumerate() {
        for part in parts(line) {
            let part = part.trim();
            let found = statement(part, &mut system, &mut global);
            match found.map_err(|reason| format!("line {}: {reason}", number + 1))? {
                Some(region) if regions.len() < MOST => regions.push(region),
                Some(_) => return Err(format!("more than {MOST} regions")),
                None => {}
            }
        }
    }
    Ok(regions)
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

/// The system of the coordinates that follow; `None` before one was named.
type System = Option<Coordinates>;

fn statement(
    text: &str,
    system: &mut System,
    global: &mut Properties,
) -> Result<Option<Region>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(rest) = text.strip_prefix('#') {
        // Markers of text stand in what looks like a comment.
        let rest = rest.trim_start();
        let is_text = rest.starts_with("text(") || rest.starts_with("text ");
        return if is_text {
            shape(rest, *system, global).map(Some)
        } else {
            Ok(None)
        };
    }
    if let Some(rest) = text.strip_prefix("global") {
        *global = Properties::of(rest, &Properties::default());
        return Ok(None);
    }
    let word = text.split(['(', ' ', '#']).next().unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "image" => *system = Some(Coordinates::Pixels),
        "icrs" | "fk5" | "j2000" | "galactic" => {
            *system = Some(Coordinates::Sky(word.parse()?));
        }
        // Where LTV and LTM are, these are not the pixels of the image.
        "physical" | "fk4" | "b1950" | "ecliptic" | "detector" | "amplifier" | "linear" | "wcs"
        | "wcs0" => {
            let known = "image, icrs, fk5 and galactic are known";
            return Err(format!("regions in `{word}`: {known}"));
        }
        _ => return shape(text, *system, global).map(Some),
    }
    // A shape may follow on the same line.
    let rest = text.get(word.len()..).unwrap_or_default().trim();
    if rest.is_empty() || rest.starts_with('#') {
        return Ok(None);
    }
    shape(rest, *system, global).map(Some)
}

fn shape(text: &str, system: System, global: &Properties) -> Result<Region, String> {
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
    let coordinates = system.unwrap_or(Coordinates::Pixels);
    let reader = Reader { words, coordinates };
    let shape = reader.shape(&name.to_ascii_lowercase())?;
    let properties = Properties::of(properties, global);
    Ok(Region {
        coordinates,
        shape,
        label: properties.label,
        color: properties.color,
        is_included,
    })
}

/// The numbers of a shape.
struct Reader<'t> {
    words: Vec<&'t str>,
    coordinates: Coordinates,
}

impl Reader<'_> {
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
            // The first pixel is 1 there, and 0 here.
            return Ok([self.plain(at, x)? - 1.0, self.plain(at + 1, y)? - 1.0]);
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
        let is_pixels = word.ends_with(['p', 'i']);
        let value = match (self.coordinates, unit) {
            (Coordinates::Pixels, None) => self.plain(at, word.trim_end_matches(['p', 'i']))?,
            (Coordinates::Sky(_), None) if !is_pixels => self.plain(at, word)?,
            (Coordinates::Sky(_), Some((digits, factor))) => self.plain(at, digits)? * factor,
            (Coordinates::Pixels, Some(_)) => {
                return Err(format!(
                    "`{word}`: a length on the sky about a place in pixels"
                ));
            }
            (Coordinates::Sky(_), None) => {
                return Err(format!(
                    "`{word}`: a length in pixels about a position on the sky"
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

/// Writes regions as a file that DS9 reads.
pub fn write_regions(regions: &[Region]) -> String {
    let mut out = "# Region file format: DS9\n".to_owned();
    let mut system = None;
    for region in regions {
        if system != Some(region.coordinates) {
            system = Some(region.coordinates);
            out.push_str(match region.coordinates {
                Coordinates::Pixels => "image",
                Coordinates::Sky(system) => system.name(),
            });
            out.push('\n');
        }
        if !region.is_included {
            out.push('-');
        }
        out.push_str(&region.body());
        let mut properties = Vec::new();
        if !region.color.is_empty() {
            properties.push(format!("color={}", region.color));
        }
        if !region.label.is_empty() {
            // No text holds its own end.
            let label = region.label.replace(['{', '}', '\n'], " ");
            properties.push(format!("text={{{label}}}"));
        }
        if !properties.is_empty() {
            out.push_str(&format!(" # {}", properties.join(" ")));
        }
        out.push('\n');
    }
    out
}

impl Region {
    /// `circle(10,20,3)`
    fn body(&self) -> String {
        let is_sky = self.coordinates != Coordinates::Pixels;
        let place = |[x, y]: &[f64; 2]| {
            if is_sky {
                format!("{x:.9},{y:.9}")
            } else {
                format!("{},{}", short(x + 1.0), short(y + 1.0))
            }
        };
        let length = |value: &f64| {
            if is_sky {
                format!("{}\"", short(value * 3600.0))
            } else {
                short(*value)
            }
        };
        let lengths = |values: &[f64]| values.iter().map(length).collect::<Vec<_>>().join(",");
        let angle = |angle: &f64| short(angle.to_degrees());
        match &self.shape {
            RegionShape::Point(center) => format!("point({})", place(center)),
            RegionShape::Circle(center, radius) => {
                format!("circle({},{})", place(center), length(radius))
            }
            RegionShape::Annulus(center, radii) => {
                format!("annulus({},{})", place(center), lengths(radii))
            }
            RegionShape::Ellipse(center, axes, turn) => {
                format!(
                    "ellipse({},{},{})",
                    place(center),
                    lengths(axes),
                    angle(turn)
                )
            }
            RegionShape::Box(center, sides, turn) => {
                format!("box({},{},{})", place(center), lengths(sides), angle(turn))
            }
            RegionShape::Polygon(corners) => {
                let corners: Vec<String> = corners.iter().map(place).collect();
                format!("polygon({})", corners.join(","))
            }
            RegionShape::Line(from, to) => format!("line({},{})", place(from), place(to)),
        }
    }
}

/// A number with up to nine digits after the point.
fn short(value: f64) -> String {
    let text = format!("{value:.9}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}
