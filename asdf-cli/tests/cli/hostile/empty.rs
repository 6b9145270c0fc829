//! Elements that are not there: axes without a length beside huge ones, and sizes beyond 64 bits.

use super::{Place, block, hdu, primary, tree};

const HUGE: u64 = i64::MAX as u64;

fn array(shape: &str, datatype: &str) -> Vec<u8> {
    let node = format!(
        "a: !core/ndarray-1.1.0 {{source: 0, datatype: {datatype}, byteorder: big, shape: {shape}}}"
    );
    let mut file = tree(&node);
    file.extend(block([0; 4], b"12", 2));
    file
}

#[test]
fn lists_of_an_array_without_elements_are_bounded() {
    let place = Place::new()
        .with("axis.asdf", array(&format!("[{HUGE}, 0]"), "uint8"))
        .with("middle.asdf", array("[1099511627776, 9, 0, 3]", "uint8"))
        .with("record.asdf", array(&format!("[{HUGE}, 0]"), "[{name: x, datatype: int16}]"))
        .with(
            "part.asdf",
            array("[1]", "[{name: x, datatype: int16, shape: [1099511627776, 0]}, {name: y, datatype: int16}]"),
        )
        .with(
            "image.fits",
            [
                primary(),
                hdu(
                    &[
                        ("XTENSION", "'IMAGE   '"),
                        ("BITPIX", "8"),
                        ("NAXIS", "2"),
                        ("NAXIS1", "0"),
                        ("NAXIS2", &HUGE.to_string()),
                        ("PCOUNT", "0"),
                        ("GCOUNT", "1"),
                    ],
                    b"",
                ),
            ]
            .concat(),
        );
    for file in [
        "axis.asdf",
        "middle.asdf",
        "record.asdf",
        "part.asdf",
        "image.fits",
    ] {
        for command in ["o.json", "o.yaml", "o.asdf --inline-below 10"] {
            place.is_refused(&format!("convert -f {file} {command}"));
        }
        for command in ["info", "ls --digest", "stats", "verify"] {
            place.run(&format!("{command} {file}"));
        }
    }
}

#[test]
fn an_empty_array_with_few_lists_is_written() {
    let place = Place::new().with("small.asdf", array(&format!("[3, 0, {HUGE}]"), "uint8"));
    let done = place.run("convert small.asdf o.json");
    assert_eq!(done.code, Some(0), "{}", done.err);
}

#[test]
fn a_size_beyond_64_bits_is_an_error_and_not_empty() {
    let cards = |bitpix: &'static str, first: &'static str, second: &'static str| {
        [
            primary(),
            hdu(
                &[
                    ("XTENSION", "'IMAGE   '"),
                    ("BITPIX", bitpix),
                    ("NAXIS", "2"),
                    ("NAXIS1", first),
                    ("NAXIS2", second),
                    ("PCOUNT", "0"),
                    ("GCOUNT", "1"),
                ],
                b"",
            ),
        ]
        .concat()
    };
    let place = Place::new()
        .with("words.fits", cards("32", "2147483648", "2147483648"))
        .with("bytes.fits", cards("8", "4294967296", "4294967296"))
        .with("cut.fits", cards("8", "1048576", "1048576"));
    for file in ["words.fits", "bytes.fits", "cut.fits"] {
        for command in [
            "get FILE fits/1/data",
            "preview FILE -o o.png",
            "verify FILE",
        ] {
            let done = place.run(&command.replace("FILE", file));
            assert_ne!(done.code, Some(0), "{command} {file}: {}", done.out);
        }
    }
}
