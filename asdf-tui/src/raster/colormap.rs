//! Colours of brightness.

use super::canvas::Rgb;
use std::str::FromStr;

/// The colour of pixels that have no value: a dark purple, which no colormap has among its dark ends.
pub const NAN_COLOR: Rgb = [0x3b, 0x1f, 0x4f];

/// A row of 256 colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colormap {
    name: &'static str,
    colors: Vec<Rgb>,
}

/// Colours from which the others follow: 33 of them, evenly spaced.
const ANCHORS: [(&str, &str); 5] = [
    (
        "viridis",
        "440154 460c5f 47186a 482273 472c7b 453681 424085 3e4989 3a528b 365a8c 32628d 2f6a8d 2c728e 287a8e 26818e 23898d 20908c 1e978a 1e9e88 21a685 27ad80 30b47a 3dbb74 4bc26c 5bc862 6dce58 81d34c 95d73f aadb32 bfdf24 d4e11a e9e419 fde724",
    ),
    (
        "magma",
        "000003 030311 0a0722 120d33 1c1046 281159 350f6a 430f75 50127b 5d177e 691c80 762181 822581 8f2a80 9c2e7f a9327c b63679 c23a75 ce4070 da4769 e55063 ee5b5e f4685b f8775c fb8660 fd9567 fda470 feb37b fec286 fdd193 fddfa1 fceeb0 fbfcbf",
    ),
    (
        "inferno",
        "000003 030212 0a0723 140b36 200c4a 2e0a5a 3c0965 4a0b6a 570f6d 63146e 70196e 7d1d6c 892269 962666 a32b61 af315b bb3754 c53d4d d04544 da4e3b e35832 ea6428 f0701e f57e14 f98c09 fb9b06 fbaa0e fbb91e f8c931 f5d948 f1e864 f2f485 fcfea4",
    ),
    (
        "turbo",
        "30123b 392972 4040a1 4456c7 466be3 467ff6 4193fe 36a8f9 28bbeb 1ccdd7 17dcc2 1ee8af 32f197 4df97c 6dfd62 8bfe4b a4fc3b b6f735 caed33 dde036 ecd139 f7c039 fcae34 fe982c fb8022 f56817 ec520e e04008 d23005 c02302 ac1601 940c01 7a0402",
    ),
    (
        "coolwarm",
        "3a4cc0 435acc 4d67d7 5775e1 6182ea 6c8ef1 779af6 82a5fb 8daffd 98b9fe a3c1fe aec9fc b8cff8 c2d4f3 ccd8ed d5dbe5 dddcdb e4d8d1 ebd3c6 f0ccb9 f4c4ad f6bba0 f7b194 f6a687 f49a7b f08d6f eb7f63 e57057 dd604c d44f42 ca3d38 bf282e b30326",
    ),
];

/// The names, in the order in which they are offered.
const NAMES: [&str; 8] = [
    "gray", "viridis", "magma", "inferno", "afmhot", "heat", "turbo", "coolwarm",
];

impl Colormap {
    /// The names of all colormaps.
    pub fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// The colormap of that name.
    pub fn named(name: &str) -> Option<Self> {
        let name = NAMES.iter().find(|known| **known == name)?;
        let anchors = ANCHORS.iter().find(|entry| entry.0 == *name);
        let colors = match anchors {
            Some((_, anchors)) => interpolated(anchors),
            None => (0..=u8::MAX).map(formula(name)).collect(),
        };
        Some(Self { name, colors })
    }

    /// The colours in the other order.
    #[must_use]
    pub fn inverted(mut self) -> Self {
        self.colors.reverse();
        self
    }

    /// The name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The colour of a brightness of 0 to 255.
    pub fn color(&self, level: u8) -> Rgb {
        self.colors
            .get(usize::from(level))
            .copied()
            .unwrap_or_default()
    }
}

impl Default for Colormap {
    fn default() -> Self {
        let name = "gray";
        let colors = (0..=u8::MAX).map(formula(name)).collect();
        Self { name, colors }
    }
}

impl FromStr for Colormap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = || format!("`{text}`: expected one of {}", NAMES.join(", "));
        Self::named(text).ok_or_else(names)
    }
}

/// The colormaps that straight lines describe.
fn formula(name: &str) -> impl Fn(u8) -> Rgb + use<> {
    let kind = NAMES.iter().position(|known| *known == name);
    move |level| {
        let x = f64::from(level) / 255.0;
        let [red, green, blue] = match kind {
            Some(4) => [2.0 * x, 2.0 * x - 0.5, 2.0 * x - 1.0],
            // From black by red and yellow to white; each rises on its part of the way.
            Some(5) => {
                const RED: f64 = 0.365_079;
                const GREEN: f64 = 0.746_032;
                let rising = |from: f64, to: f64| (x - from) / (to - from);
                [
                    0.0416 + (1.0 - 0.0416) * rising(0.0, RED),
                    rising(RED, GREEN),
                    rising(GREEN, 1.0),
                ]
            }
            _ => [x; 3],
        };
        [red, green, blue].map(byte)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "from 0 to 255")]
#[expect(clippy::cast_sign_loss, reason = "not below 0")]
fn byte(part: f64) -> u8 {
    // The slack keeps a whole number whole.
    (part.clamp(0.0, 1.0) * 255.0 + 1e-9) as u8
}

fn interpolated(anchors: &str) -> Vec<Rgb> {
    let anchors: Vec<u32> = anchors
        .split(' ')
        .filter_map(|text| u32::from_str_radix(text, 16).ok())
        .collect();
    let last = anchors.len().saturating_sub(1);
    let color = |level: usize| {
        // In steps of 255 from one anchor to the next.
        let place = level * last;
        let (index, part) = (place / 255, place % 255);
        let at = |index: usize| {
            let color = anchors.get(index.min(last)).copied().unwrap_or(0);
            let [_, red, green, blue] = color.to_be_bytes();
            [red, green, blue]
        };
        let (low, high) = (at(index), at(index + 1));
        let mix = |(low, high): (u8, u8)| {
            let sum = usize::from(low) * (255 - part) + usize::from(high) * part;
            u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
        };
        [
            mix((low[0], high[0])),
            mix((low[1], high[1])),
            mix((low[2], high[2])),
        ]
    };
    (0..256).map(color).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_matplotlib() {
        // (name, level, colour that matplotlib 3.10 gives)
        let known = [
            ("gray", 4, [4, 4, 4]),
            ("afmhot", 63, [126, 0, 0]),
            ("afmhot", 127, [254, 126, 0]),
            ("afmhot", 192, [255, 255, 129]),
            ("heat", 0, [10, 0, 0]),
            ("heat", 90, [246, 0, 0]),
            ("heat", 96, [255, 7, 0]),
            ("heat", 191, [255, 255, 2]),
            ("viridis", 0, [0x44, 0x01, 0x54]),
            ("viridis", 128, [32, 144, 140]),
            ("viridis", 255, [0xfd, 0xe7, 0x24]),
        ];
        for (name, level, wanted) in known {
            let found = Colormap::named(name).unwrap().color(level);
            let near = found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(near, "{name} {level}: {found:?}, expected {wanted:?}");
        }
    }

    #[test]
    fn every_name_is_a_colormap_without_jumps() {
        for name in Colormap::names() {
            let map: Colormap = name.parse().unwrap();
            for level in 1..=u8::MAX {
                let (before, own) = (map.color(level - 1), map.color(level));
                let jump = own.iter().zip(before).map(|(a, b)| a.abs_diff(b)).max();
                assert!(jump <= Some(9), "{name} {level}");
            }
            assert_eq!(map.clone().inverted().color(0), map.color(255));
        }
        assert!("jet".parse::<Colormap>().is_err());
    }
}
