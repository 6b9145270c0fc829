//! What a folder holds, so that two of them can be compared.

use asdf_core::AsdfFile;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The files of a folder, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct State {
    pub(crate) files: BTreeMap<String, Content>,
}

/// What a reader finds in a file.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// Something else than a readable ASDF file: its bytes; those of a FITS file as readers see them.
    Bytes(Vec<u8>),
    /// Header lines, text of the tree, codec and decoded data of each block, digest of each array.
    Asdf {
        comments: Vec<String>,
        tree: Vec<u8>,
        blocks: Vec<(String, bool, Vec<u8>)>,
        arrays: Vec<(String, String)>,
    },
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Asdf { tree, blocks, .. } => {
                let sizes: Vec<_> = blocks
                    .iter()
                    .map(|(codec, _, data)| (codec, data.len()))
                    .collect();
                write!(f, "tree of {} bytes, blocks {sizes:?}", tree.len())
            }
        }
    }
}

impl State {
    /// Opens every ASDF file first: that may complete or undo what was interrupted.
    pub(crate) fn of(folder: &Path) -> Self {
        let asdf: BTreeMap<_, _> = names(folder)
            .into_iter()
            .filter(|name| is_asdf(name))
            .map(|name| (name.clone(), content(&folder.join(name))))
            .collect();
        let others = names(folder).into_iter().filter_map(|name| {
            let bytes = bytes(&folder.join(&name))?;
            (!asdf.contains_key(&name)).then_some((name, Content::Bytes(bytes)))
        });
        let mut files: BTreeMap<_, _> = others.collect();
        files.extend(asdf);
        Self { files }
    }

    /// Whether everything that `wanted` holds is here; there may be more.
    pub(crate) fn holds(&self, wanted: &Self) -> bool {
        wanted
            .files
            .iter()
            .all(|(name, content)| self.files.get(name) == Some(content))
    }

    /// The first way in which `wanted` is not here.
    pub(crate) fn lacks(&self, wanted: &Self) -> String {
        let different = wanted
            .files
            .iter()
            .find(|(name, content)| self.files.get(*name) != Some(content));
        match different {
            None => "nothing".to_owned(),
            Some((name, content)) => match self.files.get(name) {
                None => format!("no {name}"),
                Some(found) => format!("{name}: {}", content.difference(found)),
            },
        }
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.files.keys().map(String::as_str).collect()
    }
}

impl Content {
    fn difference(&self, found: &Self) -> String {
        let (
            Self::Asdf {
                tree,
                blocks,
                arrays,
                ..
            },
            Self::Asdf {
                tree: tree_found,
                blocks: blocks_found,
                arrays: arrays_found,
                ..
            },
        ) = (self, found)
        else {
            return format!("{self:?} expected, {found:?} found");
        };
        if tree != tree_found {
            return format!(
                "another tree: {:?}",
                String::from_utf8_lossy(tree_found)
                    .chars()
                    .take(300)
                    .collect::<String>()
            );
        }
        if blocks != blocks_found {
            return format!("other blocks: {self:?} expected, {found:?} found");
        }
        if arrays != arrays_found {
            return format!("arrays {arrays:?} expected, {arrays_found:?} found");
        }
        "other header lines".to_owned()
    }
}

/// By its name.
pub(crate) fn is_asdf(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "asdf")
}

/// The names of what is in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Copies the files of a folder into a new one.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for name in names(from) {
        fs::copy(from.join(&name), to.join(&name)).unwrap();
    }
}

fn bytes(path: &Path) -> Option<Vec<u8>> {
    let is_fits = path.extension().is_some_and(|end| end == "fits");
    let opened = is_fits.then(|| AsdfFile::open(path).ok()).flatten();
    let seen = opened.and_then(|file| Some(file.fits()?.input().whole().unwrap().to_vec()));
    seen.or_else(|| fs::read(path).ok())
}

fn content(path: &Path) -> Content {
    let readable = AsdfFile::open(path).and_then(|file| read(&file));
    // Read only after opening, which may have repaired the file.
    readable.unwrap_or_else(|_| Content::Bytes(fs::read(path).unwrap_or_default()))
}

fn read(file: &AsdfFile) -> Result<Content, asdf_core::Error> {
    let tree = match file.tree_span() {
        Some(span) => file.input().slice(span)?.to_vec(),
        None => Vec::new(),
    };
    let mut blocks = Vec::new();
    for block in file.blocks() {
        let header = block.header();
        blocks.push((
            header.codec().label().into_string(),
            header.is_streamed(),
            block.decoded()?.into_vec(),
        ));
    }
    let mut arrays = Vec::new();
    for (path, node) in file.arrays()? {
        let digest = file.array_at(node)?.digest()?;
        arrays.push((path.to_string(), digest));
    }
    Ok(Content::Asdf {
        comments: file.header().comments.clone(),
        tree,
        blocks,
        arrays,
    })
}
