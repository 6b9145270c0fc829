//! `source: fits:SCI,1`: arrays whose elements are the data of an HDU.

use super::AsdfFile;
use crate::array::ArrayRef;
use crate::array::ArraySpec;
use crate::array::DataSource;
use crate::array::Datatype;
use crate::array::Field;
use crate::array::MaskSource;
use crate::array::Scalar;
use crate::array::Source;
use crate::array::{HduData, HduPart};
use crate::block::Block;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Mismatch;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::fits::FitsColumn;
use crate::fits::FitsFile;
use crate::fits::Hdu;
use crate::fits::HduElements;
use crate::tree::Node;
use crate::tree::TreePath;
use crate::tree::Value;

/// What the source of such an array begins with.
pub(super) const SCHEME: &str = "fits:";

/// The HDU that a source names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum HduLink<'s> {
    /// `fits:NAME,VERSION`.
    Named(&'s str, i64),
    /// `fits:NUMBER`, of an HDU without a name.
    Numbered(usize),
}

impl<'s> HduLink<'s> {
    /// Reads the text after `fits:`. A name may hold commas; what follows the digits is left out.
    fn parse(text: &'s str) -> Option<Self> {
        let number = |text: &str| {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            text.get(..digits)?.parse::<i64>().ok()
        };
        let mut commas = text.rmatch_indices(',');
        let named = commas.find_map(|(at, _)| {
            let name = text.get(..at).filter(|name| !name.is_empty())?;
            let rest = text.get(at.saturating_add(1)..)?;
            Some(Self::Named(name, number(rest)?))
        });
        named.or_else(|| Some(Self::Numbered(usize::try_from(number(text)?).ok()?)))
    }

    /// The HDU that a source names, if it is of that form.
    pub(super) fn of_source(source: &'s str) -> Option<Self> {
        source.strip_prefix(SCHEME).and_then(Self::parse)
    }

    pub(super) fn find<'f>(&self, fits: &'f FitsFile) -> Option<Hdu<'f>> {
        match self {
            Self::Named(name, version) => fits.find(name, Some(*version)),
            Self::Numbered(index) => fits.hdu(*index).ok(),
        }
    }
}

/// The source of a part of an HDU, as [`part_of_source`] reads it: `fits:2#column3`.
pub(crate) fn part_source(hdu: usize, part: HduPart) -> String {
    match part {
        HduPart::Whole => format!("{SCHEME}{hdu}"),
        HduPart::Column(number) => format!("{SCHEME}{hdu}#column{number}"),
        HduPart::Offsets(number) => format!("{SCHEME}{hdu}#offsets{number}"),
        HduPart::Values(number) => format!("{SCHEME}{hdu}#values{number}"),
        HduPart::Mask(number) => format!("{SCHEME}{hdu}#mask{number}"),
        HduPart::Parameter(number) => format!("{SCHEME}{hdu}#parameter{number}"),
        HduPart::Pixels => format!("{SCHEME}{hdu}#pixels"),
    }
}

/// What of an HDU a source names: all of it, but for those that this library gives to the parts of tables and groups.
fn part_of_source(source: &str) -> HduPart {
    let numbered = source
        .strip_prefix(SCHEME)
        .and_then(|rest| rest.split_once('#'));
    let Some((hdu, part)) = numbered else {
        return HduPart::Whole;
    };
    if hdu.is_empty() || !hdu.bytes().all(|byte| byte.is_ascii_digit()) {
        return HduPart::Whole;
    }
    if part == "pixels" {
        return HduPart::Pixels;
    }
    let number = |name: &str| -> Option<u64> { part.strip_prefix(name)?.parse().ok() };
    number("column")
        .map(HduPart::Column)
        .or_else(|| number("offsets").map(HduPart::Offsets))
        .or_else(|| number("values").map(HduPart::Values))
        .or_else(|| number("mask").map(HduPart::Mask))
        .or_else(|| number("parameter").map(HduPart::Parameter))
        .unwrap_or(HduPart::Whole)
}

impl AsdfFile {
    /// The HDU that a source `fits:SCI,1` names, when it is there.
    pub(crate) fn linked_hdu(&self, source: &str) -> Option<Hdu<'_>> {
        let link = source.strip_prefix(SCHEME).and_then(HduLink::parse)?;
        link.find(&self.carrier.as_ref()?.fits)
    }

    /// The HDU of this FITS file whose data are the elements of an array, by the `source` of that (`fits:SCI,1`).
    /// `None` of an array that is elsewhere.
    pub fn hdu_of_array(&self, array: Node<'_>) -> Option<Hdu<'_>> {
        match array.get("source")?.value() {
            Value::Str(source) => HduLink::of_source(source)?.find(self.fits()?),
            _ => None,
        }
    }

    /// The array whose elements are the data of an HDU of this file. What the HDU says of its type and shape holds.
    pub(super) fn hdu_array<'f>(
        &'f self,
        node: Node<'f>,
        path: TreePath,
        mut spec: ArraySpec,
        text: &str,
        mask: Option<MaskSource<'f>>,
    ) -> Result<ArrayRef<'f>> {
        let uri = || text.escape_debug().to_string().into();
        let Some(carrier) = &self.carrier else {
            let reason = "the file is not a FITS file";
            return Err(Malformed::HduSource { uri: uri(), reason }.into());
        };
        let Some(link) = HduLink::of_source(text) else {
            let reason = "expected `fits:NAME,VERSION` or `fits:NUMBER`";
            return Err(Malformed::HduSource { uri: uri(), reason }.into());
        };
        let Some(hdu) = link.find(&carrier.fits) else {
            let count = carrier.fits.len();
            return Err(Mismatch::NoLinkedHdu { uri: uri(), count }.into());
        };
        let part = part_of_source(text);
        let elements = hdu.part_elements(part).at(hdu.header_span())?;
        // Complete or an error: nothing is read.
        hdu.check_stored()?;
        let raw = elements
            .is_raw
            .then(|| carrier.data.get(hdu.index()))
            .flatten();
        let raw = raw.map(|header| {
            Block::new(carrier.fits.input(), header, self.limits()).vouched_by(&carrier.fits)
        });
        let is_view = spec.offset > 0 || spec.strides.is_some();
        if part == HduPart::Whole {
            self.compare(node, &spec, &elements, hdu, is_view);
        }
        if is_view && !elements.is_raw {
            let reason = "offset and strides need an HDU that is stored as it is";
            return Err(Malformed::HduSource { uri: uri(), reason }.into());
        }
        if !is_view {
            spec.shape = elements.shape;
            spec.star = false;
        }
        spec.datatype = elements.datatype;
        spec.byteorder = elements.byteorder;
        let masked = hdu.parts_with_masks(part);
        let (mut mask, mut fields) = (mask, Vec::new());
        // The mask of a node comes first: it is the number of the column.
        for (field, number) in masked.at(hdu.header_span())? {
            let own = self.mask_of_column(hdu, number, &path, &carrier.fits);
            let own = own.at(hdu.header_span()).in_hdu(hdu.index())?;
            match field {
                Some(field) if !is_view => fields.push((field, own)),
                None if mask.is_none() => mask = Some(MaskSource::Array(Box::new(own))),
                _ => {}
            }
        }
        let data = DataSource::Hdu(HduData::new(hdu.index(), part, raw, &carrier.fits));
        let array = ArrayRef::new(spec, data, mask, path, self.limits());
        let array = array.at(hdu.header_span()).in_hdu(hdu.index())?;
        Ok(array.with_field_masks(fields))
    }

    /// The HDU of this file that a `core/externalarray` of another one names: `target` is its number, or its name with or without
    /// `,VERSION`. It must be as the node says.
    pub(super) fn external_hdu<'f>(
        &'f self,
        node: Node<'f>,
        path: &TreePath,
    ) -> Result<ArrayRef<'f>> {
        let fits = self.fits().ok_or(Malformed::NotFits)?;
        let target = node.get("target").map(Node::value);
        let found = match target {
            Some(Value::Int(number)) => {
                let index = usize::try_from(number).ok();
                index.and_then(|index| fits.hdu(index).ok())
            }
            Some(Value::Str(name)) => match HduLink::parse(name) {
                Some(link @ HduLink::Named(..)) => link.find(fits),
                _ => fits.find(name, None),
            },
            _ => return Err(Malformed::NdarrayKey { key: "target" }.into()),
        };
        let Some(hdu) = found else {
            let uri = node.get("target").map(Node::describe).unwrap_or_default();
            let count = fits.len();
            return Err(Mismatch::NoLinkedHdu { uri, count }.into());
        };
        let spec = ArraySpec::parse_external(node)?;
        let elements = hdu.part_elements(HduPart::Whole)?;
        let differs = spec.datatype.to_string() != elements.datatype.to_string()
            || (!spec.star && spec.shape != elements.shape);
        if differs {
            let fact = Mismatch::Tile {
                found: format!("{} {:?}", elements.datatype, elements.shape).into(),
                wanted: format!("{} {:?}", spec.datatype, spec.shape).into(),
            };
            return Err(crate::error::Error::from(fact).in_hdu(hdu.index())).in_file(&self.name);
        }
        let source = part_source(hdu.index(), HduPart::Whole);
        self.hdu_array(node, path.clone(), spec, &source, None)
            .in_file(&self.name)
    }

    /// The mask of a column of a table, as an array of its own.
    fn mask_of_column<'f>(
        &'f self,
        hdu: Hdu<'f>,
        number: u64,
        path: &TreePath,
        fits: &'f FitsFile,
    ) -> Result<ArrayRef<'f>> {
        let part = HduPart::Mask(number);
        let elements = hdu.part_elements(part)?;
        let spec = ArraySpec {
            datatype: elements.datatype,
            byteorder: elements.byteorder,
            shape: elements.shape,
            star: false,
            strides: None,
            offset: 0,
            source: Source::Uri(part_source(hdu.index(), part).into()),
        };
        let data = DataSource::Hdu(HduData::new(hdu.index(), part, None, fits));
        ArrayRef::new(spec, data, None, path.clone(), self.limits())
    }

    /// Warns where node and HDU disagree.
    fn compare(
        &self,
        node: Node<'_>,
        spec: &ArraySpec,
        elements: &HduElements,
        hdu: Hdu<'_>,
        is_view: bool,
    ) {
        let shape = !is_view && !spec.star && spec.shape != elements.shape;
        // The order of bytes is that of the elements as they are decoded.
        let datatype = spec.datatype.to_string() != elements.datatype.to_string()
            && !is_as_stored(&spec.datatype, hdu);
        if !shape && !datatype {
            return;
        }
        let text =
            |datatype: &Datatype, shape: &[u64]| format!("{datatype} {shape:?}").into_boxed_str();
        let kind = WarningKind::FitsLinkDiffers {
            node: text(&spec.datatype, &spec.shape),
            hdu: text(&elements.datatype, &elements.shape),
        };
        let warning = Warning::new(kind).in_hdu(hdu.index());
        self.warn(warning.at(node.span()).at_path(node.path()));
    }
}

/// True when a node describes a table as its bytes are: signed integers where the header has the offset of unsigned
/// ones, a byte for a truth value. The reference writes the type of the records that it was handed, which is that.
fn is_as_stored(datatype: &Datatype, hdu: Hdu<'_>) -> bool {
    let (Datatype::Record(fields), Ok(table)) = (datatype, hdu.table()) else {
        return false;
    };
    let columns = table.columns();
    let fits = |field: &Field, column: &FitsColumn<'_>| {
        let stored = match column.stored_type() {
            Datatype::Scalar(Scalar::Bool8) => Datatype::Scalar(Scalar::Int8),
            other => other,
        };
        field.name.as_deref() == column.name()
            && field.shape == column.cell_shape()
            && (field.datatype == stored || field.datatype == column.physical_type())
    };
    fields.len() == columns.len()
        && fields
            .iter()
            .zip(columns)
            .all(|(field, column)| fits(field, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_a_part_reads_back_and_others_are_whole_hdus() {
        let parts = [
            HduPart::Whole,
            HduPart::Column(3),
            HduPart::Offsets(1),
            HduPart::Values(12),
            HduPart::Mask(4),
            HduPart::Parameter(0),
            HduPart::Pixels,
        ];
        for part in parts {
            assert_eq!(part_of_source(&part_source(7, part)), part);
        }
        for text in [
            "fits:SCI,1#column3",
            "fits:7#colour3",
            "fits:7#column",
            "fits:#pixels",
        ] {
            assert_eq!(part_of_source(text), HduPart::Whole, "{text}");
        }
    }

    #[test]
    fn a_name_may_hold_commas_and_the_version_comes_last() {
        let cases = [
            ("SCI,1", Some(HduLink::Named("SCI", 1))),
            ("A, B,12", Some(HduLink::Named("A, B", 12))),
            ("SCI,3 and more", Some(HduLink::Named("SCI", 3))),
            ("7", Some(HduLink::Numbered(7))),
            ("7x", Some(HduLink::Numbered(7))),
            ("SCI", None),
            ("SCI,x", None),
            (",1", None),
            ("", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(HduLink::parse(text), wanted, "{text}");
        }
    }
}
