//! `CHECKSUM` and `DATASUM`. FITS 4.0, section 4.4.2.7 and appendix J.

use super::{FitsFile, Hdu};
use crate::block::{Block, CorruptBlocks, Gate};
use crate::error::Error;
use crate::error::FitsFault;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;

/// Bytes that no character of an encoded sum may be: those between digits, capitals and small letters.
const EXCLUDED: [std::ops::RangeInclusive<u8>; 2] = [0x3a..=0x40, 0x5b..=0x60];

/// What the checksum keywords of an HDU say; `None` where there is no keyword.
#[derive(Debug, Clone, PartialEq)]
pub struct FitsChecksums {
    /// `DATASUM` is that of the data.
    pub data: Option<bool>,
    /// The whole HDU sums up to zero, as `CHECKSUM` makes it.
    pub hdu: Option<bool>,
    /// The sum of the data, as `DATASUM` should have it.
    pub computed: u32,
}

/// A sum in ones' complement over big-endian 32-bit words.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum(u64);

impl Sum {
    /// Adds bytes; only the last call may have a number of bytes that is not a multiple of 4, and is
    /// filled with zeros.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let words = bytes.chunks_exact(4);
        let mut last = [0; 4];
        for (place, byte) in last.iter_mut().zip(words.remainder()) {
            *place = *byte;
        }
        let sum: u64 = words
            .filter_map(|word| word.first_chunk())
            .map(|word| u64::from(u32::from_be_bytes(*word)))
            .fold(0, u64::wrapping_add);
        self.0 =
            folded(self.0.wrapping_add(folded(sum))).wrapping_add(u32::from_be_bytes(last).into());
    }

    pub(super) fn value(self) -> u32 {
        u32::try_from(folded(self.0)).unwrap_or(u32::MAX)
    }
}

/// Carries are added at the other end.
fn folded(mut sum: u64) -> u64 {
    while sum.wrapping_shr(32) != 0 {
        sum = (sum & 0xffff_ffff).wrapping_add(sum.wrapping_shr(32));
    }
    sum
}

/// Sixteen letters and digits that sum up to the complement of a sum, when they begin at column 12.
pub(super) fn encode(sum: u32) -> [u8; 16] {
    let mut out = [0_u8; 16];
    for (index, byte) in (!sum).to_be_bytes().into_iter().enumerate() {
        let quarter = (byte / 4).wrapping_add(b'0');
        let mut four = [quarter.wrapping_add(byte % 4), quarter, quarter, quarter];
        for pair in four.chunks_exact_mut(2) {
            let [first, second] = pair else { continue };
            while EXCLUDED
                .iter()
                .any(|range| range.contains(first) || range.contains(second))
            {
                *first = first.wrapping_add(1);
                *second = second.wrapping_sub(1);
            }
        }
        for (row, char) in four.into_iter().enumerate() {
            // Each byte goes into one column of four words; all are turned by one place.
            let at = row.wrapping_mul(4).wrapping_add(index).wrapping_add(1);
            if let Some(place) = out.get_mut(at.checked_rem(16).unwrap_or(0)) {
                *place = char;
            }
        }
    }
    out
}

/// Compares the keywords of an HDU with its bytes.
pub(super) fn verify(hdu: Hdu<'_>) -> Result<FitsChecksums> {
    let input = hdu.file.input();
    let end = hdu.end();
    // What is missing of the fill counts as zeros, which change nothing.
    let header = input.slice(hdu.header_span())?;
    let data = hdu.stored()?;
    let fill = input.slice(hdu.data_span().end.min(input.len())..end.min(input.len()))?;
    let mut sum = Sum::default();
    // The data may end within a word.
    let whole = data.len().saturating_sub(data.len() % 4);
    let (words, rest) = data.split_at_checked(whole).unwrap_or_default();
    sum.add(words);
    sum.add(&[rest, fill].concat());
    let computed = sum.value();
    sum.add(header);
    let cards = hdu.header();
    let recorded = match cards.value("DATASUM") {
        None => None,
        Some(value) => {
            let text = value.as_text().map(str::trim);
            // An empty string says that nothing is known.
            let number = text.map_or_else(|| value.as_integer(), |text| text.parse().ok());
            match (text, number) {
                (Some(""), _) => None,
                (_, Some(number)) => Some(number == i64::from(computed)),
                (_, None) => return Err(cards.wrong("DATASUM", "a string with a whole number")),
            }
        }
    };
    let text = cards.value("CHECKSUM");
    let asked = text.is_some_and(|value| value.as_text() != Some(""));
    Ok(FitsChecksums {
        data: recorded,
        hdu: asked.then(|| matches!(sum.value(), 0 | u32::MAX)),
        computed,
    })
}

impl Hdu<'_> {
    /// The gate on the way of the data into an output: an error when a checksum keyword does not fit the bytes, unless
    /// such HDUs are to be kept. The bytes are summed up once.
    pub(crate) fn vouch(self) -> Result<()> {
        if self.file.corrupt == CorruptBlocks::Keep {
            return Ok(());
        }
        let header = self.header();
        let has_sums = ["CHECKSUM", "DATASUM"].map(|keyword| header.get(keyword).is_some());
        if has_sums == [false; 2] {
            return Ok(());
        }
        let sound = self.verify();
        match &self.file.name {
            Some(name) => sound.in_file(name),
            None => sound,
        }
    }

    /// The same for every use of the data, where the file was opened so.
    pub(super) fn pass(self) -> Result<()> {
        match self.file.corrupt {
            CorruptBlocks::Refuse => self.vouch(),
            CorruptBlocks::Read | CorruptBlocks::Keep => Ok(()),
        }
    }

    /// An error when a checksum keyword does not fit the bytes.
    ///
    /// # Errors
    /// See above; or the file ends before the HDU does.
    pub fn verify(self) -> Result<()> {
        self.compare(&self.checksums()?)
    }

    /// As [`Hdu::verify`], with what [`Hdu::checksums`] found.
    pub(crate) fn compare(self, found: &FitsChecksums) -> Result<()> {
        let keyword = match (found.data, found.hdu) {
            (Some(false), _) => "DATASUM",
            (_, Some(false)) => "CHECKSUM",
            _ => return Ok(()),
        };
        let header = self.header();
        let card = header.get(keyword);
        let text = card.map_or_else(String::new, |card| card.value().to_string());
        let wanted = match keyword {
            "DATASUM" => format!("'{}'", found.computed),
            _ => "what makes the sum of the HDU zero".to_owned(),
        };
        let fault = FitsFault::Checksum {
            keyword,
            found: text.into(),
            wanted: wanted.into(),
        };
        let span = card.map_or_else(|| header.span(), super::FitsCard::span);
        self.locate(Err(Error::from(Malformed::Fits(fault)).at(span)))
    }
}

/// The data of an HDU that serve as those of a block have the number of the HDU.
impl Gate for FitsFile {
    fn corrupt(&self) -> CorruptBlocks {
        self.corrupt
    }

    fn check(&self, block: Block<'_>) -> Result<()> {
        self.hdu(block.header().index)?.vouch()
    }

    fn is_known_sound(&self, _: Block<'_>) -> bool {
        // No checksum of a block is recorded there.
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_example_is_encoded_as_it_says() {
        // Appendix J.4: the sum 868229149 (the data of its example) is `hcHjjc9ghcEghc9g`.
        assert_eq!(&encode(868_229_149), b"hcHjjc9ghcEghc9g");
    }

    proptest::proptest! {
        #[test]
        fn an_encoded_sum_takes_the_sum_away(value in proptest::prelude::any::<u32>()) {
            let text = encode(value);
            proptest::prop_assert!(text.iter().all(u8::is_ascii_alphanumeric));
            let mut turned = text.to_vec();
            turned.rotate_left(1);
            let mut sum = Sum::default();
            sum.add(&turned);
            // Each character stands for 48 more than it means.
            sum.add(&(!0x3030_3030_u32).to_be_bytes());
            sum.add(&(!0x3030_3030_u32).to_be_bytes());
            sum.add(&(!0x3030_3030_u32).to_be_bytes());
            sum.add(&(!0x3030_3030_u32).to_be_bytes());
            sum.add(&value.to_be_bytes());
            proptest::prop_assert!(matches!(sum.value(), 0 | u32::MAX));
        }
    }
}
