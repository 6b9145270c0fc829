//! Records as values of the caller's own types; expected values are Python asdf's.
#![expect(clippy::unwrap_used, reason = "a test")]

use asdf_core::AsdfFile;
use serde::Deserialize;
use std::path::Path;

fn open(name: &str) -> AsdfFile {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/made");
    AsdfFile::open(made.join(name)).unwrap()
}

#[test]
fn fields_are_found_by_name_in_any_order_and_others_left_out() {
    #[derive(Debug, Deserialize)]
    struct Star {
        name: String,
        flux: f64,
        id: i64,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Id {
        id: i8,
    }
    let file = open("record_simple.asdf");
    let table = file.array("t").unwrap().load().unwrap();
    let stars: Vec<Star> = table.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(
        (stars[0].id, stars[0].flux, stars[0].name.as_str()),
        (1, 2.5, "one")
    );
    assert_eq!((stars[1].id, stars[1].name.as_str()), (-2, "two"));
    assert!(stars[1].flux.is_nan());
    let ids: Vec<Id> = table.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(ids, [Id { id: 1 }, Id { id: -2 }]);
    let pairs: Vec<(i32, f32, String)> = table.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(pairs[0], (1, 2.5, "one".to_owned()));
}

#[test]
fn a_number_that_does_not_fit_is_an_error_with_its_place() {
    #[derive(Debug, Deserialize)]
    struct Id {
        #[expect(dead_code, reason = "never read with success")]
        id: u8,
    }
    let file = open("record_simple.asdf");
    let table = file.array("t").unwrap().load().unwrap();
    let error = table.records::<Id>().nth(1).unwrap().unwrap_err();
    assert!(error.is_mismatch());
    let text = error.to_string();
    assert!(text.contains("/t: element 1, field `id`: "), "{text}");
    assert!(text.contains("-2"), "{text}");
}

#[test]
fn nested_records_become_nested_structs() {
    #[derive(Debug, Deserialize)]
    struct Place {
        ra: f64,
        dec: f64,
    }
    #[derive(Debug, Deserialize)]
    struct More {
        k: i32,
    }
    #[derive(Debug, Deserialize)]
    struct Deep {
        more: More,
    }
    #[derive(Debug, Deserialize)]
    struct Source {
        id: u16,
        at: Place,
        deep: Deep,
    }
    let file = open("record_nested.asdf");
    let table = file.array("t").unwrap().load().unwrap();
    let sources: Vec<Source> = table.records().collect::<Result<_, _>>().unwrap();
    let third = &sources[2];
    assert_eq!(
        (third.id, third.at.ra, third.at.dec, third.deep.more.k),
        (3, 30.5, 0.0, 9)
    );
}

#[test]
fn sub_arrays_of_records_become_lists_of_structs() {
    #[derive(Debug, Deserialize)]
    struct Part {
        x: f32,
        k: [i16; 2],
    }
    #[derive(Debug, Deserialize)]
    struct Row {
        p: Vec<Part>,
    }
    let file = open("record_nested_subarray.asdf");
    let table = file.array("t").unwrap().load().unwrap();
    let rows: Vec<Row> = table.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(
        (rows[1].p.len(), rows[1].p[2].x, rows[1].p[2].k),
        (3, 5.0, [10, 11])
    );
}

#[test]
fn text_is_read_without_padding_and_elements_need_not_be_records() {
    #[derive(Debug, Deserialize)]
    struct Text {
        a: String,
        u: String,
    }
    let file = open("record_text.asdf");
    let table = file.array("t").unwrap().load().unwrap();
    let first: Text = table.records().next().unwrap().unwrap();
    assert_eq!((first.a.as_str(), first.u.as_str()), ("ab", "ünï"));

    let file = open("roman_exposure.asdf");
    let amp = file.array("roman/amp33").unwrap().load().unwrap();
    let values: Vec<u32> = amp.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(values.len(), 288);
}

#[test]
fn masked_elements_are_none_and_never_their_stored_value() {
    let file = open("mask_number.asdf");
    let data = file.array("a").unwrap().load().unwrap();
    let values: Vec<Option<i32>> = data.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(values, [Some(1), None, Some(3), None]);
    let error = data.records::<i32>().nth(1).unwrap().unwrap_err();
    assert!(
        error.to_string().contains("element 1: it is masked"),
        "{error}"
    );
}

#[test]
fn a_field_can_be_taken_out_for_good() {
    let file = open("record_simple.asdf");
    let id = file
        .array("t")
        .unwrap()
        .load()
        .unwrap()
        .into_field("id")
        .unwrap();
    assert_eq!(id.view::<i32>().unwrap().to_vec(), [1, -2]);
    let table = file.array("t").unwrap().load().unwrap();
    assert!(table.into_field("none").is_none());
}
