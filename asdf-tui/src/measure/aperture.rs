//! Sums over apertures, with the level of the sky about them, by exact areas of pixels.

use super::overlap;
use asdf_core::Result;
use std::ops::Range;

/// A shape on the picture.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A circle.
    Circle {
        /// The centre.
        center: [f64; 2],
        /// The radius.
        radius: f64,
    },
    /// The ring between two circles.
    Annulus {
        /// The centre.
        center: [f64; 2],
        /// The inner and the outer radius.
        radii: [f64; 2],
    },
    /// An ellipse.
    Ellipse {
        /// The centre.
        center: [f64; 2],
        /// The half axes.
        axes: [f64; 2],
        /// The angle from x towards y to the first axis, in radians.
        angle: f64,
    },
}

impl Shape {
    /// The area of a pixel, by its column and row, that lies within: 0 to 1.
    pub fn weight(&self, column: f64, row: f64) -> f64 {
        let corners = |center: &[f64; 2]| {
            let low = [column - 0.5 - center[0], row - 0.5 - center[1]];
            (low, low.map(|edge| edge + 1.0))
        };
        match self {
            Self::Circle { center, radius } => {
                let (low, high) = corners(center);
                overlap::circle(low, high, *radius)
            }
            Self::Annulus { center, radii } => {
                let (low, high) = corners(center);
                let [inner, outer] = radii.map(|radius| overlap::circle(low, high, radius));
                (outer - inner).max(0.0)
            }
            Self::Ellipse {
                center,
                axes,
                angle,
            } => {
                let (low, high) = corners(center);
                overlap::ellipse(low, high, *axes, *angle)
            }
        }
    }

    /// Whether the centre of a pixel lies within.
    pub fn holds(&self, column: f64, row: f64) -> bool {
        let apart = |center: &[f64; 2]| [column - center[0], row - center[1]];
        let is_within = |[x, y]: [f64; 2], radius: f64| x * x + y * y < radius * radius;
        match self {
            Self::Circle { center, radius } => is_within(apart(center), *radius),
            Self::Annulus { center, radii } => {
                let place = apart(center);
                is_within(place, radii[1]) && !is_within(place, radii[0])
            }
            Self::Ellipse {
                center,
                axes,
                angle,
            } => {
                let [x, y] = apart(center);
                let (sin, cos) = angle.sin_cos();
                let place = [(x * cos + y * sin) / axes[0], (y * cos - x * sin) / axes[1]];
                is_within(place, 1.0)
            }
        }
    }

    /// The centre.
    pub fn center(&self) -> [f64; 2] {
        match self {
            Self::Circle { center, .. }
            | Self::Annulus { center, .. }
            | Self::Ellipse { center, .. } => *center,
        }
    }

    /// How far it reaches from its centre.
    pub fn reach(&self) -> f64 {
        match self {
            Self::Circle { radius, .. } => *radius,
            Self::Annulus { radii, .. } => radii[1],
            Self::Ellipse { axes, .. } => axes[0].max(axes[1]),
        }
    }

    /// The rows and columns of a plane of that many of each in which it lies.
    pub fn window(&self, [rows, columns]: [u64; 2]) -> [Range<u64>; 2] {
        let [x, y] = self.center();
        let reach = self.reach();
        let range = |middle: f64, length: u64| {
            #[expect(clippy::cast_possible_truncation, reason = "saturates, and is clamped")]
            #[expect(clippy::cast_sign_loss, reason = "not below 0")]
            let place = |value: f64| value.max(0.0) as u64;
            let end = place((middle + reach + 0.5).floor() + 1.0).min(length);
            place((middle - reach + 0.5).floor()).min(end)..end
        };
        [range(y, rows), range(x, columns)]
    }
}

/// What is measured where.
#[derive(Debug, Clone, PartialEq)]
pub struct Aperture {
    /// Where values are summed.
    pub shape: Shape,
    /// The inner and the outer radius of the ring that tells the level of the sky, if it is told.
    pub sky: Option<[f64; 2]>,
}

/// Something that gives the values of a window of rows and columns in C order.
pub trait Source {
    /// Rows and columns of the whole.
    fn shape(&self) -> [u64; 2];
    /// The values; NaN where there are none.
    ///
    /// # Errors
    /// They cannot be read.
    fn values(&self, rows: &Range<u64>, columns: &Range<u64>) -> Result<Vec<f64>>;
}

impl Source for crate::raster::Plane<'_> {
    fn shape(&self) -> [u64; 2] {
        Self::shape(self)
    }

    fn values(&self, rows: &Range<u64>, columns: &Range<u64>) -> Result<Vec<f64>> {
        Self::values(self, rows, columns)
    }
}

impl Source for crate::raster::Image<'_> {
    fn shape(&self) -> [u64; 2] {
        Self::shape(self)
    }

    fn values(&self, rows: &Range<u64>, columns: &Range<u64>) -> Result<Vec<f64>> {
        Self::values(self, rows, columns)
    }
}

/// A window of an image that was read: what is measured in it costs no reading, and no way from the pixels of one image to those
/// of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    shape: [u64; 2],
    window: [Range<u64>; 2],
    values: Vec<f64>,
}

impl Held {
    /// Reads all that is so near to a place.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(source: &dyn Source, center: [f64; 2], reach: f64) -> Result<Self> {
        let shape = source.shape();
        let circle = Shape::Circle {
            center,
            radius: reach,
        };
        let window = circle.window(shape);
        let values = source.values(&window[0], &window[1])?;
        Ok(Self {
            shape,
            window,
            values,
        })
    }
}

impl Source for Held {
    fn shape(&self) -> [u64; 2] {
        self.shape
    }

    /// What is outside of the window was not read: NaN.
    fn values(&self, rows: &Range<u64>, columns: &Range<u64>) -> Result<Vec<f64>> {
        let [own_rows, own_columns] = &self.window;
        let width = own_columns.end.saturating_sub(own_columns.start);
        let value = |row: u64, column: u64| {
            let is_own = own_rows.contains(&row) && own_columns.contains(&column);
            let place = (row.checked_sub(own_rows.start)?).checked_mul(width)?;
            let place = place.checked_add(column.checked_sub(own_columns.start)?)?;
            let place = usize::try_from(place).ok().filter(|_| is_own)?;
            self.values.get(place).copied()
        };
        let all = rows.clone().flat_map(|row| {
            let columns = columns.clone();
            columns.map(move |column| (row, column))
        });
        Ok(all
            .map(|(row, column)| value(row, column).unwrap_or(f64::NAN))
            .collect())
    }
}

/// The level of the sky.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkyLevel {
    /// The median of the pixels whose centres are in the ring.
    pub median: f64,
    /// Their standard deviation, with their number as divisor.
    pub std: f64,
    /// How many there are.
    pub count: u64,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Photometry {
    /// The sum of the values, each times the area of its pixel within the aperture.
    pub sum: f64,
    /// Its error, of the errors of the pixels.
    pub error: Option<f64>,
    /// The area of the pixels with finite values within the aperture.
    pub area: f64,
    /// Pixels within without a finite value, which do not count.
    pub missing: u64,
    /// The level of the sky.
    pub sky: Option<SkyLevel>,
    /// The centre of mass of the values above the sky, of the pixels whose centres are within.
    pub centroid: Option<[f64; 2]>,
    /// The greatest value.
    pub peak: f64,
}

impl Photometry {
    /// The sum without that of the sky.
    pub fn net(&self) -> f64 {
        self.sky
            .map_or(self.sum, |sky| self.sum - sky.median * self.area)
    }

    /// The error of [`net`](Self::net): that of the sum and that of the level of the sky.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 pixels")]
    pub fn net_error(&self) -> Option<f64> {
        let error = self.error?;
        let level = self.sky.filter(|sky| sky.count > 0).map_or(0.0, |sky| {
            self.area * self.area * sky.std * sky.std / sky.count as f64
        });
        Some((error * error + level).sqrt())
    }
}

/// Measures an aperture; `errors` has the error of each value.
///
/// # Errors
/// Values cannot be read.
pub fn photometry(
    values: &dyn Source,
    errors: Option<&dyn Source>,
    aperture: &Aperture,
) -> Result<Photometry> {
    let sky = match aperture.sky {
        Some(radii) => sky_level(values, aperture.shape.center(), radii)?,
        None => None,
    };
    let level = sky.map_or(0.0, |sky| sky.median);
    let shape = &aperture.shape;
    let window = shape.window(values.shape());
    let found = values.values(&window[0], &window[1])?;
    let spread = match errors {
        Some(errors) => Some(errors.values(&window[0], &window[1])?),
        None => None,
    };
    let mut all = Photometry {
        sum: 0.0,
        error: None,
        area: 0.0,
        missing: 0,
        sky,
        centroid: None,
        peak: f64::NAN,
    };
    let (mut variance, mut mass, mut moments) = (0.0, 0.0, [0.0; 2]);
    for (place, (column, row)) in places(&window).enumerate() {
        let weight = shape.weight(column, row);
        let value = found.get(place).copied().unwrap_or(f64::NAN);
        if weight <= 0.0 {
            continue;
        }
        if !value.is_finite() {
            all.missing += 1;
            continue;
        }
        all.sum += value * weight;
        all.area += weight;
        all.peak = value.max(all.peak);
        if let Some(error) = spread.as_ref().and_then(|spread| spread.get(place)) {
            variance += error * error * weight;
        }
        if shape.holds(column, row) {
            mass += value - level;
            moments[0] += (value - level) * column;
            moments[1] += (value - level) * row;
        }
    }
    all.error = spread.map(|_| variance.sqrt());
    let centroid = moments.map(|moment| moment / mass);
    all.centroid = centroid
        .iter()
        .all(|place| place.is_finite())
        .then_some(centroid);
    Ok(all)
}

/// Columns and rows of the pixels of a window in C order.
#[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
fn places([rows, columns]: &[Range<u64>; 2]) -> impl Iterator<Item = (f64, f64)> + use<> {
    let columns = columns.clone();
    let line = move |row: u64| {
        columns
            .clone()
            .map(move |column| (column as f64, row as f64))
    };
    rows.clone().flat_map(line)
}

fn sky_level(values: &dyn Source, center: [f64; 2], radii: [f64; 2]) -> Result<Option<SkyLevel>> {
    let ring = Shape::Annulus { center, radii };
    let window = ring.window(values.shape());
    let found = values.values(&window[0], &window[1])?;
    let within = places(&window).zip(found);
    let within =
        within.filter(|((column, row), value)| ring.holds(*column, *row) && value.is_finite());
    let mut within: Vec<f64> = within.map(|found| found.1).collect();
    if within.is_empty() {
        return Ok(None);
    }
    within.sort_by(f64::total_cmp);
    let middle = within.len() / 2;
    let at = |place: usize| within.get(place).copied().unwrap_or(f64::NAN);
    let median = if within.len().is_multiple_of(2) {
        f64::midpoint(at(middle.saturating_sub(1)), at(middle))
    } else {
        at(middle)
    };
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 pixels")]
    let count = within.len() as f64;
    let mean = within.iter().sum::<f64>() / count;
    let squares: f64 = within.iter().map(|value| (value - mean).powi(2)).sum();
    Ok(Some(SkyLevel {
        median,
        std: (squares / count).sqrt(),
        count: within.len() as u64,
    }))
}
