//! Where the image lies in the world: its corners, its scale and orientation.

use super::Frame;
use super::Wcs;
use super::sky::TangentPlane;
use crate::error::Result;
use crate::error::WcsFault;
use crate::transform::Interval;
use crate::tree::float_text;

/// Corners at most: they double with each dimension.
const CORNERS: u32 = 16;

/// Scale and orientation of an image at a pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PixelScale {
    /// The pixel where they hold.
    pub pixel: [f64; 2],
    /// How far apart neighbours along the first and the second axis are, in arcseconds.
    pub arcseconds: [f64; 2],
    /// The position angle of the second axis, from north through east, in degrees from 0 to 360.
    pub position_angle: f64,
    /// True when east is to the right where north is up.
    pub mirrored: bool,
}

/// What the corners of an image are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Extent {
    /// The outer edges of the outermost pixels, or the ends of the bounding box.
    #[default]
    Edges,
    /// The centres of the outermost pixels.
    Centers,
}

/// Corners in degrees as STC-S has them.
pub(crate) fn polygon(frame: &str, longitudes: &[f64], latitudes: &[f64]) -> String {
    let mut text = format!("POLYGON {frame}");
    for degrees in longitudes.iter().zip(latitudes) {
        text.push(' ');
        text.push_str(&float_text(*degrees.0));
        text.push(' ');
        text.push_str(&float_text(*degrees.1));
    }
    text
}

impl Wcs {
    /// The corners of the bounding box, or of the image when there is none, in world coordinates: a column for each.
    /// Where all axes are of space they go round clockwise from the least coordinates: (low, low), (low,
    /// high), (high, high), (high, low); else the last axis varies fastest.
    ///
    /// # Errors
    /// There is neither a bounding box nor a pixel shape, or the box depends on a coordinate; a transform
    /// cannot be evaluated.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::wcs::Extent;
    ///
    /// let wcs = AsdfFile::open(path)?.wcs("roman/meta/wcs")?;
    /// let corners = wcs.footprint(Extent::Edges)?;
    /// assert_eq!((corners.len(), corners[0].len()), (2, 4)); // two coordinates of four corners
    /// assert!((corners[0][0] - 268.49919045294763).abs() < 1e-10);
    /// # Ok(())
    /// # }
    /// ```
    pub fn footprint(&self, extent: Extent) -> Result<Vec<Vec<f64>>> {
        let corners = self.corners(extent)?;
        let corners: Vec<&[f64]> = corners.iter().map(Vec::as_slice).collect();
        self.unbounded_program()?.eval(&corners)
    }

    /// The footprint as archives have it (`POLYGON ICRS …`): longitudes and latitudes of the corners in degrees, whatever the
    /// units and the order of the coordinates are.
    ///
    /// # Errors
    /// As [`footprint`](Self::footprint); neither it nor a plane of it is an image of the sky.
    pub fn s_region(&self, extent: Extent) -> Result<String> {
        self.sky_part()?.s_region_of_image(extent)
    }

    fn s_region_of_image(&self, extent: Extent) -> Result<String> {
        let [longitudes, latitudes] = self.sky_corners(extent)?;
        Ok(polygon(&self.region_frame(), &longitudes, &latitudes))
    }

    /// The footprint as a region file of DS9, in the frame of the WCS.
    ///
    /// # Errors
    /// As [`s_region`](Self::s_region); DS9 does not know the frame.
    pub fn ds9_region(&self, extent: Extent) -> Result<String> {
        let part = self.sky_part()?;
        let [longitudes, latitudes] = part.sky_corners(extent)?;
        let name = part.region_frame();
        let frame = match name.as_str() {
            "ICRS" => "icrs",
            "FK5" => "fk5",
            "FK4" => "fk4",
            "GALACTIC" => "galactic",
            "ECLIPTIC" => "ecliptic",
            _ => {
                let frame = name.into();
                return Err(WcsFault::RegionFrame { frame }.into());
            }
        };
        let corners = longitudes.iter().zip(&latitudes);
        let corners: Vec<String> = corners
            .map(|(longitude, latitude)| {
                format!("{},{}", float_text(*longitude), float_text(*latitude))
            })
            .collect();
        Ok(format!(
            "# Region file format: DS9 version 4.1\n{frame}\npolygon({})\n",
            corners.join(",")
        ))
    }

    /// Longitudes and latitudes of the corners in degrees, of a cube those of its celestial part; `None` for a WCS without a sky.
    ///
    /// # Errors
    /// As [`footprint`](Self::footprint).
    pub fn sky_footprint(&self, extent: Extent) -> Result<Option<[Vec<f64>; 2]>> {
        let has_sky = self
            .steps
            .last()
            .is_some_and(|step| step.frame.sky().is_some());
        match self.sky_part() {
            Ok(part) if has_sky => part.sky_corners(extent).map(Some),
            _ => Ok(None),
        }
    }

    /// The corners of an image of the sky in degrees.
    pub(super) fn sky_corners(&self, extent: Extent) -> Result<[Vec<f64>; 2]> {
        let corners = self.corners(extent)?;
        let [x, y] = corners.as_slice() else {
            return Err(WcsFault::Region.into());
        };
        self.sky_positions(x, y)
    }

    /// The name of the frame in regions (STC-S).
    pub(super) fn region_frame(&self) -> String {
        let frame = self.steps.last().and_then(|step| step.frame.celestial());
        if let Some(reference) = frame.and_then(Frame::reference_frame) {
            let name = reference.name.split('-').next().unwrap_or_default();
            return name.to_ascii_uppercase();
        }
        let kind = frame.and_then(|frame| frame.axis_physical_types().first());
        // A frame that says nothing is that of the reference; one with a name of its own is another.
        match frame.map(Frame::name) {
            Some("ecliptic") => "ECLIPTIC".to_owned(),
            Some("supergalactic") => "SUPER_GALACTIC".to_owned(),
            _ if kind.is_some_and(|kind| kind.starts_with("custom:")) => "UNKNOWNFrame".to_owned(),
            _ => "ICRS".to_owned(),
        }
    }

    /// The corners that [`footprint`](Self::footprint) evaluates, in pixels.
    ///
    /// # Errors
    /// As [`footprint`](Self::footprint).
    pub fn corners(&self, extent: Extent) -> Result<Vec<Vec<f64>>> {
        let intervals = self.intervals().ok_or(WcsFault::FootprintBox)?;
        let end = |value: f64| match extent {
            Extent::Edges => value,
            Extent::Centers => (value + 0.5).floor(),
        };
        let ends = |interval: &Interval| [end(interval.low), end(interval.high)];
        let ends: Vec<[f64; 2]> = intervals.iter().map(ends).collect();
        let is_spatial = self
            .steps
            .last()
            .is_some_and(|step| step.frame.is_spatial());
        if let (&[[left, right], [bottom, top]], true) = (ends.as_slice(), is_spatial) {
            return Ok(vec![
                vec![left, left, right, right],
                vec![bottom, top, top, bottom],
            ]);
        }
        let count = u32::try_from(ends.len()).unwrap_or(u32::MAX);
        if count > CORNERS {
            return Err(WcsFault::FootprintAxes { most: CORNERS }.into());
        }
        let corners = 0..1_usize << count;
        let column = |(axis, [low, high]): (usize, &[f64; 2])| {
            let bit = ends.len() - 1 - axis;
            let value = |corner: usize| if corner >> bit & 1 == 0 { *low } else { *high };
            corners.clone().map(value).collect()
        };
        Ok(ends.iter().enumerate().map(column).collect())
    }

    /// Scale and orientation at a pixel, the centre of the image where none is given.
    ///
    /// # Errors
    /// It is not an image of the sky in two dimensions; there is neither a bounding box nor a pixel shape
    /// that says where the centre is; a transform cannot be evaluated.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let wcs = AsdfFile::open(path)?.wcs("roman/meta/wcs")?;
    /// let scale = wcs.pixel_scale(None)?; // at the centre
    /// assert!((scale.arcseconds[0] - 0.110004).abs() < 1e-6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pixel_scale(&self, pixel: Option<[f64; 2]>) -> Result<PixelScale> {
        self.sky_part()?.pixel_scale_of_image(pixel)
    }

    fn pixel_scale_of_image(&self, pixel: Option<[f64; 2]>) -> Result<PixelScale> {
        let (program, sky) = self.image()?;
        let pixel = match pixel {
            Some(pixel) => pixel,
            None => self.centre()?,
        };
        let [x, y] = pixel;
        let columns = [[x - 0.5, x + 0.5, x, x, x], [y, y, y - 0.5, y + 0.5, y]];
        let world = program.eval(&columns.each_ref().map(<[f64; 5]>::as_slice))?;
        let (longitude, latitude) = sky.position(&world, 4);
        let plane = TangentPlane::at(longitude * sky.radians, latitude * sky.radians);
        let at = |point: usize| {
            let (longitude, latitude) = sky.position(&world, point);
            plane.project(sky.vector(longitude, latitude))
        };
        let apart = |first: usize, second: usize| {
            let ((east, north), (further_east, further_north)) = (at(first), at(second));
            (further_east - east, further_north - north)
        };
        let (across, along) = (apart(0, 1), apart(2, 3));
        let arcseconds = |(east, north): (f64, f64)| east.hypot(north).to_degrees() * 3600.0;
        Ok(PixelScale {
            pixel,
            arcseconds: [arcseconds(across), arcseconds(along)],
            position_angle: along.0.atan2(along.1).to_degrees().rem_euclid(360.0),
            mirrored: across.0 * along.1 - across.1 * along.0 > 0.0,
        })
    }

    /// Longitudes and latitudes of pixels in degrees, outside of the bounding box as well; of a cube those of its first plane.
    ///
    /// # Errors
    /// Its first two axes are not an image of the sky; a transform cannot be evaluated.
    pub fn sky_positions(&self, x: &[f64], y: &[f64]) -> Result<[Vec<f64>; 2]> {
        if self.program()?.n_inputs() > 2 {
            return self.plane()?.sky_positions(x, y);
        }
        let (program, sky) = self.image()?;
        let world = program.eval(&[x, y])?;
        let degrees = sky.radians.to_degrees();
        let column = |place: usize| {
            let column = world.get(place).into_iter().flatten();
            column.map(|value| value * degrees).collect()
        };
        Ok([column(sky.longitude), column(sky.latitude)])
    }

    /// The middle of the image.
    pub(super) fn centre(&self) -> Result<[f64; 2]> {
        match self.intervals().as_deref() {
            Some([x, y]) => Ok([f64::midpoint(x.low, x.high), f64::midpoint(y.low, y.high)]),
            _ => Err(WcsFault::NoExtent.into()),
        }
    }
}
