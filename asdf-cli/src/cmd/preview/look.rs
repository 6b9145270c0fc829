//! How a picture looks: the options, and the presets that set several at once.

use crate::named::Named;
use asdf_tui::raster::{self, Colormap, LimitRule, NAN_COLOR, Origin, Reduction, Rgb, Stretch};
use clap::ValueEnum;

/// Pixels of the longer side.
pub(super) const SIZE: u64 = 1080;

/// The colormaps by name.
const COLORMAPS: [&str; 8] = [
    "gray", "viridis", "magma", "inferno", "afmhot", "heat", "turbo", "coolwarm",
];

#[derive(Debug, Default, Clone, clap::Args)]
#[command(next_help_heading = "Look")]
pub(super) struct LookArgs {
    /// Several of these at once; each may still be given
    #[arg(long, value_name = "NAME")]
    preset: Option<Preset>,
    /// Pixels of the longer side, at most [default: 1080]; nothing is enlarged
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=65535))]
    size: Option<u64>,
    /// Pixels for an element along each axis: 4, or 1/4 for a pixel of four by four elements
    #[arg(long, value_name = "N|1/N", value_parser = zoom, conflicts_with_all = ["size", "term", "sheet"])]
    zoom: Option<Zoom>,
    /// Values of the first and the last colour: zscale, minmax, pct:99.5, pct:1,99.9 or LOW,HIGH [default: zscale]
    #[arg(long, value_name = "RULE", allow_hyphen_values = true)]
    limits: Option<LimitRule>,
    /// linear, sqrt, squared, power:P, asinh:A, log:A, sinh:A or exp:A [default: asinh:0.1]
    #[arg(long, value_name = "NAME")]
    stretch: Option<Stretch>,
    /// gray, viridis, magma, inferno, afmhot, heat, turbo or coolwarm [default: gray]
    #[arg(long, value_name = "NAME", value_parser = Named::<Colormap>::new(&COLORMAPS), hide_possible_values = true)]
    cmap: Option<Colormap>,
    /// The colours the other way round
    #[arg(long)]
    invert: bool,
    /// Colour of pixels without a value, as RRGGBB [default: 3b1f4f]
    #[arg(long, value_name = "COLOR", value_parser = color)]
    nan_color: Option<Rgb>,
    /// What becomes of the elements of a pixel: mean or max [default: mean]
    #[arg(long, value_name = "HOW", value_parser = reduction)]
    reduce: Option<Reduction>,
    /// Where the first row is: lower or upper
    #[arg(long, value_name = "WHERE", default_value = "lower", value_parser = Named::<Origin>::new(&["lower", "upper"]), hide_possible_values = true)]
    origin: Origin,
}

/// How large a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zoom {
    /// Pixels along the side of an element.
    In(usize),
    /// Elements along the side of a pixel.
    Out(u64),
}

/// Pixels of a picture at most.
const MOST_PIXELS: u64 = 1 << 28;

fn zoom(text: &str) -> Result<Zoom, String> {
    let wrong = || "expected how many pixels an element has, such as 4, or 1/4".to_owned();
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|number| *number > 0);
    match (number(above), number(below)) {
        (Some(1), Some(factor)) => Ok(Zoom::Out(factor.into())),
        (Some(side @ ..=1024), Some(1)) => usize::try_from(side)
            .map(Zoom::In)
            .map_err(|error| error.to_string()),
        _ => Err(wrong()),
    }
}

/// Options that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Preset {
    /// As Roman's previews: 90 % of the pixels, linear, afmhot, compass; without elements whose `err` is not positive
    Roman,
    /// As JWQL's: 1 % cut at both ends, logarithm of the values above the lower limit, viridis, 800 pixels
    Jwql,
    /// For bit masks: bright where an element of a pixel is not zero
    Dq,
}

/// What was asked for, with everything else filled in.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) preset: Option<Preset>,
    pub(super) size: Option<u64>,
    pub(super) limits: LimitRule,
    /// By the pixels of the picture, not by the elements of the array.
    pub(super) limits_of_picture: bool,
    pub(super) stretch: Stretch,
    pub(super) colormap: Colormap,
    pub(super) missing: Rgb,
    pub(super) missing_is_zero: bool,
    pub(super) reduction: Reduction,
    pub(super) origin: Origin,
}

impl LookArgs {
    /// Asks for that many pixels of the longer side, at most.
    pub(super) fn set_size(&mut self, size: u64) {
        self.size = Some(size);
    }

    /// Pixels of the longer side that were asked for.
    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }

    /// How large the picture is to be.
    pub(super) fn zoom(&self) -> Option<Zoom> {
        self.zoom
    }

    /// An option that was given and has a meaning for the brightness of one image only.
    pub(super) fn of_one_image(&self) -> Option<&'static str> {
        let given = [
            (self.preset.is_some(), "--preset"),
            (self.limits.is_some(), "--limits"),
            (self.stretch.is_some(), "--stretch"),
            (self.cmap.is_some(), "--cmap"),
            (self.invert, "--invert"),
        ];
        given.iter().find(|option| option.0).map(|option| option.1)
    }

    pub(super) fn look(&self) -> Look {
        let preset = self.preset;
        let is = |one: Preset| preset == Some(one);
        let (limits, stretch, colormap) = match preset {
            None => (LimitRule::default(), Stretch::default(), "gray"),
            Some(Preset::Roman) => (
                LimitRule::Percentiles([5.0, 95.0]),
                Stretch::Linear,
                "afmhot",
            ),
            Some(Preset::Jwql) => (
                LimitRule::Percentiles([1.0, 99.0]),
                Stretch::LogOfValues,
                "viridis",
            ),
            Some(Preset::Dq) => (LimitRule::Fixed([0.0, 1.0]), Stretch::Linear, "gray"),
        };
        let named = || Colormap::named(colormap).unwrap_or_default();
        let colormap = self.cmap.clone().unwrap_or_else(named);
        let reduction = if is(Preset::Dq) {
            Reduction::Max
        } else {
            Reduction::Mean
        };
        Look {
            preset,
            size: self.size.or(is(Preset::Jwql).then_some(800)),
            limits: self.limits.unwrap_or(limits),
            limits_of_picture: is(Preset::Roman) && self.limits.is_none(),
            stretch: self.stretch.unwrap_or(stretch),
            colormap: if self.invert {
                colormap.inverted()
            } else {
                colormap
            },
            missing: self.nan_color.unwrap_or(NAN_COLOR),
            missing_is_zero: is(Preset::Jwql) && self.nan_color.is_none(),
            reduction: self.reduce.unwrap_or(reduction),
            origin: self.origin,
        }
    }
}

impl Look {
    /// How many elements a pixel has by the zoom, else by the size.
    pub(super) fn factor_of(&self, shape: [u64; 2], zoom: Option<Zoom>) -> [u64; 2] {
        match zoom {
            Some(Zoom::Out(factor)) => [factor; 2],
            Some(Zoom::In(_)) => [1; 2],
            None => self.factor(shape, self.size.unwrap_or(SIZE)),
        }
    }

    /// Whether a picture by the zoom is larger than can be made.
    pub(super) fn is_too_large([rows, columns]: [u64; 2], zoom: Option<Zoom>) -> bool {
        let side = |length: u64| match zoom {
            Some(Zoom::Out(factor)) => length.div_ceil(factor),
            Some(Zoom::In(side)) => length.saturating_mul(side as u64),
            None => 0,
        };
        side(rows).saturating_mul(side(columns)) > MOST_PIXELS
    }

    /// How many elements a pixel has along each axis.
    pub(super) fn factor(&self, shape: [u64; 2], size: u64) -> [u64; 2] {
        match self.preset {
            // Each axis by itself.
            Some(Preset::Roman) => shape.map(|length| length.div_ceil(size).max(1)),
            _ => raster::factor(shape, size),
        }
    }
}

fn color(text: &str) -> Result<Rgb, String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let number = u32::from_str_radix(digits, 16).ok();
    let number = number.filter(|_| digits.len() == 6);
    let number = number.ok_or("expected six hexadecimal digits such as 3b1f4f")?;
    let [_, red, green, blue] = number.to_be_bytes();
    Ok([red, green, blue])
}

fn reduction(text: &str) -> Result<Reduction, String> {
    match text {
        "mean" => Ok(Reduction::Mean),
        "max" => Ok(Reduction::Max),
        _ => Err("expected mean or max".to_owned()),
    }
}
