//! What the decoders of the LZ77 family do with bytes: take, copy, repeat.

/// Bytes that a short copy moves at once, where there is room for it.
const SHORT: usize = 32;

/// Bytes that a match of usual length moves at once.
const WILD: usize = 16;

/// The next byte of a stream.
#[inline]
pub(super) fn take(rest: &mut &[u8]) -> Option<u8> {
    let (first, behind) = rest.split_first()?;
    *rest = behind;
    Some(*first)
}

/// Copies `count` bytes of the stream; returns how much is decoded then.
#[inline]
pub(super) fn literal(
    rest: &mut &[u8],
    count: usize,
    out: &mut [u8],
    done: usize,
) -> Option<usize> {
    let room = out.get_mut(done..)?;
    match (rest.first_chunk::<SHORT>(), room.first_chunk_mut::<SHORT>()) {
        (Some(from), Some(to)) if count <= SHORT => *to = *from,
        _ => room.get_mut(..count)?.copy_from_slice(rest.get(..count)?),
    }
    *rest = rest.get(count..)?;
    Some(done.saturating_add(count))
}

/// Repeats `length` bytes from `distance` back; returns how much is decoded then.
#[inline]
pub(super) fn repeat(out: &mut [u8], done: usize, distance: usize, length: usize) -> Option<usize> {
    let from = done.checked_sub(distance)?;
    let end = done.checked_add(length)?;
    if length <= WILD && distance >= WILD && out.len().saturating_sub(done) >= WILD {
        out.copy_within(from..from.saturating_add(WILD), done);
    } else if end > out.len() {
        return None;
    } else if distance == 1 {
        let value = *out.get(from)?;
        out.get_mut(done..end)?.fill(value);
    } else {
        // The repeated bytes may themselves be repetitions: each round can copy twice as much.
        let mut at = done;
        while at < end {
            let count = at.saturating_sub(from).min(end.saturating_sub(at));
            out.copy_within(from..from.saturating_add(count), at);
            at = at.saturating_add(count);
        }
    }
    Some(end)
}
