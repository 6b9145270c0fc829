//! Broken and hostile files: an error with its place, never a panic, a hang or much memory.

use crate::bytes_of;
use crate::exercise;
use crate::folders;
use crate::open;
use crate::read;
use asdf_core::error::WarningKind;
use asdf_core::file::Input;
use asdf_core::fits::FitsFile;
use asdf_core::{Error, Limits, Result};

fn header(cards: &[&str]) -> Vec<u8> {
    let mut out: Vec<u8> = cards
        .iter()
        .flat_map(|card| format!("{card:80}").into_bytes())
        .collect();
    out.extend(format!("{:80}", "END").into_bytes());
    out.resize(out.len().next_multiple_of(2880), b' ');
    out
}

fn primary() -> Vec<u8> {
    header(&["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0"])
}

fn table(more: &[&str], data: &[u8]) -> Vec<u8> {
    let mut cards = vec!["XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2"];
    cards.extend(more);
    let mut out = primary();
    out.extend(header(&cards));
    out.extend(data);
    out.resize(out.len().next_multiple_of(2880), 0);
    out
}

fn small() -> Limits {
    let mut limits = Limits::default();
    for (name, value) in [
        ("decoded_bytes", 16 << 20),
        ("unpacked_bytes", 16 << 20),
        ("tile_bytes", 1 << 20),
        ("tree_bytes", 1 << 20),
    ] {
        limits.set(name.parse().unwrap(), value);
    }
    limits
}

fn read_small(bytes: Vec<u8>) -> Result<FitsFile> {
    FitsFile::new(Input::from(bytes), &small())
}

fn message<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => "no error".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn cut_data_are_an_error_of_their_hdu_and_the_header_is_there_all_the_same() {
    let file = open("truncated.fits.bad");
    let kinds: Vec<_> = file
        .warnings()
        .iter()
        .map(|warning| warning.kind.clone())
        .collect();
    assert_eq!(
        kinds,
        [WarningKind::FitsTruncated {
            needed: 48,
            available: 40
        }]
    );
    let hdu = file.hdu(0).unwrap();
    assert_eq!(hdu.header().integer("NAXIS").unwrap(), Some(2));
    for error in [hdu.data().err(), hdu.image().unwrap().load().err()] {
        let error = error.unwrap();
        assert!(error.is_corrupt());
        assert_eq!(error.place().hdu, Some(0));
        assert_eq!(error.place().span, Some(2880..2928));
        assert!(
            error
                .to_string()
                .ends_with("HDU 0 at 0xb40..0xb70: needs 48 bytes, only 40 are there")
        );
    }
}

#[test]
fn a_short_fill_and_junk_behind_the_end_are_warnings() {
    let short = open("short_pad.fits");
    assert_eq!(
        short.warnings()[0].kind,
        WarningKind::FitsPadding { missing: 2830 }
    );
    let junk = open("junk_after.fits");
    let kind = &junk.warnings()[0].kind;
    assert!(
        matches!(kind, WarningKind::FitsTrailing { bytes: 200, .. }),
        "{kind}"
    );
    assert_eq!(junk.warnings()[0].place.span, Some(5760..5960));
    for file in [short, junk] {
        assert_eq!(
            file.hdu(0).unwrap().image().unwrap().load().unwrap().len(),
            12
        );
    }
}

#[test]
fn what_is_no_fits_is_told_so() {
    assert!(
        message(read(b"#ASDF 1.0.0\n".to_vec()))
            .contains("not a FITS file, begins with `#ASDF 1.0`")
    );
    assert!(message(read(Vec::new())).contains("not a FITS file"));
    assert!(message(read(vec![0x1f, 0x8b, 8])).contains("gzip"));
    assert!(!FitsFile::is_fits(b"SIMPLE"));
    assert!(FitsFile::is_fits(&bytes_of("whole.fits.gz")));
}

#[test]
fn a_header_that_cannot_be_followed_names_its_hdu_and_card() {
    let cases: [(&[&str], &str); 6] = [
        (
            &["XTENSION= 'IMAGE'", "BITPIX  = 7", "NAXIS   = 0"],
            "BITPIX is 7, expected 8, 16",
        ),
        (&["XTENSION= 'IMAGE'", "NAXIS   = 0"], "BITPIX is missing"),
        (
            &[
                "XTENSION= 'IMAGE'",
                "BITPIX  = 8",
                "NAXIS   = 2",
                "NAXIS1  = 3",
            ],
            "NAXIS2 is missing",
        ),
        (
            &[
                "XTENSION= 'IMAGE'",
                "BITPIX  = 8",
                "NAXIS   = 1",
                "NAXIS1  = -3",
            ],
            "NAXIS1 is -3, expected at least 0",
        ),
        (
            &["XTENSION= 'IMAGE'", "BITPIX  = 8", "NAXIS   = 1000"],
            "NAXIS is 1000, expected 0 to 999",
        ),
        (
            &[
                "XTENSION= 'IMAGE'",
                "BITPIX  = 64",
                "NAXIS   = 1",
                "NAXIS1  = 4611686018427387904",
            ],
            "more bytes than 64 bits can count",
        ),
    ];
    for (cards, wanted) in cases {
        let mut bytes = primary();
        bytes.extend(header(cards));
        let error = read(bytes).unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
        assert_eq!(error.place().hdu, Some(1), "{error}");
        assert!(
            error
                .place()
                .span
                .as_ref()
                .is_some_and(|span| span.start >= 2880),
            "{error}"
        );
    }
    let mut endless = primary();
    endless.extend(b"XTENSION= 'IMAGE'");
    endless.resize(2880 * 3, b' ');
    assert!(message(read(endless)).contains("HDU 1 at 0xb40..0x21c0: the header has no END card"));
}

#[test]
fn tables_that_contradict_themselves_are_errors() {
    let rows = [
        "NAXIS1  = 8",
        "NAXIS2  = 2",
        "PCOUNT  = 4",
        "GCOUNT  = 1",
        "TFIELDS = 1",
    ];
    let cases = [
        (
            "TFORM1  = '3J'",
            "TFORM1 is '3J', expected columns that fit into the 8 bytes of a row",
        ),
        (
            "TFORM1  = '3Y'",
            "TFORM1 is '3Y', expected the form of a column",
        ),
        ("TFORM1  = 3", "TFORM1 is 3, expected a string"),
        ("OTHER   = 3", "TFORM1 is missing"),
    ];
    for (form, wanted) in cases {
        let mut cards = rows.to_vec();
        cards.push(form);
        let file = read(table(&cards, &[0; 20])).unwrap();
        let found = message(file.hdu(1).unwrap().table());
        assert!(
            found.contains(wanted) && found.starts_with("HDU 1 at "),
            "{found}"
        );
    }
}

#[test]
fn arrays_that_lead_out_of_the_heap_are_errors() {
    let cards = [
        "NAXIS1  = 8",
        "NAXIS2  = 2",
        "PCOUNT  = 8",
        "GCOUNT  = 1",
        "TFIELDS = 1",
        "TFORM1  = 'PJ(9)'",
    ];
    let numbers: [i32; 6] = [2, 0, 2, 4, 7, 8];
    let data: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect();
    let file = read(table(&cards, &data)).unwrap();
    let table = file.hdu(1).unwrap().table().unwrap();
    let column = &table.columns()[0];
    assert_eq!(
        column.cell(0).unwrap().view::<i32>().unwrap().to_vec(),
        [7, 8]
    );
    let found = message(column.cell(1));
    assert!(
        found.contains("row 1 of column 1: 2 elements at 4 lead out of a heap of 8 bytes"),
        "{found}"
    );
    assert!(message(column.cell(2)).contains("there is no row 2, the HDU has 2"));
    assert!(message(column.load()).contains("a column of fixed length"));
}

#[test]
fn rows_without_a_byte_are_bounded() {
    let cards = [
        "NAXIS1  = 0",
        "NAXIS2  = 999999999999",
        "TFIELDS = 1",
        "TFORM1  = '0A'",
    ];
    let file = read(table(&cards, &[])).unwrap();
    assert!(file.hdu(1).unwrap().table().unwrap_err().is_limit());
}

/// A compressed image of one tile with those bytes in its heap.
fn tile(codec: &str, side: u64, stored: &[u8]) -> Vec<u8> {
    let count = stored.len();
    let cards = [
        "NAXIS1  = 8".to_owned(),
        "NAXIS2  = 1".into(),
        format!("PCOUNT  = {count}"),
        "GCOUNT  = 1".into(),
        "TFIELDS = 1".into(),
        "TTYPE1  = 'COMPRESSED_DATA'".into(),
        "TFORM1  = '1PB'".into(),
        "ZIMAGE  = T".into(),
        "ZBITPIX = 32".into(),
        "ZNAXIS  = 2".into(),
        format!("ZNAXIS1 = {side}"),
        format!("ZNAXIS2 = {side}"),
        format!("ZTILE1  = {side}"),
        format!("ZTILE2  = {side}"),
        format!("ZCMPTYPE= '{codec}'"),
    ];
    let mut data = u32::try_from(count).unwrap().to_be_bytes().to_vec();
    data.extend([0; 4]);
    data.extend(stored);
    table(&cards.iter().map(String::as_str).collect::<Vec<_>>(), &data)
}

fn load(bytes: Vec<u8>) -> Result<u64, Error> {
    let file = read_small(bytes)?;
    let image = file.hdu(1)?.image()?;
    Ok(image.load()?.len() as u64)
}

#[test]
fn small_streams_that_promise_large_images_are_stopped() {
    let flat = |side: u32| {
        let mut out = vec![0xdd, 0x99];
        out.extend(
            [
                side.to_be_bytes(),
                side.to_be_bytes(),
                [0; 4],
                [0; 4],
                [0; 4],
            ]
            .concat(),
        );
        out.extend([0; 8]);
        out
    };
    assert_eq!(load(tile("HCOMPRESS_1", 100, &flat(100))).unwrap(), 10_000);
    assert!(
        load(tile("HCOMPRESS_1", 1000, &flat(1000)))
            .unwrap_err()
            .is_limit()
    );
    // The size of the pixels alone is beyond what a program can address.
    let error = load(tile("HCOMPRESS_1", 1 << 31, &flat(1 << 31))).unwrap_err();
    assert!(error.is_limit() || error.is_corrupt(), "{error}");
    for codec in ["RICE_1", "GZIP_1", "GZIP_2", "PLIO_1", "NOCOMPRESS"] {
        let error = load(tile(codec, 500, &[0; 64])).unwrap_err();
        assert!(error.is_corrupt(), "{codec}: {error}");
        assert!(error.to_string().starts_with("HDU 1 at 0x"), "{error}");
        assert!(error.to_string().contains("tile 0: bad "), "{error}");
    }
}

#[test]
fn an_unknown_compression_is_unsupported() {
    let error = load(tile("ZSTD_9", 10, &[0; 64])).unwrap_err();
    assert!(error.is_unsupported());
    assert!(
        error
            .to_string()
            .contains("no support for tile compression `ZSTD_9` in FITS"),
        "{error}"
    );
}

#[test]
fn tiles_that_are_not_there_are_an_error() {
    let mut bytes = tile("RICE_1", 10, &[0; 64]);
    let at = bytes
        .windows(7)
        .position(|found| found == b"ZTILE2 ")
        .unwrap();
    bytes[at + 10..at + 12].copy_from_slice(b"3 ");
    let found = message(load(bytes));
    assert!(
        found.contains("expected a tile for each of the 1 rows"),
        "{found}"
    );
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn tiles_that_share_what_is_stored_are_refused_by_a_limit() {
    let stored = gzipped(&vec![0; 40_000]);
    let count = stored.len();
    let size = format!("PCOUNT  = {count}");
    let cards = [
        "NAXIS1  = 8",
        "NAXIS2  = 20",
        size.as_str(),
        "GCOUNT  = 1",
        "TFIELDS = 1",
        "TTYPE1  = 'COMPRESSED_DATA'",
        "TFORM1  = '1PB'",
        "ZIMAGE  = T",
        "ZBITPIX = 32",
        "ZNAXIS  = 2",
        "ZNAXIS1 = 100",
        "ZNAXIS2 = 2000",
        "ZTILE1  = 100",
        "ZTILE2  = 100",
        "ZCMPTYPE= 'GZIP_1'",
    ];
    let descriptor = [u32::try_from(count).unwrap().to_be_bytes(), [0; 4]].concat();
    let data = [descriptor.repeat(20), stored].concat();
    let load = |view_bytes: u64| {
        let mut limits = small();
        limits.view_bytes = view_bytes;
        let file = FitsFile::new(Input::from(table(&cards, &data)), &limits).unwrap();
        let image = file.hdu(1).unwrap().image().unwrap();
        image.load_window(&[0..1, 0..100]).map(drop)
    };
    assert!(load(800_000).is_ok());
    let found = message(load(799_999));
    assert!(found.contains("limit `view_bytes` is 799999"), "{found}");
}

#[test]
fn a_gzip_bomb_stops_at_the_header_or_at_what_that_promises() {
    let zeros = gzipped(&vec![0; 64 << 20]);
    assert!(message(read_small(zeros)).contains("not a FITS file"));
    let mut large = header(&[
        "SIMPLE  = T",
        "BITPIX  = 8",
        "NAXIS   = 1",
        "NAXIS1  = 67108864",
    ]);
    large.resize(64 << 20, 0);
    assert!(read_small(gzipped(&large)).unwrap_err().is_limit());
    let mut junk = primary();
    junk.resize(64 << 20, 0);
    let file = read_small(gzipped(&junk)).unwrap();
    assert_eq!(file.warnings()[0].kind, WarningKind::FitsGzipTrailing);
    assert!(file.input().len() < 1 << 20);
}

/// Numbers that look random and are the same in each run.
fn noise(seed: &mut u64) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    usize::try_from(*seed >> 1).unwrap()
}

#[test]
fn changed_bytes_never_stop_the_reader() {
    let mut seed = 88_172_645_463_325_252;
    let mut files = folders::files(&folders::test_data("fits"), ".fits");
    files.extend(folders::files(&folders::test_data("fits"), ".gz"));
    assert!(files.len() >= 14);
    let mut read = 0_u32;
    for path in files {
        let good = std::fs::read(&path).unwrap();
        for round in 0..60 {
            let mut bytes = good.clone();
            for _ in 0..=noise(&mut seed) % 4 {
                let at = noise(&mut seed) % bytes.len();
                bytes[at] = match round % 3 {
                    0 => b'0' + u8::try_from(noise(&mut seed) % 10).unwrap(),
                    1 => u8::try_from(noise(&mut seed) % 256).unwrap(),
                    _ => bytes[at] ^ (1 << (noise(&mut seed) % 8)),
                };
            }
            if round % 10 == 9 {
                bytes.truncate(noise(&mut seed) % bytes.len());
            }
            if let Ok(file) = read_small(bytes) {
                exercise::exercise(&file);
                read += 1;
            }
        }
    }
    assert!(read > 300, "only {read} were read at all");
}
