//! Which columns of a table show, in which order, and how their cells are written.

use super::Column;
use super::TablePane;
use crate::pane::sheet::Window;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// How the numbers of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellFormat {
    /// So many digits after the point: `.3f`.
    Fixed(usize),
    /// The same with an exponent: `.3e`.
    Exponent(usize),
    /// Degrees as hours, minutes and seconds.
    Hours,
    /// Degrees, minutes and seconds.
    Degrees,
    /// An integer in base 16.
    Hexadecimal,
}

/// Digits after the point at most.
const MOST_DIGITS: usize = 30;

impl FromStr for CellFormat {
    type Err = String;

    /// Reads `.3f`, `.3e`, `hms`, `dms` or `hex`; a `%` before it does not matter.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a format: .3f, .3e, hms, dms, hex, none");
        let bare = text.trim().trim_start_matches('%');
        match bare {
            "hms" => return Ok(Self::Hours),
            "dms" => return Ok(Self::Degrees),
            "hex" => return Ok(Self::Hexadecimal),
            _ => {}
        }
        let digits = |end: char| {
            let digits = bare.strip_prefix('.')?.strip_suffix(end)?;
            digits.parse().ok().filter(|digits| *digits <= MOST_DIGITS)
        };
        if let Some(digits) = digits('f') {
            return Ok(Self::Fixed(digits));
        }
        digits('e').map(Self::Exponent).ok_or_else(wrong)
    }
}

impl fmt::Display for CellFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(digits) => write!(f, ".{digits}f"),
            Self::Exponent(digits) => write!(f, ".{digits}e"),
            Self::Hours => f.write_str("hms"),
            Self::Degrees => f.write_str("dms"),
            Self::Hexadecimal => f.write_str("hex"),
        }
    }
}

impl CellFormat {
    /// A cell in this format; what is not such a number as it is.
    pub fn apply(self, cell: &str) -> String {
        if self == Self::Hexadecimal {
            return match cell.parse::<i128>() {
                Ok(value) if value < 0 => format!("-{:#x}", value.unsigned_abs()),
                Ok(value) => format!("{value:#x}"),
                Err(_) => cell.to_owned(),
            };
        }
        let Some(value) = cell.parse::<f64>().ok().filter(|value| value.is_finite()) else {
            return cell.to_owned();
        };
        match self {
            Self::Fixed(digits) => format!("{value:.digits$}"),
            Self::Exponent(digits) => format!("{value:.digits$e}"),
            Self::Hours => sexagesimal(value.rem_euclid(360.0) / 15.0, 3, false),
            Self::Degrees => sexagesimal(value, 2, true),
            Self::Hexadecimal => cell.to_owned(),
        }
    }
}

/// `05:22:01.200`, `-69:30:00.00`.
fn sexagesimal(value: f64, digits: usize, has_sign: bool) -> String {
    let unit = 10_f64.powi(i32::try_from(digits).unwrap_or(0));
    // In units of the last digit, so that 59.999 does not become 60.
    let total = (value.abs() * 3600.0 * unit).round();
    let total = if has_sign {
        total
    } else {
        total % (24.0 * 3600.0 * unit)
    };
    let (seconds, rest) = ((total / unit).floor(), total % unit);
    let (whole, left) = ((seconds / 3600.0).floor(), seconds % 3600.0);
    let (minutes, seconds) = ((left / 60.0).floor(), left % 60.0);
    let sign = match (has_sign, value < 0.0) {
        (true, true) => "-",
        (true, false) => "+",
        (false, _) => "",
    };
    format!("{sign}{whole:02}:{minutes:02}:{seconds:02}.{rest:0digits$}")
}

impl TablePane {
    /// The column that shows at a place, with its number among all.
    pub fn column(&self, at: u64) -> Option<(usize, &Column)> {
        let number = *self.shown.get(usize::try_from(at).ok()?)?;
        Some((number, self.columns.get(number)?))
    }

    /// The selected column.
    pub fn selected_column(&self) -> Option<(usize, &Column)> {
        self.column(self.sheet.column.at)
    }

    /// The columns that show, in their order.
    pub fn shown_columns(&self) -> Arc<Vec<Column>> {
        if self.shown.len() == self.columns.len() && self.pinned == 0 {
            return Arc::clone(&self.columns);
        }
        let columns = self.shown.iter().filter_map(|at| self.columns.get(*at));
        Arc::new(columns.cloned().collect())
    }

    /// How many columns do not show.
    pub fn hidden(&self) -> usize {
        self.columns.len() - self.shown.len()
    }

    /// Hides the selected column; false where it is the only one.
    pub fn hide(&mut self) -> bool {
        let at = usize::try_from(self.sheet.column.at).unwrap_or(usize::MAX);
        if self.shown.len() < 2 || at >= self.shown.len() {
            return false;
        }
        self.shown.remove(at);
        if at < self.pinned {
            self.pinned -= 1;
        }
        self.arrange();
        true
    }

    /// Shows all columns again, in their own order behind those that are pinned.
    pub fn show_all(&mut self) {
        let pinned: Vec<usize> = self.shown.iter().take(self.pinned).copied().collect();
        let rest = (0..self.columns.len()).filter(|at| !pinned.contains(at));
        self.shown = pinned.iter().copied().chain(rest).collect();
        self.arrange();
    }

    /// Keeps the selected column at the left, or no more.
    pub fn pin(&mut self) {
        let at = usize::try_from(self.sheet.column.at).unwrap_or(usize::MAX);
        if at >= self.shown.len() {
            return;
        }
        let number = self.shown.remove(at);
        let place = if at < self.pinned {
            self.pinned -= 1;
            // Back among the others, where it was.
            let rest = self.shown.iter().skip(self.pinned);
            self.pinned + rest.take_while(|other| **other < number).count()
        } else {
            self.pinned += 1;
            self.pinned - 1
        };
        self.shown.insert(place, number);
        self.arrange();
        self.sheet.select(self.sheet.row.at, place as u64);
    }

    /// Writes the numbers of the selected column in a format, or as they are.
    pub fn set_format(&mut self, format: Option<CellFormat>) {
        let Some((number, _)) = self.selected_column() else {
            return;
        };
        match format {
            Some(format) => self.formats.insert(number, format),
            None => self.formats.remove(&number),
        };
        self.arrange();
    }

    fn arrange(&mut self) {
        let widths = self.shown.iter().filter_map(|at| self.widths.get(*at));
        let widths = widths.copied().collect();
        self.sheet.arrange(widths, self.pinned as u64);
    }

    /// Takes a window, with its cells in the formats of their columns.
    pub fn learn(&mut self, window: Result<Window, String>) {
        let window = window.map(|mut window| {
            if self.formats.is_empty() {
                return window;
            }
            let columns = window.columns.clone();
            let count = usize::try_from(columns.end - columns.start).unwrap_or(1);
            for (place, cell) in window.cells.iter_mut().enumerate() {
                let at = columns.start + (place % count.max(1)) as u64;
                let number = usize::try_from(at).ok().and_then(|at| self.shown.get(at));
                if let Some(format) = number.and_then(|number| self.formats.get(number)) {
                    *cell = format.apply(cell);
                }
            }
            window
        });
        self.sheet.learn(window);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_read_and_applied() {
        let apply = |format: &str, cell: &str| {
            let format: CellFormat = format.parse().unwrap();
            assert_eq!(format.to_string().parse(), Ok(format));
            format.apply(cell)
        };
        assert_eq!(apply(".2f", "1.005e1"), "10.05");
        assert_eq!(apply("%.3e", "123456"), "1.235e5");
        assert_eq!(apply(".2f", "nan"), "nan");
        assert_eq!(apply(".2f", "--"), "--");
        assert_eq!(apply("hex", "255"), "0xff");
        assert_eq!(apply("hex", "-16"), "-0x10");
        // astropy.coordinates.Angle("80.505d") and ("-69.5d").
        assert_eq!(apply("hms", "80.505"), "05:22:01.200");
        assert_eq!(apply("dms", "-69.5"), "-69:30:00.00");
        assert_eq!(apply("hms", "359.9999999999"), "00:00:00.000");
        for wrong in ["3f", ".f", ".99f", "", "hours"] {
            assert!(wrong.parse::<CellFormat>().is_err(), "{wrong}");
        }
    }
}
