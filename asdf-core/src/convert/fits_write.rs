//! A tree of HDUs as a FITS file (spec-notes F-49 to F-55).

mod cards;
pub(super) mod column;
mod stored;
mod table;

use super::fits_hdus::{LOGICALS, ORIGINALS, RAW, VARIABLES};
use crate::array::ArrayData;
use crate::array::Datatype;
use crate::array::is_ndarray;
use crate::error::Error;
use crate::error::HeaderFault;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Unsupported;
use crate::file::FileNode;
use crate::fits::FitsHeader;
use crate::fits::FitsWriter;
use crate::fits::NewHdu;
use crate::fits::NewHeader;
use crate::tree::{Node, Value};
use std::io::Write;

/// Writes a list of HDUs as a FITS file: what [`crate::convert::read_fits`] makes, and what other software writes under the tags
/// `astropy/fits` and `asdf/fits`. Headers may be lists of cards or mappings.
///
/// Each HDU is what its data are: an array becomes an image, a table or an array of records a binary table. Cards that
/// say something else are put right, all others stay, byte for byte where the original is known. An HDU that is given
/// as bytes (`raw`) is written as these. `CHECKSUM` and `DATASUM` are brought up to date.
///
/// # Errors
/// The node is no such list; an array is of a type that FITS does not have; a card cannot be written; the sink fails.
/// All tell the path.
pub fn write_fits(at: FileNode<'_>, sink: &mut dyn Write) -> Result<()> {
    let Some(hdus) = at.node.as_seq() else {
        let found = at.node.describe();
        return Err(Error::from(HeaderFault::NotAList { found }).at_path(|| at.node.path()));
    };
    let mut writer = FitsWriter::new(sink);
    for (index, node) in hdus.iter().enumerate() {
        let hdu = FileNode { node, ..at };
        write_hdu(hdu, index == 0, &mut writer).at_path(|| node.path())?;
    }
    writer.finish()?;
    Ok(())
}

fn write_hdu(at: FileNode<'_>, first: bool, writer: &mut FitsWriter<&mut dyn Write>) -> Result<()> {
    let Some(map) = at.node.as_map() else {
        return Err(HeaderFault::NotAnHdu.into());
    };
    if let Some(raw) = map.get(RAW) {
        let bytes = at.file.array_for_output(raw)?.load()?;
        return writer.write_bytes(&bytes.packed()).at_path(|| raw.path());
    }
    let header = cards::read(map.get("header"), map.get(ORIGINALS))?;
    let cards = header.read();
    let groups = cards.logical("GROUPS").ok().flatten() == Some(true);
    if first && groups && cards.integer("NAXIS1").ok().flatten() == Some(0) {
        let what = "random groups that are not given as bytes".into();
        return Err(Unsupported::Format {
            format: "FITS",
            what,
        }
        .into());
    }
    let Some(data) = map
        .get("data")
        .filter(|data| !matches!(data.value(), Value::Null))
    else {
        return writer.write(&NewHdu::empty().whole_header(header));
    };
    let at = FileNode { node: data, ..at };
    if data.get("columns").is_some() {
        let beside = table::Beside {
            variables: map.get(VARIABLES),
            logicals: map.get(LOGICALS),
        };
        return table::write(at, beside, header, writer).at_path(|| data.path());
    }
    if !is_ndarray(data) {
        let found = data.describe();
        return Err(Error::from(HeaderFault::NotData { found }).at_path(|| data.path()));
    }
    write_array(at, header, writer).at_path(|| data.path())
}

fn write_array(
    at: FileNode<'_>,
    header: NewHeader,
    writer: &mut FitsWriter<&mut dyn Write>,
) -> Result<()> {
    let array = at.file.array_for_output(at.node)?;
    if array.is_read_in_passes() && !array.is_masked() && !array.is_empty() {
        return writer.write(&NewHdu::streamed_image(&array)?.whole_header(header));
    }
    let data = array.load()?;
    if let Datatype::Record(_) = data.datatype() {
        return table::write_records(&data, header, writer);
    }
    if is_absent(&data, &header.read()) {
        return writer.write(&NewHdu::empty().whole_header(header));
    }
    if data.mask().is_some_and(|mask| mask.contains(&true)) {
        return Err(HeaderFault::Mask.into());
    }
    writer.write(&NewHdu::image(&data)?.whole_header(header))
}

/// An array without elements stands for no data where the header says that there is no axis.
fn is_absent(data: &ArrayData<'_>, header: &FitsHeader<'_>) -> bool {
    data.is_empty() && header.integer("NAXIS").ok().flatten() == Some(0)
}

/// The error of something that a table of a tree should not have.
fn wrong(node: Node<'_>, wanted: &str) -> Error {
    let fact = HeaderFault::Table {
        wanted: wanted.into(),
        found: node.describe(),
    };
    Error::from(fact).at_path(|| node.path())
}
