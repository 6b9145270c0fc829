//! `PLIO_1`: run lengths of the IRAF pixel lists, in 16-bit words. FITS 4.0, section 10.4.3.

/// Words in front of the instructions of a line.
const OLD_HEADER: usize = 3;

/// Decodes exactly `count` pixels; those after the last instruction are 0.
pub(super) fn decode(words: &[u16], count: usize) -> Result<Vec<i32>, String> {
    let mut out: Vec<i32> = Vec::new();
    out.try_reserve_exact(count)
        .map_err(|error| error.to_string())?;
    let mut value = 1_i32;
    let mut instructions = instructions(words)?.iter();
    while let Some(word) = instructions.next() {
        if out.len() >= count {
            break;
        }
        let data = i32::from(word & 0x0fff);
        let length = usize::from(word & 0x0fff).min(count.saturating_sub(out.len()));
        let whole = length == usize::from(word & 0x0fff);
        match word.wrapping_shr(12) {
            // Zeros.
            0 => out.extend(std::iter::repeat_n(0, length)),
            // The value is given in full: 12 low bits here, the rest in the next word.
            1 => {
                let high = instructions.next().ok_or("ends within an instruction")?;
                value = i32::from(high.cast_signed())
                    .wrapping_shl(12)
                    .wrapping_add(data);
            }
            2 => value = value.wrapping_add(data),
            3 => value = value.wrapping_sub(data),
            // A run of the value.
            4 => out.extend(std::iter::repeat_n(value, length)),
            // Zeros, the last of the run is the value.
            5 => {
                let zeros = if whole {
                    length.saturating_sub(1)
                } else {
                    length
                };
                out.extend(std::iter::repeat_n(0, zeros));
                out.extend(Some(value).filter(|_| whole && length > 0));
            }
            // The value moves, and is one pixel.
            6 => {
                value = value.wrapping_add(data);
                out.push(value);
            }
            7 => {
                value = value.wrapping_sub(data);
                out.push(value);
            }
            other => return Err(format!("no instruction has the number {other}")),
        }
    }
    out.resize(count, 0);
    Ok(out)
}

/// The words after the header, as many as it says. Old lines tell their length in the third word.
fn instructions(words: &[u16]) -> Result<&[u16], String> {
    let word = |at: usize| words.get(at).copied().map(u16::cast_signed);
    let header = || "too short for its header".to_owned();
    let third = word(2).ok_or_else(header)?;
    let (length, first) = if third > 0 {
        (i64::from(third), OLD_HEADER)
    } else {
        let (low, high) = (word(3).ok_or_else(header)?, word(4).ok_or_else(header)?);
        let length = i64::from(high).wrapping_shl(15).wrapping_add(low.into());
        let first = word(1).ok_or_else(header)?;
        (
            length,
            usize::try_from(first).map_err(|_error| "a negative header size".to_owned())?,
        )
    };
    let length = usize::try_from(length).map_err(|_error| "a negative length".to_owned())?;
    words
        .get(first..length)
        .filter(|found| !found.is_empty())
        .ok_or_else(|| {
            format!(
                "says {length} words with a header of {first}, has {}",
                words.len()
            )
        })
}

#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]
mod tests {
    use super::*;

    fn line(instructions: &[u16]) -> Vec<u16> {
        let length = u16::try_from(instructions.len() + 7).unwrap();
        let mut words = vec![0, 7, (-100_i16).cast_unsigned(), length, 0, 0, 0];
        words.extend(instructions);
        words
    }

    #[test]
    fn every_instruction_does_what_it_says() {
        let words = line(&[
            0x0002, 0x1005, 0x0001, 0x4002, 0x2003, 0x5003, 0x6001, 0x7002, 0x3001, 0x4001,
        ]);
        let found = decode(&words, 12).unwrap();
        assert_eq!(
            found,
            [0, 0, 4101, 4101, 0, 0, 4104, 4105, 4103, 4102, 0, 0]
        );
    }

    #[test]
    fn runs_end_with_the_line() {
        assert_eq!(decode(&line(&[0x4fff]), 3).unwrap(), [1, 1, 1]);
        assert_eq!(decode(&line(&[0x5005]), 3).unwrap(), [0, 0, 0]);
    }

    #[test]
    fn a_line_that_is_cut_or_unknown_is_an_error() {
        assert!(decode(&[0, 7], 3).is_err());
        assert!(decode(&line(&[0x1001]), 3).is_err());
        assert!(decode(&line(&[0x9001]), 3).is_err());
        let mut long = line(&[0x4001]);
        long[3] = 100;
        assert!(decode(&long, 3).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_words_give_an_answer(
            words in proptest::collection::vec(proptest::prelude::any::<u16>(), 0..60),
            count in 0..100_usize,
        ) {
            if let Ok(pixels) = decode(&words, count) {
                proptest::prop_assert_eq!(pixels.len(), count);
            }
        }
    }
}
