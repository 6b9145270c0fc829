//! The elements of a list and the pairs of a mapping, one by one.

use super::node::{Map, Node, Seq};

/// The elements of a [`Seq`].
#[derive(Debug, Clone)]
pub struct Items<'t> {
    pub(super) node: Node<'t>,
    pub(super) slots: std::slice::Iter<'t, u32>,
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        self.slots.next().map(|slot| self.node.other(*slot))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.slots.size_hint()
    }
}

impl DoubleEndedIterator for Items<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.slots.next_back().map(|slot| self.node.other(*slot))
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The pairs of a [`Map`].
#[derive(Debug, Clone)]
pub struct Pairs<'t> {
    pub(super) node: Node<'t>,
    pub(super) slots: std::slice::ChunksExact<'t, u32>,
}

impl<'t> Pairs<'t> {
    fn pair(&self, slots: &[u32]) -> (Node<'t>, Node<'t>) {
        let at = |index: usize| slots.get(index).copied().unwrap_or_default();
        (self.node.other(at(0)), self.node.other(at(1)))
    }
}

impl<'t> Iterator for Pairs<'t> {
    type Item = (Node<'t>, Node<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let slots = self.slots.next()?;
        Some(self.pair(slots))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.slots.size_hint()
    }
}

impl DoubleEndedIterator for Pairs<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let slots = self.slots.next_back()?;
        Some(self.pair(slots))
    }
}

impl ExactSizeIterator for Pairs<'_> {}

impl<'t> IntoIterator for Seq<'t> {
    type Item = Node<'t>;
    type IntoIter = Items<'t>;

    fn into_iter(self) -> Items<'t> {
        self.iter()
    }
}

impl<'t> IntoIterator for Map<'t> {
    type Item = (Node<'t>, Node<'t>);
    type IntoIter = Pairs<'t>;

    fn into_iter(self) -> Pairs<'t> {
        self.iter()
    }
}
