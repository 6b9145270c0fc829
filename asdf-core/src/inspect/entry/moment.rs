//! Moments of the calendar as numbers.

use crate::tagged::calendar_day;

/// The modified Julian date of 1970-01-01.
const UNIX_DAY: i64 = 40_587;

/// Microseconds since 1970 of an ISO 8601 text, `2027-03-15T12:34:56.789` or a date alone, with an offset or in UTC. Leap seconds are not
/// counted, as in Unix; `None` for what is no such text.
pub fn unix_microseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, time.trim()),
        None => (text, "00:00:00"),
    };
    let mut parts = date.splitn(3, '-');
    let year: i64 = number(parts.next()?, 4)?;
    let month: i64 = number(parts.next()?, 2)?;
    let day: i64 = number(parts.next()?, 2)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (clock, offset) = offset(time)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = clock.splitn(3, ':');
    let hour: i64 = number(parts.next()?, 2)?;
    let minute: i64 = number(parts.next()?, 2)?;
    let second: i64 = parts.next().map_or(Some(0), |text| number(text, 2))?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let microseconds: i64 = number(&digits, 6)?;
    let seconds = (calendar_day(year, month, day) - UNIX_DAY)
        .checked_mul(86_400)?
        .checked_add(hour * 3600 + minute * 60 + second - offset)?;
    seconds.checked_mul(1_000_000)?.checked_add(microseconds)
}

/// The modified Julian date of such a text, in its own scale of time.
#[expect(clippy::cast_precision_loss, reason = "a day has 8.64e10 microseconds")]
pub fn mjd(text: &str) -> Option<f64> {
    const DAY: i64 = 86_400_000_000;
    let microseconds = unix_microseconds(text)?;
    let (day, rest) = (microseconds.div_euclid(DAY), microseconds.rem_euclid(DAY));
    Some((day + UNIX_DAY) as f64 + rest as f64 / DAY as f64)
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// The time of day, and seconds east of UTC.
fn offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else {
        return Some((time, 0));
    };
    let (clock, zone) = time.split_at(at);
    let (sign, zone) = match zone.split_at_checked(1)? {
        ("-", zone) => (-1, zone),
        (_, zone) => (1, zone),
    };
    let (hours, minutes) = zone.split_once(':').unwrap_or((zone, "00"));
    let seconds = number(hours, 2)? * 3600 + number(minutes, 2)? * 60;
    Some((clock.trim_end(), sign * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By `astropy.time.Time(text).mjd` and `datetime.timestamp()`.
    #[test]
    fn moments_are_those_of_astropy() {
        let known = [
            ("2027-03-15T00:00:00.000", 61_479.0, 1_805_068_800),
            ("2027-03-15T12:00:00", 61_479.5, 1_805_112_000),
            ("2000-02-29", 51_603.0, 951_782_400),
            ("1969-12-31T18:00:00Z", 40_586.75, -21_600),
            ("1858-11-17", 0.0, -3_506_716_800),
            ("2024-12-31 06:00:00+06:00", 60_675.0, 1_735_603_200),
        ];
        for (text, day, seconds) in known {
            assert_eq!(mjd(text), Some(day), "{text}");
            assert_eq!(unix_microseconds(text), Some(seconds * 1_000_000), "{text}");
        }
        assert_eq!(unix_microseconds("1970-01-01T00:00:00.25"), Some(250_000));
    }

    #[test]
    fn other_texts_are_no_moments() {
        for text in [
            "",
            "2027",
            "2027-13-01",
            "27-03-15",
            "2027-03-15T25:00:00",
            "x",
            "2027-03-15T1:2",
        ] {
            assert_eq!(unix_microseconds(text), None, "{text}");
        }
    }
}
