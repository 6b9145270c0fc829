//! A FITS header that comes close: a tangent plane with SIP polynomials (Shupe et al. 2005, the SIP
//! convention), of the lowest degree that is good enough.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

pub(super) mod fit;

use super::ReferenceFrame;
use super::Wcs;
use super::frame::Frame;
use super::sky::Sky;
use super::sky::TangentPlane;
use crate::error::Result;
use crate::error::WcsFault;
use crate::transform::Interval;
use crate::transform::Program;
use fit::Fit;
use fit::Samples;

/// How good the approximation is to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SipOptions {
    /// How many pixels it may be off at most.
    pub max_error: f64,
    /// The degree of the polynomials, from 1 to 9; the lowest that is good enough when there is none.
    pub degree: Option<usize>,
    /// How many pixels the way back may be off at most.
    pub max_inverse_error: f64,
    /// The degree of the polynomials of the way back.
    pub inverse_degree: Option<usize>,
    /// Points along each side of the image at which it is fitted, at least 8.
    pub points: usize,
    /// The pixel that is the reference, from 1 as FITS counts; the centre when there is none.
    pub crpix: Option<[f64; 2]>,
}

impl Default for SipOptions {
    fn default() -> Self {
        Self {
            max_error: 0.25,
            degree: None,
            max_inverse_error: 0.25,
            inverse_degree: None,
            points: 32,
            crpix: None,
        }
    }
}

/// Coefficients by the powers of u and v.
pub type SipCoefficients = Vec<([usize; 2], f64)>;

/// A FITS header that comes close to a WCS.
#[derive(Debug, Clone, PartialEq)]
pub struct SipApproximation {
    /// The name of the world frame.
    pub name: Box<str>,
    /// The astronomical reference.
    pub reference: Option<ReferenceFrame>,
    /// The names of longitude and latitude as `CTYPEi` begins with them.
    pub axes: [&'static str; 2],
    /// Extent of the image along x and y.
    pub naxis: [u64; 2],
    /// The reference pixel, from 1 as FITS counts.
    pub crpix: [f64; 2],
    /// Longitude and latitude of the reference pixel in degrees.
    pub crval: [f64; 2],
    /// Degrees a pixel at the reference pixel: the first row to the east.
    pub cd: [[f64; 2]; 2],
    /// The degree of the polynomials; 1 when none are needed.
    pub degree: usize,
    /// What is added to x and y before `cd`.
    pub forward: [SipCoefficients; 2],
    /// The degree of the way back.
    pub inverse_degree: usize,
    /// What is added on the way back.
    pub inverse: [SipCoefficients; 2],
    /// How many pixels it is off at most, on a grid twice as dense as that of the fit.
    pub error: f64,
    /// The same of the way back.
    pub inverse_error: f64,
}

/// A value of a header card.
#[derive(Debug, Clone, PartialEq)]
pub enum SipValue {
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Text.
    Text(String),
}

/// A card: keyword, value, comment.
pub type SipCard = (String, SipValue, &'static str);

fn text(keyword: &str, value: &str, comment: &'static str) -> SipCard {
    let value = SipValue::Text(value.to_owned());
    (keyword.to_owned(), value, comment)
}

pub(super) fn real(keyword: &str, value: f64, comment: &'static str) -> SipCard {
    (keyword.to_owned(), SipValue::Real(value), comment)
}

pub(super) fn integer(keyword: &str, value: usize, comment: &'static str) -> SipCard {
    let value = SipValue::Integer(i64::try_from(value).unwrap_or(i64::MAX));
    (keyword.to_owned(), value, comment)
}

/// Degrees of fits.
const DEGREES: std::ops::RangeInclusive<usize> = 1..=9;

impl Wcs {
    /// The FITS header that comes closest.
    ///
    /// # Errors
    /// It is not an image of the sky in two dimensions, or has neither a bounding box nor a pixel shape; a
    /// transform cannot be evaluated there; the options are out of range.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::wcs::SipOptions;
    ///
    /// let wcs = AsdfFile::open(path)?.wcs("roman/meta/wcs")?;
    /// let header = wcs.to_fits_sip(&SipOptions { max_error: 0.01, ..SipOptions::default() })?;
    /// assert!(header.error <= 0.01); // pixels
    /// let cards = header.cards();
    /// assert!(cards.iter().any(|(keyword, ..)| keyword == "A_ORDER"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_fits_sip(&self, options: &SipOptions) -> Result<SipApproximation> {
        self.sky_part()?.sip_of_image(options)
    }

    fn sip_of_image(&self, options: &SipOptions) -> Result<SipApproximation> {
        let (program, sky) = self.image()?;
        let sides = self.sip_sides(options)?;
        let origin = match options.crpix {
            Some(crpix) => crpix.map(|value| value - 1.0),
            None => self
                .centre()?
                .map(|value| (value * 10.0).round_ties_even() / 10.0),
        };
        let centre = program.eval(&[&[origin[0]], &[origin[1]]])?;
        let (longitude, latitude) = sky.position(&centre, 0);
        let image = Plane {
            program,
            sky,
            origin,
            tangent: TangentPlane::at(longitude * sky.radians, latitude * sky.radians),
        };
        let coarse = image.samples(sides, options.points)?;
        let fine = image.samples(sides, 2 * options.points)?;
        let scale = plate_scale(&image.project(&[0.0, 1.0, 0.0], &[0.0, 0.0, 1.0])?);
        let forward = fit::lowest(&coarse, &fine, options.max_error * scale, options.degree);
        let forward = forward.ok_or(WcsFault::NoValues)?;
        let (cd, polynomials) = forward.split();
        let inverse = fit::lowest(
            &coarse.back(&cd),
            &fine.back(&cd),
            options.max_inverse_error,
            options.inverse_degree,
        );
        let inverse = inverse.ok_or(WcsFault::NoScale)?;
        let frame = self.steps.last().map(|step| &step.frame);
        let reference = frame.and_then(|frame| frame.celestial());
        Ok(SipApproximation {
            name: frame.map(|frame| frame.name().into()).unwrap_or_default(),
            axes: reference.map_or(["RA", "DEC"], sky_names),
            reference: reference.and_then(|frame| frame.reference_frame().cloned()),
            naxis: sides.map(extent),
            crpix: origin.map(|value| value + 1.0),
            crval: [longitude, latitude].map(|value| (value * sky.radians).to_degrees()),
            cd,
            degree: forward.degree,
            forward: polynomials,
            inverse_degree: inverse.degree,
            inverse: inverse.coefficients(),
            error: forward.error / scale,
            inverse_error: inverse.error,
        })
    }

    /// Where the image is, when it and the options are such that it can be fitted.
    fn sip_sides(&self, options: &SipOptions) -> Result<[Interval; 2]> {
        let sides = self.intervals();
        let sides = sides.and_then(|sides| <[Interval; 2]>::try_from(sides).ok());
        let sides = sides.ok_or(WcsFault::HeaderBox)?;
        let degrees = [options.degree, options.inverse_degree];
        let mut degrees = degrees.iter().flatten();
        if !degrees.all(|degree| DEGREES.contains(degree)) || !(8..=1024).contains(&options.points)
        {
            return Err(WcsFault::SipOptions.into());
        }
        if sides.iter().any(|side| side.high - side.low < 1.0) {
            return Err(WcsFault::SmallImage.into());
        }
        Ok(sides)
    }
}

/// An image and the tangent plane at its reference pixel.
struct Plane {
    program: Program,
    sky: Sky,
    origin: [f64; 2],
    tangent: TangentPlane,
}

impl Plane {
    /// Degrees to the east and to the north of pixels counted from the reference pixel.
    fn project(&self, u: &[f64], v: &[f64]) -> Result<[Vec<f64>; 2]> {
        let x: Vec<f64> = u.iter().map(|u| u + self.origin[0]).collect();
        let y: Vec<f64> = v.iter().map(|v| v + self.origin[1]).collect();
        let world = self.program.eval(&[&x, &y])?;
        let at = |point: usize| {
            let (longitude, latitude) = self.sky.position(&world, point);
            let (east, north) = self.tangent.project(self.sky.vector(longitude, latitude));
            (east.to_degrees(), north.to_degrees())
        };
        let (east, north) = (0..u.len()).map(at).unzip();
        Ok([east, north])
    }

    /// A grid over the image, with so many points along each side.
    fn samples(&self, [x, y]: [Interval; 2], count: usize) -> Result<Samples> {
        let [x0, y0] = self.origin;
        let [u, v] = grid(
            [[x.low - x0, x.high - x0], [y.low - y0, y.high - y0]],
            count,
        );
        let to = self.project(&u, &v)?;
        Ok(Samples { from: [u, v], to })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a box that wide has no image"
)]
#[expect(
    clippy::cast_sign_loss,
    reason = "an image does not end before its first pixel"
)]
fn extent(side: Interval) -> u64 {
    side.high.max(0.0) as u64 + 1
}

/// Points over the image, from edge to edge.
fn grid([x, y]: [[f64; 2]; 2], count: usize) -> [Vec<f64>; 2] {
    #[expect(clippy::cast_precision_loss, reason = "a grid has few points")]
    let at = |[low, high]: [f64; 2], number: usize| {
        low + (high - low) * number as f64 / (count - 1) as f64
    };
    let pairs = (0..count).flat_map(|row| (0..count).map(move |column| (column, row)));
    pairs
        .map(|(column, row)| (at(x, column), at(y, row)))
        .unzip()
        .into()
}

/// The root of a pixel's area.
fn plate_scale([east, north]: &[Vec<f64>; 2]) -> f64 {
    match (east.as_slice(), north.as_slice()) {
        (&[a, b, c], &[d, e, f]) => ((b - a) * (f - d) - (e - d) * (c - a)).abs().sqrt(),
        _ => f64::NAN,
    }
}

impl SipApproximation {
    /// The cards of the header: keyword, value, comment.
    pub fn cards(&self) -> Vec<SipCard> {
        let extents = self
            .naxis
            .map(|extent| usize::try_from(extent).unwrap_or(usize::MAX));
        let mut cards = vec![
            integer("NAXIS", 2, "number of array dimensions"),
            integer("NAXIS1", extents[0], ""),
            integer("NAXIS2", extents[1], ""),
            integer("WCSAXES", 2, "number of coordinate axes"),
            text("WCSNAME", &self.name, "name of the coordinate frame"),
        ];
        let suffix = if self.degree > 1 { "-TAN-SIP" } else { "-TAN" };
        for (axis, name) in (1..).zip(self.axes) {
            let kind = format!("{name:-<4}{suffix}");
            cards.push(text(
                &format!("CTYPE{axis}"),
                &kind,
                "coordinate, projection",
            ));
            cards.push(text(
                &format!("CUNIT{axis}"),
                "deg",
                "unit of the coordinate",
            ));
        }
        for (axis, (pixel, value)) in self.crpix.iter().zip(&self.crval).enumerate() {
            let axis = axis + 1;
            cards.push(real(
                &format!("CRPIX{axis}"),
                *pixel,
                "reference pixel, from 1",
            ));
            cards.push(real(
                &format!("CRVAL{axis}"),
                *value,
                "[deg] world coordinate there",
            ));
        }
        for (row, line) in self.cd.iter().enumerate() {
            for (column, value) in line.iter().enumerate() {
                let keyword = format!("CD{}_{}", row + 1, column + 1);
                cards.push(real(&keyword, *value, "[deg/pixel] linear transform"));
            }
        }
        cards.push(real("LONPOLE", 180.0, "[deg] native longitude of the pole"));
        cards.push(real(
            "LATPOLE",
            self.crval[1],
            "[deg] native latitude of the pole",
        ));
        reference_cards(self.reference.as_ref(), &mut cards);
        self.add_polynomials(&mut cards);
        cards
    }

    /// Polynomials and errors.
    fn add_polynomials(&self, cards: &mut Vec<SipCard>) {
        if self.degree > 1 {
            let forward = (self.degree, &self.forward);
            polynomial_cards(cards, forward, (self.inverse_degree, &self.inverse));
        }
        cards.push(real("SIPMXERR", self.error, "[pixel] greatest error"));
        if self.degree > 1 {
            let comment = "[pixel] greatest error of the inverse";
            cards.push(real("SIPIVERR", self.inverse_error, comment));
        }
    }
}

/// The polynomials of SIP, forward and back, each with its degree.
pub(super) fn polynomial_cards(
    cards: &mut Vec<SipCard>,
    forward: (usize, &[SipCoefficients; 2]),
    back: (usize, &[SipCoefficients; 2]),
) {
    for (names, (degree, polynomials)) in [(["A", "B"], forward), (["AP", "BP"], back)] {
        for (name, coefficients) in names.iter().zip(polynomials) {
            let keyword = format!("{name}_ORDER");
            cards.push(integer(&keyword, degree, "degree of the polynomial"));
            for ([i, j], value) in coefficients {
                cards.push(real(&format!("{name}_{i}_{j}"), *value, ""));
            }
        }
    }
}

/// The names of longitude and latitude of a frame, without the dashes of `CTYPEi`.
pub(super) fn sky_names(frame: &Frame) -> [&'static str; 2] {
    // A system without a node of astropy has its name only.
    let reference = frame.reference_frame();
    let name = reference.map_or(frame.name(), |reference| &*reference.name);
    match name.trim_start_matches("custom:") {
        name if name.starts_with("galactic") => ["GLON", "GLAT"],
        "helioprojective" => ["HPLN", "HPLT"],
        "heliographic_stonyhurst" => ["HGLN", "HGLT"],
        "heliographic_carrington" => ["CRLN", "CRLT"],
        "ecliptic" => ["ELON", "ELAT"],
        "helioecliptic" => ["HLON", "HLAT"],
        "supergalactic" => ["SLON", "SLAT"],
        "terrestrial" => ["TLON", "TLAT"],
        _ => ["RA", "DEC"],
    }
}

/// `RADESYS` and `EQUINOX` of an equatorial system.
pub(super) fn reference_cards(reference: Option<&ReferenceFrame>, cards: &mut Vec<SipCard>) {
    let Some(reference) = reference else {
        return;
    };
    let system = match &*reference.name {
        name if name.starts_with("icrs") => "ICRS",
        name if name.starts_with("fk5") => "FK5",
        name if name.starts_with("fk4noeterms") => "FK4-NO-E",
        name if name.starts_with("fk4") => "FK4",
        name if name.starts_with("gcrs") => "GAPPT",
        _ => return,
    };
    cards.push(text("RADESYS", system, "equatorial coordinate system"));
    let years = reference.equinox.or(match system {
        "FK5" => Some(2000.0),
        "FK4" | "FK4-NO-E" => Some(1950.0),
        _ => None,
    });
    if let Some(years) = years.filter(|_| system.starts_with("FK")) {
        cards.push(real("EQUINOX", years, "[yr] equinox"));
    }
}

impl Fit {
    /// The linear part, and what is left of both polynomials before it is applied.
    pub(super) fn split(&self) -> ([[f64; 2]; 2], [SipCoefficients; 2]) {
        let [to_x, to_y] = self.coefficients();
        let of = |list: &SipCoefficients, power: [usize; 2]| {
            let found = list.iter().find(|entry| entry.0 == power);
            found.map_or(0.0, |entry| entry.1)
        };
        let [a, b] = [of(&to_x, [1, 0]), of(&to_x, [0, 1])];
        let [c, d] = [of(&to_y, [1, 0]), of(&to_y, [0, 1])];
        let determinant = a * d - b * c;
        let mut polynomials = [Vec::new(), Vec::new()];
        for ((power, x), (_, y)) in to_x.iter().zip(&to_y) {
            if power[0] + power[1] > 1 {
                polynomials[0].push((*power, (d * x - b * y) / determinant));
                polynomials[1].push((*power, (a * y - c * x) / determinant));
            }
        }
        ([[a, b], [c, d]], polynomials)
    }
}
