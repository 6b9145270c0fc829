//! Which elements are shown: the array, the plane, what is left out.

use super::look::{Look, Preset};
use super::unusable;
use crate::flags::{FlagMask, beside};
use asdf_core::array::{ArrayPart, Slice, Subscript};
use asdf_core::file::FileNode;
use asdf_core::{AsdfFile, Node, Result};
use asdf_tui::pane::image::subject::is_flags;
use asdf_tui::raster::{Blank, Image, Layer, Operation, Plane, Second, channel_axis};

#[derive(Debug, Default, Clone, clap::Args)]
#[command(next_help_heading = "Part")]
pub(super) struct PartArgs {
    /// Which plane of an array with more than two axes, from 0, a number for each further axis; middle; last-first (of
    /// the last of these axes)
    #[arg(long, value_name = "N|N,M|middle|last-first", value_parser = plane, allow_hyphen_values = true)]
    plane: Option<Choice>,
    /// Slices of the array, as after PATH: 0,:,:
    #[arg(long, value_name = "SLICES", value_parser = slices, allow_hyphen_values = true)]
    slice: Option<Slices>,
    /// Leave out elements for which an array of flags has one of these bits: dq:1, /roman/dq:0x401,
    /// `dq:DO_NOT_USE,JUMP_DET`; without BITS any bit
    #[arg(long, value_name = "PATH[:BITS|NAMES]")]
    pub(super) mask: Option<FlagMask>,
}

/// Which plane is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Choice {
    One(Layer),
    /// The last less the first.
    Difference,
}

type Slices = std::sync::Arc<[Subscript]>;

/// What is shown of a file.
pub(super) fn image<'f>(
    file: &'f AsdfFile,
    path: Option<&str>,
    args: &PartArgs,
    look: &Look,
) -> Result<Image<'f>> {
    let (at, part) = chosen(file, path, args)?;
    let slices = part.as_ref().map(ArrayPart::slices).unwrap_or_default();
    let cells = part.filter(|part| !part.fields().is_empty());
    let new = |layer: &Layer| {
        let array = at.file.array_at(at.node)?;
        match &cells {
            Some(part) => Plane::of_cells(array, part.clone(), layer),
            None => Plane::new(array, &slices, layer),
        }
    };
    let choice = args.plane.clone().unwrap_or_else(|| {
        if cells.is_none() && slices.is_empty() && is_ramp(at) {
            Choice::Difference
        } else {
            Choice::One(Layer::Middle)
        }
    });
    let mut image = match choice {
        Choice::One(layer) => Image::from(new(&layer)?),
        Choice::Difference => {
            let last = new(&Layer::Last)?;
            if last.position().is_empty() {
                return Err(unusable("last-first needs an array of more than two axes"));
            }
            Image::from(last).with(Operation::Difference, Second::Plane(new(&Layer::First)?))?
        }
    };
    if let Some(mask) = &args.mask {
        let plane = companion(at, &image, mask.node(at)?)?;
        image = image.without(Blank::Bits(plane, mask.bits(at.file)?))?;
    }
    if look.preset == Some(Preset::Roman)
        && let Ok(node) = beside(at, "err")
        && node.path() != at.node.path()
        && at.file.array_at(node)?.shape() == image.plane().array().shape()
    {
        let plane = companion(at, &image, node)?;
        image = image.without(Blank::NotPositive(plane))?;
    }
    Ok(image)
}

/// The channels of an array whose elements are colours, unless slices or a plane take something else of it; `None` of others.
pub(super) fn channels<'f>(
    file: &'f AsdfFile,
    path: Option<&str>,
    args: &PartArgs,
) -> Result<Option<Vec<Image<'f>>>> {
    if args.plane.is_some() {
        return Ok(None);
    }
    let (at, part) = chosen(file, path, args)?;
    if part.as_ref().is_some_and(|part| !part.fields().is_empty()) {
        return Ok(None);
    }
    let slices = part.as_ref().map(ArrayPart::slices).unwrap_or_default();
    let array = at.file.array_at(at.node)?;
    let shape = array.shape().to_vec();
    let Some(axis) = channel_axis(&shape, array.datatype()) else {
        return Ok(None);
    };
    let slice = |own: usize| slices.get(own).copied().unwrap_or(Slice::ALL);
    let count = shape.get(axis).copied().unwrap_or(0);
    let takes_planes = (0..shape.len()).any(|own| matches!(slice(own), Slice::Index(_)));
    if takes_planes
        || slice(axis).positions(count) != Some((0, 1, count))
        || is_flags(&at.node.path())
    {
        return Ok(None);
    }
    let image = |place: i64| {
        let own = |other: usize| {
            if other == axis {
                Slice::Index(place)
            } else {
                slice(other)
            }
        };
        let own: Vec<Slice> = (0..shape.len()).map(own).collect();
        Plane::new(at.file.array_at(at.node)?, &own, &Layer::Middle).map(Image::from)
    };
    let places = 0..i64::try_from(count).unwrap_or(0);
    places.map(image).collect::<Result<_>>().map(Some)
}

/// The array that is shown, and what of it.
fn chosen<'f>(
    file: &'f AsdfFile,
    path: Option<&str>,
    args: &PartArgs,
) -> Result<(FileNode<'f>, Option<ArrayPart>)> {
    let (at, part) = if let Some(path) = path {
        let found = file.select(path)?;
        (found.at, found.part)
    } else {
        let node = default_array(file)?;
        (FileNode { file, node }, None)
    };
    let part = match (part, &args.slice) {
        (Some(_), Some(_)) => {
            return Err(unusable("slices stand after PATH and in --slice"));
        }
        (None, Some(subscripts)) => {
            let mut part = ArrayPart::whole(&at.file.array_at(at.node)?);
            part.take(subscripts)?;
            Some(part)
        }
        (part, None) => part,
    };
    if part.as_ref().is_some_and(ArrayPart::has_new_axes) {
        let reason = "`None` makes an axis, and a picture is of axes that the array has";
        return Err(unusable(reason));
    }
    Ok((at, part))
}

/// The array that is shown where none is named.
fn default_array(file: &AsdfFile) -> Result<Node<'_>> {
    file.main_array()?.ok_or_else(|| {
        unusable("no array of numbers with two axes or more (`asdf ls` lists the arrays)")
    })
}

/// Whether an array is a ramp: readings of a detector one after the other, before a slope was fitted.
fn is_ramp(at: FileNode<'_>) -> bool {
    let path = at.node.path().to_string();
    let Some(parent) = path.strip_suffix("/data") else {
        return false;
    };
    let tag = at
        .file
        .node(parent)
        .ok()
        .and_then(|node| Some(node.tag()?.base().to_owned()));
    let roman = tag.is_some_and(|tag| tag.ends_with("/wfi_science_raw") || tag.ends_with("/ramp"));
    let model = at
        .file
        .node(format!("{parent}/meta/model_type").as_str())
        .ok();
    let jwst = model
        .and_then(Node::text)
        .is_some_and(|model| ["Level1bModel", "RampModel"].contains(&model));
    roman || jwst
}

/// The same part of another array.
fn companion<'f>(at: FileNode<'f>, image: &Image<'f>, node: Node<'f>) -> Result<Plane<'f>> {
    let array = at.file.array_at(node)?;
    let slices = image.plane().same_slices(array.shape().len());
    Plane::new(array, &slices, &Layer::Middle)
}

fn plane(text: &str) -> std::result::Result<Choice, String> {
    match text {
        "middle" => return Ok(Choice::One(Layer::Middle)),
        "last-first" => return Ok(Choice::Difference),
        _ => {}
    }
    let numbers = text.split(',').map(|part| part.trim().parse().ok());
    let numbers: Option<Vec<i64>> = numbers.collect();
    numbers
        .map(|numbers| Choice::One(Layer::At(numbers)))
        .ok_or_else(|| "expected a number for each further axis, middle or last-first".to_owned())
}

fn slices(text: &str) -> std::result::Result<Slices, String> {
    let text = text.trim_start_matches('[').trim_end_matches(']');
    let slices = Subscript::parse_list(text).map_err(|error| error.to_string())?;
    Ok(slices.into())
}
