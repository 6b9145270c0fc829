//! YAML 1.1 timestamps.

use std::fmt;

/// A YAML 1.1 date, or date and time with an optional offset from UTC. Displays as Python's
/// `isoformat` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timestamp {
    date: (u16, u8, u8),
    time: Option<Time>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Time {
    hour: u8,
    minute: u8,
    second: u8,
    microsecond: u32,
    /// Minutes east of UTC.
    offset: Option<i16>,
}

/// Reads digits and marks from the front of a text.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// Between `least` and `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self
            .0
            .iter()
            .take(most)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if count < least {
            return None;
        }
        let value = self.0.iter().take(count).fold(0_u32, |sum, byte| {
            sum.saturating_mul(10)
                .saturating_add(u32::from(byte.saturating_sub(b'0')))
        });
        self.0 = self.0.get(count..).unwrap_or_default();
        Some(value)
    }

    fn skip(&mut self, marks: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !marks.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    fn blanks(&mut self) -> usize {
        let count = self
            .0
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        self.0 = self.0.get(count..).unwrap_or_default();
        count
    }
}

impl Timestamp {
    /// True when there is a date and no time of day.
    pub fn is_date(&self) -> bool {
        self.time.is_none()
    }

    /// True when the text has the form of a timestamp, whatever its numbers.
    pub(super) fn is_form(text: &str) -> bool {
        // A date alone has two digits in each part, unless a tag says that it is one.
        let regular = |form: Form| form.time.is_some() || text.len() == 10;
        text.as_bytes().get(4) == Some(&b'-') && read(text).is_some_and(regular)
    }

    /// The timestamp, `None` when the form is wrong or a number out of range (month 13).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let Form {
            year,
            month,
            day,
            time,
        } = read(text)?;
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let date = (
            u16::try_from(year).ok().filter(|year| *year > 0)?,
            month,
            day,
        );
        if day == 0 || day > days_in_month(date.0, month)? {
            return None;
        }
        let time = match time {
            None => None,
            Some(form) => Some(form.check()?),
        };
        Some(Self { date, time })
    }
}

fn days_in_month(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    })
}

struct Form {
    year: u32,
    month: u32,
    day: u32,
    time: Option<TimeForm>,
}

struct TimeForm {
    hour: u32,
    minute: u32,
    second: u32,
    microsecond: u32,
    offset: Option<(bool, u32, u32)>,
}

impl TimeForm {
    fn check(self) -> Option<Time> {
        if self.hour > 23 || self.minute > 59 || self.second > 59 {
            return None;
        }
        let offset = match self.offset {
            None => None,
            Some((west, hours, minutes)) => {
                // Python's timezone must be less than a day away.
                let total = i16::try_from(hours.saturating_mul(60).saturating_add(minutes))
                    .ok()
                    .filter(|total| *total < 24 * 60)?;
                Some(if west { total.saturating_neg() } else { total })
            }
        };
        Some(Time {
            hour: u8::try_from(self.hour).ok()?,
            minute: u8::try_from(self.minute).ok()?,
            second: u8::try_from(self.second).ok()?,
            microsecond: self.microsecond,
            offset,
        })
    }
}

fn read(text: &str) -> Option<Form> {
    let mut reader = Reader(text.as_bytes());
    let year = reader.digits(4, 4)?;
    reader.skip(b"-")?;
    let month = reader.digits(1, 2)?;
    reader.skip(b"-")?;
    let day = reader.digits(1, 2)?;
    if reader.0.is_empty() {
        return Some(Form {
            year,
            month,
            day,
            time: None,
        });
    }
    if reader.skip(b"Tt").is_none() && reader.blanks() == 0 {
        return None;
    }
    let hour = reader.digits(1, 2)?;
    reader.skip(b":")?;
    let minute = reader.digits(2, 2)?;
    reader.skip(b":")?;
    let second = reader.digits(2, 2)?;
    let microsecond = if reader.skip(b".").is_some() {
        microseconds(&mut reader)
    } else {
        0
    };
    let blanks = reader.blanks();
    let offset = offset(&mut reader)?;
    let dangling = blanks > 0 && offset.is_none();
    let time = Some(TimeForm {
        hour,
        minute,
        second,
        microsecond,
        offset,
    });
    (reader.0.is_empty() && !dangling).then_some(Form {
        year,
        month,
        day,
        time,
    })
}

/// The first six digits of a fraction of any length.
fn microseconds(reader: &mut Reader<'_>) -> u32 {
    let count = reader
        .0
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let digits = reader
        .0
        .iter()
        .take(count)
        .copied()
        .chain(std::iter::repeat(b'0'));
    let value = digits.take(6).fold(0_u32, |sum, byte| {
        sum.saturating_mul(10)
            .saturating_add(u32::from(byte.saturating_sub(b'0')))
    });
    reader.0 = reader.0.get(count..).unwrap_or_default();
    value
}

/// `Z`, `+5`, `-05:30`, or nothing; `None` when something else stands there.
#[expect(clippy::option_option, reason = "the outer option is the syntax error")]
fn offset(reader: &mut Reader<'_>) -> Option<Option<(bool, u32, u32)>> {
    if reader.0.is_empty() {
        return Some(None);
    }
    if reader.skip(b"Z").is_some() {
        return Some(Some((false, 0, 0)));
    }
    let west = reader.skip(b"+-")? == b'-';
    let hours = reader.digits(1, 2)?;
    let minutes = if reader.skip(b":").is_some() {
        reader.digits(2, 2)?
    } else {
        0
    };
    Some(Some((west, hours, minutes)))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date;
        write!(f, "{year:04}-{month:02}-{day:02}")?;
        let Some(Time {
            hour,
            minute,
            second,
            microsecond,
            offset,
        }) = self.time
        else {
            return Ok(());
        };
        write!(f, "T{hour:02}:{minute:02}:{second:02}")?;
        if microsecond > 0 {
            write!(f, ".{microsecond:06}")?;
        }
        if let Some(offset) = offset {
            let sign = if offset < 0 { '-' } else { '+' };
            write!(
                f,
                "{sign}{:02}:{:02}",
                offset.unsigned_abs() / 60,
                offset.unsigned_abs() % 60
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_displays_as_pythons_isoformat() {
        let shown = |text| Timestamp::parse(text).map(|time| time.to_string());
        assert_eq!(
            shown("2001-12-14t21:59:43.10-05:00").as_deref(),
            Some("2001-12-14T21:59:43.100000-05:00")
        );
        assert_eq!(
            shown("2001-12-14 21:59:43.10 -5").as_deref(),
            Some("2001-12-14T21:59:43.100000-05:00")
        );
        assert_eq!(
            shown("2001-12-15 2:59:43Z").as_deref(),
            Some("2001-12-15T02:59:43+00:00")
        );
        assert_eq!(shown("2002-12-14").as_deref(), Some("2002-12-14"));
        assert_eq!(
            shown("2002-1-4 00:00:00").as_deref(),
            Some("2002-01-04T00:00:00")
        );
    }

    #[test]
    fn a_date_that_is_none_is_refused() {
        assert_eq!(Timestamp::parse("2001-13-01"), None);
        assert_eq!(Timestamp::parse("2001-02-29"), None);
        assert!(Timestamp::is_form("2001-13-01"));
        assert!(!Timestamp::is_form("2001-1-01"));
        assert!(!Timestamp::is_form("2001-01-01x"));
    }
}
