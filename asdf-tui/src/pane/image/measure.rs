//! The aperture at the crosshair: what is in it, and the panel that tells.

use super::content::Content;
use super::cut::Cut;
use super::job::ImageWork;
use super::marked::Marked;
use super::message::Lane;
use super::readout;
use super::typed::LengthUnit;
use super::{ImageJob, ImagePane};
use crate::measure::{
    Aperture, Held, Photometry, RegionShape, Shape, Source, photometry, radial_profile,
};
use asdf_core::{AsdfFile, Result};

/// An aperture that shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ApertureState {
    /// Where it is, in pixels, x first.
    pub center: [f64; 2],
    /// What was measured last, there or at the place before, or why nothing was; `None` before anything was.
    pub found: Option<std::result::Result<Measured, String>>,
}

impl ApertureState {
    /// What was measured there.
    pub fn measured(&self, radii: [f64; 3]) -> Option<&Measured> {
        let found = self.found.as_ref()?.as_ref().ok()?;
        let bits = |place: &[f64]| {
            place
                .iter()
                .map(|value| value.to_bits())
                .collect::<Vec<_>>()
        };
        let is_here =
            bits(&found.center) == bits(&self.center) && bits(&found.radii) == bits(&radii);
        is_here.then_some(found)
    }
}

/// What was measured in an aperture.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Where.
    pub center: [f64; 2],
    /// Its radii: its own, and those of the ring of the sky.
    pub radii: [f64; 3],
    /// The sums.
    pub photometry: Photometry,
    /// The full width at half of the maximum, in pixels.
    pub fwhm: Option<f64>,
    /// The unit of the values.
    pub unit: String,
}

/// What is measured.
#[derive(Debug, Clone)]
pub(super) struct MeasureAsk {
    content: Content,
    unit: String,
    cut: Cut,
    center: [f64; 2],
    radii: [f64; 3],
}

/// The radii of an aperture at first.
pub(super) const RADII: [f64; 3] = [5.0, 8.0, 12.0];
/// The greatest radius: what is within is read at once.
const MOST: f64 = 2000.0;

impl ImagePane {
    /// Shows the aperture at the crosshair, or takes it away.
    pub(super) fn toggle_aperture(&mut self) -> Vec<ImageJob> {
        if self.aperture.take().is_some() {
            self.tickets.remove(&Lane::Measure);
            return Vec::new();
        }
        self.has_crosshair = true;
        self.put_aperture(self.crosshair_place())
    }

    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    fn crosshair_place(&self) -> [f64; 2] {
        self.cursor.map(|place| place as f64)
    }

    /// The crosshair has moved: the aperture follows.
    pub(super) fn move_aperture(&mut self) -> Vec<ImageJob> {
        let place = self.crosshair_place();
        match &self.aperture {
            // One that was centred stays within the pixel of the crosshair.
            Some(state) if is_apart(state.center, place) => self.put_aperture(place),
            Some(state) => self.put_aperture(state.center),
            None => Vec::new(),
        }
    }

    fn put_aperture(&mut self, center: [f64; 2]) -> Vec<ImageJob> {
        let (Some(content), Some(cut)) = (self.shown.content(), self.shown.cut.clone()) else {
            return Vec::new();
        };
        // What was measured before stays until the new numbers are there: a panel that comes and goes costs more to draw than
        // all that changes in it.
        let before = self.aperture.take().and_then(|state| state.found);
        self.aperture = Some(ApertureState {
            center,
            found: before,
        });
        let ask = MeasureAsk {
            content,
            unit: self.shown.unit.clone(),
            cut,
            center,
            radii: self.radii,
        };
        vec![self.job(Lane::Measure, ImageWork::Measure(Box::new(ask)))]
    }

    /// Moves the aperture to the centroid of what is in it.
    pub(super) fn center_aperture(&mut self) -> Vec<ImageJob> {
        let state = self.aperture.as_ref();
        let found = state.and_then(|state| state.measured(self.radii));
        let centroid = found.and_then(|measured| measured.photometry.centroid);
        let lengths = self.view.map(|view| view.lengths);
        let (Some(place), Some(lengths)) = (centroid, lengths) else {
            if self.aperture.is_none() {
                return self.toggle_aperture();
            }
            self.note = Some("no centroid: nothing is above the sky there".to_owned());
            return Vec::new();
        };
        let mut pixel = [0; 2];
        for ((slot, value), length) in pixel.iter_mut().zip(place).zip(lengths) {
            let Some(at) = super::place::nearest(value).filter(|at| *at < length) else {
                self.note = Some("the centroid is outside of the image".to_owned());
                return Vec::new();
            };
            *slot = at;
        }
        self.cursor = pixel;
        if let Some(state) = &mut self.aperture {
            state.center = place;
        }
        self.follow()
    }

    pub(super) fn set_aperture(&mut self, radii: [f64; 3], unit: LengthUnit) -> Vec<ImageJob> {
        let mut factor = 1.0;
        if unit == LengthUnit::ArcSeconds {
            let wcs = self
                .shown
                .subject
                .as_ref()
                .and_then(|subject| subject.wcs.clone());
            let scale = wcs.and_then(|wcs| wcs.pixel_scale(Some(self.crosshair_place())).ok());
            let Some(scale) = scale else {
                self.note = Some("no WCS tells how large a pixel is".to_owned());
                return Vec::new();
            };
            let [across, along] = scale.arcseconds;
            factor = 1.0 / (across * along).sqrt();
        }
        let radii = radii.map(|radius| radius * factor);
        if radii
            .iter()
            .any(|radius| *radius > MOST || !radius.is_finite())
        {
            self.note = Some(format!("a radius of more than {MOST} pixels"));
            return Vec::new();
        }
        self.radii = radii;
        self.has_crosshair = true;
        let place = self.aperture.as_ref().map(|state| state.center);
        self.put_aperture(place.unwrap_or_else(|| self.crosshair_place()))
    }

    /// The aperture and the ring of the sky as regions.
    pub(super) fn aperture_regions(&self) -> Vec<Marked> {
        let Some(state) = &self.aperture else {
            return Vec::new();
        };
        let [radius, inner, outer] = self.radii;
        let mut shapes = vec![RegionShape::Circle(state.center, radius)];
        if outer > inner {
            shapes.push(RegionShape::Annulus(state.center, vec![inner, outer]));
        }
        let marked = |shape| Marked::in_pixels(shape, String::new());
        shapes.into_iter().map(marked).collect()
    }
}

/// Whether a place is beyond the pixel about another one.
fn is_apart(center: [f64; 2], pixel: [f64; 2]) -> bool {
    let mut axes = center.iter().zip(pixel);
    axes.any(|(own, pixel)| (own - pixel).abs() > 0.5)
}

impl MeasureAsk {
    /// Measures.
    ///
    /// # Errors
    /// The array, or that of its errors, cannot be read.
    pub(super) fn find(self, file: &AsdfFile) -> Result<Measured> {
        let plane = self.content.image(file, &self.cut)?;
        // Errors are those of the array, and of nothing that is made of it.
        let is_plain = self.content.collapsed.is_none() && self.content.versus.is_none();
        let errors = self.content.subject.errors.as_ref().filter(|_| is_plain);
        let errors = match errors {
            Some((path, shape)) => match self.cut.fitted_to(shape) {
                Some(cut) => Some(cut.plane(file, path)?),
                None => None,
            },
            None => None,
        };
        let errors = errors.as_ref().map(|plane| plane as &dyn Source);
        let [radius, inner, outer] = self.radii;
        let aperture = Aperture {
            shape: Shape::Circle {
                center: self.center,
                radius,
            },
            sky: (outer > inner).then_some([inner, outer]),
        };
        // All at once: a way to the pixels of a second image is gone once.
        let reach = outer.max(radius * 2.0);
        let held = Held::read(&plane, self.center, reach)?;
        let photometry = photometry(&held, errors, &aperture)?;
        let edges: Vec<f64> = (0..=64_u32)
            .map(|step| radius * 2.0 * f64::from(step) / 64.0)
            .collect();
        let profile = radial_profile(&held, None, self.center, &edges)?;
        let level = photometry.sky.map_or(0.0, |sky| sky.median);
        Ok(Measured {
            center: self.center,
            radii: self.radii,
            fwhm: profile.fwhm(level),
            photometry,
            unit: self.unit.clone(),
        })
    }
}

impl Measured {
    /// The lines of the panel: names and values.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let value = |value: f64| format!("{value:.7e}");
        let found = &self.photometry;
        let [radius, inner, outer] = self.radii.map(readout::number);
        let mut lines = vec![
            (
                "x, y",
                format!("{:.3}, {:.3}", self.center[0], self.center[1]),
            ),
            ("radius", radius),
            ("area", format!("{:.4}", found.area)),
            ("sum", value(found.sum)),
        ];
        if let Some(error) = found.error {
            lines.push(("error", value(error)));
        }
        if let Some(sky) = found.sky {
            lines.push((
                "sky",
                format!(
                    "{} ± {} ({})",
                    value(sky.median),
                    readout::number(sky.std),
                    sky.count
                ),
            ));
            lines.push(("ring", format!("{inner} … {outer}")));
            lines.push(("net", value(found.net())));
            if let Some(error) = found.net_error() {
                lines.push(("± net", value(error)));
            }
        }
        lines.push(("peak", value(found.peak)));
        if let Some([x, y]) = found.centroid {
            lines.push(("centroid", format!("{x:.3}, {y:.3}")));
        }
        if let Some(fwhm) = self.fwhm {
            lines.push(("FWHM", format!("{fwhm:.3}")));
        }
        if found.missing > 0 {
            lines.push(("without", format!("{} pixels have no value", found.missing)));
        }
        if !self.unit.is_empty() {
            lines.push(("unit", asdf_core::inspect::escape(&self.unit).into_owned()));
        }
        lines
    }
}
