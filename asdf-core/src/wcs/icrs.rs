//! Positions of other systems of the sky as positions in ICRS.
//!
//! Numbers and steps are those of `astropy.coordinates`: rotations, and for FK4 the elliptic terms of aberration in front of them.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use super::{Extent, Frame, SkyRegion, Wcs};
use crate::error::{Result, WcsFault};

type Vector = [f64; 3];
/// Rows.
type Matrix = [Vector; 3];

/// FK4 of B1950 without elliptic terms into FK5 of J2000 (Murray 1989, A&A 218, 325, eq. 28), and what is added in a Julian
/// century since 1950 as FK4 turns (eq. 29).
const FK4_TO_FK5: Matrix = [
    [
        0.999_925_679_495_687_7,
        -0.011_181_483_220_466_2,
        -0.004_859_003_815_359_2,
    ],
    [
        0.011_181_483_239_171_7,
        0.999_937_484_893_313_5,
        -0.000_027_162_594_714_2,
    ],
    [
        0.004_859_003_772_314_3,
        -0.000_027_170_293_744,
        0.999_988_194_602_374_2,
    ],
];
const FK4_TURNS: Matrix = [
    [-0.002_645_526_2e-6, -1.153_991_868_9e-6, 2.111_134_619e-6],
    [1.154_062_816_1e-6, -0.012_904_299_7e-6, 0.023_602_147_8e-6],
    [-2.111_297_904_8e-6, -0.005_602_444_8e-6, 0.010_258_773_4e-6],
];

impl Wcs {
    /// The footprint of an image in ICRS, whatever the system of its sky is.
    ///
    /// # Errors
    /// As [`s_region`](Self::s_region); the way from its frame to ICRS is not known, or depends on the observer; it reaches too far to be
    /// a polygon of great circles.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::wcs::Extent;
    ///
    /// let region = AsdfFile::open(path)?.wcs("roman/meta/wcs")?.icrs_region(Extent::Edges)?;
    /// assert!(region.contains(268.498, -29.205));
    /// # Ok(())
    /// # }
    /// ```
    pub fn icrs_region(&self, extent: Extent) -> Result<SkyRegion> {
        let [longitudes, latitudes] = self.icrs_corners(extent)?;
        let region = SkyRegion::new(&longitudes, &latitudes);
        region.ok_or_else(|| WcsFault::RegionWide.into())
    }

    /// Longitudes and latitudes of the corners in ICRS, in degrees.
    pub(crate) fn icrs_corners(&self, extent: Extent) -> Result<[Vec<f64>; 2]> {
        let part = self.sky_part()?;
        let mut corners = part.sky_corners(extent)?;
        let name = part.region_frame();
        if name == "ICRS" {
            return Ok(corners);
        }
        let frame = part.steps.last().and_then(|step| step.frame.celestial());
        let reference = frame.and_then(Frame::reference_frame);
        let equinox = reference.and_then(|reference| reference.equinox);
        let equinox = equinox.or_else(|| frame.and_then(|frame| frame.equinox));
        let way =
            Way::of(&name, equinox).ok_or_else(|| WcsFault::NotIcrs { frame: name.into() })?;
        let [longitudes, latitudes] = &mut corners;
        for (longitude, latitude) in longitudes.iter_mut().zip(latitudes) {
            [*longitude, *latitude] = way.position([*longitude, *latitude]);
        }
        Ok(corners)
    }
}

/// The way from a system to ICRS.
struct Way {
    /// The elliptic terms of aberration, which positions in FK4 have.
    elliptic: Option<Vector>,
    rotation: Matrix,
}

impl Way {
    /// The way from a system (as STC-S calls it) of a year; `None` where it is not known.
    fn of(name: &str, equinox: Option<f64>) -> Option<Self> {
        let mut elliptic = None;
        let to_fk5 = match name {
            "FK5" => transposed(&precession(equinox.unwrap_or(2000.0))),
            "FK4" | "FK4NOETERMS" => {
                let year = equinox.unwrap_or(1950.0);
                elliptic = (name == "FK4").then(|| elliptic_terms(year));
                fk4(year)
            }
            "GALACTIC" => transposed(&galactic()),
            "SUPERGALACTIC" | "SUPER_GALACTIC" => {
                // Of the pole of the supergalactic plane in galactic coordinates.
                let own = product(&rotation(90.0 - 6.32, 1), &rotation(47.37, 2));
                let own = product(&rotation(90.0, 2), &own);
                transposed(&product(&own, &galactic()))
            }
            "ECLIPTIC" | "BARYCENTRICMEANECLIPTIC" => {
                let year = equinox.unwrap_or(2000.0);
                let own = product(&rotation(obliquity(year), 0), &precession(year));
                transposed(&own)
            }
            _ => return None,
        };
        let rotation = product(&fk5_to_icrs(), &to_fk5);
        let is_finite = rotation.iter().flatten().all(|value| value.is_finite());
        is_finite.then_some(Self { elliptic, rotation })
    }

    fn position(&self, [longitude, latitude]: [f64; 2]) -> [f64; 2] {
        let (sin_lon, cos_lon) = longitude.to_radians().sin_cos();
        let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
        let mut vector = [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat];
        if let Some(terms) = &self.elliptic {
            let along = dot(terms, &vector);
            for (value, term) in vector.iter_mut().zip(terms) {
                *value += along * *value - term;
            }
        }
        let [x, y, z] = self.rotation.each_ref().map(|row| dot(row, &vector));
        let longitude = y.atan2(x).to_degrees().rem_euclid(360.0);
        [longitude, z.atan2(x.hypot(y)).to_degrees()]
    }
}

fn fk5_to_icrs() -> Matrix {
    const MILLIARCSECONDS: f64 = 1.0 / 3_600_000.0;
    let first = product(
        &rotation(19.9 * MILLIARCSECONDS, 0),
        &rotation(9.1 * MILLIARCSECONDS, 1),
    );
    transposed(&product(&first, &rotation(-22.9 * MILLIARCSECONDS, 2)))
}

/// FK5 of J2000 into galactic coordinates.
fn galactic() -> Matrix {
    let first = product(
        &rotation(180.0 - 122.931_918_568_002_6, 2),
        &rotation(90.0 - 27.128_251_180_856_22, 1),
    );
    product(&first, &rotation(192.859_481_206_534_8, 2))
}

/// From the mean equator of J2000 to that of a Julian year (IAU 2006; Capitaine et al. 2003, A&A 412, 567).
fn precession(year: f64) -> Matrix {
    let t = (year - 2000.0) / 100.0;
    let zeta = [
        2.650_545,
        2_306.083_227,
        0.298_849_9,
        0.018_018_28,
        -5.971e-6,
        -3.173e-7,
    ];
    let z = [
        -2.650_545,
        2_306.077_181,
        1.092_734_8,
        0.018_268_37,
        -2.8596e-5,
        -2.904e-7,
    ];
    let theta = [
        0.0,
        2_004.191_903,
        -0.429_493_4,
        -0.041_822_64,
        -7.089e-6,
        -1.274e-7,
    ];
    turned([zeta, z, theta].map(|angle| polynomial(&angle, t) / 3600.0))
}

/// The mean obliquity of the ecliptic in degrees (IAU 2006).
fn obliquity(year: f64) -> f64 {
    let terms = [
        84_381.406,
        -46.836_769,
        -0.000_183_1,
        0.002_003_4,
        -5.76e-7,
        -4.34e-8,
    ];
    polynomial(&terms, (year - 2000.0) / 100.0) / 3600.0
}

/// FK4 of a Besselian equinox, without elliptic terms, into FK5 of J2000; the positions are of the year of the equinox.
fn fk4(year: f64) -> Matrix {
    let of_julian = (julian_date(year) - 2_433_282.5) / 36_525.0;
    let mut to_fk5 = FK4_TO_FK5;
    for (value, turn) in to_fk5.iter_mut().flatten().zip(FK4_TURNS.iter().flatten()) {
        *value += turn * of_julian;
    }
    product(&to_fk5, &besselian_precession(year))
}

/// From the equator of a Besselian year to that of B1950 (Newcomb).
fn besselian_precession(year: f64) -> Matrix {
    let (t, dt) = ((year - 1850.0) / 1000.0, (1950.0 - year) / 1000.0);
    let first = 23_035.545 + t * 139.72 + 0.06 * t * t;
    let zeta = [0.0, first, 30.24 - 0.27 * t, 17.995];
    let z = [0.0, first, 109.48 + 0.39 * t, 18.325];
    let theta = [
        0.0,
        20_051.12 - 85.29 * t - 0.37 * t * t,
        -42.65 - 0.37 * t,
        -41.8,
    ];
    turned([zeta, z, theta].map(|angle| polynomial(&angle, dt) / 3600.0))
}

fn julian_date(besselian_year: f64) -> f64 {
    2_415_020.313_52 + (besselian_year - 1900.0) * 365.242_198_781
}

/// The elliptic terms of aberration (Explanatory Supplement to the Astronomical Almanac, 1992).
fn elliptic_terms(year: f64) -> Vector {
    let date = julian_date(year);
    let t = (date - 2_433_282.423) / 36_525.0;
    let eccentricity = polynomial(&[0.016_730_11, -0.000_041_93, -0.000_000_126], t);
    let k = 0.005_693_2_f64.to_radians() * eccentricity;
    let perigee = polynomial(&[1_015_489.951, 6190.67, 1.65, 0.012], t) / 3600.0;
    let (sin, cos) = perigee.to_radians().sin_cos();
    let century = (date - 2_451_545.0) / 36_525.0;
    let obliquity = polynomial(&[84_381.448, -46.815, -0.000_59, 0.001_813], century) / 3600.0;
    let (sin_o, cos_o) = obliquity.to_radians().sin_cos();
    [k * sin, -k * cos * cos_o, -k * cos * sin_o]
}

/// The rotation of a precession by its three angles.
fn turned([zeta, z, theta]: [f64; 3]) -> Matrix {
    let last = product(&rotation(theta, 1), &rotation(-zeta, 2));
    product(&rotation(-z, 2), &last)
}

fn polynomial(terms: &[f64], at: f64) -> f64 {
    terms.iter().rev().fold(0.0, |sum, term| sum * at + term)
}

/// A rotation of the axes by an angle in degrees.
fn rotation(angle: f64, axis: usize) -> Matrix {
    let (sin, cos) = angle.to_radians().sin_cos();
    match axis {
        0 => [[1.0, 0.0, 0.0], [0.0, cos, sin], [0.0, -sin, cos]],
        1 => [[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]],
        _ => [[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]],
    }
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let columns = transposed(b);
    a.each_ref()
        .map(|row| columns.each_ref().map(|column| dot(row, column)))
}

fn transposed([[a, b, c], [d, e, f], [g, h, i]]: &Matrix) -> Matrix {
    [[*a, *d, *g], [*b, *e, *h], [*c, *f, *i]]
}

fn dot([a, b, c]: &Vector, [x, y, z]: &Vector) -> f64 {
    a * x + b * y + c * z
}

#[cfg(test)]
mod tests {
    use super::Way;
    use crate::wcs::sky_separation;

    /// Positions at (236.1203, 42.1206) in degrees of each system in ICRS, by astropy.
    #[test]
    fn positions_are_those_of_astropy() {
        let cases = [
            ("FK5", Some(2000.0), [236.120_298_3, 42.120_596_8]),
            ("FK5", Some(1975.5), [236.331_769_8, 42.044_769_1]),
            ("FK5", Some(2050.0), [235.688_605_9, 42.276_618_5]),
            ("FK4", Some(1950.0), [236.552_098_0, 41.966_322_0]),
            ("FK4", Some(1900.0), [236.983_324_0, 41.813_713_5]),
            ("FK4NOETERMS", Some(1950.0), [236.552_008_1, 41.966_270_7]),
            ("GALACTIC", None, [149.817_574_5, 2.630_430_7]),
            ("SUPERGALACTIC", None, [307.871_303_4, -26.028_890_8]),
            ("ECLIPTIC", Some(2000.0), [243.567_524_6, 21.740_278_7]),
            ("ECLIPTIC", Some(1980.0), [243.784_459_1, 21.688_573_1]),
        ];
        for (name, equinox, expected) in cases {
            let found = Way::of(name, equinox).map(|way| way.position([236.1203, 42.1206]));
            let apart = found.map(|found| 3600.0 * sky_separation(found, expected));
            assert!(
                apart.is_some_and(|arcseconds| arcseconds < 0.03),
                "{name} {equinox:?}: {apart:?} arcsec"
            );
        }
        assert!(Way::of("HELIOPROJECTIVE", None).is_none());
    }
}
