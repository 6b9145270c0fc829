//! The fields of a header that its data agree with.

use super::judge::Element;
use super::judge::Judge;
use super::judge::is_checked;
use super::judge::why;
use crate::block::Block;
use crate::block::BlockHeader;
use crate::block::Codec;
use crate::block::Verdict;
use crate::block::digest_of;
use crate::error::ErrorKind;
use crate::error::Malformed;
use crate::error::Result;

/// Bytes that are hashed in vain, as often as the file is long.
const VAIN: u64 = 3;

/// No checksum.
const NONE: [u8; 16] = [0; 16];

impl Judge<'_> {
    /// The header with the sizes that its data agrees with, and the end of its space.
    pub(super) fn agreeing(
        &self,
        mut header: BlockHeader,
        magic: bool,
    ) -> Result<Option<(BlockHeader, u64)>> {
        header.flags &= !1;
        let start = header.data_offset;
        let raw = header.codec() == Codec::None;
        if !magic && matches!(header.codec(), Codec::Unknown(_)) {
            return Ok(None);
        }
        let space = self.next(start).unwrap_or(self.end).saturating_sub(start);
        let mut tried = Vec::new();
        for used in used_sizes(&header, space, magic) {
            let fits = start.saturating_add(used) <= self.end && (magic || used > 0);
            if !fits || tried.contains(&used) {
                continue;
            }
            tried.push(used);
            let mut other = header.clone();
            other.used = used;
            other.available = used;
            if raw {
                other.data_size = used;
            }
            let leads = self.set_space(&mut other, space);
            let proven = if other.checksum == NONE {
                self.decodes(&mut other, start.saturating_add(header.allocated), leads)
            } else {
                self.has_checksum(&mut other)?
            };
            if proven {
                let end = start.saturating_add(other.allocated);
                return Ok(Some((other, end)));
            }
        }
        Ok(None)
    }

    /// Chooses the allocated space and says whether it leads somewhere.
    fn set_space(&self, header: &mut BlockHeader, space: u64) -> bool {
        let start = header.data_offset;
        let end = start.saturating_add(header.allocated);
        let near =
            self.is_start(start.saturating_add(space)) || space == self.end.saturating_sub(start);
        // Without a checksum, bytes of the data may be missing as well as a bit of the size may be other.
        let told = is_checked(header);
        if near && is_bit(header.allocated, space) && header.used <= space {
            header.allocated = space;
            return told;
        }
        if header.allocated >= header.used && self.is_boundary(end) {
            return true;
        }
        if self.is_boundary(start.saturating_add(header.used)) {
            header.allocated = header.used;
            return told;
        }
        if header.allocated < header.used || end > self.end || header.allocated > space {
            header.allocated = header.used;
        }
        false
    }

    /// Without a checksum: what leads to another block, or has a checksum of its codec and the promised size.
    fn decodes(&self, header: &mut BlockHeader, claimed: u64, leads: bool) -> bool {
        let end = header.data_offset.saturating_add(header.allocated);
        let at_end = end == self.end && !self.indexed;
        let others = claimed != end || self.has_index_end() || self.ends_in_index(header);
        let leads = leads && !(at_end && others);
        if header.codec() == Codec::None || header.used == 0 {
            return leads;
        }
        if !leads && (!is_checked(header) || !self.may_try(header.used)) {
            return false;
        }
        match Block::new(self.input, header, self.limits).problems() {
            Ok(_) => true,
            Err(error) if error.is_unsupported() => leads,
            Err(_) => {
                let size = self.decoded_size(header).filter(|_| is_checked(header));
                let size = size.filter(|&size| is_bit(size, header.data_size));
                header.data_size = size.unwrap_or(header.data_size);
                size.is_some()
            }
        }
    }

    /// True when the stored bytes have the checksum, or the decoded ones, as was usual once. A checksum of which one byte is
    /// another is put right: no other data has the rest of it.
    fn has_checksum(&self, header: &mut BlockHeader) -> Result<bool> {
        if !self.may_try(header.used) {
            return Ok(false);
        }
        let end = header.data_offset.saturating_add(header.used);
        let digest = digest_of(self.input, header.data_offset..end)?;
        if differing(&digest, &header.checksum) <= 1 {
            self.vain.set(self.vain.get().saturating_sub(header.used));
            header.checksum = digest;
            return Ok(true);
        }
        let legacy = || {
            let block = Block::new(self.input, header, self.limits);
            matches!(block.verify(), Ok(Verdict::Legacy))
        };
        Ok(header.codec() != Codec::None && legacy())
    }

    /// Keeps the work in proportion to the file.
    fn may_try(&self, bytes: u64) -> bool {
        let sum = self.vain.get().saturating_add(bytes);
        let most = self.input.len().saturating_mul(VAIN);
        let may = sum <= most.max(1 << 20);
        if may {
            self.vain.set(sum);
        }
        may
    }

    /// Decodes compressed data whose checksum is right. Where they do not give what the header promises, its label or
    /// that promise may be damaged: the stored bytes are not.
    pub(super) fn settle(&self, element: &mut Element) -> Result<()> {
        let header = &mut element.header;
        if header.codec() == Codec::None || header.checksum == NONE {
            return Ok(());
        }
        let decodes = |header: &BlockHeader| Block::new(self.input, header, self.limits).problems();
        let Err(error) = decodes(header) else {
            return Ok(());
        };
        let alike = |codec: &Codec| differing(&codec.stored_label(), &header.label) == 1;
        let mended = Codec::KNOWN.into_iter().filter(alike).find_map(|codec| {
            let label = codec.stored_label();
            let other = BlockHeader {
                label,
                ..header.clone()
            };
            let raw = codec == Codec::None;
            let same = !raw || other.used == other.data_size;
            (same && decodes(&other).is_ok()).then_some(other)
        });
        let mended = mended.or_else(|| {
            let data_size = self.decoded_size(header)?;
            Some(BlockHeader {
                data_size,
                ..header.clone()
            })
        });
        if let Some(mended) = mended {
            *header = mended;
            element.mended = true;
        } else if !error.is_unsupported() {
            element.fault = Some(why(error)?);
        }
        Ok(())
    }

    /// How many bytes the stored ones decode to, whatever the header promises.
    fn decoded_size(&self, header: &BlockHeader) -> Option<u64> {
        let mut other = header.clone();
        other.data_size = self.limits.decoded_bytes;
        let error = Block::new(self.input, &other, self.limits)
            .problems()
            .err()?;
        let ErrorKind::Malformed(Malformed::DecodedShort { delivered, .. }) = error.kind() else {
            return None;
        };
        other.data_size = *delivered;
        let decoded = Block::new(self.input, &other, self.limits).problems();
        decoded.is_ok().then_some(other.data_size)
    }
}

/// What the used size can be. A label of zeros may be what damage made of another: without compression the data are as long
/// as what is stored (but for one bit of it, where the label cannot be gone with the magic), and without a checksum two
/// fields must say the same.
fn used_sizes(header: &BlockHeader, space: u64, magic: bool) -> Vec<u64> {
    let mut sizes = vec![header.used, header.allocated];
    let checked = header.checksum != NONE;
    if header.codec() == Codec::None {
        sizes.push(header.data_size);
        let recorded = [header.used, header.allocated, header.data_size];
        sizes.retain(|&size| {
            let same = recorded.iter().filter(|&&other| other == size);
            let bit = magic && is_bit(size, header.data_size);
            let alike = size == header.data_size || bit;
            alike && (checked || same.count() >= 2)
        });
    } else if checked {
        sizes.push(space);
        // Two fields that say the same are not damaged.
        let most = if header.used == header.allocated {
            0
        } else {
            header.allocated.min(space)
        };
        let bits = (0..u64::BITS).map(|bit| header.used ^ (1 << bit));
        sizes.extend(bits.filter(|size| (1..=most).contains(size)));
    }
    sizes
}

/// True when one bit makes one number of the other.
fn is_bit(one: u64, two: u64) -> bool {
    (one ^ two).is_power_of_two()
}

/// In how many bytes these differ.
fn differing(one: &[u8], two: &[u8]) -> usize {
    one.iter().zip(two).filter(|(one, two)| one != two).count()
}
