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
use std::sync::Arc;
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

/// The flags of a window, a word for each square of elements: all bits that any of them has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagTile {
    /// Rows and columns of elements.
    pub window: [Range<u64>; 2],
    /// Elements along the side of a square.
    pub factor: u64,
    /// Squares along a row.
    pub width: usize,
    /// The words, the first row first.
    pub words: Vec<u64>,
    /// How many elements have each bit.
    pub counts: Vec<u64>,
}

/// Elements that are read at once.
const PIECE: u64 = 1 << 20;

impl FlagTile {
    /// Reads the flags of a window, in strips.
    ///
    /// # Errors
    /// The array cannot be read, or is none of integers; the work was cancelled.
    pub fn read(
        file: &AsdfFile,
        source: &FlagSource,
        cut: &Cut,
        window: &[Range<u64>; 2],
        factor: u64,
        cancel: &AtomicBool,
    ) -> Result<Self> {
        let plane = plane(file, source, cut)?;
        let [rows, columns] = window;
        let factor = factor.max(1);
        let width = usize::try_from((columns.end - columns.start).div_ceil(factor)).unwrap_or(0);
        let mut tile = Self {
            window: window.clone(),
            factor,
            width,
            words: Vec::new(),
            counts: vec![0; 64],
        };
        let strip = (PIECE / (columns.end - columns.start).max(1) / factor).max(1) * factor;
        let mut start = rows.start;
        while start < rows.end {
            if cancel.load(Ordering::Relaxed) {
                return Err(ErrorKind::Cancelled.into());
            }
            let end = start.saturating_add(strip).min(rows.end);
            tile.add(&plane, start..end)?;
            start = end;
        }
        Ok(tile)
    }

    fn add(&mut self, plane: &Plane<'_>, rows: Range<u64>) -> Result<()> {
        let columns = self.window[1].clone();
        let Some(words) = plane.bits(&rows, &columns)? else {
            return Ok(());
        };
        let length = usize::try_from(columns.end - columns.start).unwrap_or(usize::MAX);
        let factor = usize::try_from(self.factor).unwrap_or(usize::MAX);
        for turn in words.chunks(length.max(1).saturating_mul(factor)) {
            let line = self.words.len();
            self.words.resize(line.saturating_add(self.width), 0);
            let squares = self.words.get_mut(line..).unwrap_or_default();
            for row in turn.chunks(length.max(1)) {
                for (square, words) in squares.iter_mut().zip(row.chunks(factor)) {
                    *square |= words.iter().fold(0, |all, word| all | word);
                }
            }
        }
        for mut word in words {
            while word != 0 {
                if let Some(count) = self.counts.get_mut(word.trailing_zeros() as usize) {
                    *count += 1;
                }
                word &= word - 1;
            }
        }
        Ok(())
    }

    /// The word of an element, x first; 0 outside of the window.
    pub fn at(&self, [x, y]: [i64; 2]) -> u64 {
        let place = |range: &Range<u64>, at: i64| {
            let at = u64::try_from(at).ok().filter(|at| range.contains(at))?;
            usize::try_from((at - range.start) / self.factor).ok()
        };
        let found = place(&self.window[0], y)
            .zip(place(&self.window[1], x))
            .and_then(|(row, column)| self.words.get(row.checked_mul(self.width)? + column));
        found.copied().unwrap_or(0)
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
}

impl Default for FlagChoice {
    fn default() -> Self {
        Self {
            bits: u64::MAX,
            at: 0,
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

/// The bits that are set in a window, with their names.
pub fn legend(tile: &Arc<FlagTile>, names: &FlagNames, choice: &FlagChoice) -> Vec<FlagLine> {
    let counts = (0_u32..).zip(&tile.counts).filter(|(_, count)| **count > 0);
    counts
        .map(|(bit, count)| FlagLine {
            bit,
            name: names.name(bit),
            count: *count,
            is_shown: choice.bits >> bit & 1 == 1,
        })
        .collect()
}

/// Colours that bits have in turn, far from each other and from the greys.
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

/// The colour of a bit.
pub fn color(bit: u32) -> [u8; 3] {
    let place = usize::try_from(bit).unwrap_or(0) % COLORS.len();
    COLORS.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

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
