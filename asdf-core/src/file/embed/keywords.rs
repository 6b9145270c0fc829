//! Values and arrays of a mission's tree in the HDUs that its schemas name (spec-notes F-118).

use super::plan::Planned;
use super::{EmbedOptions, FurtherCards};
use crate::error::{Locate, Result};
use crate::file::AsdfFile;
use crate::file::Draft;
use crate::file::embedded::{HASH, headers_hash};
use crate::file::keywords::{KeywordEntry, arrays, entries, hdu_of, is_told, keywords_of};
use crate::fits::{CardValue, FitsFile, HeaderEdit, NewHeader, node_value};
use crate::tree::{Node, NodeId};
use std::collections::HashMap;

/// Where a card goes.
enum Target {
    Base(usize),
    Primary,
    Moved(usize),
    Empty(String, i64),
}

impl Draft<'_> {
    /// The HDUs that schemas name for arrays, by their nodes in the open file.
    pub(super) fn named_hdus(
        &self,
        embed: &EmbedOptions<'_>,
    ) -> Result<HashMap<NodeId, (String, i64)>> {
        let mut out = HashMap::new();
        if let (Some(file), Some(library)) = (self.source, embed.keywords)
            && let Some(keywords) = file.fits_keywords(library)?
        {
            for array in arrays(file.tree().root(), &keywords) {
                let known = out.entry(array.node.id());
                known.or_insert((array.name, array.version));
            }
        }
        Ok(out)
    }

    /// The cards that schemas name for the values of the open file.
    pub(super) fn further_cards(
        &self,
        embed: &EmbedOptions<'_>,
        base: Option<&FitsFile>,
        planned: &[Planned<'_>],
    ) -> Result<FurtherCards> {
        let mut out = FurtherCards::default();
        let (Some(file), Some(library)) = (self.source, embed.keywords) else {
            return Ok(out);
        };
        let root = file.tree().root();
        let Some(keywords) = keywords_of(root, base.or(file.fits()), library)? else {
            return Ok(out);
        };
        // Readers take the values of headers that were edited, and must go on to do so.
        let may_edit = base.is_none_or(|base| may_edit(file, base, embed.keeps_hash));
        for entry in entries(root, &keywords) {
            // What no card can be is no value of a mission's key.
            let value = node_value(entry.node)?;
            match target(&entry, base, planned) {
                Target::Base(index) => {
                    if let Some(base) = base.filter(|_| may_edit) {
                        edit(&mut out, base, index, &entry, &value)?;
                    }
                }
                // stdatamodels writes no card for what has no value.
                _ if value == CardValue::Undefined => {}
                Target::Primary => push(&mut out.primary, &entry, &value)?,
                Target::Moved(place) => push(out.moved.entry(place).or_default(), &entry, &value)?,
                Target::Empty(name, version) => {
                    push(
                        out.empty.entry((name, version)).or_default(),
                        &entry,
                        &value,
                    )?;
                }
            }
        }
        Ok(out)
    }
}

/// Whether the headers of a base are those that the tree was written with, where it says so.
fn may_edit(file: &AsdfFile, base: &FitsFile, keeps_hash: bool) -> bool {
    if file.is_carried() {
        return file.is_fits_hash_fresh();
    }
    let recorded = file.tree().root().get(HASH).and_then(Node::text);
    !keeps_hash || recorded.is_none_or(|recorded| recorded == headers_hash(base))
}

/// The HDU of a card: that of the array beside the value which the schemas put into the same HDU, else the one of that name.
fn target(entry: &KeywordEntry<'_>, base: Option<&FitsFile>, planned: &[Planned<'_>]) -> Target {
    let Some(name) = &entry.hdu else {
        return base.map_or(Target::Primary, |_| Target::Base(0));
    };
    let is_array = |planned: &Planned<'_>| {
        let array = entry.array.map(Node::id);
        planned.nodes.iter().any(|node| Some(node.id()) == array)
    };
    if let Some(place) = planned.iter().position(is_array) {
        return Target::Moved(place);
    }
    if let Some(hdu) = base.and_then(|base| hdu_of(entry, base)) {
        return Target::Base(hdu.index());
    }
    let is_called = |planned: &Planned<'_>| {
        planned.name.eq_ignore_ascii_case(name)
            && entry
                .version
                .is_none_or(|version| version == planned.version)
    };
    match planned.iter().position(is_called) {
        Some(place) => Target::Moved(place),
        None => Target::Empty(name.to_ascii_uppercase(), entry.version.unwrap_or(1)),
    }
}

/// Puts a value into a header of the base that says something else.
fn edit(
    out: &mut FurtherCards,
    base: &FitsFile,
    index: usize,
    entry: &KeywordEntry<'_>,
    value: &CardValue,
) -> Result<()> {
    let hdu = base.hdu(index)?;
    let is_told = is_told(value, hdu.header().value(&entry.keyword).as_ref());
    if is_told || !HeaderEdit::may_change(hdu, &entry.keyword) {
        return Ok(());
    }
    let header = out.base.entry(index);
    let header = header.or_insert_with(|| HeaderEdit::new(hdu));
    let done = header.set_keyword(&entry.keyword, value, &entry.comment);
    done.at_path(|| &entry.path)
}

/// Adds a card to a new header, with the headings before it.
fn push(header: &mut NewHeader, entry: &KeywordEntry<'_>, value: &CardValue) -> Result<()> {
    let mut add = || -> Result<()> {
        for title in &entry.titles {
            header.push_text("", "")?;
            header.push_text("", title)?;
            header.push_text("", "")?;
        }
        header.set(&entry.keyword, value, &entry.comment)
    };
    add().at_path(|| &entry.path)
}
