//! Decodes `BloscLZ`, the LZ77 codec of Blosc.
//!
//! A stream is a row of instructions. A control byte below 32 says how many literal bytes follow,
//! less one. Any other is a match: its upper three bits less one are the length, its lower five
//! the upper bits of the distance. A length of 6 goes on in further bytes, up to and with the
//! first that is not 255; 3 more are always copied. Then comes the lower byte of the distance;
//! where all 13 bits are set, 16 bits follow (big-endian) that are added to 8191. The distance
//! counts from the byte just before. The first control byte is a literal, whatever its upper bits.

use super::copies::literal;
use super::copies::repeat;
use super::copies::take;

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
