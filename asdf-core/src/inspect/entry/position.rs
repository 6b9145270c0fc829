//! Where on the sky the image of a file is, by its WCS.

use super::CatalogueArray;
use crate::error::{Error, Result, WcsFault};
use crate::file::AsdfFile;
use crate::inspect::main_array::Choice;
use crate::tree::TreePath;
use crate::wcs::{Extent, SkyRegion, Wcs, polygon};

/// Where on the sky an image is.
#[derive(Debug, Clone, PartialEq)]
pub struct SkyPosition {
    /// The corners, as archives have them: `POLYGON ICRS ...`; in the frame of the WCS where it cannot be converted into ICRS.
    pub s_region: String,
    /// The polygon in ICRS.
    pub region: Option<SkyRegion>,
    /// Why there is no polygon in ICRS.
    pub unplaced: Option<String>,
    /// Columns and rows of the image.
    pub pixels: Option<[u64; 2]>,
    /// Arcseconds from a pixel to the next at the centre, the mean of both axes.
    pub pixel_scale: Option<f64>,
}

impl SkyPosition {
    /// The position of the array that the file is about, else of the first image with a WCS; `None` where there is none. The
    /// arrays come with their paths.
    pub(super) fn of(
        file: &AsdfFile,
        arrays: &[CatalogueArray],
        paths: &[TreePath],
    ) -> Result<Option<Self>> {
        let Some((wcs, shape)) = Self::wcs(file, arrays, paths)? else {
            return Ok(None);
        };
        let (s_region, region) = match wcs.icrs_corners(Extent::Edges) {
            Ok([longitudes, latitudes]) => {
                let region = SkyRegion::new(&longitudes, &latitudes);
                let text = polygon("ICRS", &longitudes, &latitudes);
                (text, region.ok_or_else(|| WcsFault::RegionWide.into()))
            }
            Err(error) => {
                let own = wcs.s_region(Extent::Edges);
                (own.map_err(|error| file.name_in(error))?, Err(error))
            }
        };
        let unplaced = region.as_ref().err().map(Error::to_string);
        let scale = wcs.pixel_scale(None).ok();
        let scale = scale.map(|scale| f64::midpoint(scale.arcseconds[0], scale.arcseconds[1]));
        let pixels = match shape.as_slice() {
            [.., rows, columns] => Some([*columns, *rows]),
            _ => None,
        };
        Ok(Some(Self {
            s_region,
            region: region.ok(),
            unplaced,
            pixels,
            pixel_scale: scale.filter(|scale| scale.is_finite()),
        }))
    }

    /// The WCS of an image, and the lengths of the array.
    fn wcs(
        file: &AsdfFile,
        arrays: &[CatalogueArray],
        paths: &[TreePath],
    ) -> Result<Option<(Wcs, Vec<u64>)>> {
        let mut main = Choice::default();
        for (array, path) in arrays.iter().zip(paths) {
            main.offer(file, path, &array.info, (path, &array.info.shape));
        }
        if let Some((path, shape)) = main.taken()
            && let Some(wcs) = file.wcs_of_array(path, shape)
            && is_image(&wcs)
        {
            return Ok(Some((wcs, shape.clone())));
        }
        let Some((place, path)) = file.images()?.into_iter().next() else {
            return Ok(None);
        };
        let shape = |path: &TreePath| {
            let text = path.to_string();
            let found = arrays.iter().find(|array| array.path == text);
            found.map(|array| array.info.shape.clone())
        };
        let wcs = file.wcs(&place)?;
        Ok(is_image(&wcs).then(|| (wcs, shape(&path).unwrap_or_default())))
    }
}

/// True for a WCS whose first two pixel coordinates lead to the sky.
fn is_image(wcs: &Wcs) -> bool {
    wcs.sky_positions(&[0.0], &[0.0]).is_ok()
}
