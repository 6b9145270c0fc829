//! Headers of WCS: cut, written back, and put beside arrays that become HDUs.

use crate::wcs::{ROMAN, image, run};
use std::fs;

/// Images with a header each: those with the first value of `CRVAL1` have one WCS.
fn mosaic(values: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = image(
        &[
            "SIMPLE  =                    T",
            "BITPIX  =                    8",
            "NAXIS   =                    0",
            "END",
        ],
        Vec::new(),
    );
    bytes.truncate(2880);
    for (name, value) in values {
        let (name, value) = (
            format!("EXTNAME = '{name:<8}'"),
            format!("CRVAL1  = {value:>20}"),
        );
        let cards = [
            "XTENSION= 'IMAGE   '",
            "BITPIX  =                    8",
            "NAXIS   =                    2",
            "NAXIS1  =                   20",
            "NAXIS2  =                   10",
            "PCOUNT  =                    0",
            "GCOUNT  =                    1",
            &name,
            "CTYPE1  = 'RA---TAN'",
            "CTYPE2  = 'DEC--TAN'",
            "CRPIX1  =                 10.5",
            "CRPIX2  =                  5.5",
            &value,
            "CRVAL2  =                 20.0",
            "CDELT1  =                -0.01",
            "CDELT2  =                 0.01",
            "END",
        ];
        bytes.extend(image(&cards, (0..200).collect()));
    }
    bytes
}

#[test]
fn a_cutout_takes_all_images_of_one_wcs() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (whole, part) = (place("whole.fits"), place("part.fits"));
    fs::write(
        &whole,
        mosaic(&[("SCI", "10.0"), ("ERR", "10.0"), ("DQ", "10.0")]),
    )
    .unwrap();
    let done = run(&[
        "cutout", &whole, "--center", "10,20", "--size", "4px", "-o", &part,
    ]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    for hdu in 1..=3 {
        let shape = run(&["get", &part, &format!("fits/{hdu}/data"), "--json"]).out;
        let rows: Vec<Vec<u8>> = serde_json::from_str(&shape).unwrap();
        assert_eq!(
            rows,
            [
                [68, 69, 70, 71],
                [88, 89, 90, 91],
                [108, 109, 110, 111],
                [128, 129, 130, 131]
            ]
        );
        let there = run(&[
            "wcs",
            "invert",
            &part,
            &format!("fits/{hdu}/wcs"),
            "10",
            "20",
        ])
        .out;
        let pixel: Vec<f64> = there
            .split_whitespace()
            .map(|text| text.parse().unwrap())
            .collect();
        assert!(
            (pixel[0] - 1.5).abs() < 1e-9 && (pixel[1] - 1.5).abs() < 1e-9,
            "{there}"
        );
    }
}

#[test]
fn a_cutout_leaves_images_of_another_wcs_whole() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (whole, part) = (place("whole.fits"), place("part.fits"));
    fs::write(
        &whole,
        mosaic(&[("SCI", "10.0"), ("ERR", "10.0"), ("OTHER", "11.0")]),
    )
    .unwrap();
    let done = run(&[
        "cutout",
        &whole,
        "--path",
        "fits/1/data",
        "--pixel",
        "5,5",
        "--size",
        "4px",
        "-o",
        &part,
        "-f",
    ]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let lengths = |hdu: usize| {
        let shape = run(&["get", &part, &format!("fits/{hdu}/data"), "--json"]).out;
        serde_json::from_str::<Vec<Vec<u8>>>(&shape).unwrap().len()
    };
    assert_eq!([1, 2, 3].map(lengths), [4, 4, 10]);
}

#[test]
fn a_header_comes_back_and_footprints_are_regions() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole.fits");
    let whole = whole.to_str().unwrap();
    fs::write(whole, mosaic(&[("SCI", "10.0")])).unwrap();
    let header = run(&["wcs", "to-fits", whole, "fits/1/wcs"]);
    assert_eq!(header.code, Some(0), "{}", header.err);
    for card in [
        "NAXIS1  =                   20",
        "CTYPE1  = 'RA---TAN'",
        "CRPIX1  =                 10.5",
        "CDELT1  =                -0.01",
    ] {
        assert!(
            header.out.lines().any(|line| line.trim_end() == card),
            "{}",
            header.out
        );
    }
    assert!(!header.out.contains("SIP"));
    let fitted = run(&["wcs", "to-fits", whole, "fits/1/wcs", "--fit"]).out;
    assert!(fitted.contains("SIPMXERR"), "{fitted}");
    let region = run(&["wcs", "footprint", whole, "fits/1/wcs", "--ds9"]).out;
    let lines: Vec<&str> = region.lines().collect();
    assert_eq!(
        lines[..2],
        ["# Region file format: DS9 version 4.1", "icrs"]
    );
    assert_eq!(lines[2].split(',').count(), 8, "{region}");
    assert!(lines[2].starts_with("polygon(10.1"), "{region}");
}

#[test]
fn arrays_that_become_hdus_have_the_cards_of_their_wcs() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.fits");
    let out = out.to_str().unwrap();
    let keyword = |hdu: usize| {
        let done = run(&["get", out, &format!("fits/{hdu}/header/CTYPE1")]);
        (done.code == Some(0)).then(|| done.out.trim().to_owned())
    };
    assert_eq!(run(&["convert", ROMAN, out]).code, Some(0));
    assert!(keyword(1).is_some_and(|kind| kind.starts_with("RA---TAN")));
    let (there, here) = (
        run(&["wcs", "eval", ROMAN, "30", "20"]).out,
        run(&["get", out, "fits/1/header/COMMENT"]).out,
    );
    assert!(
        here.contains("approximates") && there.split_whitespace().count() == 2,
        "{here}"
    );
    let done = run(&["convert", ROMAN, out, "-f", "--no-wcs-cards"]);
    assert_eq!((done.code, keyword(1)), (Some(0), None));
}
