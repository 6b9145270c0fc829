//! Columns of a table as nodes: arrays with their masks, units, and what astropy says of them.

use super::mixin::{Mixin, Parts};
use super::time::{self, TimeColumn};
use super::{column, number_of};
use crate::array::{ByteOrder, Datatype, NewArray, Scalar};
use crate::convert::astropy_yaml::LENGTHS;
use crate::convert::fits_hdus::HduTags;
use crate::convert::fits_read::pieces::{Pieces, parts};
use crate::convert::unit_text as units;
use crate::error::{LimitExceeded, Result};
use crate::file::Draft;
use crate::fits::{ColumnForm, FitsColumn, FitsTable, Hdu};
use crate::limits::Limit;
use crate::tree::{NewNode, Node};
use std::collections::HashMap;

/// The tag of units that the standard of units does not have: astropy reads them by its own rules.
const OWN_UNIT: &str = "tag:astropy.org:astropy/units/unit-1.0.0";
const UNIT: &str = "tag:stsci.edu:asdf/unit/unit-1.0.0";

/// A table that is being read into a draft.
pub(super) struct Columns<'d, 'f> {
    pub(super) draft: &'d mut Draft<'f>,
    pub(super) hdu: Hdu<'f>,
    pub(super) table: &'d FitsTable<'f>,
    /// The names of the columns, each once.
    pub(super) names: &'d [String],
    /// Columns of times, by their place.
    pub(super) times: HashMap<usize, TimeColumn>,
    /// What astropy says of each column.
    pub(super) described: HashMap<&'d str, Node<'d>>,
    /// Whether a column has a unit.
    pub(super) is_qtable: bool,
    /// What is told of columns of times that stay what FITS has.
    pub(super) unmade: Vec<String>,
}

/// An array with the mask and the lengths that belong to it.
struct Elements {
    node: NewNode,
    lengths: Option<NewNode>,
}

impl<'f> Columns<'_, 'f> {
    pub(super) fn mixin(&mut self, mixin: &Mixin<'_>) -> Result<Option<NewNode>> {
        if let Some(quantity) = &mixin.quantity {
            let (unit, guess) = (quantity.unit, quantity.is_masked);
            return self.plain_of(&quantity.column, (&mixin.name, unit), None, guess);
        }
        if let Some((data, mask)) = &mixin.masked {
            let node = self.plain(data, Some(mask))?;
            return Ok(Some(node));
        }
        let mut parts = Parts {
            columns: self,
            fails: false,
        };
        let node = parts.object(mixin.node, 0)?;
        Ok(node.filter(|_| !parts.fails))
    }

    /// A column that is one; `mask` is the column with its mask.
    pub(super) fn plain(&mut self, name: &str, mask: Option<&str>) -> Result<NewNode> {
        let place = number_of(self.names, name);
        if let Some(time) = place.and_then(|place| self.times.remove(&place))
            && let Some(column) = column(self.table, self.names, name)
        {
            let values = time.moments(column)?;
            if !values.has_masked() {
                return time::node(self.draft, &values, &time);
            }
            // Neither the schema nor astropy has times without a value.
            self.unmade.push(time.unmade(name));
        }
        let node = self.plain_of(name, (name, None), mask, true)?;
        Ok(node.unwrap_or_else(|| self.draft.nodes().null()))
    }

    /// The column `of` as one of another name, with the unit that astropy gives it; `guess` as in [`undefined`].
    fn plain_of(
        &mut self,
        of: &str,
        (name, quantity): (&str, Option<&str>),
        mask: Option<&str>,
        guess: bool,
    ) -> Result<Option<NewNode>> {
        let Some(column) = column(self.table, self.names, of) else {
            return Ok(None);
        };
        let unit = column.unit().map(str::trim).filter(|unit| !unit.is_empty());
        // That of a quantity may be the empty one, of plain numbers.
        let unit = quantity.or(unit).map(str::to_owned);
        let mask = mask.and_then(|mask| super::column(self.table, self.names, mask));
        let elements = self.elements(column, mask, guess)?;
        let described = self.described.get(of).copied();
        let description = described.and_then(|node| node.get("description")?.text());
        let description = match description {
            Some(text) => Some(text.to_owned()),
            None => self.comment(column),
        };
        let tag = HduTags::of_standard(self.draft.standard_version()).column;
        let nodes = self.draft.nodes();
        let mut pairs = vec![("name", nodes.string(name)), ("data", elements.node)];
        if let Some(unit) = unit {
            pairs.push(("unit", unit_node(self.draft, &unit)));
            self.is_qtable = true;
        }
        let nodes = self.draft.nodes();
        if let Some(text) = description {
            pairs.push(("description", nodes.string(&text)));
        }
        let meta = described.and_then(|node| node.get("meta"));
        let mut more: Vec<(NewNode, NewNode)> = super::meta::pairs(meta, nodes);
        if let Some(lengths) = elements.lengths {
            more.push((nodes.string(LENGTHS), lengths));
        }
        if !more.is_empty() {
            pairs.push(("meta", nodes.map(more)));
        }
        let node = nodes.map_of(pairs);
        nodes.set_tag(node, tag);
        Ok(Some(node))
    }

    /// The array of a column, as a part of something else.
    pub(super) fn array(&mut self, name: &str) -> Result<Option<NewNode>> {
        let Some(column) = column(self.table, self.names, name) else {
            return Ok(None);
        };
        Ok(Some(self.elements(column, None, true)?.node))
    }

    fn elements(
        &mut self,
        column: &FitsColumn<'f>,
        mask: Option<&FitsColumn<'f>>,
        guess: bool,
    ) -> Result<Elements> {
        if let ColumnForm::Variable { there, .. } = column.form() {
            return self.variable(column, there);
        }
        let mut shape = vec![column.rows()];
        shape.extend(column.cell_shape());
        let is_text = matches!(column.physical_type(), Datatype::Ascii(_));
        let is_raw = column.is_raw() && !is_text;
        let order = if is_raw {
            ByteOrder::Big
        } else {
            ByteOrder::Little
        };
        let mut reader = Pieces::of_column(column, order);
        if let Datatype::Ascii(width) = column.physical_type() {
            reader = reader.without_blanks(usize::try_from(width).unwrap_or(usize::MAX));
        }
        let array = NewArray::from_reader(reader, column.physical_type(), order, &shape)?;
        if !is_raw {
            self.limit("bytes of a column", array.byte_len())?;
        }
        let masked = match mask {
            Some(mask) => truths(mask)?,
            None => undefined(column, guess)?,
        };
        let mask = self.mask(masked, &shape)?;
        let mask = mask.into_iter().map(|mask| ("mask", mask)).collect();
        Ok(Elements {
            node: self.draft.array_node(array, mask),
            lengths: None,
        })
    }

    /// Arrays of different lengths as rows of the longest, masked where there is nothing; text as text of the longest.
    fn variable(&mut self, column: &FitsColumn<'f>, there: bool) -> Result<Elements> {
        let rows = column.rows();
        self.limit("bytes of lengths", rows.saturating_mul(8))?;
        let mut lengths = Vec::new();
        for row in 0..rows {
            lengths.push(if there { column.cell_len(row)? } else { 0 });
        }
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let (datatype, count) = match column.physical_type() {
            Datatype::Ascii(_) => (Datatype::Ascii(longest), None),
            other => (other, Some(longest)),
        };
        let cell = datatype.size().saturating_mul(count.unwrap_or(1));
        self.limit(
            "bytes of arrays of variable length, each as long as the longest",
            rows.saturating_mul(cell.saturating_add(count.unwrap_or(0))),
        )?;
        let width = usize::try_from(cell).unwrap_or(usize::MAX);
        let (mut bytes, mut masked) = (Vec::new(), Vec::new());
        let mut any = false;
        for (row, length) in (0_u64..).zip(&lengths) {
            let (start, first) = (bytes.len(), masked.len());
            if *length > 0 {
                let data = column.cell(row)?;
                bytes.extend_from_slice(&data.to_le_bytes());
                let own = data.mask().into_iter().flatten().copied();
                masked.extend(own);
                let given = first.saturating_add(usize::try_from(*length).unwrap_or(usize::MAX));
                if count.is_some() && masked.len() < given {
                    masked.extend(not_numbers(&data));
                }
                if count.is_some() {
                    masked.resize(given, false);
                }
            }
            bytes.resize(start.saturating_add(width), 0);
            if let Some(count) = count {
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                masked.resize(first.saturating_add(count), true);
            }
        }
        any |= masked.contains(&true);
        let mut shape = vec![rows];
        shape.extend(count);
        let array = NewArray::from_bytes(bytes, datatype, ByteOrder::Little, &shape)?;
        let mask = self.mask((any && count.is_some()).then_some(masked), &shape)?;
        let mask = mask.into_iter().map(|mask| ("mask", mask)).collect();
        let node = self.draft.array_node(array, mask);
        let lengths: Vec<u8> = lengths
            .iter()
            .flat_map(|length| length.to_le_bytes())
            .collect();
        let (datatype, order) = (Scalar::Int64.into(), ByteOrder::Little);
        let lengths = NewArray::from_bytes(lengths, datatype, order, &[rows])?;
        Ok(Elements {
            node,
            lengths: Some(self.draft.array_node(lengths, Vec::new())),
        })
    }

    /// What the card `TCOMMn` says of a column.
    fn comment(&self, column: &FitsColumn<'_>) -> Option<String> {
        let keyword = format!("TCOMM{}", column.number());
        let header = self.hdu.image_header();
        let text = header.text(&keyword).ok().flatten()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn mask(&mut self, masked: Option<Vec<bool>>, shape: &[u64]) -> Result<Option<NewNode>> {
        let Some(masked) = masked else {
            return Ok(None);
        };
        mask_node(self.draft, &masked, shape).map(Some)
    }

    fn limit(&self, what: &'static str, needed: u64) -> Result<()> {
        let allowed = self.hdu.file().limits().decoded_bytes;
        LimitExceeded::check(what, Limit::DecodedBytes, needed, allowed)
    }
}

/// An array of truth values.
pub(super) fn mask_node(draft: &mut Draft<'_>, masked: &[bool], shape: &[u64]) -> Result<NewNode> {
    let bytes: Vec<u8> = masked.iter().map(|masked| u8::from(*masked)).collect();
    let array = NewArray::from_bytes(bytes, Scalar::Bool8.into(), ByteOrder::Big, shape)?;
    Ok(draft.array_node(array, Vec::new()))
}

/// A unit of FITS, or of astropy where the standard of units does not have it.
pub(super) fn unit_node(draft: &mut Draft<'_>, text: &str) -> NewNode {
    let standard = units::to_vounit(text);
    let nodes = draft.nodes();
    let node = nodes.string(standard.as_deref().unwrap_or(text));
    nodes.set_tag(node, if standard.is_some() { UNIT } else { OWN_UNIT });
    node
}

/// Which elements have no value: those that FITS says so of, and as astropy has it numbers that are NaN and text that is
/// empty, where that is to be guessed. `None` when all have one.
fn undefined(column: &FitsColumn<'_>, guess: bool) -> Result<Option<Vec<bool>>> {
    let kind = column.physical_type();
    let is_float = kind.scalar().is_some_and(Scalar::is_inexact);
    let may_be = is_float
        || matches!(kind, Datatype::Ascii(_))
        || column.null().is_some()
        || column.has_own_mask()
        || matches!(column.form(), ColumnForm::Ascii { .. })
        || matches!(column.form(), ColumnForm::Fixed { code: 'L', .. });
    if !may_be {
        return Ok(None);
    }
    let mut masked = Vec::new();
    for part in parts(column) {
        let part = part?;
        let end = masked.len().saturating_add(part.len());
        let own = part.mask().map(<[bool]>::to_vec);
        let guessed = not_numbers(&part).take(if guess { usize::MAX } else { 0 });
        match own {
            Some(own) => {
                let guessed = guessed.chain(std::iter::repeat(false));
                masked.extend(
                    own.iter()
                        .zip(guessed)
                        .map(|(own, guessed)| *own || guessed),
                );
            }
            None => masked.extend(guessed),
        }
        masked.resize(end, false);
    }
    Ok(masked.contains(&true).then_some(masked))
}

/// Which elements are NaN, or text without a letter.
fn not_numbers<'a>(data: &'a crate::array::ArrayData<'_>) -> impl Iterator<Item = bool> + 'a {
    let swap = data.byteorder() == ByteOrder::Little;
    let kind = data.datatype().clone();
    let scalar = kind.scalar();
    let is_text = matches!(kind, Datatype::Ascii(_));
    let wanted = is_text || scalar.is_some_and(Scalar::is_inexact);
    let elements = data.elements().take(if wanted { usize::MAX } else { 0 });
    elements.map(move |element| match scalar {
        None => element.first().is_none_or(|_| {
            element
                .iter()
                .take_while(|byte| **byte != 0)
                .all(|byte| *byte == b' ')
        }),
        Some(scalar) => {
            let unit = usize::try_from(scalar.unit()).unwrap_or(1).max(1);
            element
                .chunks_exact(unit)
                .any(|number| is_nan(number, swap))
        }
    })
}

fn is_nan(number: &[u8], little: bool) -> bool {
    if let Some(bytes) = number.first_chunk::<8>() {
        let bits = u64::from_be_bytes(*bytes);
        return f64::from_bits(if little { bits.swap_bytes() } else { bits }).is_nan();
    }
    if let Some(bytes) = number.first_chunk::<4>() {
        let bits = u32::from_be_bytes(*bytes);
        return f32::from_bits(if little { bits.swap_bytes() } else { bits }).is_nan();
    }
    false
}

/// The truth values of a column.
fn truths(column: &FitsColumn<'_>) -> Result<Option<Vec<bool>>> {
    let data = column.load()?;
    let values: Vec<bool> = data.packed().iter().map(|byte| *byte != 0).collect();
    Ok(values.contains(&true).then_some(values))
}
