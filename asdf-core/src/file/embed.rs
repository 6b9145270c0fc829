//! A tree put into a FITS file: arrays moved to HDUs, the tree itself in the last one (spec-notes F-33 to F-37).

#[cfg(feature = "schemas")]
mod keywords;
mod list;
mod plan;

use super::AsdfFile;
use super::draft::Draft;
use super::embedded::{HASH, NAME, carries_tree, is_named_asdf};
use super::storage::WriteOptions;
use crate::array::ArrayData;
use crate::array::ArrayRef;
use crate::array::Datatype;
use crate::error::EmbedFault;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::fits::CardValue;
use crate::fits::FitsFile;
use crate::fits::FitsWriter;
use crate::fits::HeaderEdit;
use crate::fits::NewColumn;
use crate::fits::NewHdu;
use crate::fits::NewHeader;
use crate::tree::{NewNode, Node, TreePath};
pub use plan::HduMove;
use plan::Planned;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Write};
use std::path::Path;

/// Says which cards the HDU of an array gets beside those of its structure and its name.
pub trait ArrayCards: std::fmt::Debug {
    /// The cards of the array at this path, of these lengths.
    ///
    /// # Errors
    /// A card cannot be written.
    fn cards(&self, path: &TreePath, shape: &[u64]) -> Result<NewHeader>;
}

/// What becomes of the arrays when a tree is put into a FITS file.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct EmbedOptions<'o> {
    moves: Option<Vec<HduMove>>,
    base: Option<&'o FitsFile>,
    checksums: bool,
    keeps_hash: bool,
    stays: Vec<TreePath>,
    cards: Option<&'o dyn ArrayCards>,
    #[cfg(feature = "schemas")]
    keywords: Option<&'o crate::schema::SchemaLibrary>,
}

/// Cards beside those of structure, name and WCS, by the HDU that gets them.
#[derive(Debug, Default)]
struct FurtherCards {
    /// Headers of the base that are changed.
    base: BTreeMap<usize, HeaderEdit>,
    /// Of a new primary HDU.
    primary: NewHeader,
    /// Of arrays that are moved, by their place among them.
    moved: BTreeMap<usize, NewHeader>,
    /// Of HDUs without data, by name and version.
    empty: BTreeMap<(String, i64), NewHeader>,
}

impl FurtherCards {
    /// Writes the HDUs without data; their headers go into the hash.
    fn write_empty(
        &self,
        writer: &mut FitsWriter<&mut dyn Write>,
        hash: &mut Sha256,
    ) -> Result<()> {
        for ((name, version), own) in &self.empty {
            let mut header = name_cards(name, Some(*version))?;
            header.push_raw(own.raw())?;
            writer.write(&NewHdu::empty().header(header))?;
            hash.update(writer.last_header());
        }
        Ok(())
    }
}

impl<'o> EmbedOptions<'o> {
    /// The arrays that become HDUs; the others go to blocks after the tree. Without this call, those of an ASDF
    /// file that FITS can hold and that stand in the root or have more than 1 KiB, but for those of a WCS; of a FITS
    /// file none but those that are HDUs already.
    pub fn moves(mut self, moves: Vec<HduMove>) -> Self {
        self.moves = Some(moves);
        self
    }

    /// A FITS file whose HDUs come first, byte for byte, without its tree. Sources of the tree may name them.
    pub fn base(mut self, base: &'o FitsFile) -> Self {
        self.base = Some(base);
        self
    }

    /// Whether a `_fits_hash` that the tree has stays as it is: one that did not fit the headers must go on not to do so.
    pub fn keeps_hash(mut self, keeps: bool) -> Self {
        self.keeps_hash = keeps;
        self
    }

    /// Nodes whose arrays stay with the tree, unless they are moved by name.
    pub fn stays(mut self, within: Vec<TreePath>) -> Self {
        self.stays = within;
        self
    }

    /// What says which further cards HDUs of arrays get, such as those of their WCS
    /// ([`WcsCards`](crate::wcs::WcsCards)).
    pub fn cards(mut self, cards: &'o dyn ArrayCards) -> Self {
        self.cards = Some(cards);
        self
    }

    /// Schemas, by which values of the tree of a mission (JWST) are written into headers as well, and arrays become the HDUs that they
    /// name.
    #[cfg(feature = "schemas")]
    pub fn keywords(mut self, library: &'o crate::schema::SchemaLibrary) -> Self {
        self.keywords = Some(library);
        self
    }

    /// Whether new HDUs get `CHECKSUM` and `DATASUM`; those that are copied keep what they have.
    pub fn checksums(mut self, checksums: bool) -> Self {
        self.checksums = checksums;
        self
    }
}

impl<'f> Draft<'f> {
    /// Writes a FITS file that carries this file: the HDUs of the base or of the FITS file that was opened, the arrays
    /// that are moved, and last the HDU `ASDF` with the tree, which gets a hash over all headers.
    ///
    /// # Errors
    /// An array that is to be moved is not there, or of a type that FITS does not have; two HDUs would have the same
    /// name and version; arrays go to files of their own.
    pub fn embed(
        &self,
        sink: &mut dyn Write,
        embed: &EmbedOptions<'_>,
        options: &WriteOptions,
    ) -> Result<()> {
        if !self.siblings.is_empty() {
            return Err(EmbedFault::OwnFiles.into());
        }
        let own = self.source.and_then(AsdfFile::fits);
        if own.is_some() {
            self.check_arrays()?;
        }
        if own.is_some() && embed.base.is_some() {
            return Err(EmbedFault::FitsIntoFits.into());
        }
        let base = embed.base.or(own);
        let named = self.named_hdus(embed)?;
        let places = (embed.stays.as_slice(), &named);
        let planned = plan::plan(self.source, embed.moves.as_deref(), base, places)?;
        let mut further = self.further_cards(embed, base, &planned)?;
        if own.is_some() {
            for (index, header) in &self.headers {
                further.base.insert(*index, header.clone());
            }
        }
        let mut draft = self.clone();
        draft.is_embedding = true;
        let mut writer = FitsWriter::new(sink).checksums(embed.checksums);
        let mut hash = Sha256::new();
        if let Some(base) = base {
            copy(base, &further.base, &mut writer, &mut hash)?;
        } else {
            let mut header = further.primary.clone();
            header.push_raw(self.history_cards()?.raw())?;
            writer.write(&NewHdu::empty().header(header))?;
            hash.update(writer.last_header());
        }
        for (place, planned) in planned.iter().enumerate() {
            if !options.keep_corrupt {
                planned.array.vouch()?;
            }
            let own = further.moved.get(&place);
            write_array(&mut writer, planned, own, embed.cards)?;
            hash.update(writer.last_header());
            draft.link(planned)?;
        }
        further.write_empty(&mut writer, &mut hash)?;
        let hash_path = TreePath::default().key(HASH);
        let keeps = embed.keeps_hash && draft.tree.find(&hash_path)?.is_some();
        if !keeps && self.source.is_none_or(AsdfFile::is_fits_hash_fresh) {
            let hash = crate::block::hex(&hash.finalize());
            let hash = draft.tree.nodes().string(&hash);
            draft.tree.set(hash_path, hash)?;
        }
        let mut cell = Cursor::new(Vec::new());
        let draft = draft.placed()?;
        draft.write_linked(&mut cell, options)?;
        let cell = ArrayData::bytes_row(cell.get_ref());
        let table = NewHdu::table(vec![NewColumn::new("ASDF_METADATA", &cell)?])?;
        writer.write(&table.header(name_cards(NAME, None)?))?;
        writer.finish()?;
        Ok(())
    }

    /// As [`Draft::embed`], to a file that is there as a whole or not at all.
    ///
    /// # Errors
    /// As [`Draft::embed`]; the file cannot be written.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.fits");
    /// use asdf_core::file::{EmbedOptions, HduMove};
    /// use asdf_core::{AsdfFile, WriteOptions};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let embed = EmbedOptions::default().moves(vec!["roman.data=SCI".parse()?]).checksums(true);
    /// file.to_draft().save_embedded(&out, &embed, &WriteOptions::default())?;
    /// # assert!(asdf_core::fits::FitsFile::open(&out)?.find("SCI", Some(1)).is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn save_embedded(
        &self,
        path: impl AsRef<Path>,
        embed: &EmbedOptions<'_>,
        options: &WriteOptions,
    ) -> Result<()> {
        let mut draft = self.clone();
        draft.set_output(Some(path.as_ref()));
        super::replace::replace(path.as_ref(), |file| {
            let mut sink = std::io::BufWriter::with_capacity(1 << 20, file);
            draft.embed(&mut sink, embed, options)?;
            Ok(sink.flush()?)
        })
    }

    /// Writes changes of the tree of a FITS file to that file; all other HDUs stay as they are.
    pub(super) fn update_carried(&self, path: &Path, options: &WriteOptions) -> Result<()> {
        if self.source.and_then(AsdfFile::tree_hdu).is_none() {
            return Err(EmbedFault::NoTree.into());
        }
        self.save_embedded(path, &EmbedOptions::default(), options)
    }

    /// The HDUs that schemas name for arrays.
    #[cfg(not(feature = "schemas"))]
    fn named_hdus(
        &self,
        _: &EmbedOptions<'_>,
    ) -> Result<HashMap<crate::tree::NodeId, (String, i64)>> {
        Ok(HashMap::new())
    }

    /// The cards that schemas name for values.
    #[cfg(not(feature = "schemas"))]
    fn further_cards(
        &self,
        _: &EmbedOptions<'_>,
        _: Option<&FitsFile>,
        _: &[Planned<'_>],
    ) -> Result<FurtherCards> {
        Ok(FurtherCards::default())
    }

    /// Lets the nodes of a moved array name its HDU.
    fn link(&mut self, planned: &Planned<'f>) -> Result<()> {
        let source = format!("fits:{},{}", planned.name, planned.version);
        for node in &planned.nodes {
            if node.as_map().is_none() {
                self.replace_list(*node, &source, &planned.array);
                continue;
            }
            self.name_hdu(NewNode::of_tree(node.id()), &source, &planned.array)?;
        }
        Ok(())
    }

    /// Puts a mapping that names the HDU in the place of an array that is a mere list of its elements, wherever it stands.
    fn replace_list(&mut self, node: Node<'f>, uri: &str, array: &ArrayRef<'_>) {
        let nodes = self.tree.nodes();
        let mut keys = vec![("source", nodes.string(uri))];
        keys.extend(array.describe_big(nodes));
        let map = nodes.map_of(keys);
        if let Some(tag) = node.tag() {
            nodes.set_tag(map, tag.as_str());
        }
        let others = HashMap::from([(NewNode::of_tree(node.id()), map)]);
        self.tree.replace_children(&others);
    }

    /// Lets the node of an array name the HDU that has its elements.
    fn name_hdu(&mut self, map: NewNode, uri: &str, array: &ArrayRef<'_>) -> Result<()> {
        for key in ["source", "data", "offset", "strides"] {
            self.tree.remove_key(map, key);
        }
        let source = self.tree.nodes().string(uri);
        self.tree.set_key(map, "source", source)?;
        for (key, value) in array.describe_big(self.tree.nodes()) {
            self.tree.set_key(map, key, value)?;
        }
        Ok(())
    }

    /// The entries of the tree's history as cards of the primary header.
    fn history_cards(&self) -> Result<NewHeader> {
        let mut cards = NewHeader::new();
        let Some(file) = self.source else {
            return Ok(cards);
        };
        for text in file
            .history()
            .into_iter()
            .filter_map(|entry| entry.description)
        {
            let printable = |char: char| {
                if (' '..='~').contains(&char) {
                    char
                } else {
                    '?'
                }
            };
            let line: String = text.chars().map(printable).collect();
            cards.push_text("HISTORY", &line)?;
        }
        Ok(cards)
    }
}

/// A FITS file without the HDUs that hold an ASDF tree, all others byte for byte.
///
/// # Errors
/// There is no such HDU, or nothing else; data are cut; the sink fails.
pub fn strip_tree(fits: &FitsFile, sink: &mut dyn Write) -> Result<()> {
    let trees = fits.hdus().filter(|hdu| carries_tree(*hdu)).count();
    if trees == 0 {
        return Err(EmbedFault::NoTreeHdu.into());
    }
    let mut writer = FitsWriter::new(sink);
    copy(fits, &BTreeMap::new(), &mut writer, &mut Sha256::new())?;
    writer.finish()?;
    Ok(())
}

/// Copies all HDUs but those with a tree, some under another header; their headers go into the hash.
fn copy(
    fits: &FitsFile,
    headers: &BTreeMap<usize, HeaderEdit>,
    writer: &mut FitsWriter<&mut dyn Write>,
    hash: &mut Sha256,
) -> Result<()> {
    for hdu in fits.hdus().filter(|hdu| !carries_tree(*hdu)) {
        let done = match headers.get(&hdu.index()) {
            Some(header) => writer.copy_under(hdu, header.bytes()?),
            None => writer.copy(hdu),
        };
        done.in_hdu(hdu.index())?;
        if !is_named_asdf(hdu) {
            hash.update(writer.last_header());
        }
    }
    Ok(())
}

fn write_array(
    writer: &mut FitsWriter<&mut dyn Write>,
    planned: &Planned<'_>,
    own: Option<&NewHeader>,
    further: Option<&dyn ArrayCards>,
) -> Result<()> {
    let place = |error: Error| error.at_path(|| planned.array.path());
    let cards = || -> Result<NewHeader> {
        let mut cards = name_cards(&planned.name, Some(planned.version))?;
        if let Some(own) = own {
            cards.push_raw(own.raw())?;
        }
        // Two descriptions of the same coordinates would be mixed.
        if let Some(further) = further.filter(|_| !own.is_some_and(has_wcs)) {
            let own = further.cards(planned.array.path(), planned.array.shape())?;
            cards.push_raw(own.raw())?;
        }
        Ok(cards)
    };
    if planned.array.is_read_in_passes() {
        let cards = cards().map_err(place)?;
        let image = NewHdu::streamed_image(&planned.array).map_err(place)?;
        return writer.write(&image.header(cards));
    }
    let data = planned.array.load()?;
    if data.mask().is_some() && !planned.array.is_masked() {
        return Err(place(EmbedFault::Nulls.into()));
    }
    let cards = cards().map_err(place)?;
    let Datatype::Record(fields) = data.datatype() else {
        return writer.write(&NewHdu::image(&data).map_err(place)?.header(cards));
    };
    let labels = (0..).zip(fields).map(|(index, field)| field.label(index));
    let columns: Vec<(String, ArrayData<'_>)> = labels
        .filter_map(|label| data.field(&label).map(|field| (label, field)))
        .collect();
    let columns = columns
        .iter()
        .map(|(label, field)| NewColumn::new(label, field));
    let columns = columns.collect::<Result<Vec<_>>>().map_err(place)?;
    writer.write(&NewHdu::table(columns).map_err(place)?.header(cards))
}

/// Whether cards are about coordinates of pixels.
fn has_wcs(cards: &NewHeader) -> bool {
    let header = cards.read();
    ["CTYPE1", "CRVAL1", "CRPIX1"]
        .iter()
        .any(|keyword| header.get(keyword).is_some())
}

/// `EXTNAME` and `EXTVER`.
fn name_cards(name: &str, version: Option<i64>) -> Result<NewHeader> {
    let mut cards = NewHeader::new();
    cards.push(
        "EXTNAME",
        &CardValue::Text(name.to_owned()),
        "extension name",
    )?;
    if let Some(version) = version {
        let version = CardValue::Integer(version.into());
        cards.push("EXTVER", &version, "extension value")?;
    }
    Ok(cards)
}
