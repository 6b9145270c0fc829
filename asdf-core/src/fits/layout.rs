//! Where the HDUs of a file lie. FITS 4.0, sections 3, 4.4.1 and 6.

use super::card::FitsCard;
use super::form::ColumnForm;
use super::header::BLOCK;
use super::header::FitsHeader;
use super::header::HeaderPlace;
use crate::error::Error;
use crate::error::FitsFault;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WarningKind;
use crate::input::Input;
use crate::limits::{Limit, Limits};
use std::ops::Range;

/// What an HDU is, from its keywords alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HduKind {
    /// An array, or a primary HDU without data.
    Image,
    /// A binary table whose rows are the tiles of an image (section 10.1).
    CompressedImage,
    /// A binary table.
    BinTable,
    /// A binary table whose rows are tiles of rows of another one (section 10.3).
    CompressedTable,
    /// A table of text (section 7.2).
    AsciiTable,
    /// Random groups (section 6).
    Groups,
    /// An extension of another type; its data are bytes.
    Other,
}

impl HduKind {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::CompressedImage => "compressed image",
            Self::BinTable => "binary table",
            Self::CompressedTable => "compressed table",
            Self::AsciiTable => "ASCII table",
            Self::Groups => "random groups",
            Self::Other => "other extension",
        }
    }
}

/// One HDU: where it is and what its mandatory keywords say.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: HduKind,
    pub(super) header: HeaderPlace,
    pub(super) bitpix: i64,
    /// `NAXISn` in the order of the header: the fastest axis first.
    pub(super) axes: Vec<u64>,
    pub(super) pcount: u64,
    pub(super) gcount: u64,
    /// The data without the fill after them, as the header promises.
    pub(super) data: Range<u64>,
    pub(super) name: String,
    pub(super) version: i64,
}

impl Entry {
    /// Reads the header at an offset; `rest` are the bytes from there to the end of the file.
    pub(super) fn read(rest: &[u8], offset: u64, index: usize) -> Result<Self> {
        let place = HeaderPlace::find(rest, offset)?;
        let size = place.cards.end.saturating_sub(offset);
        let cards = usize::try_from(size).ok().and_then(|size| rest.get(..size));
        let header = place.header(cards.unwrap_or_default());
        let bitpix = header
            .integer("BITPIX")?
            .ok_or_else(|| header.missing("BITPIX", "every HDU needs it"))?;
        if ![8, 16, 32, 64, -32, -64].contains(&bitpix) {
            return Err(header.wrong("BITPIX", "8, 16, 32, 64, -32 or -64"));
        }
        let axes = axes(&header, "NAXIS")?;
        let kind = kind(&header, index, &axes)?;
        let counted = index > 0 || kind == HduKind::Groups;
        let (pcount, gcount) = if counted {
            (
                header.within("PCOUNT", 0..=i64::MAX, 0)?,
                header.within("GCOUNT", 0..=i64::MAX, 1)?,
            )
        } else {
            (0, 1)
        };
        let start = place.end();
        let size = data_size(bitpix, &axes, kind, pcount, gcount);
        let end = size
            .and_then(|size| start.checked_add(size))
            .filter(|end| *end < u64::MAX / 2);
        let Some(end) = end else {
            let axes = axes.into();
            return Err(Error::from(FitsFault::DataSize { axes, bitpix }).at(header.span()));
        };
        let name = header
            .text("EXTNAME")
            .unwrap_or_default()
            .unwrap_or_default();
        let version = header.integer("EXTVER").unwrap_or_default().unwrap_or(1);
        Ok(Self {
            kind,
            bitpix,
            axes,
            pcount,
            gcount,
            data: start..end,
            name,
            version,
            header: place,
        })
    }

    /// Where the next HDU starts.
    pub(super) fn end(&self) -> u64 {
        self.data
            .end
            .checked_next_multiple_of(BLOCK)
            .unwrap_or(u64::MAX)
    }

    /// What is odd about the header, but leaves the data readable. `bytes` go up to the data.
    fn warn(&self, bytes: &[u8], index: usize, warnings: &mut Vec<Warning>) {
        let span = self.header.cards.clone();
        let size = usize::try_from(span.end.saturating_sub(span.start)).unwrap_or(bytes.len());
        if bytes.contains(&0) {
            let span = span.start..span.start.saturating_add(bytes.len() as u64);
            let warning = Warning::new(WarningKind::FitsNulHeader);
            warnings.push(warning.at(span).in_hdu(index));
        }
        let header = self.header.header(bytes.get(..size).unwrap_or(bytes));
        self.warn_of_dimensions(&header, index, warnings);
        for (keyword, wanted) in [("EXTNAME", "a string"), ("EXTVER", "a whole number")] {
            let Some(card) = header.get(keyword) else {
                continue;
            };
            let value = card.value();
            let good = match keyword {
                "EXTNAME" => value.as_text().is_some(),
                _ => value.as_integer().is_some(),
            };
            if !good {
                let kind = WarningKind::FitsKeyword {
                    keyword: keyword.into(),
                    found: value.to_string().into(),
                    wanted,
                };
                warnings.push(Warning::new(kind).at(card.span()).in_hdu(index));
            }
        }
    }
}

impl Entry {
    /// Says which `TDIMn` are ignored, as they name another number of elements than there are.
    fn warn_of_dimensions(
        &self,
        header: &FitsHeader<'_>,
        index: usize,
        warnings: &mut Vec<Warning>,
    ) {
        if self.kind != HduKind::BinTable {
            return;
        }
        let columns = header.integer("TFIELDS").ok().flatten().unwrap_or(0);
        for number in 1..=columns.min(999) {
            let keyword = format!("TDIM{number}");
            let text = |keyword: &str| header.text(keyword).ok().flatten();
            let form = text(&format!("TFORM{number}"));
            let form = form.and_then(|form| ColumnForm::binary(&form));
            let (Some(given), Some(form @ ColumnForm::Fixed { .. })) = (text(&keyword), form)
            else {
                continue;
            };
            if super::form::shape(&given, form).is_none() {
                let kind = WarningKind::FitsKeyword {
                    keyword: keyword.as_str().into(),
                    found: format!("'{}'", given.escape_debug()).into(),
                    wanted: "as many elements as TFORM has, it is ignored",
                };
                let card = header.get(&keyword);
                let span = card.map_or_else(|| header.span(), FitsCard::span);
                warnings.push(Warning::new(kind).at(span).in_hdu(index));
            }
        }
    }
}

/// The lengths of the axes, the fastest first. `stem` is `NAXIS` or `ZNAXIS`.
pub(super) fn axes(header: &FitsHeader<'_>, stem: &str) -> Result<Vec<u64>> {
    if header.value(stem).is_none() {
        return Err(header.missing(stem, "every array needs it"));
    }
    let count = header.within(stem, 0..=999, 0)?;
    (1..=count)
        .map(|number| {
            let keyword = format!("{stem}{number}");
            if header.value(&keyword).is_none() {
                return Err(header.missing(&keyword, "every axis has a length"));
            }
            header.within(&keyword, 0..=i64::MAX, 0)
        })
        .collect()
}

fn kind(header: &FitsHeader<'_>, index: usize, axes: &[u64]) -> Result<HduKind> {
    if index == 0 {
        let groups = axes.first() == Some(&0) && header.logical("GROUPS")? == Some(true);
        return Ok(if groups {
            HduKind::Groups
        } else {
            HduKind::Image
        });
    }
    let name = header.text("XTENSION")?.unwrap_or_default();
    let kind = match name.trim() {
        "IMAGE" | "IUEIMAGE" => HduKind::Image,
        "BINTABLE" | "A3DTABLE" => {
            let is = |keyword| header.value(keyword).and_then(|value| value.as_logical());
            match (is("ZIMAGE"), is("ZTABLE")) {
                (Some(true), _) => HduKind::CompressedImage,
                (_, Some(true)) => HduKind::CompressedTable,
                _ => HduKind::BinTable,
            }
        }
        "TABLE" => HduKind::AsciiTable,
        _ => return Ok(HduKind::Other),
    };
    if kind != HduKind::Image && axes.len() != 2 {
        return Err(header.wrong("NAXIS", "2, a table"));
    }
    Ok(kind)
}

/// Bytes of the data: section 4.4.1.1, equation 1 and 2, and 6.1 for groups.
fn data_size(bitpix: i64, axes: &[u64], kind: HduKind, pcount: u64, gcount: u64) -> Option<u64> {
    let axes = match (axes, kind) {
        ([], _) => return Some(0),
        ([_, rest @ ..], HduKind::Groups) => rest,
        (axes, _) => axes,
    };
    let count = if axes.contains(&0) {
        0
    } else {
        axes.iter()
            .try_fold(1_u64, |product, axis| product.checked_mul(*axis))?
    };
    let size = bitpix.unsigned_abs().wrapping_shr(3);
    count
        .checked_add(pcount)?
        .checked_mul(gcount)?
        .checked_mul(size)
}

/// Bytes of a header that are fetched together: most are no longer.
const NEAR: u64 = 64 << 10;

/// What the header of an extension begins with.
const EXTENSION: &[u8] = b"XTENSION=";

/// What a FITS file begins with.
pub(super) const MAGIC: &[u8] = b"SIMPLE  =";

/// True for bytes that begin as a FITS file does.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Finds all HDUs, one after the other. Only header pages are touched.
///
/// # Errors
/// A header that cannot be followed: what stands after it would be lost.
pub(super) fn scan(
    input: &Input,
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Entry>> {
    let size = input.len();
    if !begins(input.up_to(0, MAGIC.len())?) {
        let first = input.slice(0..size.min(9)).unwrap_or_default();
        let found = format!("`{}`", first.escape_ascii()).into();
        return Err(Error::from(FitsFault::NotFits { found }).at(0..size.min(9)));
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 0_u64;
    loop {
        let index = entries.len();
        let needed = (index as u64).saturating_add(1);
        LimitExceeded::check("number of HDUs", Limit::Blocks, needed, limits.blocks)?;
        let rest = input.beginning(at, &HeaderPlace::is_in)?;
        let entry = Entry::read(rest, at, index).in_hdu(index)?;
        let header = entry.header.cards.start..entry.data.start.min(size);
        entry.warn(input.slice(header)?, index, warnings);
        let (data, end) = (entry.data.clone(), entry.end());
        entries.push(entry);
        if data.end > size && data.end > data.start {
            let kind = WarningKind::FitsTruncated {
                needed: data.end.saturating_sub(data.start),
                available: size.saturating_sub(data.start),
            };
            let span = data.start.min(size)..size;
            warnings.push(Warning::new(kind).at(span).in_hdu(index));
            return Ok(entries);
        }
        if end > size {
            let missing = end.saturating_sub(size);
            let kind = WarningKind::FitsPadding { missing };
            let span = data.end.min(size)..size;
            warnings.push(Warning::new(kind).at(span).in_hdu(index));
            return Ok(entries);
        }
        // Nearly always a header stands there.
        let header = end..end.saturating_add(NEAR);
        input.want(std::slice::from_ref(&header))?;
        let first = input.up_to(end, EXTENSION.len())?;
        // Also one that is cut within these bytes is a header.
        if first.is_empty() || !EXTENSION.starts_with(first) {
            warn_of_rest(input, end, warnings)?;
            return Ok(entries);
        }
        at = end;
    }
}

/// Says what stands after the last HDU; whole blocks of zeros or blanks are fill.
fn warn_of_rest(input: &Input, at: u64, warnings: &mut Vec<Warning>) -> Result<()> {
    if input.is_all(at, 0)? || input.is_all(at, b' ')? {
        return Ok(());
    }
    let first = input.up_to(at, 8)?;
    let bytes = input.len().saturating_sub(at);
    let kind = WarningKind::FitsTrailing {
        bytes,
        found: format!("`{}`", first.escape_ascii()).into(),
    };
    warnings.push(Warning::new(kind).at(at..at.saturating_add(bytes)));
    Ok(())
}

/// The data of an HDU that are in the file.
pub(super) fn data<'f>(input: &'f Input, entry: &Entry) -> Result<&'f [u8]> {
    input.slice(there(input, entry)?)
}

/// Where they are.
pub(super) fn there(input: &Input, entry: &Entry) -> Result<Range<u64>> {
    let (start, end) = (entry.data.start, entry.data.end);
    if end > input.len() && end > start {
        let fault = Malformed::Truncated {
            needed: end.saturating_sub(start),
            available: input.len().saturating_sub(start),
        };
        return Err(Error::from(fault).at(start..end));
    }
    // A file may end within the fill after a header without data.
    let start = start.min(input.len());
    Ok(start..end.max(start).min(input.len()))
}
