//! Decodes `BloscLZ`, the LZ77 codec of Blosc.
//!
//! A stream is a row of instructions. A control byte below 32 says how many literal bytes follow,
//! less one. Any other is a match: its upper three bits less one are the length, its lower five
//! the upper bits of the distance. A length of 6 goes on in further bytes, up to and with the
//! first that is not 255; 3 more are always copied. Then comes the lower byte of the distance;
//! where all 13 bits are set, 16 bits follow (big-endian) that are added to 8191. The distance
//! counts from the byte just before. The first control byte is a literal, whatever its upper bits.

/// Bytes that a short copy moves at once, where there is room for it.
const SHORT: usize = 32;

/// The greatest distance that the 13 bits hold, which announces the long form.
const FAR: usize = 8191;

/// Decodes a stream into exactly `out`; `None` when the stream is damaged or has another length.
pub(super) fn decode(stream: &[u8], out: &mut [u8]) -> Option<()> {
    let mut rest = stream;
    let mut done = 0;
    let mut control = take(&mut rest)? & 31;
    loop {
        if control < 32 {
            let count = usize::from(control) + 1;
            done = literal(&mut rest, count, out, done)?;
        } else {
            let (length, distance) = instruction(control, &mut rest)?;
            done = repeat(out, done, distance, length)?;
        }
        match rest.split_first() {
            Some((next, behind)) => (control, rest) = (*next, behind),
            None => return (done == out.len()).then_some(()),
        }
    }
}

#[inline]
fn take(rest: &mut &[u8]) -> Option<u8> {
    let (first, behind) = rest.split_first()?;
    *rest = behind;
    Some(*first)
}

/// Copies `count` (at most [`SHORT`]) bytes of the stream; returns how much is decoded then.
#[inline]
fn literal(rest: &mut &[u8], count: usize, out: &mut [u8], done: usize) -> Option<usize> {
    let room = out.get_mut(done..)?;
    if let (Some(from), Some(to)) = (rest.first_chunk::<SHORT>(), room.first_chunk_mut::<SHORT>()) {
        *to = *from;
    } else {
        room.get_mut(..count)?.copy_from_slice(rest.get(..count)?);
    }
    *rest = rest.get(count..)?;
    Some(done.saturating_add(count))
}

/// Length and distance of a match.
#[inline]
fn instruction(control: u8, rest: &mut &[u8]) -> Option<(usize, usize)> {
    let mut length = usize::from(control >> 5).saturating_sub(1);
    if length == 6 {
        loop {
            let more = take(rest)?;
            length = length.saturating_add(more.into());
            if more != 255 {
                break;
            }
        }
    }
    let mut distance = usize::from(control & 31) << 8 | usize::from(take(rest)?);
    if distance == FAR {
        let far = u16::from_be_bytes([take(rest)?, take(rest)?]);
        distance = distance.saturating_add(far.into());
    }
    Some((length.saturating_add(3), distance.saturating_add(1)))
}

/// Repeats `length` bytes from `distance` back; returns how much is decoded then.
#[inline]
fn repeat(out: &mut [u8], done: usize, distance: usize, length: usize) -> Option<usize> {
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

/// Bytes that a match of usual length moves at once.
const WILD: usize = 16;
