//! Dates of the calendar from counts of days.

use super::TimeScale;

/// The modified Julian date of 0000-03-01, from where years end with their leap day.
const MARCH_0: i64 = -678_881;
const DAYS_OF_400_YEARS: i64 = 146_097;
const MILLISECONDS: i64 = 86_400_000;

/// The date and the time of day of a modified Julian date, rounded to milliseconds; `None` outside of the years 1600 to 9999.
/// A day of UTC that may end with a leap second is left out: its seconds are not 1/86400 of it.
pub(super) fn date(mjd: f64, scale: Option<&TimeScale>) -> Option<String> {
    // From 1600 to 9999.
    if !(-94_553.0..2_973_484.0).contains(&mjd) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within the range")]
    let milliseconds = {
        let day = mjd.floor();
        day as i64 * MILLISECONDS + ((mjd - day) * 86_400_000.0).round() as i64
    };
    let (day, rest) = (
        milliseconds.div_euclid(MILLISECONDS),
        milliseconds.rem_euclid(MILLISECONDS),
    );
    let (year, month, day) = civil(day);
    let is_utc = scale.is_none_or(|scale| *scale == TimeScale::Utc);
    if is_utc && matches!((month, day), (6, 30) | (12, 31)) {
        return None;
    }
    let (seconds, fraction) = (rest / 1000, rest % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}"
    ))
}

/// Year, month and day in the Gregorian calendar, by counting from a 1st of March: then a leap day is the last of its year.
pub(super) fn civil(mjd: i64) -> (i64, i64, i64) {
    let days = mjd - MARCH_0;
    let (era, of_era) = (
        days.div_euclid(DAYS_OF_400_YEARS),
        days.rem_euclid(DAYS_OF_400_YEARS),
    );
    // Leap days before this day of the 400 years.
    let leaps = of_era / 1460 - of_era / 36_524 + of_era / 146_096;
    let year = (of_era - leaps) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    // Five months of 153 days each from March on.
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

/// The modified Julian date of a day of the Gregorian calendar; the month is one from 1 to 12.
pub(crate) fn day(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    MARCH_0 + 365 * year + leaps + (153 * month + 2) / 5 + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By `astropy.time.Time(mjd, format="mjd", scale="tai").isot`.
    #[test]
    fn dates_are_those_of_astropy() {
        for (mjd, wanted) in [
            (0.0, "1858-11-17T00:00:00.000"),
            (40_587.0, "1970-01-01T00:00:00.000"),
            (51_544.5, "2000-01-01T12:00:00.000"),
            (51_603.25, "2000-02-29T06:00:00.000"),
            (61_478.631_557_1, "2027-03-14T15:09:26.533"),
            (61_405.999_999_999_9, "2027-01-01T00:00:00.000"),
            (73_108.0, "2059-01-15T00:00:00.000"),
        ] {
            assert_eq!(
                date(mjd, Some(&TimeScale::Tai)).as_deref(),
                Some(wanted),
                "{mjd}"
            );
        }
        assert_eq!(date(57_753.5, Some(&TimeScale::Utc)), None);
        assert_eq!(date(f64::NAN, None), None);
        assert_eq!(date(1e9, None), None);
    }

    #[test]
    fn days_are_counted_both_ways() {
        for mjd in (-94_553..120_000).step_by(7) {
            let (year, month, of_month) = civil(mjd);
            assert_eq!(day(year, month, of_month), mjd);
        }
    }
}
