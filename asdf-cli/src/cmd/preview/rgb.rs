//! Three arrays as one picture in colours.

use super::look::Look;
use super::{Args, pick, unusable};
use crate::context::Context;
use asdf_core::{AsdfFile, Result};
use asdf_tui::raster::{Image, Lupton, Picture, Reduced};

#[derive(Debug, Default, Clone, clap::Args)]
#[command(next_help_heading = "Colours of three arrays")]
pub(super) struct RgbArgs {
    /// Three arrays of the same size as red, green and blue, by the asinh of Lupton et al. 2004 as astropy's `make_lupton_rgb`
    #[arg(long, value_name = "RED,GREEN,BLUE", value_delimiter = ',', num_args = 1, conflicts_with_all = ["path", "term", "colorbar", "sheet"])]
    rgb: Vec<String>,
    /// The linear stretch
    #[arg(long, value_name = "VALUE", default_value_t = 5.0, requires = "rgb")]
    rgb_stretch: f64,
    /// The softening: how much faint things are lifted
    #[arg(long, value_name = "Q", default_value_t = 8.0, requires = "rgb")]
    rgb_q: f64,
    /// The value of black, or one for each colour
    #[arg(
        long,
        value_name = "VALUE|R,G,B",
        value_delimiter = ',',
        requires = "rgb",
        allow_hyphen_values = true
    )]
    rgb_minimum: Vec<f64>,
}

impl RgbArgs {
    pub(super) fn is_given(&self) -> bool {
        !self.rgb.is_empty()
    }

    fn lupton(&self) -> Result<Lupton> {
        let minimum = match self.rgb_minimum.as_slice() {
            [] => [0.0; 3],
            [one] => [*one; 3],
            [red, green, blue] => [*red, *green, *blue],
            _ => return Err(unusable("--rgb-minimum takes one value or three")),
        };
        if !(self.rgb_stretch > 0.0 && self.rgb_stretch.is_finite()) {
            return Err(unusable("--rgb-stretch is more than 0"));
        }
        if !(self.rgb_q >= 0.0 && self.rgb_q.is_finite()) {
            return Err(unusable("--rgb-q is not less than 0"));
        }
        Ok(Lupton {
            minimum,
            stretch: self.rgb_stretch,
            q: self.rgb_q,
        })
    }
}

/// A picture in colours, with the first of its images, which tells where its pixels are.
pub(super) struct Colored<'f> {
    pub(super) picture: Picture,
    pub(super) image: Image<'f>,
    pub(super) reduced: Reduced,
    /// What it is made of, and how.
    pub(super) texts: [String; 2],
}

/// Makes the picture.
pub(super) fn picture<'f>(
    args: &Args,
    context: &Context,
    file: &'f AsdfFile,
    (look, zoom): (&Look, Option<super::look::Zoom>),
) -> Result<Colored<'f>> {
    if let Some(option) = args.look.of_one_image() {
        return Err(unusable(&format!("{option} is of no use with --rgb")));
    }
    let lupton = args.rgb.lupton()?;
    let [red, green, blue] = args.rgb.rgb.as_slice() else {
        return Err(unusable("--rgb takes three arrays: red,green,blue"));
    };
    let mut made = Vec::new();
    for path in [red, green, blue] {
        let image = pick::image(file, Some(path), &args.part, look)?;
        let factor = look.factor_of(image.shape(), zoom);
        let (reduced, _) = super::reduce(context, &image, factor, look)?;
        file.note_warnings(image.plane().array());
        made.push((image, reduced));
    }
    let sizes: Vec<[u64; 2]> = made.iter().map(|(image, _)| image.shape()).collect();
    let all: Vec<&Reduced> = made.iter().map(|(_, reduced)| reduced).collect();
    let painted = match all.as_slice() {
        [red, green, blue] if sizes.windows(2).all(|pair| pair[0] == pair[1]) => {
            lupton.paint([*red, *green, *blue], look.origin, look.missing)
        }
        _ => None,
    };
    let Some(painted) = painted else {
        let size = |[rows, columns]: &[u64; 2]| format!("{columns}×{rows}");
        let sizes: Vec<String> = sizes.iter().map(size).collect();
        let reason = format!(
            "arrays of {}: those of --rgb are of the same size",
            sizes.join(", ")
        );
        return Err(unusable(&reason));
    };
    let [r, g, b] = lupton.minimum;
    let texts = [
        format!("{red} {green} {blue}"),
        format!(
            "Lupton asinh, minimum {r},{g},{b}, stretch {}, Q {}",
            lupton.stretch, lupton.q
        ),
    ];
    let first = made.into_iter().next();
    let (image, reduced) = first.ok_or_else(|| unusable("--rgb takes three arrays"))?;
    Ok(Colored {
        picture: painted,
        image,
        reduced,
        texts,
    })
}
