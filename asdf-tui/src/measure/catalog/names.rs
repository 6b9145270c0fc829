//! Names of columns of positions and of what sources are called, the likeliest first.

/// Longitudes on the sky.
pub(super) const LONGITUDES: [&str; 16] = [
    "ra",
    "ra_icrs",
    "raj2000",
    "_raj2000",
    "ra_deg",
    "radeg",
    "alpha",
    "sky_centroid.ra",
    "lon",
    "alphapsf_j2000",
    "alphawin_j2000",
    "alpha_j2000",
    "alphapeak_j2000",
    "alphawin_sky",
    "alpha_sky",
    "x_world",
];
/// Latitudes on the sky.
pub(super) const LATITUDES: [&str; 17] = [
    "dec",
    "de_icrs",
    "dej2000",
    "decj2000",
    "_dej2000",
    "dec_deg",
    "decdeg",
    "delta",
    "sky_centroid.dec",
    "lat",
    "deltapsf_j2000",
    "deltawin_j2000",
    "delta_j2000",
    "deltapeak_j2000",
    "deltawin_sky",
    "delta_sky",
    "y_world",
];
/// Pixels that count from 0, as `photutils` has them.
pub(super) const PIXELS: [[&str; 2]; 4] = [
    ["x", "y"],
    ["xcentroid", "ycentroid"],
    ["x_centroid", "y_centroid"],
    ["xcenter", "ycenter"],
];
/// Pixels that count from 1, as `SExtractor` has them.
pub(super) const FROM_ONE: [[&str; 2]; 5] = [
    ["xpsf_image", "ypsf_image"],
    ["xmodel_image", "ymodel_image"],
    ["xwin_image", "ywin_image"],
    ["x_image", "y_image"],
    ["xpeak_image", "ypeak_image"],
];
/// What sources are called.
pub(super) const LABELS: [&str; 9] = [
    "name",
    "label",
    "id",
    "source_id",
    "designation",
    "object",
    "source",
    "main_id",
    "number",
];
