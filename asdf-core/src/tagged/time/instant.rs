//! Moments that can be compared, whatever their scales.

use super::{TimeScale, text};
use std::cmp::Ordering;

const DAY: i128 = 86_400 * SECOND;
const SECOND: i128 = 1_000_000_000;
/// Terrestrial time is ahead of TAI.
const TT_AHEAD: i128 = 32_184_000_000;
/// A date as a float is no better than that.
const OF_DATE: i128 = 1000;

/// A moment, in nanoseconds. Moments of UTC, TAI and TT stand in one line; those of another scale only with those of the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instant {
    scale: TimeScale,
    /// Since 1858-11-17: of TAI for scales of its line, else of the own scale.
    nanoseconds: i128,
}

impl Instant {
    /// Reads a date with or without a time of day, as [`Time`](super::Time) has them. `2020-01-02T05:00:00+09:00` and
    /// `2020-01-01T20:00:00Z` are of UTC, others of the scale that is given.
    ///
    /// # Examples
    /// ```
    /// use asdf_core::tagged::{Instant, TimeScale};
    ///
    /// let here = Instant::of_text("2020-01-02T05:00:00+09:00", &TimeScale::Tt).unwrap();
    /// let there = Instant::of_text("2020-01-01T20:00:37", &TimeScale::Tai).unwrap();
    /// assert!(here.compare(&there).unwrap().is_eq());
    /// ```
    pub fn of_text(text: &str, scale: &TimeScale) -> Option<Self> {
        if text.starts_with(['J', 'B']) {
            return Self::of_date(text::mjd(text, scale)?, scale);
        }
        let (text, minutes) = match zone(text) {
            Some((text, minutes)) => (text, Some(minutes)),
            None => (text, None),
        };
        let scale = if minutes.is_some() {
            &TimeScale::Utc
        } else {
            scale
        };
        let (day, seconds) = text::day_and_seconds(text, scale)?;
        #[expect(clippy::cast_possible_truncation, reason = "within a day")]
        let within = (seconds * 1e9).round() as i128;
        let east = i128::from(minutes.unwrap_or(0)) * 60 * SECOND;
        if east == 0 {
            return Some(Self::of_day(day, within, scale));
        }
        // The day of Greenwich says how many leap seconds there were.
        let within = within - east;
        let days = i64::try_from(within.div_euclid(DAY)).unwrap_or(0);
        Some(Self::of_day(day + days, within.rem_euclid(DAY), scale))
    }

    /// A text that is a date of the calendar, year first, and nothing else.
    pub fn of_calendar(text: &str, scale: &TimeScale) -> Option<Self> {
        let is_date = text.as_bytes().get(4) == Some(&b'-');
        is_date.then(|| Self::of_text(text, scale))?
    }

    /// A modified Julian date, to a microsecond.
    pub(super) fn of_date(date: f64, scale: &TimeScale) -> Option<Self> {
        let days = date.floor();
        if !(-1e9..1e9).contains(&days) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "within the range")]
        let day = days as i64;
        let length = if text::is_leap(day, scale) {
            86_401.0
        } else {
            86_400.0
        };
        #[expect(clippy::cast_possible_truncation, reason = "within a day")]
        let within = ((date - days) * length * 1e6).round() as i128 * OF_DATE;
        Some(Self::of_day(day, within, scale))
    }

    fn of_day(day: i64, within: i128, scale: &TimeScale) -> Self {
        let ahead = match scale {
            TimeScale::Utc => i128::from(text::tai_ahead(day)) * SECOND,
            TimeScale::Tt => -TT_AHEAD,
            _ => 0,
        };
        Self {
            scale: scale.clone(),
            nanoseconds: i128::from(day) * DAY + within + ahead,
        }
    }

    /// The scale that it was given in.
    pub fn scale(&self) -> &TimeScale {
        &self.scale
    }

    /// The line that it stands in.
    fn line(&self) -> &TimeScale {
        match &self.scale {
            TimeScale::Utc | TimeScale::Tt => &TimeScale::Tai,
            scale => scale,
        }
    }

    /// Which is earlier; `None` of scales that are not known to differ by so many seconds.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        (self.line() == other.line()).then(|| self.nanoseconds.cmp(&other.nanoseconds))
    }

    /// An order of all, for sorting: by scale where they cannot be compared.
    pub fn order(&self, other: &Self) -> Ordering {
        let names = (self.line().name(), other.line().name());
        let order = names.0.cmp(names.1);
        order.then_with(|| self.nanoseconds.cmp(&other.nanoseconds))
    }
}

/// Splits off `Z` or `+09:00` after a time of day; minutes east.
fn zone(text: &str) -> Option<(&str, i64)> {
    if let Some(rest) = text.strip_suffix(['Z', 'z']) {
        return Some((rest, 0));
    }
    let time = text.find(['T', ' '])?;
    let at = time + text.get(time..)?.rfind(['+', '-'])?;
    let (rest, zone) = text.split_at_checked(at)?;
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let number = |text: &str| -> Option<i64> {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_number)
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let east = hours * 60 + minutes;
    Some((rest, if zone.starts_with('-') { -east } else { east }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, scale: &TimeScale) -> Instant {
        Instant::of_text(text, scale).unwrap()
    }

    /// Values of astropy: `Time("2017-01-01T00:00:00").tai` and the like.
    #[test]
    fn moments_of_several_scales_stand_in_one_line() {
        for (utc, tai) in [
            ("2016-12-31T23:59:59", "2017-01-01T00:00:35"),
            ("2016-12-31T23:59:60", "2017-01-01T00:00:36"),
            ("2017-01-01T00:00:00", "2017-01-01T00:00:37"),
            ("2017-01-01", "2017-01-01T00:00:37.000"),
            ("2017:001:00:00:00", "2017-01-01T00:00:37"),
            ("2017-01-01T09:00:00+09:00", "2017-01-01T00:00:37"),
            ("2016-12-31T22:30:00-01:30", "2017-01-01T00:00:37"),
        ] {
            let (utc, tai) = (at(utc, &TimeScale::Utc), at(tai, &TimeScale::Tai));
            assert_eq!(utc.compare(&tai), Some(Ordering::Equal), "{utc:?} {tai:?}");
        }
        let tt = at("2017-01-01T00:01:09.184", &TimeScale::Tt);
        let utc = at("2017-01-01T00:00:00", &TimeScale::Utc);
        assert_eq!(tt.compare(&utc), Some(Ordering::Equal));
        let tdb = at("2017-01-01T00:01:09.184", &TimeScale::Tdb);
        assert_eq!(tdb.compare(&utc), None);
        assert_eq!(
            Instant::of_date(57_754.5, &TimeScale::Utc),
            Some(at("2017-01-01T12:00:00", &TimeScale::Utc))
        );
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "2020-02-30",
            "2020-01-01T25:00",
            "x",
            "2020-01-01T00:00:00+9",
            "2020-01-01-01",
        ] {
            assert_eq!(Instant::of_text(text, &TimeScale::Utc), None, "{text}");
        }
        assert_eq!(Instant::of_calendar("J2000.0", &TimeScale::Tt), None);
    }
}
