//! What is written is read back: by this reader, and byte for byte where another writer made it.

use crate::bytes_of;
use crate::open;
use crate::read;
use asdf_core::Error;
use asdf_core::fits::{CardValue, FitsFile, FitsWriter, HduKind, NewColumn, NewHdu, NewHeader};

fn written(hdus: &[NewHdu<'_>], checksums: bool) -> FitsFile {
    let mut writer = FitsWriter::new(Vec::new()).checksums(checksums);
    for hdu in hdus {
        writer.write(hdu).unwrap();
    }
    read(writer.finish().unwrap()).unwrap()
}

#[test]
fn a_file_copied_hdu_by_hdu_is_the_same_bytes() {
    for name in [
        "images.fits",
        "header.fits",
        "compressed_rice_1.fits",
        "groups.fits",
    ] {
        let file = open(name);
        let mut writer = FitsWriter::new(Vec::new());
        for hdu in file.hdus() {
            let copy = NewHdu::raw(NewHeader::from(&hdu.header()), hdu.data().unwrap());
            writer.write(&copy).unwrap();
        }
        assert_eq!(writer.finish().unwrap(), bytes_of(name), "{name}");
    }
}

#[test]
fn images_of_every_type_come_back_with_good_checksums() -> Result<(), Error> {
    let source = open("images.fits");
    let data: Vec<_> = source
        .hdus()
        .map(|hdu| hdu.image()?.load())
        .collect::<Result<_, _>>()?;
    let hdus: Vec<_> = data.iter().map(NewHdu::image).collect::<Result<_, _>>()?;
    let file = written(&hdus, true);
    assert!(file.warnings().is_empty());
    for (hdu, data) in file.hdus().zip(&data) {
        let found = hdu.image()?.load()?;
        assert_eq!(
            (found.shape(), found.datatype()),
            (data.shape(), data.datatype())
        );
        assert_eq!(found.to_le_bytes(), data.to_le_bytes());
        let sums = hdu.checksums()?;
        assert_eq!((sums.data, sums.hdu), (Some(true), Some(true)));
    }
    Ok(())
}

#[test]
fn columns_of_every_type_come_back() -> Result<(), Error> {
    let source = open("tables.fits");
    let (fixed, heap) = (source.hdu(1)?.table()?, source.hdu(2)?.table()?);
    let data: Vec<_> = fixed
        .columns()
        .iter()
        .map(|column| Ok((column.name().unwrap_or_default(), column.load()?)))
        .collect::<Result<_, Error>>()?;
    let cells: Vec<(String, Vec<_>)> = heap
        .columns()
        .iter()
        .filter(|column| column.form().is_variable())
        .map(|column| {
            let rows = (0..heap.rows())
                .map(|row| column.cell(row))
                .collect::<Result<_, _>>()?;
            Ok((column.name().unwrap_or_default().to_owned(), rows))
        })
        .collect::<Result<_, Error>>()?;
    let mut columns: Vec<_> = data
        .iter()
        .map(|(name, data)| NewColumn::new(name, data))
        .collect::<Result<_, _>>()?;
    for (name, rows) in &cells {
        columns.push(NewColumn::variable(name, rows)?.unit("m"));
    }
    let mut header = NewHeader::new();
    header.push("EXTNAME", &CardValue::Text("BOTH".into()), "extension name")?;
    let file = written(&[NewHdu::table(columns)?.header(header)], true);
    assert_eq!(file.len(), 2, "a primary HDU comes first");
    let hdu = file.find("both", None).unwrap();
    hdu.verify()?;
    let table = hdu.table()?;
    for (name, data) in &data {
        let found = table.column(name).unwrap().load()?;
        assert_eq!(
            (found.shape(), found.datatype()),
            (data.shape(), data.datatype()),
            "{name}"
        );
        assert_eq!(found.to_le_bytes(), data.to_le_bytes(), "{name}");
    }
    for (name, rows) in &cells {
        let column = table.column(name).unwrap();
        assert_eq!(column.unit(), Some("m"));
        for (row, data) in (0..).zip(rows) {
            assert_eq!(
                column.cell(row)?.to_le_bytes(),
                data.to_le_bytes(),
                "{name} {row}"
            );
        }
    }
    Ok(())
}

#[test]
fn the_header_of_another_hdu_is_taken_without_its_structure() -> Result<(), Error> {
    let source = open("header.fits");
    let scaled = open("scaled.fits");
    let data = scaled.hdu(1)?.image()?.load()?;
    let mut header = NewHeader::from(&source.hdu(0)?.header());
    header.push("BSCALE", &CardValue::Float(0.1), "stale")?;
    let file = written(
        &[NewHdu::empty(), NewHdu::image(&data)?.header(header)],
        false,
    );
    let hdu = file.hdu(1)?;
    assert_eq!(hdu.kind(), HduKind::Image);
    let found = hdu.header();
    assert_eq!(found.integer("BITPIX")?, Some(-32));
    assert_eq!(found.value("BSCALE"), None);
    assert_eq!(found.all("NAXIS2").count(), 0);
    assert_eq!(
        found.all("HISTORY").count(),
        source.hdu(0)?.header().all("HISTORY").count()
    );
    assert_eq!(found.text("LONG")?, source.hdu(0)?.header().text("LONG")?);
    assert_eq!(hdu.image()?.load()?.to_le_bytes(), data.to_le_bytes());
    Ok(())
}

#[test]
fn a_carrier_of_bytes_has_the_cards_of_other_writers() -> Result<(), Error> {
    let source = open("images.fits");
    // Any bytes will do: one row of one column that holds them all.
    let bytes = source.hdu(0)?.image()?.load()?.to_le_bytes();
    let file = {
        let data = asdf_core::ArrayData::bytes_row(&bytes);
        let mut header = NewHeader::new();
        header.push("EXTNAME", &CardValue::Text("ASDF".into()), "extension name")?;
        let column = NewColumn::new("ASDF_METADATA", &data)?;
        written(
            &[NewHdu::empty(), NewHdu::table(vec![column])?.header(header)],
            false,
        )
    };
    let hdu = file.find("ASDF", None).unwrap();
    let lines: Vec<String> = hdu
        .header()
        .raw()
        .chunks(80)
        .map(|card| String::from_utf8_lossy(card).trim_end().to_owned())
        .collect();
    assert_eq!(
        lines,
        [
            "XTENSION= 'BINTABLE'           / binary table extension",
            "BITPIX  =                    8 / array data type",
            "NAXIS   =                    2 / number of array dimensions",
            "NAXIS1  =                   12 / length of dimension 1",
            "NAXIS2  =                    1 / length of dimension 2",
            "PCOUNT  =                    0 / number of group parameters",
            "GCOUNT  =                    1 / number of groups",
            "TFIELDS =                    1 / number of table fields",
            "TTYPE1  = 'ASDF_METADATA'",
            "TFORM1  = '12B     '",
            "EXTNAME = 'ASDF    '           / extension name",
        ]
    );
    assert_eq!(hdu.data()?, bytes);
    Ok(())
}

#[test]
fn a_raw_header_must_be_one_of_its_place() {
    let file = open("tables.fits");
    let hdu = file.hdu(1).unwrap();
    let copy = NewHdu::raw(NewHeader::from(&hdu.header()), hdu.data().unwrap());
    let error = FitsWriter::new(Vec::new()).write(&copy).unwrap_err();
    assert!(
        error.to_string().contains("must begin with SIMPLE"),
        "{error}"
    );
    let empty = FitsWriter::new(Vec::new()).finish().unwrap();
    assert_eq!(empty.len(), 2880);
    assert_eq!(read(empty).unwrap().len(), 1);
}
