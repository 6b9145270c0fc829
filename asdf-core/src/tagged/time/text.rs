//! Modified Julian dates of texts.

use super::{TimeScale, calendar, julian};

/// The days of UTC that ended with a leap second, by their modified Julian dates (IERS Bulletin C). No other is announced.
const LEAP_DAYS: [i64; 27] = [
    41_498, 41_682, 42_047, 42_412, 42_777, 43_143, 43_508, 43_873, 44_238, 44_785, 45_150, 45_515,
    46_246, 47_160, 47_891, 48_256, 48_803, 49_168, 49_533, 50_082, 50_629, 51_178, 53_735, 54_831,
    56_108, 57_203, 57_753,
];

/// The scale of a text that does not tell any.
pub(super) fn scale(text: &str) -> TimeScale {
    if text.starts_with(['J', 'B']) {
        TimeScale::Tt
    } else {
        TimeScale::Utc
    }
}

/// `2027-03-14T15:09:26.535`, `2027:073:15:09:26`, `J2000.0`, `B1950.0`; `None` of what is none of these.
pub(super) fn mjd(text: &str, scale: &TimeScale) -> Option<f64> {
    let year = |rest: &str| rest.parse().ok().filter(|year: &f64| year.is_finite());
    if let Some(rest) = text.strip_prefix('J') {
        return year(rest).map(julian::julian_year);
    }
    if let Some(rest) = text.strip_prefix('B') {
        return year(rest).map(julian::besselian_year);
    }
    let (day, seconds) = day_and_seconds(text, scale)?;
    let length = if is_leap(day, scale) {
        86_401.0
    } else {
        86_400.0
    };
    #[expect(clippy::cast_precision_loss, reason = "days are small")]
    Some(day as f64 + seconds / length)
}

/// The modified Julian date of the day of a text with date and time, and the seconds since its midnight.
pub(super) fn day_and_seconds(text: &str, scale: &TimeScale) -> Option<(i64, f64)> {
    let (day, time) = if text.contains('-') {
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
        let mut parts = date.split('-');
        let day = calendar_day(parts.next()?, parts.next()?, parts.next()?)?;
        (parts.next().is_none().then_some(day)?, time)
    } else {
        let (year, rest) = text.split_once(':')?;
        let (day, time) = rest.split_once(':').unwrap_or((rest, ""));
        (day_of_year(year, day)?, time)
    };
    Some((day, seconds(time, is_leap(day, scale))?))
}

/// Whether a day ends with a leap second.
pub(super) fn is_leap(day: i64, scale: &TimeScale) -> bool {
    *scale == TimeScale::Utc && LEAP_DAYS.contains(&day)
}

/// By how many seconds TAI was ahead of UTC on a day; before 1972, when it was no whole number, that of 1972.
pub(super) fn tai_ahead(day: i64) -> i64 {
    let leaps = LEAP_DAYS.iter().filter(|leap| **leap < day).count();
    i64::try_from(leaps).unwrap_or(0) + 10
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let is_number = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

fn calendar_day(year: &str, month: &str, day: &str) -> Option<i64> {
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let found = (1..=12)
        .contains(&month)
        .then(|| calendar::day(year, month, day))?;
    // The 30th of February is another day.
    (calendar::civil(found) == (year, month, day)).then_some(found)
}

fn day_of_year(year: &str, day: &str) -> Option<i64> {
    let (year, day) = (digits(year, 4)?, digits(day, 3)?);
    let found = calendar::day(year, 1, 1) + day - 1;
    (calendar::civil(found).0 == year).then_some(found)
}

/// Seconds since midnight of `15:09:26.535`, with or without seconds; the time of day may be missing.
fn seconds(time: &str, is_leap: bool) -> Option<f64> {
    if time.is_empty() {
        return Some(0.0);
    }
    let mut parts = time.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = parts.next().unwrap_or("00");
    let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
    digits(whole, 2)?;
    fraction
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(())?;
    let second: f64 = second.parse().ok()?;
    let last = if is_leap && (hour, minute) == (23, 59) {
        61.0
    } else {
        60.0
    };
    let fits = hour < 24 && minute < 60 && second < last && parts.next().is_none();
    #[expect(clippy::cast_precision_loss, reason = "minutes of a day")]
    fits.then_some((hour * 3600 + minute * 60) as f64 + second)
}
