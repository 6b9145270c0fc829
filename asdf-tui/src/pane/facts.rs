//! What is known of the arrays of the tree. Locating an array may open another file, so that it is
//! not done while drawing.

use asdf_core::AsdfFile;
use asdf_core::array::is_array;
use asdf_core::inspect::ArrayInfo;
use asdf_core::tree::NodeId;
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

/// An array, or why it cannot be located.
pub type ArrayFact = Result<Arc<ArrayInfo>, Arc<str>>;

/// Facts by node.
#[derive(Debug, Default)]
pub struct Facts {
    known: HashMap<NodeId, ArrayFact>,
    asked: HashSet<NodeId>,
}

impl Facts {
    /// What is known of an array node.
    pub fn of(&self, node: NodeId) -> Option<&ArrayFact> {
        self.known.get(&node)
    }

    /// The array nodes among these that nobody has asked for yet; they count as asked for now.
    pub fn missing(&mut self, file: &AsdfFile, nodes: impl Iterator<Item = NodeId>) -> Vec<NodeId> {
        let is_array = |id: &NodeId| file.tree().by_id(*id).is_some_and(is_array);
        nodes
            .filter(is_array)
            .filter(|node| self.asked.insert(*node))
            .collect()
    }

    /// Takes what was found out.
    pub fn learn(&mut self, facts: Vec<(NodeId, ArrayFact)>) {
        self.known.extend(facts);
    }
}

/// Locates the arrays of these nodes.
pub fn find(file: &AsdfFile, nodes: Vec<NodeId>) -> Vec<(NodeId, ArrayFact)> {
    let fact = |id| {
        let node = file.tree().by_id(id)?;
        let fact = ArrayInfo::of(file, node).map(Arc::new);
        Some((id, fact.map_err(|error| error.kind().to_string().into())))
    };
    nodes.into_iter().filter_map(fact).collect()
}
