//! Profiles in a plane.

use std::f64::consts::PI;
use std::sync::Arc;

use super::function::{Function, read, unless_nan};
use super::model::Model;
use super::parameters::Reader;
use super::special::{bessel_j1, gamma_median};
use crate::error::Result;

/// A point of the plane as the origin of its coordinates.
#[derive(Debug)]
struct Center {
    x: f64,
    y: f64,
}

impl Center {
    /// Reads the coordinates of the names `x` and `y`.
    fn read(reader: &Reader<'_>, x: &str, y: &str) -> Result<Self> {
        Ok(Self {
            x: reader.number(x)?,
            y: reader.number(y)?,
        })
    }

    /// The offset of a point.
    fn offset(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [x - self.x, y - self.y]
    }

    /// The square of the distance of a point.
    fn square(&self, point: [f64; 2]) -> f64 {
        let [dx, dy] = self.offset(point);
        dx * dx + dy * dy
    }
}

/// Axes of the plane that are turned counterclockwise.
#[derive(Debug)]
struct Axes {
    sin: f64,
    cos: f64,
}

impl Axes {
    /// Reads the angle `theta`, in radians.
    fn read(reader: &Reader<'_>) -> Result<Self> {
        let (sin, cos) = reader.number("theta")?.sin_cos();
        Ok(Self { sin, cos })
    }

    /// An offset along the turned axes.
    fn along(&self, [dx, dy]: [f64; 2]) -> [f64; 2] {
        [
            dx * self.cos + dy * self.sin,
            -(dx * self.sin) + dy * self.cos,
        ]
    }
}

/// `amplitude * e^-(a dx² + b dx dy + c dy²)`
#[derive(Debug)]
struct Gaussian {
    /// Value at the peak.
    amplitude: f64,
    /// Place of the peak.
    mean: Center,
    /// In 1 / the argument's units².
    a: f64,
    b: f64,
    c: f64,
}

impl Function<2> for Gaussian {
    fn value(&self, point: [f64; 2]) -> f64 {
        let [dx, dy] = self.mean.offset(point);
        self.amplitude * (-(self.a * (dx * dx) + self.b * dx * dy + self.c * (dy * dy))).exp()
    }
}

/// `amplitude * (1 + r² / gamma²)^-alpha`
#[derive(Debug)]
struct Moffat {
    /// Value at the peak.
    amplitude: f64,
    /// Place of the peak.
    center: Center,
    /// Width of the core, in units of the arguments.
    gamma: f64,
    /// Index; a pure number.
    alpha: f64,
}

impl Function<2> for Moffat {
    fn value(&self, point: [f64; 2]) -> f64 {
        let u = self.center.square(point) / (self.gamma * self.gamma);
        self.amplitude * (1.0 + u).powf(-self.alpha)
    }
}

/// `amplitude * (1 - u) * e^-u` with `u = r² / 2 sigma²`
#[derive(Debug)]
struct RickerWavelet {
    /// Value at the peak.
    amplitude: f64,
    /// Place of the peak.
    center: Center,
    /// Width, in units of the arguments.
    sigma: f64,
}

impl Function<2> for RickerWavelet {
    fn value(&self, point: [f64; 2]) -> f64 {
        let u = self.center.square(point) / (2.0 * (self.sigma * self.sigma));
        self.amplitude * (1.0 - u) * (-u).exp()
    }
}

/// The diffraction image of a circular aperture: `amplitude * (2 J₁(z) / z)²`.
#[derive(Debug)]
struct AiryDisk {
    /// Value at the peak.
    amplitude: f64,
    /// Place of the peak.
    center: Center,
    /// Radius of the first dark ring, in units of the arguments.
    radius: f64,
}

impl AiryDisk {
    /// The first zero of J₁ (DLMF table 10.21) in units of π, where the radius is.
    const DARK: f64 = 1.219_669_891_266_504_5;
}

impl Function<2> for AiryDisk {
    fn value(&self, point: [f64; 2]) -> f64 {
        let r = self.center.square(point).sqrt() / (self.radius / Self::DARK);
        unless_nan(point, || {
            if r > 0.0 {
                let z = PI * r;
                (2.0 * bessel_j1(z) / z).powi(2) * self.amplitude
            } else {
                self.amplitude
            }
        })
    }
}

/// The amplitude in a closed disk, 0 elsewhere.
#[derive(Debug)]
struct Disk {
    /// Value in the disk.
    amplitude: f64,
    /// Its center.
    center: Center,
    /// Square of its radius.
    square: f64,
}

impl Function<2> for Disk {
    fn value(&self, point: [f64; 2]) -> f64 {
        unless_nan(point, || {
            if self.center.square(point) <= self.square {
                self.amplitude
            } else {
                0.0
            }
        })
    }
}

/// The amplitude in a closed ring, 0 elsewhere.
#[derive(Debug)]
struct Ring {
    /// Value in the ring.
    amplitude: f64,
    /// Its center.
    center: Center,
    /// Squares of its inner and its outer radius.
    squares: [f64; 2],
}

impl Function<2> for Ring {
    fn value(&self, point: [f64; 2]) -> f64 {
        let [inner, outer] = self.squares;
        unless_nan(point, || {
            let square = self.center.square(point);
            if square >= inner && square <= outer {
                self.amplitude
            } else {
                0.0
            }
        })
    }
}

/// The amplitude in a closed ellipse, 0 elsewhere.
#[derive(Debug)]
struct Ellipse {
    /// Value in the ellipse.
    amplitude: f64,
    /// Its center.
    center: Center,
    /// Directions of its semiaxes.
    axes: Axes,
    /// Lengths of its semiaxes.
    semiaxes: [f64; 2],
}

impl Function<2> for Ellipse {
    fn value(&self, point: [f64; 2]) -> f64 {
        let [u, v] = self.axes.along(self.center.offset(point));
        let [a, b] = self.semiaxes;
        unless_nan(point, || {
            if (u / a).powi(2) + (v / b).powi(2) <= 1.0 {
                self.amplitude
            } else {
                0.0
            }
        })
    }
}

/// The amplitude in a closed rectangle, 0 elsewhere.
#[derive(Debug)]
struct Box2d {
    /// Value in the rectangle.
    amplitude: f64,
    /// Its center.
    center: Center,
    /// Its lengths along the axes.
    widths: [f64; 2],
}

impl Function<2> for Box2d {
    fn value(&self, [x, y]: [f64; 2]) -> f64 {
        let within = |x: f64, middle: f64, width: f64| {
            x >= middle - width / 2.0 && x <= middle + width / 2.0
        };
        let [width, height] = self.widths;
        unless_nan([x, y], || {
            if within(x, self.center.x, width) && within(y, self.center.y, height) {
                self.amplitude
            } else {
                0.0
            }
        })
    }
}

/// The amplitude in a disk, a straight flank down to 0 around it.
#[derive(Debug)]
struct TrapezoidDisk {
    /// Value in the disk.
    amplitude: f64,
    /// Its center.
    center: Center,
    /// Its radius.
    radius: f64,
    /// Slope of the flank, in units of the value per unit of the arguments.
    slope: f64,
}

impl Function<2> for TrapezoidDisk {
    fn value(&self, point: [f64; 2]) -> f64 {
        let r = self.center.square(point).sqrt();
        unless_nan(point, || {
            if r <= self.radius {
                self.amplitude
            } else if r <= self.radius + self.amplitude / self.slope {
                self.amplitude + self.slope * (self.radius - r)
            } else {
                0.0
            }
        })
    }
}

/// The brightness profile of Sérsic with elliptical isophotes: `amplitude * e^(-b (z^(1/n) - 1))`, with
/// `z` the elliptical radius in effective radii and `b` such that half of the light is within 1.
#[derive(Debug)]
struct Sersic {
    /// Value at the effective radius.
    amplitude: f64,
    /// The center.
    center: Center,
    /// Directions of the semiaxes.
    axes: Axes,
    /// Effective radii along the semiaxes.
    radii: [f64; 2],
    /// 1 / the Sérsic index; a pure number.
    exponent: f64,
    /// `b`; a pure number.
    scale: f64,
}

impl Function<2> for Sersic {
    fn value(&self, point: [f64; 2]) -> f64 {
        let [major, minor] = self.axes.along(self.center.offset(point));
        let [a, b] = self.radii;
        let z = ((major / a).powi(2) + (minor / b).powi(2)).sqrt();
        self.amplitude * (-self.scale * (z.powf(self.exponent) - 1.0)).exp()
    }
}

/// Reads `gaussian2d`.
pub(super) fn read_gaussian2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let theta = reader.number("theta")?;
    let (sin, cos) = (theta.sin().powi(2), theta.cos().powi(2));
    let double = (2.0 * theta).sin();
    let x = reader.number("x_stddev")?.powi(2);
    let y = reader.number("y_stddev")?.powi(2);
    read(Gaussian {
        amplitude: reader.number("amplitude")?,
        mean: Center::read(reader, "x_mean", "y_mean")?,
        a: 0.5 * (cos / x + sin / y),
        b: 0.5 * (double / x - double / y),
        c: 0.5 * (sin / x + cos / y),
    })
}

/// Reads `moffat2d`.
pub(super) fn read_moffat2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Moffat {
        amplitude: reader.number("amplitude")?,
        center: Center::read(reader, "x_0", "y_0")?,
        gamma: reader.number("gamma")?,
        alpha: reader.number("alpha")?,
    })
}

/// Reads `ricker_wavelet2d`.
pub(super) fn read_ricker_wavelet2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(RickerWavelet {
        amplitude: reader.number("amplitude")?,
        center: Center::read(reader, "x_0", "y_0")?,
        sigma: reader.number("sigma")?,
    })
}

/// Reads `airy_disk2d`.
pub(super) fn read_airy_disk2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(AiryDisk {
        amplitude: reader.number("amplitude")?,
        center: Center::read(reader, "x_0", "y_0")?,
        radius: reader.number("radius")?,
    })
}

/// Reads `disk2d`.
pub(super) fn read_disk2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Disk {
        amplitude: reader.number("amplitude")?,
        center: Center::read(reader, "x_0", "y_0")?,
        square: reader.number("R_0")?.powi(2),
    })
}

/// Reads `ring2d`.
pub(super) fn read_ring2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let inner = reader.number("r_in")?;
    if inner < 0.0 {
        return Err(reader.wrong("r_in", "a number that is not negative"));
    }
    let width = reader.number("width")?;
    if width < 0.0 {
        return Err(reader.wrong("width", "a number that is not negative"));
    }
    let outer = inner + width;
    read(Ring {
        amplitude: reader.number("amplitude")?,
        center: Center::read(reader, "x_0", "y_0")?,
        squares: [inner * inner, outer * outer],
    })
}

/// Reads `ellipse2d`.
pub(super) fn read_ellipse2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Ellipse {
        amplitude: reader.number("amplitude")?,
        center: Center::read(reader, "x_0", "y_0")?,
        axes: Axes::read(reader)?,
        semiaxes: [reader.number("a")?, reader.number("b")?],
    })
}

/// Reads `box2d`.
pub(super) fn read_box2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(Box2d {
        amplitude: reader.number("amplitude")?,
        center: Center::read(reader, "x_0", "y_0")?,
        widths: [reader.number("x_width")?, reader.number("y_width")?],
    })
}

/// Reads `trapezoid_disk2d`.
pub(super) fn read_trapezoid_disk2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    read(TrapezoidDisk {
        amplitude: reader.number("amplitude")?,
        center: Center::read(reader, "x_0", "y_0")?,
        radius: reader.number("R_0")?,
        slope: reader.number("slope")?,
    })
}

/// Reads `sersic2d`.
pub(super) fn read_sersic2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let n = reader.number("n")?;
    let major = reader.number("r_eff")?;
    let minor = (1.0 - reader.number("ellip")?) * major;
    read(Sersic {
        amplitude: reader.number("amplitude")?,
        center: Center::read(reader, "x_0", "y_0")?,
        axes: Axes::read(reader)?,
        radii: [major, minor],
        exponent: 1.0 / n,
        scale: gamma_median(2.0 * n),
    })
}
