//! Numbers that are close to each other can be told apart; elements have all of their digits.

use crate::stage::Stage;
use crate::stage::on;
use asdf_tui::theme::ColorDepth;
use std::fmt::Display;
use std::fs;

/// A file with an array of 20 by 20, whose elements are counted in C order.
fn counted<T: Display>(datatype: &str, element: impl Fn(u32) -> T, keys: &str) -> Stage {
    let rows: Vec<String> = (0..20)
        .map(|row| {
            let row = (0..20).map(|column| element(row * 20 + column).to_string());
            format!("[{}]", row.collect::<Vec<_>>().join(", "))
        })
        .collect();
    let text = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.5.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\na: !core/ndarray-1.0.0\n  datatype: {datatype}\n  data: [{}]\n...\n",
        rows.join(", ")
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.asdf");
    fs::write(&path, text).unwrap();
    on(&path, 120, 40, ColorDepth::None).keys(&format!(":a<enter><wait>3<wait>{keys}<wait>"))
}

/// The corner at 4, 3 and the one at 14, 13.
const REGION: &str = ":4, 3<enter><wait>v<wait>:14, 13<enter><wait>v<wait>";

#[test]
fn floats_of_64_bits_are_told_in_full() {
    // numpy: f = 1e6 + arange(400).reshape(20, 20) / 4096, w = f[3:14, 4:15].
    let element = |number: u32| format!("{:?}", 1e6 + f64::from(number) / 4096.0);
    let at = counted("float64", element, ":14, 13<enter>");
    at.has("v=1000000.0668945312");
    counted("float64", element, ":14, 13<enter>").has("limits 1000000.0000 … 1000000.0974");
    for line in [
        "mean    1.0000000413e6",
        "median  1.0000000413e6",
        "min     1.0000000156e6",
        "max     1.0000000669e6",
        "std     1.546010e-2",
    ] {
        counted("float64", element, REGION).has(line);
    }
    // The bar has no room for such numbers: what is to be added to them stands below.
    counted("float64", element, "g").has("+1000000");
}

#[test]
fn integers_of_64_bits_are_told_in_full() {
    // numpy: i = 2**53 + 1 + arange(400).reshape(20, 20), w = i[3:14, 4:15]; the mean by fractions.
    let element = |number: u32| (1_i64 << 53) + 1 + i64::from(number);
    for line in [
        "mean    9.007199254741162e15",
        "median  9.007199254741162e15",
        "min     9007199254741057",
        "max     9007199254741267",
        "peak at 14, 13",
    ] {
        counted("int64", element, REGION).has(line);
    }
}

#[test]
fn numbers_that_differ_much_stay_short() {
    let element = |number: u32| format!("{:?}", f64::from(number));
    counted("float64", element, ":14, 13<enter>").has("v=274");
    counted("float64", element, "").has("limits 0 … 399");
}
