//! Arrays of `asdf get`.

use super::Args;
use crate::context::{Context, Failure};
use asdf_core::ArrayRef;
use asdf_core::array::{ArrayData, Slice};
use std::io::Write;

/// Some elements, or a field of them.
pub(super) fn load<'f>(
    array: &ArrayRef<'f>,
    slices: &[Slice],
    field: Option<&str>,
) -> asdf_core::Result<ArrayData<'f>> {
    let data = array.load_slices(slices)?;
    let Some(name) = field else {
        return Ok(data);
    };
    let missing = || crate::usage::refused(format!("no field `{}`", name.escape_debug()));
    data.into_field(name).ok_or_else(missing)
}

pub(super) fn write(
    args: &Args,
    context: &mut Context,
    array: &ArrayRef<'_>,
    slices: &[Slice],
    field: Option<&str>,
) -> Result<(), Failure> {
    if args.raw && field.is_some() {
        let data = load(array, slices, field)?;
        context.out.pass_all();
        return Ok(context.out.write_all(&data.to_le_bytes())?);
    }
    if args.raw {
        // A failure to write must not be taken for a failure to read.
        let mut failed = None;
        context.out.pass_all();
        let out = &mut context.out;
        let result = array.stream_slices_le(slices, &mut |bytes| {
            out.write_all(bytes).map_err(|error| {
                let copy = std::io::Error::from(error.kind());
                failed = Some(error);
                asdf_core::Error::from(copy)
            })
        });
        return match failed {
            Some(error) => Err(error.into()),
            None => Ok(result?),
        };
    }
    let data = load(array, slices, field)?;
    let shape: Vec<String> = data.shape().iter().map(u64::to_string).collect();
    let width = context.columns.unwrap_or(80);
    writeln!(context.out, "{}", data.summary(width))?;
    if !data.shape().is_empty() {
        writeln!(context.out, "{} {}", data.datatype(), shape.join("×"))?;
    }
    Ok(())
}
