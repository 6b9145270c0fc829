//! What stands in trees of HDUs, and trees that other software makes.

use super::{back, example, file, read, tree};
use asdf_core::AsdfFile;
use asdf_core::convert::{FitsHeaders, FitsReadOptions};
use asdf_core::tree::Value;

fn header(file: &AsdfFile, hdu: usize, keyword: &str) -> Vec<String> {
    let cards = file.node(format!("fits/{hdu}/header").as_str()).unwrap();
    let cards = cards.as_seq().unwrap();
    cards
        .iter()
        .filter(|card| matches!(card.at(0).unwrap().value(), Value::Str(text) if text == keyword))
        .map(|card| card.at(1).unwrap().text().unwrap().to_owned())
        .collect()
}

#[test]
fn cards_stand_with_their_values_and_odd_ones_as_they_are() {
    let own = tree(&example("header.fits"), FitsReadOptions::default());
    assert_eq!(header(&own, 0, "UNDEF"), ["null"]);
    assert_eq!(header(&own, 0, "CPLX"), ["1.5-2.0j"]);
    assert_eq!(header(&own, 0, "ESO DET CHIP1 NAME"), ["chip"]);
    assert_eq!(header(&own, 0, "DUP"), ["1", "2"]);
    assert_eq!(header(&own, 0, "LEAD"), ["   a"]);
    let originals = own.node("fits/0/original_cards").unwrap();
    let originals: Vec<&str> = originals
        .as_seq()
        .unwrap()
        .iter()
        .map(|card| card.text().unwrap())
        .collect();
    assert_eq!(header(&own, 0, "BIGINT"), ["12345678901234567890"]);
    assert!(originals.contains(&"EMPTY   = ''"), "{originals:?}");
}

#[test]
fn an_edited_card_is_written_as_edited() {
    let own = tree(&example("header.fits"), FitsReadOptions::default());
    let cards = own.node("fits/0/header").unwrap().as_seq().unwrap();
    let is_big =
        |card: &asdf_core::Node<'_>| matches!(card.at(0).unwrap().value(), Value::Str("BIGINT"));
    let place = cards.iter().position(|card| is_big(&card)).unwrap();
    let mut draft = own.to_draft();
    draft
        .set(format!("fits/0/header/{place}/1").as_str(), 7)
        .unwrap();
    let changed = super::written(draft).unwrap();
    let written = read(back(&changed).unwrap());
    assert_eq!(
        written.hdu(0).unwrap().header().integer("BIGINT").unwrap(),
        Some(7)
    );
}

#[test]
fn headers_as_mappings_have_lists_for_what_stands_twice() {
    let options = FitsReadOptions::default().headers(FitsHeaders::Mapping);
    let own = tree(&example("header.fits"), options);
    assert!(own.node("fits").unwrap().tag().is_none());
    let node = |key: &str| own.node(format!("fits/0/header/{key}").as_str()).unwrap();
    assert_eq!(node("DUP").as_seq().unwrap().len(), 2);
    assert!(node("COMMENT").as_seq().is_some());
    assert!(matches!(node("INT").value(), Value::Int(-123_456_789)));
    let written = read(back(&own).unwrap());
    let header = written.hdu(0).unwrap().header();
    assert_eq!(header.all("DUP").count(), 2);
    assert_eq!(header.integer("INT").unwrap(), Some(-123_456_789));
}

#[test]
fn integers_without_a_value_are_masked_by_their_number() {
    let own = tree(&example("tables.fits"), FitsReadOptions::default());
    let mask = own.node("fits/1/data/columns/3/data/nulls").unwrap();
    assert!(matches!(mask.value(), Value::Int(-99)));
    let data = own
        .array("fits/1/data/columns/3/data")
        .unwrap()
        .load()
        .unwrap();
    assert_eq!(data.mask(), Some([false, true, false, false].as_slice()));
}

#[test]
fn elements_stay_big_endian_unless_asked_otherwise() {
    let file = example("images.fits");
    let order = |native| {
        let own = tree(&file, FitsReadOptions::default().native(native));
        let order = own.array("fits/0/data").unwrap().byteorder();
        format!("{order:?}")
    };
    assert_eq!([order(false), order(true)], ["Big", "Little"]);
}

const LIST: &str = "!<tag:astropy.org:astropy/fits/fits-1.2.0>";
const TABLE: &str = "!<tag:astropy.org:astropy/table/table-1.3.0>";

fn image(datatype: &str, values: &str) -> AsdfFile {
    file(&format!(
        "--- !core/asdf-1.1.0\nfits: {LIST}\n- header: []\n  data: !core/ndarray-1.1.0\n    data: {values}\n    datatype: {datatype}\n    shape: [2]\n    byteorder: little\n"
    ))
}

#[test]
fn a_list_without_cards_gets_those_that_it_needs() {
    let written = read(back(&image("uint16", "[1, 65535]")).unwrap());
    let header = written.hdu(0).unwrap().header();
    assert_eq!(header.integer("BZERO").unwrap(), Some(32768));
    assert_eq!(header.logical("EXTEND").unwrap(), Some(true));
    let data = written.hdu(0).unwrap().image().unwrap().load().unwrap();
    assert_eq!(
        data.view::<u16>().unwrap().iter().collect::<Vec<_>>(),
        [1, 65535]
    );
}

#[test]
fn what_fits_has_no_type_for_is_refused_with_its_path() {
    for (datatype, values) in [
        ("float16", "[1, 2]"),
        ("bool8", "[true, false]"),
        ("complex64", "[1, 2]"),
        ("[ucs4, 2]", "[a, b]"),
    ] {
        let error = back(&image(datatype, values)).unwrap_err().to_string();
        assert!(error.contains("/fits/0/data"), "{error}");
        assert!(error.contains("FITS"), "{error}");
    }
}

fn table(columns: &str, header: &str) -> AsdfFile {
    file(&format!(
        "--- !core/asdf-1.1.0\nfits: {LIST}\n- header: {header}\n  data: {TABLE}\n    colnames: [a, b]\n    qtable: false\n    columns:\n{columns}"
    ))
}

fn column(name: &str, data: &str) -> String {
    format!("    - !table/column-1.2.0 {{name: {name}, data: !core/ndarray-1.1.0 {{{data}}}}}\n")
}

#[test]
fn text_of_any_width_becomes_ascii_and_masked_integers_get_a_number() {
    let columns = column("a", "data: [ab, c], datatype: [ucs4, 3], shape: [2]")
        + &column("b", "data: [5, 7], datatype: int16, shape: [2], mask: 7");
    let written = read(back(&table(&columns, "[]")).unwrap());
    assert_eq!(written.len(), 2, "an empty primary HDU comes first");
    let rows = written.hdu(1).unwrap().table().unwrap();
    assert_eq!(rows.column("a").unwrap().form_text().trim(), "3A");
    assert_eq!(rows.column("b").unwrap().null(), Some(7));
    let found = rows.column("b").unwrap().load().unwrap();
    assert_eq!(found.mask(), Some([false, true].as_slice()));
    let columns = column("a", "data: [é, c], datatype: [ucs4, 3], shape: [2]");
    let error = back(&table(&columns, "[]")).unwrap_err().to_string();
    assert!(
        error.contains("/fits/0/data/columns/0") && error.contains('é'),
        "{error}"
    );
}

#[test]
fn a_number_that_is_a_value_cannot_stand_for_none() {
    let masked = |data: &str| {
        let columns = column("a", data) + &column("b", "data: [1, 2], datatype: int8, shape: [2]");
        back(&table(&columns, "[[XTENSION, BINTABLE], [TNULL1, 7]]"))
    };
    let mask = "mask: !core/ndarray-1.1.0 {data: [true, false], datatype: bool8, shape: [2]}";
    let written = masked(&format!(
        "data: [3, 4], datatype: uint16, shape: [2], {mask}"
    ))
    .unwrap();
    let written = read(written);
    let rows = written.hdu(1).unwrap().table().unwrap();
    let first = &rows.columns()[0];
    assert_eq!(first.null(), Some(7));
    let found = first.load().unwrap();
    assert_eq!(found.mask(), Some([true, false].as_slice()));
    assert_eq!(found.view::<u16>().unwrap().get(&[1]), Some(4));
    let error = masked(&format!(
        "data: [3, 7], datatype: int32, shape: [2], {mask}"
    ));
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("/fits/0/data/columns/0: 7 stands for no value"),
        "{error}"
    );
}

#[test]
fn cards_about_other_data_are_put_right() {
    let columns = column("a", "data: [1.5, 2.5], datatype: float64, shape: [2]")
        + &column("b", "data: [true, false], datatype: bool8, shape: [2]");
    let header = "[[XTENSION, BINTABLE], [NAXIS1, 99], [TFIELDS, 7], [TTYPE1, a], [TFORM1, I], [TSCAL1, 2.0], [TNULL1, 3], [TDISP1, F5.2], [TTYPE9, x], [TUNIT1, mm], [TFORM2, 1X], [OBJECT, kept]]";
    let written = read(back(&table(&columns, header)).unwrap());
    let header = written.hdu(1).unwrap().header();
    let text = |keyword: &str| header.text(keyword).unwrap().unwrap_or_default();
    assert_eq!(header.integer("NAXIS1").unwrap(), Some(9));
    assert_eq!([text("TFORM1"), text("TFORM2")], ["D", "1X"]);
    assert_eq!(
        [text("TUNIT1"), text("TDISP1"), text("OBJECT")],
        ["mm", "F5.2", "kept"]
    );
    for keyword in ["TSCAL1", "TNULL1", "TTYPE9"] {
        assert!(header.get(keyword).is_none(), "{keyword}");
    }
    let bits = written.hdu(1).unwrap().table().unwrap().columns()[1]
        .load()
        .unwrap();
    assert_eq!(bits.to_le_bytes(), [1, 0]);
}

#[test]
fn bad_trees_are_refused_with_their_path() {
    for (tree, wanted) in [
        ("[7]", "/fits/0: an HDU is a mapping"),
        (
            "[{header: 7}]",
            "/fits/0/header: a FITS header needs a list of cards",
        ),
        ("[{header: [[A, [1]]]}]", "/fits/0/header/0/1"),
        ("[{header: [[A, 1, c, d]]}]", "/fits/0/header/0"),
        ("[{header: [[é, 1]]}]", "/fits/0/header/0"),
        ("[{header: [], data: 7}]", "/fits/0/data"),
        (
            "[{header: [[GROUPS, true], [NAXIS1, 0]], data: null}]",
            "random groups",
        ),
    ] {
        let text = format!("--- !core/asdf-1.1.0\nfits: {LIST} {tree}\n");
        let error = back(&file(&text)).unwrap_err().to_string();
        assert!(error.contains(wanted), "{tree}: {error}");
    }
}
