//! Objects that are written: all of one or nothing.

use crate::store::{Failure, Store};
use asdf_core::error::ErrorKind;
use asdf_core::{Error, Result};
use asdf_remote::{Free, Remote, RemoteOptions};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const MEBIBYTE: usize = 1 << 20;
const NAME: &str = "s3://bucket/night/x.asdf";
const PATH: &str = "/bucket/night/x.asdf";

fn remote(store: &Store) -> Remote {
    let mut options = RemoteOptions::default();
    options.endpoint = Some(store.endpoint());
    options.no_sign_request = true;
    Remote::new(options)
}

/// Bytes that are elsewhere at every place.
fn bytes(length: usize) -> Vec<u8> {
    let number = |at: usize| (at as u32).wrapping_mul(2_654_435_761) >> 24;
    (0..length).map(|at| number(at) as u8).collect()
}

fn write(store: &Store, bytes: &[u8], replace: bool) -> Result<()> {
    let source = (&mut &*bytes as &mut dyn Read, bytes.len() as u64);
    let never = AtomicBool::new(false);
    let written = remote(store).upload(Path::new(NAME), source, replace, &never);
    written.unwrap()
}

fn is_taken(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::AlreadyExists)
}

#[test]
fn an_object_is_what_was_written() {
    for length in [0, 1, 8 * MEBIBYTE, 8 * MEBIBYTE + 1, 50 * MEBIBYTE] {
        let store = Store::start();
        let wanted = bytes(length);
        write(&store, &wanted, false).unwrap();
        assert!(store.object(PATH).unwrap() == wanted, "{length}");
        assert_eq!(store.pending(), 0);
        // Parts of 8 MiB, and one request for what is not longer than one.
        let parts = length.div_ceil(8 * MEBIBYTE);
        let requests = store.shelf.lock().unwrap().requests.clone();
        let expected = if parts > 1 { parts + 2 } else { 1 };
        assert_eq!(requests.len(), expected, "{requests:?}");
        assert!(
            requests.last().unwrap().ends_with(" if-none-match"),
            "{requests:?}"
        );
    }
}

#[test]
fn what_is_there_stays_unless_it_may_be_replaced() {
    for length in [100, 20 * MEBIBYTE] {
        let store = Store::start();
        store.put(PATH, b"old");
        let remote = remote(&store);
        let free = |name: &str| remote.is_free(Path::new(name)).unwrap().unwrap();
        assert_eq!(free(NAME), Free::No);
        assert_eq!(free("s3://bucket/y"), Free::Yes);
        let new = bytes(length);
        let error = write(&store, &new, false).unwrap_err();
        assert!(is_taken(&error), "{error}");
        assert_eq!(store.object(PATH).unwrap(), b"old");
        assert_eq!(store.pending(), 0);
        write(&store, &new, true).unwrap();
        assert!(store.object(PATH).unwrap() == new);
    }
}

#[test]
fn a_name_that_something_gets_meanwhile_is_not_taken_from_it() {
    let store = Store::start();
    store.fail(Failure::Race);
    let error = write(&store, &bytes(20 * MEBIBYTE), false).unwrap_err();
    assert!(is_taken(&error), "{error}");
    assert_eq!(store.object(PATH).unwrap(), b"other");
    assert_eq!(store.pending(), 0);
}

#[test]
fn after_a_failure_there_is_neither_an_object_nor_an_upload() {
    for (failure, text) in [
        (
            Failure::Part(2, 403),
            "access is refused (403): --no-sign-request asks without credentials, or there is no such bucket",
        ),
        (Failure::Part(1, 404), "there is no such bucket (404)"),
        (Failure::Part(3, 500), "the server answers with status 500"),
        (Failure::Part(3, 400), "the server answers with status 400"),
        (Failure::CutPart(2), ""),
        (Failure::Completion(403), "access is refused (403)"),
        (
            Failure::Completion(501),
            "on the condition that there is none of its name (501)",
        ),
        (Failure::FalseCompletion, ""),
    ] {
        let store = Store::start();
        store.fail(failure);
        let start = Instant::now();
        let error = write(&store, &bytes(20 * MEBIBYTE), false)
            .unwrap_err()
            .to_string();
        assert!(error.contains(text), "{failure:?}: {error}");
        assert!(
            !error.contains("SECRET") && !error.contains("127.0.0.1"),
            "{error}"
        );
        assert_eq!(store.object(PATH), None, "{failure:?}");
        assert_eq!(store.pending(), 0, "{failure:?}: {error}");
        assert!(start.elapsed() < Duration::from_secs(70), "{failure:?}");
    }
    for (status, text) in [(403, "no such bucket"), (500, "status 500"), (501, "(501)")] {
        let store = Store::start();
        store.fail(Failure::Whole(status));
        let error = write(&store, b"bytes", false).unwrap_err().to_string();
        assert!(error.contains(text) && !error.contains("SECRET"), "{error}");
        assert_eq!(store.object(PATH), None);
    }
}

#[test]
fn what_cannot_be_known_or_taken_back_is_said() {
    let store = Store::start();
    store.fail(Failure::LostCompletion(500));
    let error = write(&store, &bytes(20 * MEBIBYTE), true)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("whether the object was written is not known"),
        "{error}"
    );
    let store = Store::start();
    store.fail(Failure::Abort(403));
    let error = write(&store, &bytes(20 * MEBIBYTE), true)
        .unwrap_err()
        .to_string();
    let text = "access is refused (403)";
    assert!(error.contains(text), "{error}");
    assert!(
        error.ends_with("the parts that were sent (upload up1) could not be removed"),
        "{error}"
    );
}

#[test]
fn a_server_that_fails_for_a_moment_is_asked_again() {
    for failure in [Failure::PartFor(2, 503, 3), Failure::PartFor(1, 500, 1)] {
        let store = Store::start();
        store.fail(failure);
        let wanted = bytes(20 * MEBIBYTE);
        write(&store, &wanted, false).unwrap();
        assert!(store.object(PATH).unwrap() == wanted, "{failure:?}");
    }
}

#[test]
fn what_is_no_longer_expected_is_taken_back() {
    let store = Store::start();
    store.fail(Failure::SilentPart(2));
    let wanted = bytes(20 * MEBIBYTE);
    let dropped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&dropped);
    let late = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        flag.store(true, Ordering::SeqCst);
    });
    let start = Instant::now();
    let source = (&mut wanted.as_slice() as &mut dyn Read, wanted.len() as u64);
    let written = remote(&store).upload(Path::new(NAME), source, false, &dropped);
    let error = written.unwrap().unwrap_err();
    late.join().unwrap();
    assert!(error.is_cancelled(), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!((store.object(PATH), store.pending()), (None, 0));
}

#[test]
fn a_source_that_ends_early_makes_no_object() {
    for length in [100, 20 * MEBIBYTE] {
        let store = Store::start();
        let wanted = bytes(length);
        let source = (&mut &wanted[..length - 1] as &mut dyn Read, length as u64);
        let never = AtomicBool::new(false);
        let written = remote(&store).upload(Path::new(NAME), source, false, &never);
        assert!(written.unwrap().is_err());
        assert_eq!((store.object(PATH), store.pending()), (None, 0));
    }
}

#[test]
fn what_takes_no_object() {
    let store = Store::start();
    let remote = remote(&store);
    let never = AtomicBool::new(false);
    for (name, text) in [
        ("https://host/x.asdf", "a web server takes no files"),
        (
            "s3://bucket/night/",
            "it is a folder, and the name of an object was expected",
        ),
        (
            "s3://bucket",
            "it is a folder, and the name of an object was expected",
        ),
        ("s3://bucket/a//b", "the key cannot be used"),
    ] {
        let source = (&mut std::io::empty() as &mut dyn Read, 0);
        let error = remote
            .upload(Path::new(name), source, true, &never)
            .unwrap()
            .unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
        let error = remote.is_free(Path::new(name)).unwrap().unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
    }
    let source = (&mut std::io::empty() as &mut dyn Read, 0);
    assert!(
        remote
            .upload(Path::new("x.asdf"), source, true, &never)
            .is_none()
    );
}
