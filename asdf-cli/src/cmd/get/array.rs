//! Arrays of `asdf get`.

use super::Args;
use crate::context::{Context, Failure};
use crate::plane_coordinates;
use asdf_core::array::ArrayPart;
use asdf_core::{ArrayRef, AsdfFile};
use std::io::Write;

pub(super) fn write(
    args: &Args,
    context: &mut Context,
    file: &AsdfFile,
    array: &ArrayRef<'_>,
    part: Option<&ArrayPart>,
) -> Result<(), Failure> {
    if args.raw {
        // A failure to write must not be taken for a failure to read.
        let mut failed = None;
        context.out.pass_all();
        let out = &mut context.out;
        let mut sink = |bytes: &[u8]| {
            out.write_all(bytes).map_err(|error| {
                let copy = std::io::Error::from(error.kind());
                failed = Some(error);
                asdf_core::Error::from(copy)
            })
        };
        let result = match part {
            Some(part) => part.stream_le(array, &mut sink),
            None => array.stream_le(&mut sink),
        };
        return match failed {
            Some(error) => Err(error.into()),
            None => Ok(result?),
        };
    }
    let data = match part {
        Some(part) => part.load(array)?,
        None => array.load()?,
    };
    let shape: Vec<String> = data.shape().iter().map(u64::to_string).collect();
    let width = context.columns.unwrap_or(80);
    writeln!(context.out, "{}", data.summary(width))?;
    if !data.shape().is_empty() {
        let slices = part.filter(|part| part.fields().is_empty());
        let slices = slices.map(ArrayPart::slices).unwrap_or_default();
        let coordinates = plane_coordinates::text(file, array, &slices);
        let shape = shape.join("×");
        writeln!(context.out, "{} {shape}{coordinates}", data.datatype())?;
    }
    Ok(())
}
