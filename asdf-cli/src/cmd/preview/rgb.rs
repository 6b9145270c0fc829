//! Three arrays as one picture in colours, and arrays whose elements are colours.

use super::look::Look;
use super::{Args, pick, unusable};
use crate::context::Context;
use asdf_core::{AsdfFile, Result};
use asdf_tui::raster::{Blend, Image, Levels, Lupton, Picture, Reduced};

#[derive(Debug, Default, Clone, clap::Args)]
#[command(next_help_heading = "Colours of three arrays")]
pub(super) struct RgbArgs {
    /// Three arrays of the same size as red, green and blue, by the asinh of Lupton et al. 2004 as astropy's `make_lupton_rgb`
    #[arg(long, value_name = "RED,GREEN,BLUE", value_delimiter = ',', num_args = 1, conflicts_with_all = ["path", "colorbar", "sheet"])]
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

/// Makes the picture of three arrays.
pub(super) fn picture<'f>(
    args: &Args,
    context: &Context,
    file: &'f AsdfFile,
    look: &Look,
) -> Result<Colored<'f>> {
    if let Some(option) = args.look.of_one_image() {
        return Err(unusable(&format!("{option} is of no use with --rgb")));
    }
    let lupton = args.rgb.lupton()?;
    let [red, green, blue] = args.rgb.rgb.as_slice() else {
        return Err(unusable("--rgb takes three arrays: red,green,blue"));
    };
    let mut images = Vec::new();
    for path in [red, green, blue] {
        images.push(pick::image(file, Some(path), &args.part, look)?);
    }
    let blend = Blend::Lupton(lupton);
    let paths = format!("{red} {green} {blue}");
    painted(args, context, (look, blend), images, paths)
}

/// The picture of an array whose elements are colours; `None` of other arrays.
pub(super) fn of_bytes<'f>(
    args: &Args,
    context: &Context,
    file: &'f AsdfFile,
    look: &Look,
) -> Result<Option<Colored<'f>>> {
    let Some(images) = pick::channels(file, args.path.as_deref(), &args.part)? else {
        return Ok(None);
    };
    let overlay = &args.overlay;
    let given = [
        (overlay.colorbar, "--colorbar"),
        (overlay.contours.is_some(), "--contours"),
        (args.log.is_some(), "--log"),
        (args.part.mask.is_some(), "--mask"),
    ];
    let given = given.iter().find(|option| option.0).map(|option| option.1);
    let path = images
        .first()
        .map(|image| image.plane().array().path().to_string());
    let path = path.unwrap_or_default();
    if let Some(option) = args.look.of_one_image().or(given) {
        let reason = format!(
            "{option} is of no use for {path}, whose elements are colours: 'PATH[:, :, 0]' shows one of its planes"
        );
        return Err(unusable(&reason));
    }
    painted(args, context, (look, Blend::Bytes), images, path).map(Some)
}

/// The picture of images of the same size.
fn painted<'f>(
    args: &Args,
    context: &Context,
    (look, blend): (&Look, Blend),
    images: Vec<Image<'f>>,
    paths: String,
) -> Result<Colored<'f>> {
    let sizes: Vec<[u64; 2]> = images.iter().map(Image::shape).collect();
    if sizes.windows(2).any(|pair| pair[0] != pair[1]) {
        let size = |[rows, columns]: &[u64; 2]| format!("{columns}×{rows}");
        let sizes: Vec<String> = sizes.iter().map(size).collect();
        let reason = format!(
            "arrays of {}: those of --rgb are of the same size",
            sizes.join(", ")
        );
        return Err(unusable(&reason));
    }
    let mut bands = Vec::new();
    for image in &images {
        super::check_size(image, args.look.zoom())?;
        let factor = super::factor(args, context, image.shape(), look);
        let (reduced, _) = super::reduce(context, image, factor, look)?;
        bands.push(reduced);
    }
    let band = |place: usize| bands.get(place);
    let all = [band(0), band(1), band(2), band(3)];
    let painted = blend.paint(all, look.origin, look.missing);
    let nothing = || unusable("there is nothing to show");
    let picture = painted.ok_or_else(nothing)?;
    let first = images.into_iter().zip(bands).next();
    let (image, reduced) = first.ok_or_else(nothing)?;
    Ok(Colored {
        picture,
        image,
        reduced,
        texts: [paths, blend.to_string()],
    })
}

/// How bright a picture in colours looks, by the weights of Rec. 709.
pub(super) fn levels(picture: &Picture) -> Levels {
    let level = |[red, green, blue]: &[u8; 3]| {
        let [red, green, blue] = [red, green, blue].map(|level| u32::from(*level));
        u8::try_from((red * 2126 + green * 7152 + blue * 722) / 10_000).ok()
    };
    Levels {
        width: picture.width,
        height: picture.height,
        levels: picture.pixels.iter().map(level).collect(),
    }
}
