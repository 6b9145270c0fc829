//! Flags of pixels: what bits are called, and which are set in a window.

use super::cut::Cut;
use super::subject::FlagSource;
use crate::raster::Plane;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Node;
use asdf_core::Result;
use asdf_core::error::ErrorKind;
use asdf_core::tree::Value;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Flags of pixels in products of the Roman pipeline, by bit; empty where a bit means nothing.
const ROMAN: [&str; 32] = [
    "DO_NOT_USE",
    "SATURATED",
    "JUMP_DET",
    "DROPOUT",
    "GW_AFFECTED_DATA",
    "PERSISTENCE",
    "AD_FLOOR",
    "OUTLIER",
    "UNRELIABLE_ERROR",
    "NON_SCIENCE",
    "DEAD",
    "HOT",
    "WARM",
    "LOW_QE",
    "",
    "TELEGRAPH",
    "NONLINEAR",
    "BAD_REF_PIXEL",
    "NO_FLAT_FIELD",
    "NO_GAIN_VALUE",
    "NO_LIN_CORR",
    "NO_SAT_CHECK",
    "UNRELIABLE_BIAS",
    "UNRELIABLE_DARK",
    "UNRELIABLE_SLOPE",
    "UNRELIABLE_FLAT",
    "",
    "",
    "UNRELIABLE_RESET",
    "",
    "OTHER_BAD_PIXEL",
    "REFERENCE_PIXEL",
];

/// The same of the JWST pipeline.
const JWST: [&str; 32] = [
    "DO_NOT_USE",
    "SATURATED",
    "JUMP_DET",
    "DROPOUT",
    "OUTLIER",
    "PERSISTENCE",
    "AD_FLOOR",
    "CHARGELOSS",
    "UNRELIABLE_ERROR",
    "NON_SCIENCE",
    "DEAD",
    "HOT",
    "WARM",
    "LOW_QE",
    "RC",
    "TELEGRAPH",
    "NONLINEAR",
    "BAD_REF_PIXEL",
    "NO_FLAT_FIELD",
    "NO_GAIN_VALUE",
    "NO_LIN_CORR",
    "NO_SAT_CHECK",
    "UNRELIABLE_BIAS",
    "UNRELIABLE_DARK",
    "UNRELIABLE_SLOPE",
    "UNRELIABLE_FLAT",
    "OPEN",
    "ADJ_OPEN",
    "FLUX_ESTIMATED",
    "MSA_FAILED_OPEN",
    "OTHER_BAD_PIXEL",
    "REFERENCE_PIXEL",
];

/// What bits are called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlagNames {
    names: Vec<Box<str>>,
}

impl FlagNames {
    /// The names that a table `dq_def` beside the flags gives, else those of the mission that made the file.
    pub fn find(file: &AsdfFile, owner: Node<'_>) -> Self {
        if let Some(names) = defined(file, owner) {
            return Self { names };
        }
        let root = file.tree().root();
        let is_jwst = |node: Node<'_>| {
            let telescope = node.get("meta").and_then(|meta| meta.get("telescope"));
            matches!(telescope.map(Node::value), Some(Value::Str("JWST")))
        };
        let known: &[&str] = if root.get("roman").is_some() {
            &ROMAN
        } else if is_jwst(root) || is_jwst(owner) {
            &JWST
        } else {
            &[]
        };
        Self {
            names: known.iter().map(|name| Box::from(*name)).collect(),
        }
    }

    /// The names that the mission has whose name is in the first header of a FITS file.
    pub fn of_header(fits: &asdf_core::fits::FitsFile) -> Self {
        let header = fits.hdu(0).ok().map(asdf_core::fits::Hdu::header);
        let telescope = header.and_then(|header| header.text("TELESCOP").ok().flatten());
        let known: &[&str] = if telescope.as_deref().map(str::trim) == Some("JWST") {
            &JWST
        } else {
            &[]
        };
        Self {
            names: known.iter().map(|name| Box::from(*name)).collect(),
        }
    }

    /// What a bit is called: its name, else `bit 14`.
    pub fn name(&self, bit: u32) -> String {
        let name = usize::try_from(bit)
            .ok()
            .and_then(|bit| self.names.get(bit));
        match name {
            Some(name) if !name.is_empty() => name.to_string(),
            _ => format!("bit {bit}"),
        }
    }

    /// `4 JUMP_DET`, `5 DO_NOT_USE+JUMP_DET`, `0`; of many names the first ones and how many more there are.
    pub fn text(&self, flags: u64) -> String {
        const NAMED: usize = 4;
        let bits = (0..u64::BITS).filter(|bit| flags >> bit & 1 == 1);
        let mut names: Vec<String> = bits.map(|bit| self.name(bit)).collect();
        if names.is_empty() {
            return "0".to_owned();
        }
        let more = names.len().saturating_sub(NAMED);
        if more > 0 {
            names.truncate(NAMED);
            names.push(format!("{more} more"));
        }
        format!("{flags} {}", names.join("+"))
    }
}

/// The names of a table of flags: columns `BIT` (or `VALUE`) and `NAME`.
fn defined(file: &AsdfFile, owner: Node<'_>) -> Option<Vec<Box<str>>> {
    const ROWS: u64 = 256;
    let node = owner.get("dq_def")?;
    let array = file.array_at(node).ok()?;
    if array.len() > ROWS {
        return None;
    }
    let data = array.load().ok()?;
    let field = |names: [&str; 2]| names.iter().find_map(|name| data.field(name));
    let bits = field(["BIT", "bit"])?.to_f64().ok()?;
    let texts = field(["NAME", "name"])?;
    let mut names = vec![Box::<str>::default(); 64];
    for (row, bit) in (0..).zip(bits) {
        let text = texts.cell(&[row]);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, and is looked up"
        )]
        #[expect(clippy::cast_sign_loss, reason = "saturates, and is looked up")]
        if let Some(slot) = names.get_mut(bit as usize) {
            *slot = asdf_core::inspect::escape(text.trim_matches(['"', ' '])).into();
        }
    }
    Some(names)
}

/// Which flags of which elements are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagAsk {
    /// Rows and columns of elements.
    pub window: [Range<u64>; 2],
    /// Elements along the side of a square.
    pub factor: u64,
    /// The bits that count.
    pub bits: u64,
}

/// The flags of a window: for each square of elements all bits that any of them has, and how many have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagTile {
    /// What was asked for.
    pub ask: FlagAsk,
    /// Squares along a row.
    pub width: usize,
    /// The words, the first row first.
    pub words: Vec<u64>,
    /// The share of the elements of each square that have a flag, of 255.
    pub shares: Vec<u8>,
}

/// Elements that are read at once.
const PIECE: u64 = 1 << 20;

/// A square of elements.
#[derive(Debug, Clone, Copy, Default)]
struct Square {
    word: u64,
    flagged: u64,
    all: u64,
}

impl Square {
    fn add(&mut self, words: &[u64], bits: u64) {
        for word in words {
            let word = word & bits;
            self.word |= word;
            self.flagged += u64::from(word != 0);
        }
        self.all += words.len() as u64;
    }

    /// The share of 255; what has a flag at all has a share.
    fn share(self) -> u8 {
        let share = (self.flagged * 255).checked_div(self.all).unwrap_or(0);
        u8::try_from(share)
            .unwrap_or(u8::MAX)
            .max(u8::from(self.flagged > 0))
    }
}

impl FlagTile {
    /// Reads the flags of a window, in strips.
    ///
    /// # Errors
    /// The array cannot be read, or is none of integers; the work was cancelled.
    pub fn read(
        file: &AsdfFile,
        source: &FlagSource,
        cut: &Cut,
        ask: &FlagAsk,
        cancel: &AtomicBool,
    ) -> Result<Self> {
        let plane = plane(file, source, cut)?;
        let [rows, columns] = &ask.window;
        let factor = ask.factor.max(1);
        let length = columns.end.saturating_sub(columns.start);
        let width = usize::try_from(length.div_ceil(factor)).unwrap_or(0);
        let mut tile = Self {
            ask: ask.clone(),
            width,
            words: Vec::new(),
            shares: Vec::new(),
        };
        let strip = (PIECE / length.max(1) / factor)
            .max(1)
            .saturating_mul(factor);
        let mut start = rows.start;
        while start < rows.end {
            if cancel.load(Ordering::Relaxed) {
                return Err(ErrorKind::Cancelled.into());
            }
            let end = start.saturating_add(strip).min(rows.end);
            tile.add(&plane, &(start..end))?;
            start = end;
        }
        Ok(tile)
    }

    fn add(&mut self, plane: &Plane<'_>, rows: &Range<u64>) -> Result<()> {
        let columns = self.ask.window[1].clone();
        let Some(words) = plane.bits(rows, &columns)? else {
            return Ok(());
        };
        let length = usize::try_from(columns.end - columns.start).unwrap_or(usize::MAX);
        let factor = usize::try_from(self.ask.factor.max(1)).unwrap_or(usize::MAX);
        for turn in words.chunks(length.max(1).saturating_mul(factor)) {
            let mut squares = vec![Square::default(); self.width];
            for row in turn.chunks(length.max(1)) {
                for (square, words) in squares.iter_mut().zip(row.chunks(factor)) {
                    square.add(words, self.ask.bits);
                }
            }
            self.words.extend(squares.iter().map(|square| square.word));
            self.shares
                .extend(squares.iter().map(|square| square.share()));
        }
        Ok(())
    }

    /// All bits of the squares that the elements x and y are in, and the mean of their shares; none outside of the window.
    pub fn over(&self, [x, y]: [Range<i64>; 2]) -> (u64, u8) {
        let within = |window: &Range<u64>, range: Range<i64>| {
            let start = u64::try_from(range.start.max(0))
                .unwrap_or(0)
                .max(window.start);
            let end = u64::try_from(range.end.max(0)).unwrap_or(0).min(window.end);
            let last = end.checked_sub(1).filter(|last| *last >= start)?;
            let place =
                |at: u64| usize::try_from((at - window.start) / self.ask.factor.max(1)).ok();
            Some(place(start)?..=place(last)?)
        };
        let (Some(down), Some(across)) = (
            within(&self.ask.window[0], y),
            within(&self.ask.window[1], x),
        ) else {
            return (0, 0);
        };
        let (mut word, mut sum, mut count) = (0, 0_u64, 0_u64);
        for row in down {
            for column in across.clone() {
                let at = row.saturating_mul(self.width).saturating_add(column);
                word |= self.words.get(at).copied().unwrap_or(0);
                sum += u64::from(self.shares.get(at).copied().unwrap_or(0));
                count += 1;
            }
        }
        let mean = sum.checked_div(count).unwrap_or(0);
        let share = u8::try_from(mean).unwrap_or(u8::MAX);
        (word, share.max(u8::from(word != 0)))
    }
}

/// How many elements of a whole plane have each bit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagCounts {
    counts: Vec<u64>,
}

impl FlagCounts {
    /// Counts them, in strips.
    ///
    /// # Errors
    /// The array cannot be read; the work was cancelled.
    pub fn find(
        file: &AsdfFile,
        source: &FlagSource,
        cut: &Cut,
        cancel: &AtomicBool,
    ) -> Result<Self> {
        let plane = plane(file, source, cut)?;
        let [rows, columns] = plane.shape();
        let strip = (PIECE / columns.max(1)).max(1);
        let mut counts = vec![0; 64];
        let mut start = 0;
        while start < rows {
            if cancel.load(Ordering::Relaxed) {
                return Err(ErrorKind::Cancelled.into());
            }
            let end = start.saturating_add(strip).min(rows);
            for mut word in plane
                .bits(&(start..end), &(0..columns))?
                .unwrap_or_default()
            {
                while word != 0 {
                    if let Some(count) = counts.get_mut(word.trailing_zeros() as usize) {
                        *count += 1;
                    }
                    word &= word - 1;
                }
            }
            start = end;
        }
        Ok(Self { counts })
    }

    fn of(&self, bit: u32) -> u64 {
        let count = usize::try_from(bit)
            .ok()
            .and_then(|bit| self.counts.get(bit));
        count.copied().unwrap_or(0)
    }
}

/// Which flag of several stands in front, and which colour each has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagOrder {
    /// For each bit its place among those that are set.
    ranks: [u8; 64],
    /// Bits in the order in which they come to the front.
    order: Vec<u32>,
}

impl FlagOrder {
    /// The chosen bit comes first, then those that fewer elements have. Without counts each bit has a colour of its own.
    pub fn new(counts: Option<&FlagCounts>, front: Option<u32>) -> Self {
        let count = |bit: u32| counts.map_or(0, |counts| counts.of(bit));
        let mut ranks = [0; 64];
        let mut next = 0;
        for (bit, rank) in (0_u32..).zip(&mut ranks) {
            *rank = next;
            next += u8::from(counts.is_none() || count(bit) > 0);
        }
        let mut order: Vec<u32> = (0..64).collect();
        order.sort_by_key(|bit| (Some(*bit) != front, count(*bit)));
        Self { ranks, order }
    }

    /// The bit of a word that stands in front.
    pub fn first(&self, word: u64) -> Option<u32> {
        self.order.iter().copied().find(|bit| word >> bit & 1 == 1)
    }

    /// The colour of a bit.
    pub fn color(&self, bit: u32) -> [u8; 3] {
        let rank = usize::try_from(bit)
            .ok()
            .and_then(|bit| self.ranks.get(bit));
        color(rank.copied().unwrap_or(0))
    }
}

fn plane<'f>(file: &'f AsdfFile, source: &FlagSource, cut: &Cut) -> Result<Plane<'f>> {
    let own = cut.fitted_to(&source.shape).ok_or_else(|| {
        let reason = format!("{}: no plane of flags for these axes", source.path);
        Error::of_caller(reason)
    })?;
    own.plane(file, &source.path)
}

/// The flags of one element, x first; `None` where there are none for these axes.
pub fn word_at(file: &AsdfFile, source: &FlagSource, cut: &Cut, [x, y]: [u64; 2]) -> Option<u64> {
    let own = cut.fitted_to(&source.shape)?;
    let plane = own
        .part(file, &source.path, &[y..y + 1, x..x + 1], 1)
        .ok()?;
    plane.bits(&(0..1), &(0..1)).ok()??.first().copied()
}

/// Which flags are drawn over the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagChoice {
    /// The bits that count.
    pub bits: u64,
    /// The line of the legend that keys are for.
    pub at: usize,
    /// Whether the flag of that line was chosen, and stands in front.
    pub is_chosen: bool,
}

impl Default for FlagChoice {
    fn default() -> Self {
        Self {
            bits: u64::MAX,
            at: 0,
            is_chosen: false,
        }
    }
}

/// A line of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagLine {
    /// The bit.
    pub bit: u32,
    /// What it is called.
    pub name: String,
    /// How many elements of the window have it.
    pub count: u64,
    /// Whether it is drawn.
    pub is_shown: bool,
}

/// The bits that are set on a plane, with their names.
pub fn legend(counts: &FlagCounts, names: &FlagNames, choice: &FlagChoice) -> Vec<FlagLine> {
    let counts = (0_u32..)
        .zip(&counts.counts)
        .filter(|(_, count)| **count > 0);
    counts
        .map(|(bit, count)| FlagLine {
            bit,
            name: names.name(bit),
            count: *count,
            is_shown: choice.bits >> bit & 1 == 1,
        })
        .collect()
}

/// Colours that flags have first, far from each other and from the greys.
const COLORS: [[u8; 3]; 8] = [
    [230, 60, 60],
    [60, 200, 80],
    [70, 120, 255],
    [240, 190, 40],
    [220, 80, 220],
    [50, 210, 220],
    [255, 130, 40],
    [160, 220, 60],
];

/// The colour of the flag at a place: another one for each of 64.
fn color(place: u8) -> [u8; 3] {
    if let Some(color) = COLORS.get(usize::from(place)) {
        return *color;
    }
    // Hues by the golden ratio, so that neighbours are far apart; three levels of brightness.
    let hue = (f64::from(place) * 0.618_033_988_75).fract() * 6.0;
    let value = [235.0, 175.0, 125.0]
        .get(usize::from(place) % 3)
        .copied()
        .unwrap_or(235.0);
    let channel = |shift: f64| {
        let part = ((hue + shift) % 6.0 - 3.0).abs() - 1.0;
        #[expect(clippy::cast_possible_truncation, reason = "from 0 to 255")]
        #[expect(clippy::cast_sign_loss, reason = "not below 0")]
        let level = (value * (0.2 + 0.8 * part.clamp(0.0, 1.0))) as u8;
        level
    };
    [channel(0.0), channel(4.0), channel(2.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_flags_have_the_same_colour() {
        let colors: std::collections::HashSet<_> = (0..64).map(color).collect();
        assert_eq!(colors.len(), 64);
    }

    #[test]
    fn the_chosen_flag_and_rare_ones_stand_in_front() {
        let mut counts = vec![0; 64];
        (counts[0], counts[2], counts[14]) = (1000, 5, 30);
        let counts = FlagCounts { counts };
        let order = FlagOrder::new(Some(&counts), None);
        assert_eq!(order.first(0b101), Some(2));
        assert_eq!(order.first(1 | 1 << 14), Some(14));
        assert_eq!(FlagOrder::new(Some(&counts), Some(0)).first(0b101), Some(0));
        assert_eq!(order.first(0), None);
        assert_eq!([0, 2, 14].map(|bit| order.color(bit)), [0, 1, 2].map(color));
    }

    #[test]
    fn flags_are_told_by_name_and_unknown_ones_by_number() {
        let roman = FlagNames {
            names: ROMAN.iter().map(|name| Box::from(*name)).collect(),
        };
        assert_eq!(roman.text(4), "4 JUMP_DET");
        assert_eq!(roman.text(0x4005), "16389 DO_NOT_USE+JUMP_DET+bit 14");
        assert_eq!(roman.text(0), "0");
        assert_eq!(FlagNames::default().text(2), "2 bit 1");
    }
}
