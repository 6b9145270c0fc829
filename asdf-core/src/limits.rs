//! Budgets that keep hostile files from exhausting memory or time.

/// What reading may cost. Every limit is finite by default and named in the error it causes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of YAML text in the tree.
    pub tree_bytes: u64,
    /// Nodes in the tree.
    pub nodes: u64,
    /// Nesting depth of the tree.
    pub depth: u64,
    /// Nodes visited when shared nodes are expanded (merge keys, JSON output, searches).
    pub expanded_nodes: u64,
    /// Number of blocks.
    pub blocks: u64,
    /// Bytes that one block or array may occupy in memory when decoded at once.
    pub decoded_bytes: u64,
    /// Bytes of a view that names the same bytes of its block again and again.
    pub view_bytes: u64,
    /// Bytes of decoded blocks that are kept because they are read more than once.
    pub cache_bytes: u64,
    /// Compressed chunks within one block.
    pub chunks: u64,
    /// Decoded bytes of one chunk that can only be decoded as a whole.
    pub chunk_bytes: u64,
    /// Bytes read from standard input or another source that cannot be mapped.
    pub input_bytes: u64,
    /// Bytes that a gzipped FITS file, or a gzipped tree in one, is unpacked to.
    pub unpacked_bytes: u64,
    /// Bytes of YAML text in a tree that was gzipped.
    pub unpacked_tree_bytes: u64,
    /// Sibling files opened through references.
    pub siblings: u64,
    /// Bytes of one decoded tile of a compressed FITS image.
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

impl Limits {
    /// The names and values, in the order of the fields.
    pub fn entries(&self) -> [(&'static str, u64); 15] {
        [
            ("tree_bytes", self.tree_bytes),
            ("nodes", self.nodes),
            ("depth", self.depth),
            ("expanded_nodes", self.expanded_nodes),
            ("blocks", self.blocks),
            ("decoded_bytes", self.decoded_bytes),
            ("view_bytes", self.view_bytes),
            ("cache_bytes", self.cache_bytes),
            ("chunks", self.chunks),
            ("chunk_bytes", self.chunk_bytes),
            ("input_bytes", self.input_bytes),
            ("unpacked_bytes", self.unpacked_bytes),
            ("unpacked_tree_bytes", self.unpacked_tree_bytes),
            ("siblings", self.siblings),
            ("tile_bytes", self.tile_bytes),
        ]
    }

    /// Sets the limit of that name; `false` when there is none.
    pub fn set(&mut self, name: &str, value: u64) -> bool {
        let slot = match name {
            "tree_bytes" => &mut self.tree_bytes,
            "nodes" => &mut self.nodes,
            "depth" => &mut self.depth,
            "expanded_nodes" => &mut self.expanded_nodes,
            "blocks" => &mut self.blocks,
            "decoded_bytes" => &mut self.decoded_bytes,
            "view_bytes" => &mut self.view_bytes,
            "cache_bytes" => &mut self.cache_bytes,
            "chunks" => &mut self.chunks,
            "chunk_bytes" => &mut self.chunk_bytes,
            "input_bytes" => &mut self.input_bytes,
            "unpacked_bytes" => &mut self.unpacked_bytes,
            "unpacked_tree_bytes" => &mut self.unpacked_tree_bytes,
            "siblings" => &mut self.siblings,
            "tile_bytes" => &mut self.tile_bytes,
            _ => return false,
        };
        *slot = value;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_limit_can_be_set() {
        let mut limits = Limits::default();
        for (name, _) in Limits::default().entries() {
            assert!(limits.set(name, 7), "{name}");
        }
        assert!(limits.entries().iter().all(|entry| entry.1 == 7));
        assert!(!limits.set("none", 7));
    }
}
