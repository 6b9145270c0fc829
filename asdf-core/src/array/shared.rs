//! Loaded arrays that borrow nothing: for programs that hand them on, as to Python.

use super::byte_order::ByteOrder;
use super::data::ArrayData;
use super::datatype::Datatype;
use super::slice::Slice;
use super::{ArrayRef, DataSource};
use crate::block::Block;
use crate::error::Result;
use crate::input::Input;
use crate::memory::Bytes;
use std::ops::Range;

/// The elements of an array, or of a part of one, with what holds their bytes: memory of their own, or the file.
#[derive(Debug, Clone)]
pub struct SharedArray {
    bytes: Holder,
    first: u64,
    datatype: Datatype,
    byteorder: ByteOrder,
    shape: Vec<u64>,
    strides: Vec<i64>,
    mask: Option<Vec<bool>>,
}

#[derive(Debug, Clone)]
enum Holder {
    Memory(Bytes<'static>),
    /// A range of a file that stays open as long as this is held.
    File(Input, Range<u64>),
}

impl ArrayRef<'_> {
    /// As [`load_slices`](Self::load_slices), without the life of the file: what is not compressed stays in the mapped file,
    /// which is kept open, and is not copied.
    ///
    /// # Errors
    /// As [`load_slices`](Self::load_slices).
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let image = {
    ///     let file = AsdfFile::open(path)?;
    ///     file.array("roman/data")?.load_shared(&[])?
    /// }; // the file is gone, its array is not
    /// let first = &image.bytes()[image.first()..][..4];
    /// assert_eq!(f32::from_le_bytes([first[0], first[1], first[2], first[3]]), 0.63062763);
    /// assert_eq!((image.shape(), image.strides()), (&[64, 64][..], &[256, 4][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn load_shared(&self, slices: &[Slice]) -> Result<SharedArray> {
        let data = self.load_slices(slices)?;
        let ArrayData {
            bytes,
            first,
            datatype,
            byteorder,
            shape,
            strides,
            mask,
            field_masks: _,
            path: _,
        } = data;
        let bytes = match bytes.detached() {
            Ok(bytes) => Holder::Memory(bytes),
            Err(bytes) => self.holder(bytes),
        };
        Ok(SharedArray {
            bytes,
            first,
            datatype,
            byteorder,
            shape,
            strides,
            mask,
        })
    }

    /// The file that has these bytes, else a copy of them.
    fn holder(&self, bytes: &[u8]) -> Holder {
        let block = match self.source() {
            DataSource::Inline(_) => None,
            source => source.bytes(),
        };
        // The file itself, or the temporary one that has what the block is decoded to.
        let spilled = block.filter(|block| block.has_spilled());
        let spilled = spilled.and_then(|block| block.spilled().ok());
        let mut inputs = [block, spilled].into_iter().flatten().map(Block::input);
        match inputs.find_map(|input| Some((input, input.range_of(bytes)?))) {
            Some((input, range)) => Holder::File(input.clone(), range),
            None => Holder::Memory(bytes.to_vec().into()),
        }
    }
}

impl SharedArray {
    /// The bytes that have all elements, and maybe more; [`first`](Self::first) and [`strides`](Self::strides) say where each is.
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Holder::Memory(bytes) => bytes,
            Holder::File(input, range) => input.slice(range.clone()).unwrap_or_default(),
        }
    }

    /// The byte of the first element.
    pub fn first(&self) -> usize {
        usize::try_from(self.first).unwrap_or(usize::MAX)
    }

    /// Bytes from an element to the next along each axis; negative ones lead towards the start.
    pub fn strides(&self) -> &[i64] {
        &self.strides
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// What an element is.
    pub fn datatype(&self) -> &Datatype {
        &self.datatype
    }

    /// The order of bytes in memory.
    pub fn byteorder(&self) -> ByteOrder {
        self.byteorder
    }

    /// For each element in C order whether it is masked; `None` when the array has no mask.
    pub fn mask(&self) -> Option<&[bool]> {
        self.mask.as_deref()
    }

    /// Takes the mask out.
    pub fn take_mask(&mut self) -> Option<Vec<bool>> {
        self.mask.take()
    }

    /// True when the bytes are those of a file and were not copied.
    pub fn is_of_file(&self) -> bool {
        matches!(self.bytes, Holder::File(..))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AsdfFile;

    fn shared(name: &str, path: &str, slices: &str) -> (SharedArray, Vec<u8>) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/");
        let file = AsdfFile::open(format!("{folder}{name}")).unwrap();
        let array = file.array(path).unwrap();
        let slices = Slice::parse_list(slices).unwrap();
        let expected = array.load_slices(&slices).unwrap();
        let expected = expected.elements().flatten().copied().collect();
        (array.load_shared(&slices).unwrap(), expected)
    }

    fn elements(array: &SharedArray) -> Vec<u8> {
        let data = ArrayData {
            bytes: array.bytes().into(),
            first: array.first,
            datatype: array.datatype.clone(),
            byteorder: array.byteorder,
            shape: array.shape.clone(),
            strides: array.strides.clone(),
            mask: None,
            field_masks: crate::array::FieldMasks::default(),
            path: crate::tree::TreePath::default(),
        };
        data.elements().flatten().copied().collect()
    }

    #[test]
    fn an_array_outlives_its_file() {
        let (raw, expected) = shared("checksum_match.asdf", "/a0", "::-1");
        assert!(raw.is_of_file());
        assert_eq!(elements(&raw), expected);
        let (packed, expected) = shared("roman_exposure.asdf", "/roman/data", "3:40:2, -1:0:-3");
        assert!(!packed.is_of_file());
        assert_eq!(elements(&packed), expected);
    }

    #[test]
    fn a_mask_comes_along() {
        let (mut masked, _) = shared("mask_number.asdf", "/a", "1:");
        assert_eq!(masked.mask().map(<[bool]>::len), Some(3));
        assert!(masked.take_mask().is_some());
        assert_eq!(masked.mask(), None);
    }
}
