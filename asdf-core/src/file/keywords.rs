//! Values of a tree that headers have too, by the schemas of a mission (spec-notes F-115 to F-119): compared, and written
//! to the cards.

mod entry;
mod same;

use super::AsdfFile;
use super::draft::Draft;
use super::hdu_link::HduLink;
use crate::error::{Locate, Result, Warning, WarningKind};
use crate::fits::{CardValue, FitsFile, Hdu, HeaderEdit, node_value};
use crate::schema::{FitsKeywords, SchemaLibrary};
use crate::tree::{Node, TreePath, Value};
pub(super) use entry::{KeywordEntry, arrays, entries};
pub(super) use same::agrees as is_told;
use same::{agrees, is_same};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A card that says something else than the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct KeywordDifference {
    /// The node.
    pub path: TreePath,
    /// The HDU of the card, from 0.
    pub hdu: usize,
    /// The HDU as people call it: `SCI,2`, or `PRIMARY`.
    pub hdu_name: String,
    /// The keyword.
    pub keyword: String,
    /// What the tree says.
    pub tree: CardValue,
    /// What the card says; `None` when there is none.
    pub header: Option<CardValue>,
}

impl fmt::Display for KeywordDifference {
    /// All but the path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            hdu_name, keyword, ..
        } = self;
        write!(
            f,
            "the tree says {}, the header of {hdu_name} ",
            shown(&self.tree)
        )?;
        match &self.header {
            Some(value) => write!(f, "{keyword} = {}", shown(value)),
            None => write!(f, "has no card {keyword}"),
        }
    }
}

/// A card that follows a change of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct KeywordChange {
    /// The HDU of the card, from 0.
    pub hdu: usize,
    /// The HDU as people call it: `SCI,2`, or `PRIMARY`.
    pub hdu_name: String,
    /// The keyword.
    pub keyword: String,
    /// The new value; `None` when the card is taken away.
    pub value: Option<CardValue>,
}

impl fmt::Display for KeywordChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            hdu_name, keyword, ..
        } = self;
        match &self.value {
            Some(value) => write!(
                f,
                "{keyword} = {} in the header of {hdu_name}",
                shown(value)
            ),
            None => write!(f, "{keyword} is gone from the header of {hdu_name}"),
        }
    }
}

fn shown(value: &CardValue) -> String {
    match value {
        CardValue::Undefined => "nothing".to_owned(),
        value => value.to_string(),
    }
}

/// What the schemas put into one card.
struct Known<'t> {
    entry: KeywordEntry<'t>,
    /// The value; `None` when no card can be of that kind.
    value: Option<CardValue>,
}

impl AsdfFile {
    /// Which keywords belong to which keys of the tree, by the schemas of the model that it says it is of; `None` when that is none of a
    /// mission, or the library has no schemas of it.
    ///
    /// # Errors
    /// The text of a schema cannot be read.
    pub fn fits_keywords(&self, library: &SchemaLibrary) -> Result<Option<Arc<FitsKeywords>>> {
        keywords_of(self.tree().root(), self.fits(), library)
    }

    /// Where the tree of a FITS file and its headers say different things: values that have a card by the schemas of the mission.
    /// Empty for other files, and without those schemas.
    ///
    /// # Errors
    /// The text of a schema cannot be read.
    pub fn keyword_differences(&self, library: &SchemaLibrary) -> Result<Vec<KeywordDifference>> {
        let (Some(fits), Some(_)) = (self.fits(), self.tree_hdu()) else {
            return Ok(Vec::new());
        };
        let Some(keywords) = self.fits_keywords(library)? else {
            return Ok(Vec::new());
        };
        let mut out = Vec::new();
        for ((hdu, keyword), known) in known_cards(self.tree().root(), &keywords, fits) {
            let hdu = fits.hdu(hdu)?;
            let header = hdu.header().value(&keyword);
            let Some(tree) = known.value else {
                continue;
            };
            if !agrees(&tree, header.as_ref()) {
                out.push(KeywordDifference {
                    path: known.entry.path,
                    hdu: hdu.index(),
                    hdu_name: name_of(hdu),
                    keyword,
                    tree,
                    header,
                });
            }
        }
        Ok(out)
    }

    /// Warns of each of the [`keyword_differences`](Self::keyword_differences).
    ///
    /// # Errors
    /// As there.
    pub fn warn_of_keywords(&self, library: &SchemaLibrary) -> Result<()> {
        for found in self.keyword_differences(library)? {
            let detail = found.to_string().into();
            let warning = Warning::new(WarningKind::FitsKeywordDiffers { detail });
            self.warn(warning.in_hdu(found.hdu).at_path(&found.path));
        }
        Ok(())
    }
}

impl Draft<'_> {
    /// Lets the cards of a FITS file follow the changes of its tree, where the schemas of the mission say which card belongs to which
    /// key: a value that changed is put into its card, the card of a value that is gone is taken away. The headers are written with
    /// the tree, both or neither. Gives what changes. `None` when no schemas say anything of this tree.
    ///
    /// # Errors
    /// A new value is one that no card can hold; the text of a schema cannot be read.
    pub fn set_keyword_cards(
        &mut self,
        library: &SchemaLibrary,
    ) -> Result<Option<Vec<KeywordChange>>> {
        let Some((file, fits)) = self
            .source
            .filter(|file| file.tree_hdu().is_some())
            .and_then(|file| Some((file, file.fits()?)))
        else {
            return Ok(None);
        };
        let Some(before) = file.fits_keywords(library)? else {
            return Ok(None);
        };
        let tree = self.to_tree()?;
        let Some(after) = keywords_of(tree.root(), Some(fits), library)? else {
            return Ok(None);
        };
        let before = known_cards(file.tree().root(), &before, fits);
        let after = known_cards(tree.root(), &after, fits);
        let mut changes = Vec::new();
        for ((index, keyword), known) in &after {
            let old = before.get(&(*index, keyword.clone()));
            let value = match (&known.value, old.map(|old| &old.value)) {
                (Some(new), Some(Some(old))) if is_same(new, old) => continue,
                (None, Some(None)) => continue,
                // The error that says what cannot be a card.
                (None, _) => node_value(known.entry.node).in_hdu(*index)?,
                (Some(new), _) => new.clone(),
            };
            let hdu = fits.hdu(*index)?;
            if value == CardValue::Undefined && hdu.header().get(keyword).is_none() {
                continue;
            }
            let header = self.header_edit(hdu);
            let path = || &known.entry.path;
            let done = header.set_keyword(keyword, &value, &known.entry.comment);
            done.at_path(path)?;
            changes.push(change(hdu, keyword, Some(value)));
        }
        for ((index, keyword), known) in &before {
            if after.contains_key(&(*index, keyword.clone())) {
                continue;
            }
            let hdu = fits.hdu(*index)?;
            if hdu.header().get(keyword).is_none() {
                continue;
            }
            let header = self.header_edit(hdu);
            let done = header.remove_keyword(keyword);
            done.at_path(|| &known.entry.path)?;
            changes.push(change(hdu, keyword, None));
        }
        Ok(Some(changes))
    }

    fn header_edit(&mut self, hdu: Hdu<'_>) -> &mut HeaderEdit {
        let headers = self.headers.entry(hdu.index());
        headers.or_insert_with(|| HeaderEdit::new(hdu))
    }
}

fn change(hdu: Hdu<'_>, keyword: &str, value: Option<CardValue>) -> KeywordChange {
    KeywordChange {
        hdu: hdu.index(),
        hdu_name: name_of(hdu),
        keyword: keyword.to_owned(),
        value,
    }
}

/// An HDU as people call it.
fn name_of(hdu: Hdu<'_>) -> String {
    match (hdu.index(), hdu.name()) {
        (0, "" | "PRIMARY") => "PRIMARY".to_owned(),
        (index, "") => format!("HDU {index}"),
        (_, name) => format!("{name},{}", hdu.version()),
    }
}

/// The keywords of the model that a tree says it is of; without that, what the primary header says.
pub(super) fn keywords_of(
    root: Node<'_>,
    fits: Option<&FitsFile>,
    library: &SchemaLibrary,
) -> Result<Option<Arc<FitsKeywords>>> {
    let Some(meta) = root.get("meta") else {
        return Ok(None);
    };
    let text = |key: &str| match meta.get(key).map(Node::value) {
        Some(Value::Str(text)) => Some(text.to_owned()),
        _ => None,
    };
    let card = |keyword: &str| {
        let value = fits?.hdu(0).ok()?.header().value(keyword)?;
        value.as_text().map(str::to_owned)
    };
    let telescope = text("telescope").or_else(|| card("TELESCOP"));
    // Other missions call their models so too.
    if telescope.is_some_and(|name| !name.eq_ignore_ascii_case("JWST")) {
        return Ok(None);
    }
    match text("model_type").or_else(|| card("DATAMODL")) {
        Some(model) => library.fits_keywords(&model),
        None => Ok(None),
    }
}

/// The cards that the schemas give the values of a tree, by HDU and keyword; where two values have one card the later counts, as in the
/// reference.
fn known_cards<'t>(
    root: Node<'t>,
    keywords: &FitsKeywords,
    fits: &FitsFile,
) -> BTreeMap<(usize, String), Known<'t>> {
    let mut out = BTreeMap::new();
    for entry in entries(root, keywords) {
        let Some(hdu) = hdu_of(&entry, fits) else {
            continue;
        };
        if !HeaderEdit::may_change(hdu, &entry.keyword) {
            continue;
        }
        let value = node_value(entry.node).ok();
        out.insert((hdu.index(), entry.keyword.clone()), Known { entry, value });
    }
    out
}

/// The HDU that has the card of a value: that of the array beside it which the schemas put into the same HDU, else the one of that name and version.
pub(super) fn hdu_of<'f>(entry: &KeywordEntry<'_>, fits: &'f FitsFile) -> Option<Hdu<'f>> {
    let Some(name) = &entry.hdu else {
        return fits.hdu(0).ok();
    };
    let linked = entry.array.and_then(|array| linked(array, fits));
    linked.or_else(|| fits.find(name, entry.version))
}

/// The HDU that an array names.
pub(super) fn linked<'f>(array: Node<'_>, fits: &'f FitsFile) -> Option<Hdu<'f>> {
    match array.get("source")?.value() {
        Value::Str(source) => HduLink::of_source(source)?.find(fits),
        _ => None,
    }
}
