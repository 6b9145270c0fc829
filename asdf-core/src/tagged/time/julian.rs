//! Modified Julian dates of numbers.

use super::{TimeFormat, TimeScale, calendar};

/// The Julian date of the first moment of the modified Julian date.
pub(crate) const MJD_0: f64 = 2_400_000.5;
const DAY: f64 = 86_400.0;
/// 1970-01-01.
const UNIX: f64 = 40_587.0;
/// 1980-01-06, from which GPS counts; TAI was 19 seconds ahead of UTC.
const GPS: f64 = 44_244.0;
const GPS_TAI: f64 = 19.0;
/// 1998-01-01.
const CHANDRA: f64 = 50_814.0;
/// The epoch J2000.0 and the days of a Julian year; B1900.0 and those of a Besselian year (IAU 1976, Lieske 1979).
const J2000: f64 = 51_544.5;
const JULIAN_YEAR: f64 = 365.25;
const B1900: f64 = 15_019.813_52;
const BESSELIAN_YEAR: f64 = 365.242_198_781;

/// The modified Julian date of a number in a format, in the scale of the number. `None` where the format counts in another
/// scale, and for calendar years of UTC, whose length is not a number of days.
pub(super) fn mjd(format: &TimeFormat, number: f64, scale: &TimeScale) -> Option<f64> {
    let seconds = |epoch: f64| (*scale == format.scale()).then_some(epoch + number / DAY);
    match format {
        TimeFormat::Jd => Some(number - MJD_0),
        TimeFormat::Mjd => Some(number),
        TimeFormat::Jyear => Some(julian_year(number)),
        TimeFormat::Byear => Some(besselian_year(number)),
        TimeFormat::Unix | TimeFormat::UnixTai => seconds(UNIX),
        TimeFormat::Gps => seconds(GPS + GPS_TAI / DAY),
        TimeFormat::Galexsec => seconds(GPS),
        TimeFormat::Cxcsec => seconds(CHANDRA),
        TimeFormat::Decimalyear if *scale != TimeScale::Utc => {
            let year = number.floor();
            #[expect(clippy::cast_possible_truncation, reason = "within the range")]
            let year = (1.0..9999.0).contains(&year).then_some(year as i64)?;
            let (first, next) = (calendar::day(year, 1, 1), calendar::day(year + 1, 1, 1));
            #[expect(clippy::cast_precision_loss, reason = "days are small")]
            let (first, length) = (first as f64, (next - first) as f64);
            Some(first + length * number.fract())
        }
        _ => None,
    }
}

/// The same as the two numbers of a Julian date, whose sum has digits that one number has not.
pub(super) fn pair(format: &TimeFormat, number: f64, scale: &TimeScale) -> Option<[f64; 2]> {
    let split = |first: f64, second: f64| {
        let (whole1, whole2) = (first.round(), second.round());
        let rest = (first - whole1) + (second - whole2);
        let more = rest.round();
        Some([whole1 + whole2 + more, rest - more])
    };
    let seconds = |epoch: f64, ahead: f64| {
        let fits = *scale == format.scale();
        let days = (number / DAY).floor();
        let within = (number.rem_euclid(DAY) + ahead) / DAY;
        fits.then(|| split(epoch + days + MJD_0 - 0.5, within + 0.5))
            .flatten()
    };
    match format {
        TimeFormat::Jd => split(number, 0.0),
        TimeFormat::Jyear => split(J2000 + MJD_0, (number - 2000.0) * JULIAN_YEAR),
        TimeFormat::Unix | TimeFormat::UnixTai => seconds(UNIX, 0.0),
        TimeFormat::Gps => seconds(GPS, GPS_TAI),
        TimeFormat::Galexsec => seconds(GPS, 0.0),
        TimeFormat::Cxcsec => seconds(CHANDRA, 0.0),
        _ => split(MJD_0 - 0.5, mjd(format, number, scale)? + 0.5),
    }
}

/// The year of an epoch, which is a Julian date as two numbers; `None` of formats that are no epochs.
#[cfg(feature = "fits")]
pub(crate) fn epoch(format: &TimeFormat, [jd1, jd2]: [f64; 2]) -> Option<f64> {
    let (year, days, start) = match format {
        TimeFormat::Jyear => (2000.0, JULIAN_YEAR, J2000),
        TimeFormat::Byear => (1900.0, BESSELIAN_YEAR, B1900),
        _ => return None,
    };
    Some(year + ((jd1 - (start + MJD_0)) + jd2) / days)
}

pub(super) fn julian_year(year: f64) -> f64 {
    J2000 + (year - 2000.0) * JULIAN_YEAR
}

pub(super) fn besselian_year(year: f64) -> f64 {
    B1900 + (year - 1900.0) * BESSELIAN_YEAR
}
