//! Moments as a day and the seconds since its midnight, which lose nothing, and as the two numbers of a Julian date.

use super::{Time, TimeFormat, TimeScale, calendar, julian, text};
use crate::error::{Result, Unsupported};

const DAY: f64 = 86_400.0;
/// The Julian date of the noon before the first modified Julian date.
pub(crate) const NOON_0: f64 = 2_400_000.0;
const PICOSECONDS: i128 = 1_000_000_000_000;
/// Days that have a date in the calendar, with room.
const DAYS: std::ops::Range<f64> = -678_575.0..2_973_484.0;

/// A moment of a scale: its modified Julian day, and seconds since midnight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DayAndSeconds {
    pub(crate) day: i64,
    pub(crate) seconds: f64,
}

/// Seconds of a day: one more where it ends with a leap second.
fn length(day: i64, scale: &TimeScale) -> f64 {
    if text::is_leap(day, scale) {
        DAY + 1.0
    } else {
        DAY
    }
}

impl DayAndSeconds {
    /// The sum of two Julian dates; `None` of what is not a number, and outside of the years 1 to 9999.
    pub(crate) fn of_julian(jd1: f64, jd2: f64, scale: &TimeScale) -> Option<Self> {
        let (whole1, whole2) = (jd1.floor(), jd2.floor());
        let mut days = whole1 + whole2 - NOON_0;
        let mut fraction = (jd1 - whole1) + (jd2 - whole2) - 0.5;
        let more = fraction.floor();
        days += more;
        fraction -= more;
        if !DAYS.contains(&days) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "within the range")]
        let day = days as i64;
        Some(Self {
            day,
            seconds: fraction * length(day, scale),
        })
    }

    /// The moment so many seconds later. In UTC leap seconds are counted.
    pub(crate) fn plus_seconds(self, seconds: f64, scale: &TimeScale) -> Option<Self> {
        let ahead = |day| match scale {
            TimeScale::Utc => text::tai_ahead(day),
            _ => 0,
        };
        let days = (seconds / DAY).floor();
        if !(-1e7..1e7).contains(&days) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "within the range")]
        let mut day = self.day.saturating_add(days as i64);
        #[expect(clippy::cast_precision_loss, reason = "some dozens")]
        let mut left = self.seconds + seconds.rem_euclid(DAY) + ahead(self.day) as f64;
        // As long as days, which are seldom longer than one: a few turns.
        loop {
            #[expect(clippy::cast_precision_loss, reason = "some dozens")]
            let within = left - ahead(day) as f64;
            if within < 0.0 {
                day = day.saturating_sub(1);
                left += DAY;
            } else if within >= length(day, scale) {
                day = day.saturating_add(1);
                left -= DAY;
            } else {
                return Some(Self {
                    day,
                    seconds: within,
                });
            }
        }
    }

    /// The two numbers that astropy has: a whole one, and at most a half.
    pub(crate) fn julian(self, scale: &TimeScale) -> [f64; 2] {
        #[expect(clippy::cast_precision_loss, reason = "days are small")]
        let noon = self.day as f64 + NOON_0 + 1.0;
        [noon, self.seconds / length(self.day, scale) - 0.5]
    }

    /// `2027-03-14T15:09:26.535000000000`; `None` outside of the years 1 to 9999.
    pub(crate) fn date(self, scale: &TimeScale) -> Option<String> {
        #[expect(clippy::cast_possible_truncation, reason = "within a day")]
        let mut rest = (self.seconds * 1e12).round() as i128;
        let mut day = self.day;
        #[expect(clippy::cast_possible_truncation, reason = "a whole number")]
        let whole = length(day, scale) as i128;
        if rest >= whole * PICOSECONDS {
            (day, rest) = (day.saturating_add(1), 0);
        }
        let (year, month, of_month) = calendar::civil(day);
        if !(1..=9999).contains(&year) {
            return None;
        }
        let (seconds, fraction) = (rest / PICOSECONDS, rest % PICOSECONDS);
        // The leap second is the last one of its day.
        let minutes = (seconds / 60).min(1439);
        let (hour, minute, second) = (minutes / 60, minutes % 60, seconds - minutes * 60);
        Some(format!(
            "{year:04}-{month:02}-{of_month:02}T{hour:02}:{minute:02}:{second:02}.{fraction:012}"
        ))
    }
}

impl Time<'_> {
    /// Julian dates as two numbers each, whose sum has all digits; not a number where a moment is masked.
    ///
    /// # Errors
    /// As [`mjd`](Self::mjd).
    pub(crate) fn julian_pairs(&self) -> Result<Vec<[f64; 2]>> {
        let scale = self.scale();
        let mask = self.values.array()?.map(|array| array.load());
        let mask = mask.transpose()?;
        let mask = mask.as_ref().and_then(|data| data.mask());
        let mut pairs = self.pairs(&scale, mask)?;
        for (pair, masked) in pairs.iter_mut().zip(mask.into_iter().flatten()) {
            if *masked {
                *pair = [f64::NAN; 2];
            }
        }
        Ok(pairs)
    }

    fn pairs(&self, scale: &TimeScale, mask: Option<&[bool]>) -> Result<Vec<[f64; 2]>> {
        let Some(format) = self.format.as_ref().filter(|format| !format.is_text()) else {
            let texts: Vec<Option<String>> = match (self.values.array()?, mask) {
                (Some(array), Some(_)) => array.load()?.records().collect::<Result<_>>()?,
                _ => self.values.texts()?.into_iter().map(Some).collect(),
            };
            let pairs = texts.iter().map(|text| {
                let pair = match text {
                    None => Some([f64::NAN; 2]),
                    Some(text) => text_pair(text, scale),
                };
                pair.ok_or_else(|| self.values.is_not("times as text"))
            });
            return pairs.collect();
        };
        let numbers = self.values.numbers()?.into_iter();
        let pairs = numbers.map(|number| julian::pair(format, number, scale));
        let pairs: Option<Vec<[f64; 2]>> = pairs.collect();
        pairs.ok_or_else(|| {
            Unsupported::Time {
                format: format.name().escape_debug().to_string().into(),
                scale: scale.name().escape_debug().to_string().into(),
            }
            .into()
        })
    }
}

fn text_pair(text: &str, scale: &TimeScale) -> Option<[f64; 2]> {
    if let Some((day, seconds)) = text::day_and_seconds(text, scale) {
        return Some(DayAndSeconds { day, seconds }.julian(scale));
    }
    let date = text::mjd(text, scale)?;
    julian::pair(&TimeFormat::Mjd, date, scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Time(text, scale=scale)` of astropy 8.0.2: `jd1`, `jd2`.
    #[test]
    fn julian_dates_are_those_of_astropy() {
        for (text, scale, jd1, jd2) in [
            ("2020-01-01T00:00:00", TimeScale::Utc, 2_458_850.0, -0.5),
            (
                "2016-12-31T23:59:60.5",
                TimeScale::Utc,
                2_457_754.0,
                0.499_994_213_029_941_74,
            ),
            (
                "2000-01-01T12:00:00.25",
                TimeScale::Tdb,
                2_451_545.0,
                2.893_518_518_565_23e-6,
            ),
        ] {
            let pair = text_pair(text, &scale).unwrap();
            let error = (pair[0] - jd1) + (pair[1] - jd2);
            assert!(error.abs() < 1e-15, "{text}: {pair:?}");
            let back = DayAndSeconds::of_julian(pair[0], pair[1], &scale).unwrap();
            let back = back.date(&scale).unwrap();
            assert!(back.starts_with(text), "{back}");
        }
    }

    /// `Time("2016-12-31T23:59:59") + TimeDelta(seconds, format="sec")`.
    #[test]
    fn leap_seconds_are_counted() {
        let start = DayAndSeconds {
            day: 57_753,
            seconds: 86_399.0,
        };
        for (seconds, wanted) in [
            (1.0, "2016-12-31T23:59:60.000000000000"),
            (2.0, "2017-01-01T00:00:00.000000000000"),
            (86_402.0, "2017-01-02T00:00:00.000000000000"),
            (-86_399.0, "2016-12-31T00:00:00.000000000000"),
            (-86_400.0, "2016-12-30T23:59:59.000000000000"),
        ] {
            let found = start.plus_seconds(seconds, &TimeScale::Utc).unwrap();
            assert_eq!(found.date(&TimeScale::Utc).as_deref(), Some(wanted));
        }
    }
}
