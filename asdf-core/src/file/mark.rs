//! The mark in the first bytes of a file that is being changed in place.
//!
//! While the mark stands there the file is neither the old nor the new one, and no reader takes it for a
//! file. It holds a random number, which the journal of the change holds too, so that the journal of
//! another file, or of an earlier change, is never applied (`spec-notes/journal.md`, J-1 to J-8).

use std::hash::{BuildHasher, Hasher, RandomState};

/// Bytes that the mark covers.
pub(super) const LENGTH: usize = 32;
const START: &[u8; 10] = b"~changing ";
/// No ASDF or FITS file begins with it. This byte is written first and taken back last, by itself.
const FLAG: u8 = b'~';

/// The mark of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) number: u64,
}

impl Mark {
    /// A mark that no other change has.
    pub(super) fn new() -> Self {
        // The keys of the hasher are random.
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u32(std::process::id());
        let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        hasher.write_u128(since.as_nanos());
        Self {
            number: hasher.finish(),
        }
    }

    /// What stands in the file while the change is under way.
    pub(super) fn bytes(self) -> [u8; LENGTH] {
        let text = format!("~changing {:016x} ~asdf", self.number);
        let mut out = [b' '; LENGTH];
        for (to, from) in out.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        out
    }
}

/// True when the first bytes of a file may be a mark, of which a part may be missing.
pub(super) fn is_flagged(head: &[u8]) -> bool {
    head.first() == Some(&FLAG)
}

/// True when the first bytes of a file without a journal show that it was left in the middle of a change.
pub(super) fn is_mark(head: &[u8]) -> bool {
    let after = |start: &[u8]| head.get(1..).is_some_and(|rest| rest.starts_with(start));
    // Setting or taking back the mark may have been cut short.
    head.starts_with(START) || is_flagged(head) && (after(b"ASDF ") || after(b"IMPLE  ="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_marks_differ_and_are_recognised() {
        let (one, two) = (Mark::new(), Mark::new());
        assert_ne!(one, two);
        assert!(is_mark(&one.bytes()));
        assert!(is_mark(b"~ASDF 1.0.0\n"));
        assert!(!is_mark(b"#ASDF 1.0.0\n"));
        assert!(!is_mark(b"~/notes\n"));
        assert!(!is_mark(b""));
    }
}
