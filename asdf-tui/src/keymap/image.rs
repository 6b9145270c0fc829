//! The keys of the picture.

use super::Action;
use super::Binding;
use super::Mode;
use super::table::bind;
use super::table::hinted;
use crate::pane::image::ImageKey;
use crate::pane::image::viewport::Direction;

const fn key(keys: &'static [&'static str], key: ImageKey, help: &'static str) -> Binding {
    bind(Mode::Image, keys, Action::Image(key), help)
}

/// The keys of the picture.
pub(super) const BINDINGS: &[Binding] = &[
    key(&["h"], ImageKey::Pan(Direction::Left), "left by a tenth"),
    key(&["l"], ImageKey::Pan(Direction::Right), "right by a tenth"),
    key(&["j"], ImageKey::Pan(Direction::Down), "down by a tenth"),
    key(&["k"], ImageKey::Pan(Direction::Up), "up by a tenth"),
    key(&["H"], ImageKey::Leap(Direction::Left), "left by half"),
    key(&["L"], ImageKey::Leap(Direction::Right), "right by half"),
    key(&["J"], ImageKey::Leap(Direction::Down), "down by half"),
    key(&["K"], ImageKey::Leap(Direction::Up), "up by half"),
    key(
        &["<left>"],
        ImageKey::Arrow(Direction::Left),
        "crosshair left by one pixel; without it the view",
    ),
    key(&["<right>"], ImageKey::Arrow(Direction::Right), "right"),
    key(&["<down>"], ImageKey::Arrow(Direction::Down), "down"),
    key(&["<up>"], ImageKey::Arrow(Direction::Up), "up"),
    key(
        &["<s-left>"],
        ImageKey::Stride(Direction::Left),
        "crosshair left by ten pixels; without it the view by half",
    ),
    key(
        &["<s-right>"],
        ImageKey::Stride(Direction::Right),
        "right by ten",
    ),
    key(
        &["<s-down>"],
        ImageKey::Stride(Direction::Down),
        "down by ten",
    ),
    key(&["<s-up>"], ImageKey::Stride(Direction::Up), "up by ten"),
    bind(
        Mode::Image,
        &[
            "<a-1>", "<a-2>", "<a-3>", "<a-4>", "<a-5>", "<a-6>", "<a-7>", "<a-8>", "<a-9>",
            "<a-0>",
        ],
        Action::Count,
        "a count for the next arrow: Alt-2 Alt-5 → is 25 pixels",
    ),
    key(
        &["*"],
        ImageKey::Peak,
        "crosshair onto the brightest pixel in the view",
    ),
    hinted(key(&["+", "="], ImageKey::ZoomIn, "larger"), "zoom"),
    key(&["-"], ImageKey::ZoomOut, "smaller"),
    hinted(key(&["f"], ImageKey::Fit, "all of it"), "fit"),
    key(&["0"], ImageKey::LifeSize, "a pixel for each element"),
    hinted(
        key(
            &["x"],
            ImageKey::Crosshair,
            "crosshair: value, position and flags of a pixel",
        ),
        "crosshair",
    ),
    hinted(key(&["s"], ImageKey::Stretch, "next stretch"), "stretch"),
    hinted(
        key(
            &["c"],
            ImageKey::Limits,
            "limits: zscale, extremes, percentiles",
        ),
        "limits",
    ),
    key(&[">"], ImageKey::RaiseUpper, "upper limit up"),
    key(&["<lt>"], ImageKey::LowerUpper, "upper limit down"),
    key(&[")"], ImageKey::RaiseLower, "lower limit up"),
    key(&["("], ImageKey::LowerLower, "lower limit down"),
    hinted(key(&["m"], ImageKey::Colormap, "next colormap"), "colours"),
    key(&["i"], ImageKey::Invert, "colours the other way round"),
    key(
        &["g"],
        ImageKey::Colorbar,
        "bar of the colours with round values and their unit",
    ),
    key(
        &["R"],
        ImageKey::ResetLook,
        "limits, contrast and colours as at first",
    ),
    key(
        &["r"],
        ImageKey::Reduction,
        "means or greatest elements where things are small",
    ),
    key(
        &["O"],
        ImageKey::Origin,
        "first row at the bottom or at the top",
    ),
    hinted(
        key(&["]"], ImageKey::NextSlice, "next plane of a cube"),
        "plane",
    ),
    key(&["["], ImageKey::PreviousSlice, "previous plane"),
    key(&["<pagedown>"], ImageKey::NextTen, "ten planes on"),
    key(&["<pageup>"], ImageKey::PreviousTen, "ten planes back"),
    key(
        &["."],
        ImageKey::Play,
        "plane after plane, once around; stop",
    ),
    key(
        &["C"],
        ImageKey::Collapse,
        "all planes as one: mean, median, sum, max, moments, none",
    ),
    key(&["}"], ImageKey::NextAxes, "other axes across and up"),
    key(&["{"], ImageKey::PreviousAxes, "the axes before these"),
    hinted(
        key(
            &["a"],
            ImageKey::Aperture,
            "aperture at the crosshair, or none: sum, sky, centroid, FWHM",
        ),
        "aperture",
    ),
    key(
        &["A"],
        ImageKey::Center,
        "the aperture onto the centroid of what is in it",
    ),
    key(
        &["u"],
        ImageKey::Radial,
        "radial profile about the aperture",
    ),
    hinted(
        key(
            &["v"],
            ImageKey::Region,
            "region: one corner, the other with its statistics, none",
        ),
        "region",
    ),
    hinted(
        key(
            &["p"],
            ImageKey::Profile,
            "profile: row, column, diagonal, along the other axes, none",
        ),
        "profile",
    ),
    hinted(
        key(&["t"], ImageKey::Histogram, "histogram with the limits"),
        "histogram",
    ),
    key(
        &["X"],
        ImageKey::WorldAxis,
        "chart against wavelength or another coordinate, or the index",
    ),
    key(
        &["^"],
        ImageKey::LogUp,
        "vertical axis of the chart by logarithm",
    ),
    key(&["_"], ImageKey::LogAcross, "horizontal axis by logarithm"),
    key(
        &["T"],
        ImageKey::KeepCurve,
        "keep the curve beside those that follow",
    ),
    hinted(
        key(
            &["w"],
            ImageKey::Wcs,
            "WCS: steps and the pixel in every frame",
        ),
        "WCS",
    ),
    hinted(key(&["d"], ImageKey::Flags, "flags of the data"), "flags"),
    key(&["<tab>"], ImageKey::NextFlag, "next line of the flags"),
    key(
        &["<space>"],
        ImageKey::ToggleFlag,
        "show or hide the flag of that line",
    ),
    key(&["b"], ImageKey::Blink, "change to another array and back"),
    key(
        &["B"],
        ImageKey::NextSecond,
        "which other array, or second image",
    ),
    key(
        &["e"],
        ImageKey::Compare,
        "second image: difference, ratio, without it",
    ),
    key(
        &["E"],
        ImageKey::Beside,
        "second image at the right, or not",
    ),
    key(
        &["M"],
        ImageKey::Match,
        "second image by WCS: nearest, linear, or pixel by pixel",
    ),
    hinted(
        key(
            &["P"],
            ImageKey::Save,
            "write a PNG into the working folder",
        ),
        "save",
    ),
    key(
        &["<esc>"],
        ImageKey::Back,
        "leave region, chart, aperture, crosshair, then the picture",
    ),
];
