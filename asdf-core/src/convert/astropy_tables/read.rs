//! Tables of a FITS file as `astropy/table` (spec-notes F-107 to F-109).

mod column;
mod meta;
mod mixin;
mod time;

use super::{BEGIN, END, LINE};
use crate::convert::fits_hdus::HduTags;
use crate::error::{Locate, Result, Warning, WarningKind};
use crate::file::Draft;
use crate::fits::{FitsColumn, FitsFile, FitsHeader, FitsTable, Hdu, unique_names};
use crate::tree::{NewNode, Node, Tree, TreePath};
use column::Columns;
pub(super) use meta::{is_of_column, is_of_structure};
use std::collections::{HashMap, HashSet};

/// The tables of a FITS file in a draft, and what is odd about them.
#[derive(Debug)]
pub struct FitsTables<'f> {
    /// A tree with a table under the name of each HDU that is one.
    pub draft: Draft<'f>,
    /// How many tables there are.
    pub tables: usize,
    /// HDUs with data that are not tables, which are not in the tree.
    pub others: usize,
    /// What a table of a tree cannot have as FITS has it.
    pub warnings: Vec<Warning>,
}

/// The tables of a FITS file as astropy's `QTable.read(..., astropy_native=True)` reads them: each under its `EXTNAME` (`table`
/// when it has none, with the number after it where a name is taken), with units, masks, times, and what astropy says of
/// columns in comments of its own.
///
/// Arrays of variable length become masked arrays as wide as the longest; `meta` of such a column has the lengths. `only` is
/// the number of the single HDU that is meant.
///
/// # Errors
/// Data are cut, a header contradicts itself, a table is damaged; an array of the longest length of a column of variable
/// length goes beyond the limit; `CHECKSUM` or `DATASUM` does not fit an HDU, unless the file keeps such HDUs.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/astropy_table.fits");
/// # let folder = tempfile::tempdir()?;
/// # let out = folder.path().join("out.asdf");
/// use asdf_core::convert::read_fits_tables;
/// use asdf_core::fits::FitsFile;
/// use asdf_core::{AsdfFile, WriteOptions};
///
/// let fits = FitsFile::open(path)?;
/// let tables = read_fits_tables(&fits, None)?;
/// tables.draft.save(&out, &WriteOptions::default())?;
/// # let file = AsdfFile::open(&out)?;
/// # assert!(file.tree().nodes().any(|node| node.tag().is_some_and(|tag| tag.as_str().contains("astropy/table"))));
/// # Ok(())
/// # }
/// ```
pub fn read_fits_tables(fits: &FitsFile, only: Option<usize>) -> Result<FitsTables<'_>> {
    let mut out = FitsTables {
        draft: Draft::new(),
        tables: 0,
        others: 0,
        warnings: Vec::new(),
    };
    let mut keys = Keys::new();
    for hdu in fits.hdus() {
        if only.is_some_and(|only| only != hdu.index()) {
            continue;
        }
        if !hdu.is_table() {
            let span = hdu.data_span();
            out.others = out.others.saturating_add(usize::from(!span.is_empty()));
            continue;
        }
        let node = table(&mut out, hdu).in_hdu(hdu.index())?;
        let key = keys.free(hdu.name().trim());
        out.draft.tree().set(TreePath::default().key(&key), node)?;
        out.tables = out.tables.saturating_add(1);
    }
    Ok(out)
}

/// The keys of the tables.
struct Keys {
    taken: HashSet<String>,
    /// The number that is tried next, of each name that was asked for more than once.
    next: HashMap<String, u32>,
}

impl Keys {
    fn new() -> Self {
        Self {
            taken: HashSet::from(["asdf_library".to_owned(), "history".to_owned()]),
            next: HashMap::new(),
        }
    }

    /// The name of a table, which no other has.
    fn free(&mut self, name: &str) -> String {
        let name = if name.is_empty() { "table" } else { name };
        if self.taken.insert(name.to_owned()) {
            return name.to_owned();
        }
        let next = self.next.entry(name.to_owned()).or_insert(2);
        loop {
            let numbered = format!("{name}_{next}");
            *next = next.saturating_add(1);
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

fn table<'f>(out: &mut FitsTables<'f>, hdu: Hdu<'f>) -> Result<NewNode> {
    hdu.vouch()?;
    let header = hdu.image_header();
    let table = hdu.table()?;
    // Complete or an error, before anything is written.
    hdu.data()?;
    let mut odd = Vec::new();
    let serialized = serialized(&header, hdu, &mut odd);
    let names = unique_names(table.columns().iter().map(FitsColumn::name));
    let times = time::columns(&header, &table, &names, &mut odd);
    let has_times = !times.is_empty();
    let tree = serialized.as_ref().map(Tree::root);
    let mut columns = Columns {
        draft: &mut out.draft,
        hdu,
        table: &table,
        names: &names,
        times,
        described: described(tree),
        is_qtable: false,
        unmade: Vec::new(),
    };
    let nodes = all(&mut columns, tree, &mut odd)?;
    let is_qtable = columns.is_qtable;
    // What these columns count from stays in the header's entries.
    let has_times = has_times && columns.unmade.is_empty();
    odd.append(&mut columns.unmade);
    let meta = meta::of(&header, tree, has_times, &mut out.draft);
    let tag = HduTags::of_standard(out.draft.standard_version()).table;
    let draft = out.draft.nodes();
    let (labels, nodes): (Vec<String>, Vec<NewNode>) = nodes.into_iter().unzip();
    let labels = labels.iter().map(|name| draft.string(name)).collect();
    let mut pairs = vec![
        ("colnames", draft.seq(labels)),
        ("columns", draft.seq(nodes)),
        ("qtable", draft.bool(is_qtable)),
    ];
    pairs.extend(meta.map(|meta| ("meta", meta)));
    let node = draft.map_of(pairs);
    draft.set_tag(node, tag);
    for detail in odd {
        let detail = detail.into();
        let warning = Warning::new(WarningKind::TableColumn { detail });
        out.warnings.push(warning.in_hdu(hdu.index()));
    }
    Ok(node)
}

/// All columns in their order, those of which astropy made several as one.
fn all(
    columns: &mut Columns<'_, '_>,
    tree: Option<Node<'_>>,
    odd: &mut Vec<String>,
) -> Result<Vec<(String, NewNode)>> {
    let mixins = mixin::list(tree, columns, odd);
    let mut mixin_of = HashMap::new();
    for (index, mixin) in mixins.iter().enumerate() {
        for name in &mixin.uses {
            mixin_of.insert(name.clone(), index);
        }
    }
    let mut made: Vec<Option<bool>> = vec![None; mixins.len()];
    let mut out = Vec::new();
    for name in columns.names {
        let index = mixin_of.get(name).copied();
        let mixin = index.and_then(|index| Some((mixins.get(index)?, made.get_mut(index)?)));
        if let Some((mixin, state)) = mixin {
            if state.is_none() {
                let node = columns.mixin(mixin)?;
                *state = Some(node.is_some());
                match node {
                    Some(node) => out.push((mixin.name.clone(), node)),
                    None => odd.push(mixin.unknown()),
                }
            }
            if *state == Some(true) {
                continue;
            }
        }
        let node = columns.plain(name, None)?;
        out.push((name.clone(), node));
    }
    Ok(out)
}

/// What the header says of each column in astropy's comments, by names.
fn described<'t>(tree: Option<Node<'t>>) -> HashMap<&'t str, Node<'t>> {
    let list = tree.and_then(|tree| tree.get("datatype")?.as_seq());
    let named = |node: Node<'t>| Some((node.get("name")?.text()?, node));
    list.into_iter().flatten().filter_map(named).collect()
}

/// The YAML of astropy's comments, when there is any.
fn serialized(header: &FitsHeader<'_>, hdu: Hdu<'_>, odd: &mut Vec<String>) -> Option<Tree> {
    let text = serialized_text(header)?;
    let limits = hdu.file().limits();
    match Tree::parse(text.as_bytes(), 0, limits, &mut Vec::new()) {
        Ok(tree) => Some(tree),
        Err(error) => {
            odd.push(format!(
                "what astropy says of the columns in COMMENT cards cannot be read, they are taken as FITS has them: {error}"
            ));
            None
        }
    }
}

fn serialized_text(header: &FitsHeader<'_>) -> Option<String> {
    let comments = header.cards().filter(|card| card.keyword() == "COMMENT");
    let mut lines = comments.map(|card| {
        let text = card.raw().get(8..).unwrap_or_default();
        let text: String = text.iter().copied().map(char::from).collect();
        text.trim_end_matches(' ').to_owned()
    });
    lines.find(|line| line == BEGIN)?;
    let mut text = String::from("---\n");
    let mut is_whole = false;
    for line in lines {
        if line == END {
            is_whole = true;
            break;
        }
        let goes_on = line.len() == LINE.saturating_add(1) && line.ends_with('\\');
        text.push_str(line.get(..LINE).unwrap_or(&line));
        if !goes_on {
            text.push('\n');
        }
    }
    is_whole.then_some(text)
}

/// The table and its columns, by name.
fn number_of(names: &[String], name: &str) -> Option<usize> {
    names.iter().position(|known| known == name)
}

/// The column of that name.
fn column<'t, 'f>(
    table: &'t FitsTable<'f>,
    names: &[String],
    name: &str,
) -> Option<&'t FitsColumn<'f>> {
    table.columns().get(number_of(names, name)?)
}
