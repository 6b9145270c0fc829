//! Sources that fail: an error with the name of the object, and none of it is kept.

use crate::source::Object;
use asdf_core::file::{Input, RangeSource, TakePiece, unless_dropped};
use asdf_core::{Limits, OpenOptions};
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn exposure() -> Vec<u8> {
    std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../test-data/made/roman_exposure.asdf"
    ))
    .unwrap()
}

#[test]
fn an_error_on_opening_names_the_object() {
    let object = Object::new(exposure());
    object.fail(Some(Box::new(|_| {
        Err(io::Error::other("the line is down"))
    })));
    let input = Input::ranged(object, &[], &Limits::default()).unwrap();
    let error = OpenOptions::default()
        .read_input(input, "object")
        .unwrap_err();
    assert!(error.is_io());
    assert_eq!(error.to_string(), "object: the line is down");
}

#[test]
fn what_failed_is_asked_for_again() {
    let object = Object::new(exposure());
    let input = Input::ranged(object.clone(), &[], &Limits::default()).unwrap();
    object.fail(Some(Box::new(|_| Err(io::Error::other("for a moment")))));
    assert!(input.slice(0..10).is_err());
    object.fail(None);
    assert_eq!(input.slice(0..5).unwrap(), b"#ASDF");
    object.asked();
    assert_eq!(input.slice(0..12).unwrap(), b"#ASDF 1.0.0\n");
    assert_eq!(object.asked().requests, 0);
}

/// Gives something else than what was asked for.
#[derive(Debug)]
struct Wrong(u64, Vec<(u64, usize)>);

impl RangeSource for Wrong {
    fn size(&self) -> u64 {
        self.0
    }

    fn fetch(&self, _: &[Range<u64>], take: TakePiece<'_>) -> io::Result<()> {
        for (offset, length) in &self.1 {
            take(*offset, &vec![1; *length])?;
        }
        Ok(())
    }
}

#[test]
fn a_source_that_gives_something_else_is_refused() {
    for (pieces, text) in [
        (vec![(0, 100)], "the source gave 100 bytes of 4096"),
        (vec![], "the source gave 0 bytes of 4096"),
        (
            vec![(0, 5000)],
            "the source gave bytes 0 to 5000, which nobody asked for",
        ),
        (
            vec![(u64::MAX, 5)],
            "the source gave bytes 18446744073709551615 to 18446744073709551615, which nobody asked for",
        ),
    ] {
        let source = Arc::new(Wrong(100_000, pieces));
        let input = Input::ranged(source, &[], &Limits::default()).unwrap();
        assert_eq!(input.slice(0..10).unwrap_err().to_string(), text);
    }
}

#[test]
fn an_object_of_an_absurd_size_is_an_error_or_costs_nothing() {
    for size in [u64::MAX, u64::MAX / 2 + 1, 1 << 62] {
        let source = Arc::new(Wrong(size, Vec::new()));
        assert!(
            Input::ranged(source, &[], &Limits::default()).is_err(),
            "{size}"
        );
    }
}

#[test]
fn what_is_kept_has_a_limit() {
    let mut limits = Limits::default();
    limits.input_bytes = 50_000;
    let input = Input::ranged(Object::new(vec![7; 200_000]), &[], &limits).unwrap();
    assert!(input.slice(0..40_000).is_ok());
    let error = input.whole().unwrap_err();
    assert!(error.is_limit(), "{error}");
    assert!(input.slice(0..40_960).is_ok());
}

#[test]
fn an_empty_object() {
    let input = Input::ranged(Object::new(Vec::new()), &[], &Limits::default()).unwrap();
    assert!(input.is_empty());
    let error = OpenOptions::default()
        .read_input(input, "object")
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("not an ASDF file: an empty file"),
        "{error}"
    );
}

#[test]
fn what_nobody_waits_for_is_given_up() {
    let dropped = Arc::new(AtomicBool::new(false));
    let object = Object::new(vec![7; 1_000_000]);
    let input = Input::ranged(object.clone(), &[], &Limits::default()).unwrap();
    let seen = Arc::clone(&dropped);
    object.fail(Some(Box::new(move |_| {
        seen.store(true, Ordering::SeqCst);
        Ok(())
    })));
    let error = unless_dropped(&dropped, || input.whole().unwrap_err());
    assert!(error.is_cancelled(), "{error}");
    object.fail(None);
    assert_eq!(input.whole().unwrap().len(), 1_000_000);
}
