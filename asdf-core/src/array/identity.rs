//! Which arrays of a file are the same view of the same block.

use super::{ArrayRef, DataSource};

/// What tells views from each other: the same block, place, shape, strides and elements. Compared for one open file only.
#[doc(hidden)]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ViewIdentity {
    /// Where the header of the block is in memory.
    header: usize,
    first: i64,
    shape: Vec<u64>,
    strides: Vec<i64>,
    elements: String,
}

impl ArrayRef<'_> {
    /// What this view has in common with those that have the same elements from the same bytes: what is found of one need
    /// not be looked for in the others. `None` of arrays with a mask and of those that are in no block.
    #[doc(hidden)]
    pub fn identity(&self) -> Option<ViewIdentity> {
        let DataSource::Block(block) = self.data else {
            return None;
        };
        (!self.is_masked()).then(|| ViewIdentity {
            header: std::ptr::from_ref(block.header()).addr(),
            first: self.placement.first,
            shape: self.placement.shape.clone(),
            strides: self.placement.strides.clone(),
            elements: format!("{:?} {:?}", self.spec.datatype, self.spec.byteorder),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::OpenOptions;

    #[test]
    fn views_with_the_same_elements_are_told_from_others() {
        let node = |offset: u64, more: &str| {
            format!(
                "- !core/ndarray-1.1.0 {{source: 0, datatype: uint8, byteorder: little, shape: [4, 4], offset: {offset}{more}}}\n"
            )
        };
        let nodes = [
            node(0, ""),
            node(0, ", strides: [4, 1]"),
            node(16, ""),
            node(0, ", strides: [1, 4]"),
            node(0, ", mask: 3"),
        ];
        let text = format!(
            "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\na:\n{}...\n",
            nodes.concat()
        );
        let mut bytes = text.into_bytes();
        bytes.extend(b"\xd3BLK\0\x30\0\0\0\0\0\0\0\0");
        bytes.extend([32_u64.to_be_bytes(); 3].concat());
        bytes.extend([0; 16]);
        bytes.extend(0..32);
        let file = OpenOptions::default().read_bytes(bytes, "x.asdf").unwrap();
        let of = |number: usize| file.array(&format!("a/{number}")).unwrap().identity();
        assert!(of(0).is_some() && of(0) == of(1));
        assert!(of(0) != of(2) && of(0) != of(3) && of(2) != of(3));
        assert_eq!(of(4), None);
    }
}
