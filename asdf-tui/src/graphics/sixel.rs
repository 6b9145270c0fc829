//! Sixels: bands of six rows, a colour at a time.
//!
//! Source: DEC's manual of the VT330 and VT340, volume 2, chapter 14.

use crate::raster::Picture;
use crate::raster::Rgb;
use std::collections::BTreeMap;
use std::io::Write;

/// Registers of colours that terminals have at least.
const COLORS: usize = 256;
/// Rows of a band.
const BAND: usize = 6;
/// Columns from which on a run is written as a number.
const RUN: usize = 4;

/// The picture at the cursor, pixel for pixel.
pub(super) fn encode(picture: &Picture) -> Vec<u8> {
    let mask = mask(picture);
    let mut palette: BTreeMap<Rgb, usize> = BTreeMap::new();
    for pixel in &picture.pixels {
        let next = palette.len();
        palette.entry(masked(*pixel, mask)).or_insert(next);
    }
    let mut out = Vec::new();
    // Pixels that nobody sets stay as they are; square ones.
    let _ = write!(out, "\x1bP0;1;0q\"1;1;{};{}", picture.width, picture.height);
    for (color, number) in &palette {
        // In parts of a hundred.
        let [red, green, blue] = color.map(|value| (u32::from(value) * 100 + 127) / 255);
        let _ = write!(out, "#{number};2;{red};{green};{blue}");
    }
    let rows = picture.width.max(1);
    for band in picture.pixels.chunks(rows * BAND) {
        write_band(&mut out, band, rows, mask, &palette);
        out.push(b'-');
    }
    out.extend_from_slice(b"\x1b\\");
    out
}

/// The lowest bits of colours are left out until there are few enough.
fn mask(picture: &Picture) -> u8 {
    let mut mask = 0xff_u8;
    loop {
        let mut seen = std::collections::BTreeSet::new();
        let few = picture.pixels.iter().all(|pixel| {
            seen.insert(masked(*pixel, mask));
            seen.len() <= COLORS
        });
        if few || mask == 0 {
            return mask;
        }
        mask <<= 1;
    }
}

/// A colour without its lowest bits, white as white as before.
fn masked(color: Rgb, mask: u8) -> Rgb {
    let kept = !mask;
    color.map(|value| {
        let value = value & mask;
        if value == mask { value | kept } else { value }
    })
}

fn write_band(
    out: &mut Vec<u8>,
    band: &[Rgb],
    width: usize,
    mask: u8,
    palette: &BTreeMap<Rgb, usize>,
) {
    // The columns of each colour of the band, six bits each.
    let mut lines: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    for (row, pixels) in band.chunks(width).enumerate() {
        for (column, pixel) in pixels.iter().enumerate() {
            let Some(number) = palette.get(&masked(*pixel, mask)) else {
                continue;
            };
            let line = lines.entry(*number).or_insert_with(|| vec![0; width]);
            if let Some(bits) = line.get_mut(column) {
                *bits |= 1 << row;
            }
        }
    }
    for (index, (number, line)) in lines.iter().enumerate() {
        if index > 0 {
            out.push(b'$');
        }
        let _ = write!(out, "#{number}");
        write_runs(out, line);
    }
}

fn write_runs(out: &mut Vec<u8>, line: &[u8]) {
    let end = line
        .iter()
        .rposition(|bits| *bits != 0)
        .map_or(0, |last| last + 1);
    let line = line.get(..end).unwrap_or_default();
    for run in line.chunk_by(|one, next| one == next) {
        let letter = run.first().map_or(b'?', |bits| bits.saturating_add(63));
        if run.len() >= RUN {
            let _ = write!(out, "!{}", run.len());
            out.push(letter);
        } else {
            out.extend(std::iter::repeat_n(letter, run.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads sixels as a terminal does: pixels by percent of each colour, `None` where nothing was drawn.
    fn decode(bytes: &[u8], width: usize, height: usize) -> Vec<Option<[u32; 3]>> {
        let text = std::str::from_utf8(bytes).unwrap();
        let body = text
            .strip_prefix("\x1bP0;1;0q")
            .unwrap()
            .strip_suffix("\x1b\\")
            .unwrap();
        let mut chars = body.chars().peekable();
        let numbers = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut found = vec![String::new()];
            while let Some(char) = chars.next_if(|char| char.is_ascii_digit() || *char == ';') {
                if char == ';' {
                    found.push(String::new());
                } else {
                    found.last_mut().unwrap().push(char);
                }
            }
            found
                .iter()
                .map(|text| text.parse::<usize>().unwrap_or(0))
                .collect::<Vec<_>>()
        };
        let mut colors = BTreeMap::new();
        let mut out = vec![None; width * height];
        let (mut x, mut band, mut color, mut times) = (0, 0, 0, 1);
        while let Some(char) = chars.next() {
            match char {
                '"' => assert_eq!(numbers(&mut chars), [1, 1, width, height]),
                '#' => match numbers(&mut chars).as_slice() {
                    [number, 2, red, green, blue] => {
                        let part = |value: &usize| u32::try_from(*value).unwrap();
                        colors.insert(*number, [part(red), part(green), part(blue)]);
                    }
                    [number] => color = *number,
                    other => panic!("{other:?}"),
                },
                '!' => times = numbers(&mut chars)[0],
                '$' => x = 0,
                '-' => (x, band) = (0, band + 1),
                letter => {
                    let bits = u32::from(letter) - 63;
                    for _ in 0..std::mem::replace(&mut times, 1) {
                        for row in (0..BAND).filter(|row| bits >> row & 1 == 1) {
                            out[(band * BAND + row) * width + x] = Some(colors[&color]);
                        }
                        x += 1;
                    }
                }
            }
        }
        out
    }

    proptest! {
        #[test]
        fn a_terminal_sees_the_picture_again(
            width in 1_usize..30,
            height in 1_usize..20,
            colors in prop::collection::vec(any::<[u8; 3]>(), 1..20),
            seed in any::<u64>(),
        ) {
            let mut picture = Picture::new(width, height, [0; 3]);
            let mut state = seed;
            for pixel in &mut picture.pixels {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                *pixel = colors[usize::try_from(state >> 33).unwrap() % colors.len()];
            }
            let found = decode(&encode(&picture), width, height);
            for (found, wanted) in found.iter().zip(&picture.pixels) {
                let wanted = wanted.map(|value| (u32::from(value) * 100 + 127) / 255);
                prop_assert_eq!(*found, Some(wanted));
            }
        }
    }

    #[test]
    fn many_colours_become_as_many_as_there_are_registers() {
        let mut picture = Picture::new(64, 64, [0; 3]);
        for (index, pixel) in picture.pixels.iter_mut().enumerate() {
            let part = |shift: usize| u8::try_from(index >> shift & 0xff).unwrap();
            *pixel = [part(0), part(2), part(4)];
        }
        let found = decode(&encode(&picture), 64, 64);
        let colors: std::collections::BTreeSet<_> = found.iter().flatten().collect();
        assert!(
            colors.len() <= COLORS && colors.len() > 16,
            "{}",
            colors.len()
        );
        for (found, wanted) in found.iter().zip(&picture.pixels) {
            let found = found.unwrap();
            let off = |axis: usize| found[axis].abs_diff(u32::from(wanted[axis]) * 100 / 255);
            assert!((0..3).all(|axis| off(axis) <= 26), "{found:?} {wanted:?}");
        }
    }
}
