//! Budgets that keep hostile files from exhausting memory or time, and their names.
//!
//! A file can ask for any amount: nested lists, arrays of zero stride, blocks that decode to a terabyte. Each such amount has a limit, and the
//! error that it causes names the limit. The defaults suit an ordinary computer; a service that reads uploads wants less:
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::{Limits, OpenOptions};
//!
//! let mut limits = Limits::default();
//! limits.tree_bytes = 16 << 20;
//! limits.decoded_bytes = 1 << 30;
//! let file = OpenOptions::default().limits(limits).open(path)?;
//! # drop(file);
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::str::FromStr;

/// What reading may cost. Every limit is finite by default and named in the error it causes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of YAML text in the tree. Default: 1 GiB.
    pub tree_bytes: u64,
    /// Nodes in the tree. Default: 50 million.
    pub nodes: u64,
    /// Nesting depth of the tree. Default: 1,000.
    pub depth: u64,
    /// Nodes visited when shared nodes are expanded (merge keys, JSON output, searches). Default: 20 million.
    pub expanded_nodes: u64,
    /// Number of blocks. Default: 10 million.
    pub blocks: u64,
    /// Bytes that one block or array may occupy in memory when decoded at once. Default: 64 GiB.
    pub decoded_bytes: u64,
    /// Bytes of a view that names the same bytes of its block again and again. Default: 256 MiB.
    pub view_bytes: u64,
    /// Bytes of decoded blocks that are kept because they are read more than once. Default: 128 MiB.
    pub cache_bytes: u64,
    /// Compressed chunks within one block. Default: 100 million.
    pub chunks: u64,
    /// Decoded bytes of one chunk that can only be decoded as a whole. Default: 256 MiB.
    pub chunk_bytes: u64,
    /// Bytes read from standard input or another source that cannot be mapped. Default: 64 GiB.
    pub input_bytes: u64,
    /// Bytes that a gzipped FITS file, or a gzipped tree in one, is unpacked to. Default: 4 GiB.
    pub unpacked_bytes: u64,
    /// Bytes of YAML text in a tree that was gzipped. Default: 64 MiB.
    pub unpacked_tree_bytes: u64,
    /// Sibling files opened through references. Default: 1,000.
    pub siblings: u64,
    /// Bytes of one decoded tile of a compressed FITS image. Default: 1 GiB.
    pub tile_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tree_bytes: 1 << 30,
            nodes: 50_000_000,
            depth: 1_000,
            expanded_nodes: 20_000_000,
            blocks: 10_000_000,
            decoded_bytes: 64 << 30,
            view_bytes: 256 << 20,
            cache_bytes: 128 << 20,
            chunks: 100_000_000,
            chunk_bytes: 256 << 20,
            input_bytes: 64 << 30,
            unpacked_bytes: 4 << 30,
            unpacked_tree_bytes: 64 << 20,
            siblings: 1_000,
            tile_bytes: 1 << 30,
        }
    }
}

/// The name of a limit: what an error says, what `--limit` takes and what [`Limits::set`] sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// Bytes of YAML text in the tree.
    TreeBytes,
    /// Nodes in the tree.
    Nodes,
    /// Nesting depth of the tree.
    Depth,
    /// Nodes visited when shared nodes are expanded (merge keys, JSON output, searches).
    ExpandedNodes,
    /// Number of blocks.
    Blocks,
    /// Bytes that one block or array may occupy in memory when decoded at once.
    DecodedBytes,
    /// Bytes of a view that names the same bytes of its block again and again.
    ViewBytes,
    /// Bytes of decoded blocks that are kept because they are read more than once.
    CacheBytes,
    /// Compressed chunks within one block.
    Chunks,
    /// Decoded bytes of a chunk that can only be decoded as a whole.
    ChunkBytes,
    /// Bytes read from standard input or another source that cannot be mapped.
    InputBytes,
    /// Bytes that a gzipped FITS file, or a gzipped tree in one, is unpacked to.
    UnpackedBytes,
    /// Bytes of YAML text in a tree that was gzipped.
    UnpackedTreeBytes,
    /// Sibling files opened through references.
    Siblings,
    /// Bytes of one decoded tile of a compressed FITS image.
    TileBytes,
}

impl Limit {
    /// All of them, in the order of the fields of [`Limits`].
    pub const ALL: [Self; 15] = [
        Self::TreeBytes,
        Self::Nodes,
        Self::Depth,
        Self::ExpandedNodes,
        Self::Blocks,
        Self::DecodedBytes,
        Self::ViewBytes,
        Self::CacheBytes,
        Self::Chunks,
        Self::ChunkBytes,
        Self::InputBytes,
        Self::UnpackedBytes,
        Self::UnpackedTreeBytes,
        Self::Siblings,
        Self::TileBytes,
    ];

    /// As errors and `--limit` have it: `tree_bytes`.
    pub fn name(self) -> &'static str {
        match self {
            Self::TreeBytes => "tree_bytes",
            Self::Nodes => "nodes",
            Self::Depth => "depth",
            Self::ExpandedNodes => "expanded_nodes",
            Self::Blocks => "blocks",
            Self::DecodedBytes => "decoded_bytes",
            Self::ViewBytes => "view_bytes",
            Self::CacheBytes => "cache_bytes",
            Self::Chunks => "chunks",
            Self::ChunkBytes => "chunk_bytes",
            Self::InputBytes => "input_bytes",
            Self::UnpackedBytes => "unpacked_bytes",
            Self::UnpackedTreeBytes => "unpacked_tree_bytes",
            Self::Siblings => "siblings",
            Self::TileBytes => "tile_bytes",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no limit has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLimit(Box<str>);

impl fmt::Display for UnknownLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Limit::ALL.map(Limit::name).join(", ");
        write!(f, "no limit `{}`; there are {names}", self.0)
    }
}

impl std::error::Error for UnknownLimit {}

impl FromStr for Limit {
    type Err = UnknownLimit;

    fn from_str(name: &str) -> Result<Self, UnknownLimit> {
        let found = Self::ALL.into_iter().find(|limit| limit.name() == name);
        found.ok_or_else(|| UnknownLimit(name.into()))
    }
}

impl Limits {
    /// The value of a limit.
    pub fn get(&self, limit: Limit) -> u64 {
        match limit {
            Limit::TreeBytes => self.tree_bytes,
            Limit::Nodes => self.nodes,
            Limit::Depth => self.depth,
            Limit::ExpandedNodes => self.expanded_nodes,
            Limit::Blocks => self.blocks,
            Limit::DecodedBytes => self.decoded_bytes,
            Limit::ViewBytes => self.view_bytes,
            Limit::CacheBytes => self.cache_bytes,
            Limit::Chunks => self.chunks,
            Limit::ChunkBytes => self.chunk_bytes,
            Limit::InputBytes => self.input_bytes,
            Limit::UnpackedBytes => self.unpacked_bytes,
            Limit::UnpackedTreeBytes => self.unpacked_tree_bytes,
            Limit::Siblings => self.siblings,
            Limit::TileBytes => self.tile_bytes,
        }
    }

    /// Sets a limit.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::limits::{Limit, Limits};
    ///
    /// let mut limits = Limits::default();
    /// limits.set("depth".parse::<Limit>().expect("a limit's name"), 50);
    /// assert_eq!(limits.depth, 50);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set(&mut self, limit: Limit, value: u64) {
        *match limit {
            Limit::TreeBytes => &mut self.tree_bytes,
            Limit::Nodes => &mut self.nodes,
            Limit::Depth => &mut self.depth,
            Limit::ExpandedNodes => &mut self.expanded_nodes,
            Limit::Blocks => &mut self.blocks,
            Limit::DecodedBytes => &mut self.decoded_bytes,
            Limit::ViewBytes => &mut self.view_bytes,
            Limit::CacheBytes => &mut self.cache_bytes,
            Limit::Chunks => &mut self.chunks,
            Limit::ChunkBytes => &mut self.chunk_bytes,
            Limit::InputBytes => &mut self.input_bytes,
            Limit::UnpackedBytes => &mut self.unpacked_bytes,
            Limit::UnpackedTreeBytes => &mut self.unpacked_tree_bytes,
            Limit::Siblings => &mut self.siblings,
            Limit::TileBytes => &mut self.tile_bytes,
        } = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_sets_its_own_limit_and_no_other() {
        let default = Limits::default();
        for limit in Limit::ALL {
            let mut limits = Limits::default();
            limits.set(limit.name().parse().unwrap(), 7);
            for other in Limit::ALL {
                let wanted = if other == limit {
                    7
                } else {
                    default.get(other)
                };
                assert_eq!(limits.get(other), wanted, "{limit} and {other}");
            }
        }
    }

    #[test]
    fn a_name_that_no_limit_has_is_refused_with_those_that_there_are() {
        let error = "none".parse::<Limit>().unwrap_err().to_string();
        assert!(error.contains("`none`"), "{error}");
        assert!(Limit::ALL.iter().all(|limit| error.contains(limit.name())));
    }
}
