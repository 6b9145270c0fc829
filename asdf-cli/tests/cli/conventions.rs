//! Headers, positions and columns at the edge of what is usual. Expected numbers are those of astropy 8 with wcslib, and of
//! IRAF's formula where wcslib has none.
#![expect(
    clippy::unreadable_literal,
    clippy::too_many_lines,
    reason = "numbers as the reference writes them"
)]

use crate::many::run;
use crate::wcs::image;
use std::fs;
use std::path::Path;

/// An image of zeros with these cards.
fn write(folder: &Path, name: &str, lengths: &[usize], cards: &[&str]) {
    let mut all = vec![
        "SIMPLE  =                    T".to_owned(),
        "BITPIX  =                    8".to_owned(),
        format!("NAXIS   = {:>20}", lengths.len()),
    ];
    for (axis, length) in lengths.iter().enumerate() {
        all.push(format!("{:<8}= {length:>20}", format!("NAXIS{}", axis + 1)));
    }
    for card in cards {
        let (keyword, value) = card.split_once('=').unwrap();
        all.push(format!("{keyword:<8}= {value}"));
    }
    all.push("END".to_owned());
    let cards: Vec<&str> = all.iter().map(String::as_str).collect();
    let data = vec![0; lengths.iter().product()];
    fs::write(folder.join(name), image(&cards, data)).unwrap();
}

fn numbers(text: &str) -> Vec<f64> {
    let words = text.split_whitespace();
    words.map(|word| word.parse().unwrap()).collect()
}

fn is_near(found: &str, wanted: &[f64]) {
    let found = numbers(found);
    assert_eq!(found.len(), wanted.len(), "{found:?}");
    for (found, wanted) in found.iter().zip(wanted) {
        let off = (found - wanted).abs();
        assert!(off <= wanted.abs() * 1e-9 + 1e-12, "{found} {wanted}");
    }
}

/// The sky around (10, 41.5).
const SKY: [&str; 8] = [
    "CTYPE1='RA---TAN'",
    "CTYPE2='DEC--TAN'",
    "CRVAL1=10.5",
    "CRVAL2=41.5",
    "CRPIX1=10.0",
    "CRPIX2=10.0",
    "CDELT1=-0.01",
    "CDELT2=0.01",
];

#[test]
fn positions_have_their_units_and_no_latitude_is_beyond_a_pole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "sky.fits", &[20, 20], &SKY);
    // (10.5, 41.5) degrees by `Angle(...).to_value(unit)`.
    for (unit, ra, dec) in [
        ("rad", "0.1832595714594046", "0.7243116395776468"),
        ("arcmin", "630.0", "2490.0"),
        ("hourangle", "0.7", "2.7666666666666666"),
    ] {
        let table = format!(
            "# %ECSV 1.0\n# ---\n# datatype:\n# - {{name: name, datatype: string}}\n# - {{name: pos.ra, unit: {unit}, datatype: float64}}\n# - {{name: pos.dec, unit: {unit}, datatype: float64}}\nname pos.ra pos.dec\nA {ra} {dec}\n"
        );
        fs::write(folder.join("t.ecsv"), table).unwrap();
        let words = "cutout sky.fits --from t.ecsv --size 3px -f --out-dir o";
        let words: Vec<&str> = words.split(' ').collect();
        let done = run(folder, &words);
        assert_eq!(done.code, Some(0), "{unit}: {done:?}");
        let done = run(folder, &["wcs", "eval", "o/sky_A.asdf", "1", "1"]);
        is_near(&done.out, &[10.5, 41.5]);
    }
    for words in [
        "cutout sky.fits --center 10,500 --size 3px -o q.fits",
        "wcs invert sky.fits 10 500",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let done = run(folder, &words);
        assert_eq!(done.code, Some(2), "{done:?}");
        assert!(done.err.contains("latitude of 500 degrees"), "{done:?}");
    }
    fs::write(folder.join("t.csv"), "ra,dec\n10.5,41.5\n10,-91\n").unwrap();
    let words = "cutout sky.fits --from t.csv --size 3px --out-dir p";
    let words: Vec<&str> = words.split(' ').collect();
    let done = run(folder, &words);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("row 2: a latitude of -91"), "{done:?}");
}

#[test]
fn headers_at_the_edge_give_what_wcslib_and_iraf_give() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let surface = |axis: &str, name: &str| {
        format!(
            "wtype=tnx axtype={axis} {name} = \"3. 2. 2. 1. -1. 1. -1. 1. 0.01 0.02 0.03 0.04 \""
        )
    };
    let (dec, ra) = (surface("dec", "latcor"), surface("ra", "lngcor"));
    let wat = |axis: usize, text: &str| {
        let (first, rest) = text.split_at(68);
        [
            format!("WAT{axis}_001='{first}'"),
            format!("WAT{axis}_002='{rest}'"),
        ]
    };
    let wat = [wat(1, &dec), wat(2, &ra)].concat();
    let mut cards = vec![
        "CTYPE1='DEC--TNX'",
        "CTYPE2='RA---TNX'",
        "CRVAL1=20.0",
        "CRVAL2=150.0",
        "CRPIX1=50.0",
        "CRPIX2=50.0",
        "CD1_1=0.001",
        "CD1_2=0.0",
        "CD2_1=0.0",
        "CD2_2=0.001",
    ];
    cards.extend(wat.iter().map(String::as_str));
    write(folder, "tnx.fits", &[100, 100], &cards);
    let done = run(folder, &["wcs", "eval", "tnx.fits", "60", "70"]);
    is_near(&done.out, &[20.02175603145721, 150.03380214566306]);

    // Of two poles that are equally near to LATPOLE rounding decides.
    let cards = [
        "CTYPE1='RA---CAR'",
        "CTYPE2='DEC--CAR'",
        "CRVAL1=50.0",
        "CRVAL2=-30.0",
        "CRPIX1=10.0",
        "CRPIX2=10.0",
        "CDELT1=-1.0",
        "CDELT2=1.0",
        "LONPOLE=-122.49399073065172",
        "LATPOLE=0.0",
    ];
    write(folder, "tie.fits", &[20, 20], &cards);
    let done = run(folder, &["wcs", "eval", "tie.fits", "5", "5"]);
    is_near(&done.out, &[47.62342468852056, -35.28922369516918]);

    let cards = [
        "CTYPE1='FREQ-F2F'",
        "CRVAL1=1.0E9",
        "CRPIX1=1.0",
        "CDELT1=1.0E6",
    ];
    write(folder, "line.fits", &[10], &cards);
    let done = run(folder, &["wcs", "eval", "line.fits", "1"]);
    is_near(&done.out, &[1.001e9]);
    let cards = [
        "CTYPE1='WAVE-F2F'",
        "CRVAL1=1.0",
        "CRPIX1=1.0",
        "CDELT1=1.0",
    ];
    write(folder, "wrong.fits", &[10], &cards);
    let done = run(folder, &["wcs", "eval", "wrong.fits", "1"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err.contains("F2F is not an algorithm of WAVE"),
        "{done:?}"
    );

    // 90 degrees in radians are more by their rounding.
    let mut cards = SKY.to_vec();
    cards.retain(|card| !card.starts_with("CRVAL") && !card.starts_with("CDELT"));
    cards.extend([
        "CRVAL1=0.1832595714594046",
        "CRVAL2=1.570796326794897",
        "CDELT1=-0.0001",
        "CDELT2=0.0001",
        "CUNIT1='rad'",
        "CUNIT2='rad'",
    ]);
    write(folder, "rad.fits", &[20, 20], &cards);
    let done = run(folder, &["wcs", "eval", "rad.fits", "5", "5"]);
    is_near(&done.out, &[235.49999999996444, 89.96758861607555]);
}

#[test]
fn cubes_are_cut_along_the_sky_and_their_footprint_is_that_of_the_sky() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let wave = [
        "CTYPE1='WAVE'",
        "CTYPE2='RA---TAN'",
        "CTYPE3='DEC--TAN'",
        "CRVAL1=1E-06",
        "CRVAL2=150.0",
        "CRVAL3=2.0",
        "CDELT1=1E-09",
        "CDELT2=-0.001",
        "CDELT3=0.001",
    ];
    write(folder, "wave.fits", &[5, 8, 9], &wave);
    for place in ["--center=150,2", "--pixel=3,3"] {
        let done = run(
            folder,
            &[
                "cutout",
                "wave.fits",
                place,
                "--size",
                "3px",
                "-o",
                "o.fits",
            ],
        );
        assert_eq!(done.code, Some(2), "{done:?}");
        assert!(done.err.contains("along the axes 2 and 3"), "{done:?}");
    }
    let mut tilt = SKY.to_vec();
    tilt.extend(["CTYPE3='WAVE'", "CRVAL3=1E-06", "CDELT3=1E-09"]);
    write(folder, "flat.fits", &[20, 20, 4], &tilt);
    tilt.push("PC3_1=0.5");
    write(folder, "tilt.fits", &[20, 20, 4], &tilt);
    // Right ascension and declination are those of the cube that is not tilted.
    let region = |name: &str| run(folder, &["wcs", "footprint", name, "--s-region"]).out;
    assert_eq!(region("tilt.fits"), region("flat.fits"));
    assert!(region("flat.fits").starts_with("POLYGON ICRS "));
    let done = run(
        folder,
        &["cutout", "flat.fits", "--wave", "5005:5008", "-o", "o.fits"],
    );
    assert!(
        done.err.contains("a unit is missing after 5005"),
        "{done:?}"
    );
}

#[test]
fn what_numbers_become_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "blank.fits", &[4, 2], &["BLANK=7"]);
    let done = run(folder, &["convert", "blank.fits", "blank.asdf"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.err.contains("BLANK makes the integers"), "{done:?}");

    // Times of which one is NaN: asdf-astropy has none that are masked.
    let primary = [
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    0",
        "END",
    ];
    let mut bytes = image(&primary, Vec::new());
    bytes.truncate(2880);
    let cards = [
        "XTENSION= 'BINTABLE'",
        "BITPIX  =                    8",
        "NAXIS   =                    2",
        "NAXIS1  =                    8",
        "NAXIS2  =                    3",
        "PCOUNT  =                    0",
        "GCOUNT  =                    1",
        "TFIELDS =                    1",
        "TTYPE1  = 'T'",
        "TFORM1  = 'D'",
        "TUNIT1  = 's'",
        "TCTYP1  = 'TT'",
        "MJDREF  =              55000.0",
        "END",
    ];
    let cells = [1.0, f64::NAN, 3.0].map(f64::to_be_bytes).concat();
    bytes.extend(image(&cards, cells));
    fs::write(folder.join("t.fits"), bytes).unwrap();
    let done = run(folder, &["convert", "--as", "tables", "t.fits", "t.asdf"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(
        done.err.contains("column `T` stays a column of numbers"),
        "{done:?}"
    );
    let done = run(folder, &["get", "t.asdf", "table.meta.MJDREF"]);
    assert_eq!(done.out.trim(), "55000.0", "{done:?}");
    let done = run(folder, &["convert", "t.asdf", "back.fits"]);
    assert_eq!(done.code, Some(0), "{done:?}");
}
