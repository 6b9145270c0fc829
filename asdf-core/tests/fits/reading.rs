//! What a caller can ask of a file, beyond what `expected` compares.

use crate::bytes_of;
use crate::open;
use crate::read;
use asdf_core::Error;
use asdf_core::array::{Datatype, Scalar};
use asdf_core::fits::{CardValue, ColumnForm, HduKind};

#[test]
fn plain_pixels_and_columns_are_borrowed_from_the_file() {
    let file = open("images.fits");
    let hdu = file.find("f4", Some(1)).unwrap();
    let image = hdu.image().unwrap();
    let data = image.load().unwrap();
    assert_eq!(hdu.data().unwrap().len(), 24);
    assert_eq!(data.view::<f32>().unwrap().get(&[1, 2]), Some(100.0));
    assert!(file.find("f4", Some(2)).is_none());
    assert_eq!(
        file.find("dims", Some(3)).map(asdf_core::fits::Hdu::index),
        Some(13)
    );
    assert_eq!(
        file.find("PRIMARY", None).map(asdf_core::fits::Hdu::index),
        Some(0)
    );
}

#[test]
fn stored_and_physical_values_differ_by_the_scale() -> Result<(), Error> {
    let file = open("images.fits");
    let image = file.find("U2", None).unwrap().image()?;
    assert_eq!(
        (image.stored_type(), image.physical_type()),
        (Scalar::Int16, Scalar::Uint16)
    );
    assert_eq!(
        image.load_stored()?.view::<i16>()?.get(&[0, 0]),
        Some(-32768)
    );
    assert_eq!(image.load()?.view::<u16>()?.get(&[0, 0]), Some(0));
    Ok(())
}

#[test]
fn a_window_is_the_same_part_of_the_whole() -> Result<(), Error> {
    for (name, hdu) in [("compressed_rice_1.fits", "CUBE"), ("images.fits", "DIMS")] {
        let file = open(name);
        let image = file
            .hdus()
            .filter(|found| found.name() == hdu)
            .last()
            .unwrap()
            .image()?;
        let window: Vec<_> = image
            .shape()
            .iter()
            .map(|length| 1..length.saturating_sub(1).max(2))
            .collect();
        let (whole, part) = (image.load()?.to_f64()?, image.load_window(&window)?);
        let mut found = Vec::new();
        let mut index: Vec<u64> = window.iter().map(|range| range.start).collect();
        'all: loop {
            let at = index
                .iter()
                .zip(image.shape())
                .fold(0, |at, (index, length)| at * length + index);
            found.push(whole[usize::try_from(at).unwrap()]);
            for axis in (0..index.len()).rev() {
                index[axis] += 1;
                if index[axis] < window[axis].end {
                    continue 'all;
                }
                index[axis] = window[axis].start;
            }
            break;
        }
        assert_eq!(part.to_f64()?, found, "{name}");
        let outside = image.load_window(&vec![0..1000; window.len()]).unwrap_err();
        assert!(
            outside.to_string().contains("does not lie within an image"),
            "{outside}"
        );
    }
    Ok(())
}

#[test]
fn a_tile_can_be_read_alone() -> Result<(), Error> {
    let file = open("compressed_gzip_1.fits");
    let image = file.find("I2", None).unwrap().image()?;
    assert_eq!(image.tile_count(), 9);
    assert_eq!(image.tile_window(5)?, [8..16, 22..30]);
    assert_eq!(image.load_window(&image.tile_window(5)?)?.shape(), [8, 8]);
    assert!(image.tile_window(9).is_err());
    Ok(())
}

#[test]
fn columns_tell_what_the_header_says() -> Result<(), Error> {
    let file = open("tables.fits");
    let table = file.find("ALL", None).unwrap().table()?;
    let column = table.column("mat").unwrap();
    assert_eq!(
        column.form(),
        ColumnForm::Fixed {
            repeat: 6,
            code: 'J'
        }
    );
    assert_eq!(column.cell_shape(), [2, 3]);
    assert_eq!(table.column("B").unwrap().unit(), Some("adu"));
    assert_eq!(
        table.column("SARR").unwrap().stored_type(),
        Datatype::Ascii(4)
    );
    let scaled = table.column("SC").unwrap();
    assert!((scaled.scale() - 0.25).abs() < 1e-12 && (scaled.zero() - 5.0).abs() < 1e-12);
    assert_eq!(scaled.physical_type(), Datatype::Scalar(Scalar::Float64));
    let nulls = table.column("I").unwrap().load()?;
    assert_eq!(nulls.mask(), Some([false, true, false, false].as_slice()));
    assert_eq!(nulls.datatype(), &Datatype::Scalar(Scalar::Int16));
    Ok(())
}

#[test]
fn null_truth_values_and_scaled_nulls_are_masked() -> Result<(), Error> {
    let mut bytes = bytes_of("tables.fits");
    let (span, start, width) = {
        let file = read(bytes.clone())?;
        let hdu = file.find("ALL", None).unwrap();
        (
            hdu.header_span(),
            hdu.data_span().start,
            hdu.table()?.row_bytes(),
        )
    };
    bytes[usize::try_from(start + width).unwrap()] = 0;
    let cards = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
    let header = &mut bytes[cards];
    let at = header
        .windows(6)
        .position(|found| found == b"TNULL4")
        .unwrap();
    header[at..at + 40].copy_from_slice(b"TNULL19 =                    2          ");
    let file = read(bytes)?;
    let table = file.find("ALL", None).unwrap().table()?;
    let logical = table.column("L").unwrap().load()?;
    assert_eq!(logical.mask(), Some([false, true, false, false].as_slice()));
    let scaled = table.column("SC").unwrap().load()?;
    assert_eq!(scaled.mask(), Some([false, true, false, false].as_slice()));
    let values = scaled.view::<f64>()?.to_vec();
    assert!(values[1].is_nan());
    let text = format!("{:?}", [values[0], values[2], values[3]]);
    assert_eq!(text, "[5.25, 5.75, 4.0]");
    Ok(())
}

#[test]
fn cards_are_kept_byte_for_byte() -> Result<(), Error> {
    let (file, bytes) = (open("header.fits"), bytes_of("header.fits"));
    let header = file.hdu(0)?.header();
    assert_eq!(header.raw(), &bytes[..header.raw().len()]);
    assert_eq!(
        header.cards().map(|card| card.raw().len()).sum::<usize>(),
        header.raw().len()
    );
    assert_eq!(header.len() * 80, header.raw().len());
    let long = header.text("LONG")?.unwrap();
    assert_eq!(long, "abcdefghij'".repeat(15));
    assert_eq!(header.value("UNDEF"), None);
    assert_eq!(
        header.get("UNDEF").map(asdf_core::fits::FitsCard::value),
        Some(CardValue::Undefined)
    );
    assert_eq!(header.text("ESO DET CHIP1 NAME")?.as_deref(), Some("chip"));
    Ok(())
}

#[test]
fn checksums_are_right_and_a_changed_byte_is_found() -> Result<(), Error> {
    let file = open("checksum.fits");
    for hdu in file.hdus() {
        let found = hdu.checksums()?;
        assert_eq!(
            (found.data, found.hdu),
            (Some(true), Some(true)),
            "HDU {}",
            hdu.index()
        );
        hdu.verify()?;
    }
    assert_eq!(open("images.fits").hdu(0)?.checksums()?.hdu, None);
    let mut bytes = bytes_of("checksum.fits");
    let at = file.hdu(1)?.data_span().start;
    bytes[usize::try_from(at).unwrap() + 3] ^= 1;
    let error = read(bytes)?.hdu(1)?.verify().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("DATASUM is '67504131', expected '67504130'"),
        "{error}"
    );
    assert_eq!(error.place().hdu, Some(1));
    Ok(())
}

#[test]
fn a_gzipped_file_is_its_content() {
    let (packed, plain) = (open("whole.fits.gz"), bytes_of("images.fits"));
    assert_eq!(packed.compression(), Some("gzip"));
    assert_eq!(packed.input().whole().unwrap(), plain);
    assert!(packed.warnings().is_empty());
}

#[test]
fn asking_for_another_kind_says_what_is_there() {
    let file = open("tables.fits");
    let hdu = file.hdu(1).unwrap();
    assert_eq!(hdu.kind(), HduKind::BinTable);
    let error = hdu.image().unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("HDU 1: the HDU is binary table, asked for image"),
        "{error}"
    );
    let missing = file.hdu(9).unwrap_err();
    assert!(
        missing
            .to_string()
            .ends_with("there is no HDU 9, the file has 5"),
        "{missing}"
    );
}

#[test]
fn float_images_that_were_not_quantised_are_read_as_astropy_does() {
    use sha2::{Digest, Sha256};
    let file = open("unquantised.fits");
    let text = std::fs::read(crate::folders::test_data("fits").join("unquantised.json"));
    let cases: Vec<serde_json::Value> = serde_json::from_slice(&text.unwrap()).unwrap();
    assert_eq!(cases.len() + 1, file.len());
    for (case, hdu) in cases.iter().zip(file.hdus().skip(1)) {
        let place = format!("HDU {}, {}", hdu.index(), case["codec"]);
        let image = hdu
            .image()
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        let data = image
            .load()
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(
            data.datatype().to_string(),
            case["datatype"].as_str().unwrap(),
            "{place}"
        );
        let found: String = Sha256::digest(data.to_le_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(found, case["sha256"].as_str().unwrap(), "{place}");
    }
}
