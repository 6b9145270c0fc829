//! What is known of one pixel: value, flags, place in the world; and the line that tells it.

use super::colored::Channel;
use super::content::{Content, Versus};
use super::cut::Cut;
use super::flags;
use super::subject::Subject;
use crate::raster::Operation;
use asdf_core::AsdfFile;
use asdf_core::Result;
use asdf_core::array::Scalar;
use asdf_core::array::Slice;
use asdf_core::wcs::{EvalOptions, Frame, FrameKind, Wcs};

/// What is known of one pixel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readout {
    /// The pixel, x first, counted from 0.
    pub pixel: [u64; 2],
    /// Its value; NaN where it is masked.
    pub value: f64,
    /// Those of the first and of a second image there.
    pub pair: Option<[f64; 2]>,
    /// Those of red, green, blue and opacity, where it is in colours.
    pub channels: Option<[Option<f64>; 4]>,
    /// The element as text, with all of its digits.
    pub exact: Option<String>,
    /// Its flags, if there are any for it.
    pub flags: Option<u64>,
    /// Its place in the world.
    pub world: Option<World>,
}

/// A place in the world.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// `RA 05:22:01.23 Dec -69:30:00.1  (80.505125 -69.500028)`, or each coordinate with its unit.
    pub text: String,
    /// Whether the pixel is within the bounding box.
    pub is_inside: bool,
}

/// Which pixel is read.
#[derive(Debug, Clone)]
pub struct ReadoutAsk {
    /// What shows.
    pub content: Content,
    /// A second image at the right.
    pub beside: Option<Versus>,
    /// What the colours show.
    pub channels: Vec<(Channel, Content, Cut)>,
    /// The plane.
    pub cut: Cut,
    /// The pixel, x first.
    pub pixel: [u64; 2],
}

impl ReadoutAsk {
    /// The value of the pixel with something made of a second image.
    fn value(&self, file: &AsdfFile, versus: Option<Versus>) -> Result<f64> {
        let [x, y] = self.pixel;
        let mut content = self.content.clone();
        content.versus = versus;
        let image = content.part(file, &self.cut, &[y..y + 1, x..x + 1], 1)?;
        let value = image.values(&(0..1), &(0..1))?;
        Ok(value.first().copied().unwrap_or(f64::NAN))
    }

    /// The values of the colours.
    fn channels(&self, file: &AsdfFile) -> Result<Option<[Option<f64>; 4]>> {
        if self.channels.is_empty() {
            return Ok(None);
        }
        let [x, y] = self.pixel;
        let mut values = [None; 4];
        for (channel, content, cut) in &self.channels {
            let image = content.part(file, cut, &[y..y + 1, x..x + 1], 1)?;
            let value = image.values(&(0..1), &(0..1))?;
            if let Some(slot) = values.get_mut(*channel as usize) {
                *slot = Some(value.first().copied().unwrap_or(f64::NAN));
            }
        }
        Ok(Some(values))
    }

    /// Reads the pixel.
    ///
    /// # Errors
    /// The array cannot be read.
    pub fn find(&self, file: &AsdfFile) -> Result<Readout> {
        let (subject, cut, pixel) = (&*self.content.subject, &self.cut, self.pixel);
        let versus = self.content.versus.clone();
        let value = self.value(file, versus.clone())?;
        let pair = match versus.or_else(|| self.beside.clone()) {
            Some(versus) => {
                let second = Versus {
                    operation: Operation::Second,
                    ..versus
                };
                Some([self.value(file, None)?, self.value(file, Some(second))?])
            }
            None => None,
        };
        let is_plain = self.content.collapsed.is_none() && self.content.versus.is_none();
        let exact = if is_plain {
            exact(file, subject, cut, pixel, value)?.filter(|_| !value.is_nan())
        } else {
            None
        };
        let source = subject.flags.as_ref();
        let flags = source.and_then(|source| flags::word_at(file, source, cut, pixel));
        let coordinates = subject.pixel(&cut.index(pixel));
        let world = subject.wcs.as_ref().zip(coordinates);
        Ok(Readout {
            pixel,
            value,
            pair,
            channels: self.channels(file)?,
            exact,
            flags,
            world: world.and_then(|(wcs, coordinates)| World::of(wcs, &coordinates)),
        })
    }
}

/// All digits of an element, which is that number as a float; floats hold those of 64 bits up to 2^53 only.
fn exact(
    file: &AsdfFile,
    subject: &Subject,
    cut: &Cut,
    pixel: [u64; 2],
    value: f64,
) -> Result<Option<String>> {
    if subject.datatype.starts_with("float") && value.is_finite() {
        let text = whole_text(value, &subject.datatype);
        return Ok(Some(text.strip_suffix(".0").unwrap_or(&text).to_owned()));
    }
    let array = file.array(&subject.path)?;
    let wide = [Scalar::Int64, Scalar::Uint64].map(Some);
    if !wide.contains(&array.datatype().scalar()) {
        return Ok(None);
    }
    let at = |place: u64| Slice::Index(i64::try_from(place).unwrap_or(i64::MAX));
    let slices: Vec<Slice> = cut.index(pixel).into_iter().map(at).collect();
    Ok(Some(array.load_slices(&slices)?.cell(&[])))
}

impl World {
    /// The place of a pixel, outside of the bounding box as well; `None` where the WCS gives none.
    pub fn of(wcs: &Wcs, pixel: &[f64]) -> Option<Self> {
        let columns: Vec<&[f64]> = pixel.iter().map(std::slice::from_ref).collect();
        let is_inside = wcs.program().ok()?.eval(&columns).ok()?;
        let is_inside = is_inside.iter().flatten().all(|value| value.is_finite());
        let text = match pixel {
            [x, y] => sky(wcs, *x, *y).or_else(|| plain(wcs, &columns)),
            _ => cube(wcs, &columns).or_else(|| plain(wcs, &columns)),
        }?;
        Some(Self { text, is_inside })
    }
}

/// A position on the sky, in sexagesimal notation where that is the custom of its frame.
fn sky(wcs: &Wcs, x: f64, y: f64) -> Option<String> {
    let [longitude, latitude] = wcs.sky_positions(&[x], &[y]).ok()?;
    let frame = wcs.steps().last()?.frame.celestial()?;
    Some(position(frame, *longitude.first()?, *latitude.first()?))
}

/// Longitude and latitude in degrees as a text.
fn position(frame: &Frame, longitude: f64, latitude: f64) -> String {
    let kind = frame.axis_physical_types().first();
    let default = if kind.is_none_or(|kind| kind.starts_with("pos.eq")) {
        "icrs"
    } else {
        frame.name()
    };
    let name = frame.reference_frame().map_or(default, |own| &own.name);
    if !longitude.is_finite() || !latitude.is_finite() {
        return "no position".to_owned();
    }
    let degrees = degrees(longitude, latitude);
    if !matches!(
        name,
        "icrs" | "fk5" | "fk4" | "fk4noeterms" | "gcrs" | "cirs"
    ) {
        return format!("{} {degrees}", asdf_core::inspect::escape(name));
    }
    let ra = sexagesimal(longitude.rem_euclid(360.0) / 15.0, 2, 24);
    let sign = if latitude < 0.0 { '-' } else { '+' };
    let dec = sexagesimal(latitude.abs(), 1, u64::MAX);
    format!("RA {ra} Dec {sign}{dec}  {degrees}")
}

/// `(80.505125 -69.500028)`: the longitude is below 360 after rounding too, and the latitude has its sign, by which it is one
/// when it is typed again.
fn degrees(longitude: f64, latitude: f64) -> String {
    let mut text = format!("{:.6}", longitude.rem_euclid(360.0));
    if text == "360.000000" {
        "0.000000".clone_into(&mut text);
    }
    format!("({text} {latitude:+.6})")
}

/// A position on the sky in degrees, and each other coordinate with its unit.
fn cube(wcs: &Wcs, columns: &[&[f64]]) -> Option<String> {
    let options = EvalOptions {
        bounds: false,
        ..EvalOptions::default()
    };
    let values = wcs.eval(columns, &options).ok()?;
    let value = |place: usize| values.get(place)?.first().copied();
    let FrameKind::Composite(frames) = wcs.steps().last()?.frame.kind() else {
        return None;
    };
    let mut parts = Vec::new();
    for frame in frames {
        if let (FrameKind::Celestial, &[longitude, latitude]) = (frame.kind(), frame.axes_order()) {
            if frame.units().iter().any(|unit| &**unit != "deg") {
                return None;
            }
            parts.push(position(frame, value(longitude)?, value(latitude)?));
            continue;
        }
        for (axis, place) in frame.axes_order().iter().enumerate() {
            let own = frame.axes_names().get(axis).map(|name| &**name);
            let name = own.unwrap_or_else(|| frame.name());
            let unit = frame.units().get(axis).map_or("", |unit| unit);
            let text = format!("{name}={} {unit}", number(value(*place)?));
            parts.push(asdf_core::inspect::escape(text.trim()).into_owned());
        }
    }
    (!parts.is_empty()).then(|| parts.join("  "))
}

/// Each coordinate with its unit.
fn plain(wcs: &Wcs, columns: &[&[f64]]) -> Option<String> {
    let options = EvalOptions {
        bounds: false,
        ..EvalOptions::default()
    };
    let values = wcs.eval(columns, &options).ok()?;
    let frame = &wcs.steps().last()?.frame;
    let part = |(axis, column): (usize, &Vec<f64>)| {
        let value = column.first().copied().unwrap_or(f64::NAN);
        let name = frame.axes_names().get(axis).map_or("", |name| name);
        let unit = frame.units().get(axis).map_or("", |unit| unit);
        let name = if name.is_empty() {
            format!("world{axis}")
        } else {
            name.to_owned()
        };
        asdf_core::inspect::escape(format!("{name}={} {unit}", number(value)).trim()).into_owned()
    };
    let parts: Vec<String> = values.iter().enumerate().map(part).collect();
    Some(parts.join("  "))
}

/// Hours or degrees as `05:22:01.23`, rounded to so many places of a second; it begins anew after `turn`.
#[expect(clippy::cast_precision_loss, reason = "seconds of a turn")]
#[expect(clippy::cast_possible_truncation, reason = "seconds of a turn")]
#[expect(clippy::cast_sign_loss, reason = "not below 0")]
fn sexagesimal(value: f64, places: u32, turn: u64) -> String {
    let scale = 10_u64.pow(places);
    let units = (value * 3600.0 * scale as f64).round() as u64;
    let (seconds, part) = (units / scale, units % scale);
    let (minutes, second) = (seconds / 60, seconds % 60);
    let (whole, minute) = (minutes / 60 % turn, minutes % 60);
    let width = usize::try_from(places).unwrap_or(0);
    format!("{whole:02}:{minute:02}:{second:02}.{part:0width$}")
}

/// A number with at most six digits that count.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-3..1e6).contains(&size) {
        let text = format!("{value:.6}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    format!("{value:.5e}")
}

/// Two numbers, and so many digits of them that they can be told apart.
pub fn limits_text([low, high]: [f64; 2]) -> [String; 2] {
    [low, high].map(|value| number_in(value, high - low))
}

/// A number as [`number`] has it, with more digits where those are of no more than the third of a range.
#[expect(clippy::cast_possible_truncation, reason = "powers of ten of floats")]
pub fn number_in(value: f64, range: f64) -> String {
    let (short, size) = (number(value), value.abs());
    if !(range > 0.0 && range.is_finite() && size > 0.0 && size.is_finite()) {
        return short;
    }
    let power = |value: f64| value.log10().floor() as i32;
    let fine = power(range) - 2;
    let is_fixed = (1e-3..1e6).contains(&size);
    let has = if is_fixed { -6 } else { power(size) - 5 };
    if has <= fine {
        return short;
    }
    if is_fixed || (1e6..1e16).contains(&size) {
        let places = usize::try_from((-fine).clamp(0, 17)).unwrap_or(0);
        return format!("{value:.places$}");
    }
    let places = usize::try_from((power(size) - fine).clamp(5, 16)).unwrap_or(5);
    format!("{value:.places$e}")
}

/// The value of an element: integers as they are, floats with seven digits that count.
pub fn value_text(value: f64, datatype: &str) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if datatype == "bool8" {
        (value != 0.0).to_string()
    } else if datatype.contains("int") || value.is_infinite() {
        value.to_string()
    } else {
        let whole = whole_text(value, datatype);
        let seven = seven_digits(value);
        // What has fewer digits is told as it is.
        if whole.len() < seven.len() {
            whole
        } else {
            seven
        }
    }
}

/// The same, with more digits where those are needed to tell it from others in a range.
pub fn value_in(value: f64, datatype: &str, range: f64) -> String {
    let text = value_text(value, datatype);
    let more = number_in(value, range);
    let is_float = value.is_finite() && datatype.starts_with("float");
    if is_float && more != number(value) && more.len() > text.len() {
        more
    } else {
        text
    }
}

/// Seven digits that count, without a power of ten where that can be read.
fn seven_digits(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !(1e-4..1e7).contains(&size) {
        return format!("{value:.6e}");
    }
    #[expect(clippy::cast_possible_truncation, reason = "between -4 and 6")]
    let power = size.log10().floor() as i32;
    let places = usize::try_from(6 - power).unwrap_or(0);
    format!("{value:.places$}")
}

/// All digits of a value: of `float16` and `float32` those that single precision has.
#[expect(clippy::cast_possible_truncation, reason = "it was one before")]
pub fn whole_text(value: f64, datatype: &str) -> String {
    if matches!(datatype, "float16" | "float32") {
        let text = asdf_core::tree::float32_text(value as f32);
        // Whole numbers need no point in a line that is short of room.
        return text.strip_suffix(".0").map_or(text.clone(), str::to_owned);
    }
    asdf_core::tree::float_text(value)
}

/// Numbers of columns and rows, both as wide as the longer axis needs.
pub fn pixel_text([x, y]: [u64; 2], [rows, columns]: [u64; 2]) -> String {
    let last = rows.max(columns).saturating_sub(1);
    let width = last.to_string().len();
    format!("x={x:0width$} y={y:0width$} (0-based)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_rounded_before_they_are_taken_apart() {
        assert_eq!(sexagesimal(5.367_008_333, 2, 24), "05:22:01.23");
        assert_eq!(sexagesimal(23.999_999_999_9, 2, 24), "00:00:00.00");
        assert_eq!(sexagesimal(69.500_028, 1, u64::MAX), "69:30:00.1");
        assert_eq!(sexagesimal(9.999_999_99, 1, u64::MAX), "10:00:00.0");
    }

    #[test]
    fn pixels_have_as_many_digits_as_the_longer_axis() {
        assert_eq!(
            pixel_text([1023, 512], [2048, 2048]),
            "x=1023 y=0512 (0-based)"
        );
        assert_eq!(pixel_text([3, 0], [1, 8]), "x=3 y=0 (0-based)");
    }

    #[test]
    fn values_are_told_by_their_type() {
        assert_eq!(value_text(f64::from(0.1234_f32), "float32"), "0.1234");
        assert_eq!(
            value_text(f64::from(0.630_627_6_f32), "float32"),
            "0.6306276"
        );
        assert_eq!(value_text(1_234.567_890_123, "float64"), "1234.568");
        assert_eq!(value_text(1.0e-21 / 3.0, "float64"), "3.333333e-22");
        assert_eq!(value_text(f64::INFINITY, "float64"), "inf");
        assert_eq!(
            whole_text(f64::from(0.630_627_6_f32), "float32"),
            "0.6306276"
        );
        assert_eq!(whole_text(f64::from(3.4e38_f32), "float32"), "3.4e+38");
        // As numpy has it: of two equally near the even one.
        assert_eq!(whole_text(2_696_762.25, "float32"), "2696762.2");
        assert_eq!(degrees(359.999_999_9, -0.5), "(0.000000 -0.500000)");
        assert_eq!(degrees(-0.5, 0.0), "(359.500000 +0.000000)");
        assert_eq!(value_text(65535.0, "uint16"), "65535");
        assert_eq!(value_text(1.0, "bool8"), "true");
        assert_eq!(value_text(f64::NAN, "float64"), "NaN");
        assert_eq!(number(80.505_125), "80.505125");
        assert_eq!(number(-2.5e-7), "-2.50000e-7");
    }

    #[test]
    fn limits_can_be_told_apart() {
        assert_eq!(limits_text([0.0, 399.0]), ["0", "399"]);
        assert_eq!(
            limits_text([1_000_000.0, 1_000_000.333_333]),
            ["1000000.000", "1000000.333"]
        );
        assert_eq!(
            limits_text([9_007_199_254_740_992.0, 9_007_199_254_741_392.0]),
            ["9007199254740992", "9007199254741392"]
        );
        assert_eq!(
            limits_text([1.0e-20, 1.000_002e-20]),
            ["1.00000000e-20", "1.00000200e-20"]
        );
        assert_eq!(limits_text([5.0e6, 5.0e6]), ["5.00000e6", "5.00000e6"]);
    }
}
