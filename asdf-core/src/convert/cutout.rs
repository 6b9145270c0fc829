//! Cutouts: a window of an image as a file of its own, with its WCS.

mod header;
mod spectral;
#[cfg(feature = "fits")]
mod twins;

use crate::array::is_ndarray;
use crate::error::CutoutFault;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::file::Cut;
use crate::file::Draft;
use crate::tree::PathStep;
use crate::tree::Shared;
use crate::tree::TreePath;
use crate::wcs::GridArray;
use crate::wcs::Wcs;
pub use spectral::SpectralValue;
use std::ops::Range;

/// The extent of a cutout along x and y.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CutoutSize {
    /// In pixels.
    Pixels([f64; 2]),
    /// In arcseconds on the sky.
    Arcseconds([f64; 2]),
}

/// A file in which an image is cut to a window.
#[derive(Debug)]
pub struct Cutout<'f> {
    /// What is to be written.
    pub draft: Draft<'f>,
    /// The arrays that are cut.
    pub arrays: Vec<TreePath>,
    /// What a person should know: what still speaks of the whole image, or was left out.
    pub notes: Vec<String>,
}

impl AsdfFile {
    /// The pixels along x and y of the image that a WCS belongs to.
    ///
    /// # Errors
    /// No array has this WCS, or it has fewer than two pixel coordinates.
    pub fn image_shape(&self, wcs: &Wcs) -> Result<[u64; 2]> {
        self.image_arrays(wcs).map(|found| found.0)
    }

    /// The lengths of the image of a WCS along x and y, and its arrays.
    fn image_arrays(&self, wcs: &Wcs) -> Result<([u64; 2], Vec<GridArray>)> {
        if wcs.program()?.n_inputs() < 2 {
            let wcs = wcs.path().to_string().into();
            return Err(CutoutFault::OneAxis { wcs }.into());
        }
        let arrays = self.arrays_of_wcs(wcs)?;
        if let Some(&[.., y, x]) = arrays.first().map(|array| array.shape.as_slice()) {
            return Ok(([x, y], arrays));
        }
        let place = wcs.path().to_string().into();
        Err(match wcs.pixel_shape() {
            Some(&[x, y, ..]) => CutoutFault::NoArrayOfShape { wcs: place, x, y },
            _ => CutoutFault::NoArray { wcs: place },
        }
        .into())
    }

    /// The pixel of a position on the sky in the image of a WCS, or near it; see [`Wcs::pixel_at`]. Of a cube that in its first
    /// plane.
    ///
    /// # Errors
    /// The first two axes are not those of the sky; a transform cannot be evaluated.
    pub fn image_pixel(&self, wcs: &Wcs, position: [f64; 2]) -> Result<[f64; 2]> {
        check_sky_axes(wcs)?;
        wcs.sky_plane()?.pixel_at(position)
    }

    /// The extent of a cutout along x and y around a pixel, in pixels.
    ///
    /// # Errors
    /// The WCS says no scale and the size is one on the sky.
    pub fn cutout_extents(
        &self,
        wcs: &Wcs,
        centre: [f64; 2],
        size: CutoutSize,
    ) -> Result<[f64; 2]> {
        match size {
            CutoutSize::Pixels(extents) => Ok(extents),
            CutoutSize::Arcseconds([width, height]) => {
                let [x, y] = wcs.sky_plane()?.pixel_scale(Some(centre))?.arcseconds;
                Ok([width / x, height / y])
            }
        }
    }

    /// The window of an image around a pixel, x first, cut at the edges of the image.
    ///
    /// # Errors
    /// The window and the image have no pixel in common; the sky is along others than the first two axes; the WCS says no scale and the size is one on the sky.
    pub fn cutout_window(
        &self,
        wcs: &Wcs,
        centre: [f64; 2],
        size: CutoutSize,
    ) -> Result<[Range<u64>; 2]> {
        check_sky_axes(wcs)?;
        let extents = self.cutout_extents(wcs, centre, size)?;
        let shape = self.image_shape(wcs)?;
        let ([x, y], [width, height]) = (centre, extents);
        let across = side(x, width, shape[0]);
        let window = across.zip(side(y, height, shape[1]));
        let (across, along) = window.ok_or(CutoutFault::NoPixel {
            size: [width, height],
            centre: [x, y],
            shape,
        })?;
        Ok([across, along])
    }

    /// The window of an image around a pixel, x first, which may reach over the edges of the image.
    ///
    /// # Errors
    /// As [`cutout_window`](Self::cutout_window); it is larger than 2^31 pixels on a side.
    pub fn padded_window(
        &self,
        wcs: &Wcs,
        centre: [f64; 2],
        size: CutoutSize,
    ) -> Result<[Range<i64>; 2]> {
        // One that has no pixel of the image is an error here too.
        self.cutout_window(wcs, centre, size)?;
        let extents = self.cutout_extents(wcs, centre, size)?;
        let shape = self.image_shape(wcs)?;
        let mut out = [0..0, 0..0];
        for ((side, centre), extent) in out.iter_mut().zip(centre).zip(extents) {
            let found = ends(centre, extent);
            let found = found.filter(|(start, end)| start.abs().max(end.abs()) < 2_147_483_648.0);
            let (start, end) = found.ok_or(CutoutFault::NoPixel {
                size: extents,
                centre: [centre; 2],
                shape,
            })?;
            #[expect(clippy::cast_possible_truncation, reason = "within the range")]
            {
                *side = start as i64..end as i64;
            }
        }
        Ok(out)
    }

    /// A draft of this file in which the arrays that a WCS belongs to are cut to a window (x first), whatever further axes
    /// they have, and the WCS is that of the window; so are the keywords of headers beside them. Everything else stays: other
    /// arrays, other WCS, and what shares nodes with these.
    ///
    /// # Errors
    /// The window is empty or does not lie within the image.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::convert::CutoutSize;
    /// use asdf_core::{AsdfFile, WriteOptions};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let wcs = file.wcs("roman/meta/wcs")?;
    /// let centre = file.image_pixel(&wcs, [268.4988, -29.2050])?; // degrees
    /// let window = file.cutout_window(&wcs, centre, CutoutSize::Arcseconds([1.0, 1.0]))?;
    /// let cutout = file.cutout(&wcs, &window)?;
    /// cutout.draft.save(&out, &WriteOptions::default())?; // arrays on this grid cut, their WCS shifted
    /// # assert!(AsdfFile::open(&out)?.array("roman/data")?.shape()[0] < 64);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cutout(&self, wcs: &Wcs, window: &[Range<u64>; 2]) -> Result<Cutout<'_>> {
        self.cutout_planes(wcs, window, &[])
    }

    /// The same of a cube, of which only some planes stay: `planes` are ranges along the pixel axes beyond x and y, in their
    /// order; axes that are not given stay whole.
    ///
    /// # Errors
    /// As [`cutout`](Self::cutout); an array has not that many axes.
    pub fn cutout_planes(
        &self,
        wcs: &Wcs,
        window: &[Range<u64>; 2],
        planes: &[Range<u64>],
    ) -> Result<Cutout<'_>> {
        self.cutout_images(std::slice::from_ref(wcs), window, planes)
    }

    /// The same of the images of several WCS that have one grid, such as those of
    /// [`same_wcs`](AsdfFile::same_wcs): each is cut to the window, and each WCS becomes that of its own window.
    ///
    /// # Errors
    /// As [`cutout_planes`](Self::cutout_planes).
    pub fn cutout_images(
        &self,
        list: &[Wcs],
        window: &[Range<u64>; 2],
        planes: &[Range<u64>],
    ) -> Result<Cutout<'_>> {
        for wcs in list {
            check_inside(window, self.image_shape(wcs)?)?;
        }
        let window = window.clone().map(|side| signed(&side));
        self.cut_images(list, (&window, planes), Cut::default())
    }

    /// The same of a window that may reach over the edges of the image, as [`padded_window`](Self::padded_window) gives it: the pixels
    /// outside have `fill`, NaN when none is given, masks say that they are masked. Arrays that cannot be NaN have 0 there
    /// without a `fill`, which is told.
    ///
    /// # Errors
    /// As [`cutout_planes`](Self::cutout_planes); an array cannot have the value; a WCS that is cut by slices would begin
    /// before its first pixel.
    pub fn cutout_padded(
        &self,
        list: &[Wcs],
        window: &[Range<i64>; 2],
        planes: &[Range<u64>],
        fill: Option<f64>,
    ) -> Result<Cutout<'_>> {
        let cut = Cut::padded(Some(fill.unwrap_or(f64::NAN)));
        self.cut_images(list, (window, planes), cut)
    }

    fn cut_images(
        &self,
        list: &[Wcs],
        (window, planes): (&[Range<i64>; 2], &[Range<u64>]),
        mut cut: Cut,
    ) -> Result<Cutout<'_>> {
        let shared = Shared::of(self.tree());
        let mut cutout = Cutout {
            draft: self.to_draft(),
            arrays: Vec::new(),
            notes: Vec::new(),
        };
        let mut shape = None;
        for wcs in list {
            let own = self.cut_one(wcs, (window, planes), &mut cutout, (&shared, &mut cut))?;
            shape.get_or_insert(own);
        }
        let Cutout {
            draft,
            arrays,
            notes,
        } = &mut cutout;
        self.drop_raw(draft, arrays, &shared, notes)?;
        if let Some(shape) = shape {
            notes.extend(self.left_whole(shape, arrays)?);
        }
        if let [_, ..] = cut.zeros.as_slice() {
            let zeros: Vec<String> = cut.zeros.iter().map(ToString::to_string).collect();
            notes.push(format!(
                "0 outside of the image, since there is no NaN: {}",
                zeros.join(", ")
            ));
        }
        Ok(cutout)
    }

    /// Cuts the arrays of one WCS in a draft; gives the lengths of their image along x and y.
    fn cut_one<'f>(
        &'f self,
        wcs: &Wcs,
        (window, planes): (&[Range<i64>; 2], &[Range<u64>]),
        cutout: &mut Cutout<'f>,
        (shared, cut): (&Shared, &mut Cut),
    ) -> Result<[u64; 2]> {
        let (shape, arrays) = self.image_arrays(wcs)?;
        #[cfg(feature = "fits")]
        let arrays = {
            let twins = self.hdu_twins_of(&arrays)?;
            [arrays, twins].concat()
        };
        let [x, y] = window;
        let planes: Vec<Range<i64>> = planes.iter().map(signed).collect();
        let planes = planes.as_slice();
        let inputs = wcs.program()?.n_inputs();
        let further = arrays.first().map(|array| array.shape.iter().rev().skip(2));
        let further = further
            .into_iter()
            .flatten()
            .copied()
            .chain(std::iter::repeat(1))
            .take(inputs.saturating_sub(2));
        let mut offsets = vec![x.start, y.start];
        offsets.extend(planes.iter().map(|range| range.start));
        offsets.resize(inputs, 0);
        let sides: Vec<Range<i64>> = window.iter().chain(planes).cloned().collect();
        let extents: Vec<u64> = sides
            .iter()
            .map(|range| range.end.abs_diff(range.start))
            .chain(further.skip(planes.len()))
            .collect();
        let draft = &mut cutout.draft;
        for GridArray { path, shape } in &arrays {
            let whole = ranges(shape, window, planes).ok_or_else(|| {
                let wcs = wcs.path().to_string().into();
                CutoutFault::NoSpectralAxis { wcs }
            })?;
            draft.cut_at(path, &whole, shared, cut)?;
        }
        wcs.shift_in(self, draft, (&offsets, &extents), shared)?;
        let paths: Vec<TreePath> = arrays.into_iter().map(|array| array.path).collect();
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let starts: Vec<f64> = offsets.iter().map(|offset| *offset as f64).collect();
        let of_window = wcs.shifted(&starts, Some(&extents))?;
        let of_window = of_window.plane().unwrap_or(of_window);
        let moved = header::Window {
            sides: &sides,
            image: shape,
            wcs: &of_window,
        };
        for place in header::places(self, wcs.path(), &paths) {
            let notes = header::shift(self, draft, &place, &moved, shared)?;
            cutout.notes.extend(notes);
        }
        cutout.arrays.extend(paths);
        Ok(shape)
    }

    /// Takes the bytes of whole HDUs away whose data are cut.
    fn drop_raw<'f>(
        &'f self,
        draft: &mut Draft<'f>,
        paths: &[TreePath],
        shared: &Shared,
        notes: &mut Vec<String>,
    ) -> Result<()> {
        for path in paths {
            let parent = path.prefix(path.steps().len().saturating_sub(1));
            let raw = parent.key("raw");
            let beside = path.steps().last();
            let is_data = matches!(beside, Some(PathStep::Key(key)) if &**key == "data");
            if is_data && self.tree().node(&raw).is_ok_and(is_ndarray) {
                draft.tree().own(&raw, shared)?;
                draft.tree().remove(&raw)?;
                notes.push(format!("{raw}: the bytes of the whole HDU were left out"));
            }
        }
        Ok(())
    }

    /// What is to be told about arrays that look alike and are not cut.
    fn left_whole(&self, shape: [u64; 2], cut: &[TreePath]) -> Result<Option<String>> {
        const SHOWN: usize = 4;
        let [x, y] = shape;
        let mut left = Vec::new();
        for (path, node) in self.arrays()? {
            let is_alike = || {
                let array = self.array_at(node);
                array.is_ok_and(|array| matches!(*array.shape(), [.., own_y, own_x] if [own_x, own_y] == [x, y]))
            };
            let is_mask = path.to_string().ends_with("/mask");
            if !is_mask && !cut.contains(&path) && is_alike() {
                left.push(path.to_string());
            }
        }
        if left.is_empty() {
            return Ok(None);
        }
        let more = if left.len() > SHOWN { ", …" } else { "" };
        left.truncate(SHOWN);
        Ok(Some(format!(
            "left whole, with another WCS or none: {}{more}",
            left.join(", ")
        )))
    }
}

/// An error where the sky is not along x and y: what is cut along these would be a spectrum or the like.
fn check_sky_axes(wcs: &Wcs) -> Result<()> {
    let Some(axes) = wcs.sky_axes()? else {
        return Ok(());
    };
    if axes.iter().all(|axis| *axis < 2) || axes.contains(&0) && axes.contains(&1) {
        return Ok(());
    }
    let axes: Vec<String> = axes.iter().map(|axis| (axis + 1).to_string()).collect();
    Err(CutoutFault::SkyAxes {
        wcs: wcs.path().to_string().into(),
        axes: axes.join(" and ").into(),
    }
    .into())
}

/// An error for a window that is empty or not within the image.
fn check_inside(window: &[Range<u64>; 2], shape: [u64; 2]) -> Result<()> {
    let mut sides = window.iter().zip(shape);
    if sides.all(|(range, length)| range.start < range.end && range.end <= length) {
        return Ok(());
    }
    let [x, y] = window.clone();
    Err(CutoutFault::Outside { x, y, shape }.into())
}

/// What is cut of an array of that shape, the slowest axis first; `None` when it does not have the planes.
fn ranges(
    shape: &[u64],
    [x, y]: &[Range<i64>; 2],
    planes: &[Range<i64>],
) -> Option<Vec<Range<i64>>> {
    let axes = shape.len().checked_sub(2)?;
    let rest = shape.iter().take(axes).map(|length| signed(&(0..*length)));
    let mut whole: Vec<Range<i64>> = rest.chain([y.clone(), x.clone()]).collect();
    if axes < planes.len() {
        return None;
    }
    for (range, own) in planes.iter().zip(whole.iter_mut().rev().skip(2)) {
        if range.start >= range.end || range.end > own.end {
            return None;
        }
        *own = range.clone();
    }
    Some(whole)
}

fn signed(range: &Range<u64>) -> Range<i64> {
    let signed = |position: u64| i64::try_from(position).unwrap_or(i64::MAX);
    signed(range.start)..signed(range.end)
}

/// The pixels of a side that are within so much of its centre.
fn side(centre: f64, extent: f64, length: u64) -> Option<Range<u64>> {
    let (start, end) = ends(centre, extent)?;
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    let length = length as f64;
    let (start, end) = (start.max(0.0), end.min(length));
    #[expect(clippy::cast_possible_truncation, reason = "within the image")]
    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
    (start < end).then_some(start as u64..end as u64)
}

/// The same of a side without edges.
fn ends(centre: f64, extent: f64) -> Option<(f64, f64)> {
    /// How far a centre that was computed may be off.
    const ROUNDING: f64 = 1e-6;
    let count = extent.round().max(1.0);
    let start = (centre - count / 2.0 - ROUNDING).ceil();
    (start.is_finite() && count.is_finite()).then_some((start, start + count))
}
