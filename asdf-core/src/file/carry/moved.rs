//! A draft written to another place than its file has: what it names there must be within reach.

use super::{Carried, Part, Rules, is_external_array, is_relative, path_part, text_of};
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::WriteFault;
use crate::file::AsdfFile;
use crate::file::draft::{Destination, Draft};
use crate::file::reference::{FileNode, Reference};
use crate::file::sibling::percent_encode;
use crate::tree::{Content, NewNode, Node};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What becomes of a URI.
enum Reach {
    /// It leads to the same file from there.
    Stays,
    /// Another one does.
    Rewritten(String),
    /// It names the file itself.
    Own,
    /// None does: the data have to come along.
    Carried,
}

/// Where the file is written.
struct Place {
    /// The folder, links resolved; none when it is not known.
    folder: Option<PathBuf>,
    /// The file, when it exists already.
    file: Option<PathBuf>,
    /// The folder is that of the open file.
    is_same: bool,
}

impl Place {
    fn of(path: Option<&Path>, file: &AsdfFile) -> Result<Self> {
        let Some(path) = path else {
            return Ok(Self {
                folder: None,
                file: None,
                is_same: false,
            });
        };
        let folder = folder_of(path)?;
        // What came as bytes may have been read from a file.
        let named = Some(file.name()).filter(|name| *name != Path::new("-"));
        let own = file.path.as_deref().or(named);
        let own = own.and_then(|own| folder_of(own).ok());
        Ok(Self {
            is_same: own.as_ref() == Some(&folder),
            folder: Some(folder),
            file: path.canonicalize().ok(),
        })
    }

    fn reach(&self, file: &AsdfFile, uri: &str) -> Result<Reach> {
        if !is_relative(uri) {
            return Ok(Reach::Stays);
        }
        let found = file.find_sibling(path_part(uri));
        let Some(found) = found.or_else(|error| {
            // A name that leads nowhere leads nowhere from here too.
            if self.is_same {
                Ok(Some(PathBuf::new()))
            } else {
                Err(error)
            }
        })?
        else {
            return Ok(Reach::Own);
        };
        if self.file.as_ref() == Some(&found) {
            return Ok(Reach::Carried);
        }
        if self.is_same {
            return Ok(Reach::Stays);
        }
        let within = |folder: &PathBuf| {
            found
                .strip_prefix(folder)
                .ok()?
                .to_str()
                .map(percent_encode)
        };
        let Some(mut new) = self.folder.as_ref().and_then(within) else {
            return Ok(Reach::Carried);
        };
        if let Some((_, fragment)) = uri.split_once('#') {
            new.push('#');
            new.push_str(fragment);
        }
        Ok(Reach::Rewritten(new))
    }
}

fn folder_of(path: &Path) -> Result<PathBuf> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    folder.canonicalize().map_err(Error::from).in_file(path)
}

impl<'f> Draft<'f> {
    /// Says where the file will be written by [`Draft::write`] and the functions that make other formats of a draft:
    /// under that name, or to a stream. What the tree names by relative URIs then stays within reach: names are changed
    /// where that does it, and data and the targets of references that cannot be named from there come along.
    pub fn set_output(&mut self, path: Option<&Path>) {
        self.output = match path {
            Some(path) => Destination::File(path.to_path_buf()),
            None => Destination::Stream,
        };
    }

    /// The draft with everything within reach of the place that it is written to; `None` when all is as it is.
    ///
    /// # Errors
    /// A URI leads to nothing, or where it may not lead.
    #[expect(
        clippy::too_many_lines,
        reason = "a case for each way in which data follow their node"
    )]
    pub(in crate::file) fn moved(&self, output: &Destination) -> Result<Option<Self>> {
        let Some(file) = self.source else {
            return Ok(None);
        };
        let named: Vec<Node<'f>> = file
            .tree()
            .nodes()
            .filter(|node| names_file(*node))
            .collect();
        if named.is_empty() {
            return Ok(None);
        }
        let place = match output {
            // Bytes in memory have no folder: their names lead nowhere, from any place.
            Destination::Unknown if file.path.is_none() => return Ok(None),
            Destination::Unknown | Destination::Stream => Place::of(None, file)?,
            Destination::File(path) => Place::of(Some(path), file)?,
        };
        if self.text.is_some() {
            return Self::check_text(file, &place, &named).map(|()| None);
        }
        let there = self.tree.occurrences();
        let mut moved = self.clone();
        let mut replacements = HashMap::new();
        let mut carried = Carried::new(Rules {
            shares_own: true,
            keeps_urls: true,
        });
        let mut is_changed = false;
        for node in named {
            let map = NewNode::of_tree(node.id());
            let Some((key, uri)) = file_key(node) else {
                continue;
            };
            if !there.contains(map) || !moved.still_says(map, key, uri) {
                continue;
            }
            let at = |error: Error| error.at_path(|| node.path()).in_file(file.name());
            let new = match place.reach(file, uri).map_err(at)? {
                Reach::Stays => continue,
                Reach::Rewritten(new) => Some(new),
                Reach::Own if key == "$ref" => {
                    let end = uri.split_once('#').map_or("", |(_, end)| end);
                    Some(format!("#{end}"))
                }
                Reach::Own | Reach::Carried => None,
            };
            is_changed = true;
            if let Some(new) = new {
                moved.names_from_output = true;
                let new = moved.tree.nodes().string(&new);
                moved.tree.set_key(map, key, new)?;
                continue;
            }
            let here = FileNode { file, node };
            match key {
                "source" => moved.take_part(node, uri).map_err(at)?,
                "fileuri" => {
                    let new = moved.carry_external(here, &mut carried, 0).map_err(at)?;
                    replacements.insert(map, new);
                }
                _ => {
                    let Some(reference) = Reference::of(here) else {
                        continue;
                    };
                    let target = reference.resolve().map_err(at)?;
                    let new = moved.carry(target, &mut carried, 0).map_err(at)?;
                    replacements.insert(map, new);
                }
            }
        }
        moved.tree.replace_children(&replacements);
        Ok(is_changed.then_some(moved))
    }

    /// A copy of the draft with everything within reach of the place that is known of it.
    pub(crate) fn placed(&self) -> Result<Self> {
        Ok(self.moved(&self.output)?.unwrap_or_else(|| self.clone()))
    }

    /// Takes the data that an ndarray node has in another file into this one.
    pub(in crate::file) fn take_part(&mut self, node: Node<'f>, uri: &str) -> Result<()> {
        let Some(file) = self.source else {
            return Ok(());
        };
        let number = match Part::find(file, path_part(uri))? {
            Some(part) => self.add_part(part),
            // The name of the file itself means its first block.
            None => 0,
        };
        let source = self.tree.nodes().int(number as u64);
        self.tree
            .set_key(NewNode::of_tree(node.id()), "source", source)
    }

    /// True when a node of the open file has that text under a key still.
    pub(in crate::file) fn still_says(&self, map: NewNode, key: &str, text: &str) -> bool {
        let nodes = self.tree.node_table();
        let Some(Content::Map { pairs, .. }) = nodes.content(map) else {
            return false;
        };
        let found = pairs.iter().rev().find(|pair| nodes.is_text(pair.0, key));
        found.is_some_and(|pair| nodes.is_text(pair.1, text))
    }

    /// A tree that was given as text is written as it is, or not at all.
    fn check_text(file: &AsdfFile, place: &Place, named: &[Node<'_>]) -> Result<()> {
        for node in named {
            let Some((_, uri)) = file_key(*node) else {
                continue;
            };
            let at = |error: Error| error.at_path(|| node.path()).in_file(file.name());
            if !matches!(
                place.reach(file, uri).map_err(at)?,
                Reach::Stays | Reach::Own
            ) {
                let uri = uri.escape_debug().to_string().into();
                return Err(at(WriteFault::Unnameable { uri }.into()));
            }
        }
        Ok(())
    }
}

/// The key under which a node names another file by a relative URI, and the URI.
fn file_key(node: Node<'_>) -> Option<(&'static str, &str)> {
    let key = if is_external_array(node) {
        "fileuri"
    } else if super::unknown::names_data(node) {
        "source"
    } else {
        "$ref"
    };
    let uri = text_of(node, key)?;
    is_relative(uri).then_some((key, uri))
}

pub(in crate::file) fn names_file(node: Node<'_>) -> bool {
    file_key(node).is_some()
}
