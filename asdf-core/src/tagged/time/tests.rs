use super::*;

/// By `astropy.time.Time(text).mjd`, astropy 8.
#[test]
fn texts_have_the_dates_of_astropy() {
    for (text, wanted) in [
        ("2016-12-31T12:00:00", 57_753.499_994_213_03),
        ("2016-12-31T23:59:60", 57_753.999_988_426_06),
        ("2020:100:12:00:00.5", 58_948.500_005_787_035),
        ("J2015.5", 57_205.875),
        ("B1950.25", 33_373.234_008_745_25),
        ("2020-01-01", 58_849.0),
        ("2020-02-03 04:05", 58_882.170_138_888_89),
    ] {
        let found = Time::new(text).mjd().unwrap();
        assert!((found[0] - wanted).abs() < 1e-10, "{text}: {found:?}");
    }
    for text in [
        "",
        "2020-02-30",
        "2021:366",
        "2020-01-01T24:00",
        "2020-01-01T23:59:60",
        "J",
        "12",
    ] {
        assert!(Time::new(text).mjd().is_err(), "{text}");
    }
}

/// By `astropy.time.Time(number, format=format).mjd`.
#[test]
fn numbers_have_the_dates_of_astropy() {
    for (format, number, scale, wanted) in [
        ("unix", 1.2e9, "utc", 54_475.888_888_888_89),
        ("unix_tai", 1.2e9, "tai", 54_475.888_888_888_89),
        ("gps", 1.2e9, "tai", 58_132.889_108_796_3),
        ("cxcsec", 1.2e9, "tt", 64_702.888_888_888_89),
        ("galexsec", 1.2e9, "utc", 58_132.888_888_888_89),
        ("jyear", 2015.3, "tt", 57_132.824_999_999_98),
        ("byear", 2015.3, "tt", 57_132.239_039_449_28),
        ("jd", 2_450_000.6, "utc", 50_000.1),
    ] {
        let time = Time::new(number).in_format(TimeFormat::from(format));
        assert_eq!(time.scale().name(), scale, "{format}");
        let found = time.mjd().unwrap();
        assert!((found[0] - wanted).abs() < 1e-8, "{format}: {found:?}");
    }
    let years = Time::new(2015.3).in_format(TimeFormat::Decimalyear);
    assert!(years.mjd().unwrap_err().is_unsupported());
    let years = years.in_scale(TimeScale::Tai).mjd().unwrap();
    assert!((years[0] - 57_132.5).abs() < 1e-9, "{years:?}");
}
