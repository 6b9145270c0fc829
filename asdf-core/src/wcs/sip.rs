//! A FITS header that comes close: a tangent plane with SIP polynomials (Shupe et al. 2005, the SIP
//! convention), of the lowest degree that is good enough.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

mod fit;

use super::ReferenceFrame;
use super::Wcs;
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

fn real(keyword: &str, value: f64, comment: &'static str) -> SipCard {
    (keyword.to_owned(), SipValue::Real(value), comment)
}

fn count(keyword: &str, value: usize, comment: &'static str) -> SipCard {
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
            count("NAXIS", 2, "number of array dimensions"),
            count("NAXIS1", extents[0], ""),
            count("NAXIS2", extents[1], ""),
            count("WCSAXES", 2, "number of coordinate axes"),
            text("WCSNAME", &self.name, "name of the coordinate frame"),
        ];
        let suffix = if self.degree > 1 { "-TAN-SIP" } else { "-TAN" };
        let (longitude, latitude) = self.axes();
        for (axis, name) in [(1, longitude), (2, latitude)] {
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
        self.add_reference(&mut cards);
        self.add_polynomials(&mut cards);
        cards
    }

    /// Polynomials and errors.
    fn add_polynomials(&self, cards: &mut Vec<SipCard>) {
        if self.degree > 1 {
            for (names, degree, polynomials) in [
                (["A", "B"], self.degree, &self.forward),
                (["AP", "BP"], self.inverse_degree, &self.inverse),
            ] {
                for (name, coefficients) in names.iter().zip(polynomials) {
                    let keyword = format!("{name}_ORDER");
                    cards.push(count(&keyword, degree, "degree of the polynomial"));
                    for ([i, j], value) in coefficients {
                        cards.push(real(&format!("{name}_{i}_{j}"), *value, ""));
                    }
                }
            }
        }
        cards.push(real("SIPMXERR", self.error, "[pixel] greatest error"));
        if self.degree > 1 {
            let comment = "[pixel] greatest error of the inverse";
            cards.push(real("SIPIVERR", self.inverse_error, comment));
        }
    }

    /// The names of the axes.
    fn axes(&self) -> (&'static str, &'static str) {
        let name = self.reference.as_ref().map(|reference| &*reference.name);
        match name {
            Some(name) if name.starts_with("galactic") => ("GLON", "GLAT"),
            Some("helioprojective") => ("HPLN", "HPLT"),
            Some("heliographic_stonyhurst") => ("HGLN", "HGLT"),
            _ => ("RA", "DEC"),
        }
    }

    fn add_reference(&self, cards: &mut Vec<SipCard>) {
        let Some(reference) = &self.reference else {
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
}

impl Fit {
    /// The linear part, and what is left of both polynomials before it is applied.
    fn split(&self) -> ([[f64; 2]; 2], [SipCoefficients; 2]) {
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
