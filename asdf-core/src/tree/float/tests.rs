#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "rounding is what is tested"
)]

use super::*;
use proptest::prelude::*;

#[test]
fn of_two_shortest_texts_the_even_one_is_taken() {
    // Values and texts from Python's repr.
    for text in [
        "0.5304336547851562",
        "0.24719619750976562",
        "3.0095596313476562",
        "-1.1279067993164062",
    ] {
        assert_eq!(float_text(text.parse().unwrap()), text);
    }
    for text in [
        "12.5",
        "123.0",
        "1230.0",
        "0.00012",
        "9007199254740993e3",
        "-100.0",
        "0.1234567890123456",
    ] {
        let value: f64 = text.parse().unwrap();
        assert_eq!(float_text(value).parse(), Ok(value), "{text}");
    }
    assert_eq!(
        ["12.5", "123.0", "1230.0", "0.00012"].map(|text| float_text(text.parse().unwrap())),
        ["12.5", "123.0", "1230.0", "0.00012"]
    );
}

#[test]
fn a_float_is_written_as_python_does() {
    let shown = [
        0.1,
        1.0,
        -0.0,
        1e16,
        1e15,
        1e-4,
        1e-5,
        1.5e300,
        f64::NAN,
        -f64::INFINITY,
    ]
    .map(float_text);
    assert_eq!(
        shown,
        [
            "0.1",
            "1.0",
            "-0.0",
            "1e+16",
            "1000000000000000.0",
            "0.0001",
            "1e-05",
            "1.5e+300",
            "nan",
            "-inf"
        ]
    );
}

/// The same by the standard library: the shortest digits, of two equally near the even one.
fn slowly(value: f64) -> String {
    let text = format!("{value:e}");
    let digits = text.bytes().take_while(|byte| *byte != b'e');
    let digits = digits.filter(u8::is_ascii_digit).count();
    let even = format!("{value:.*e}", digits - 1);
    let text = if even.parse() == Ok(value) {
        even
    } else {
        text
    };
    let (digits, exponent) = text.split_once('e').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.unsigned_abs());
    }
    let fraction = digits.split_once('.').map_or(0, |(_, behind)| behind.len());
    let places = i32::try_from(fraction).unwrap() - exponent;
    // Exact decimals with enough places are those digits again.
    let text = format!("{value:.*}", usize::try_from(places.max(1)).unwrap());
    assert_eq!(text.parse(), Ok(value));
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn any_float_has_the_digits_of_the_standard_library(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        prop_assert_eq!(float_text(value), slowly(value));
    }

    #[test]
    fn so_have_those_of_few_bits_behind_the_point(whole in any::<u64>(), bits in 0..70_u32) {
        let value = whole as f64 / 2_f64.powi(bits.cast_signed());
        prop_assert_eq!(float_text(value), slowly(value));
    }

    #[test]
    fn a_single_is_the_shortest_double_that_is_rounded_to_it(bits in any::<u32>()) {
        let value = f32::from_bits(bits);
        prop_assume!(value.is_finite());
        let short = short_single(value);
        prop_assert_eq!((short as f32).to_bits(), bits);
        // Of two equally near the even one, as numpy has it: 2696762.2 for 2696762.25.
        let text = format!("{value:e}");
        let digits = text.bytes().take_while(|byte| *byte != b'e');
        let digits = digits.filter(u8::is_ascii_digit).count();
        let even = format!("{:.*e}", digits - 1, f64::from(value));
        let text = if even.parse() == Ok(value) { even } else { text };
        let wanted: f64 = text.parse().unwrap();
        prop_assert!(short == wanted || (wanted as f32).to_bits() != bits);
    }
}
