//! Servers that fail: what is said, and that nothing hangs.

use crate::server::{Fault, Server};
use crate::{exposure, options};
use asdf_core::array::NewArray;
use asdf_core::file::Storage;
use asdf_core::file::unless_dropped;
use asdf_core::{AsdfFile, Draft, Error, Limits, OpenOptions, Result, WriteOptions};
use asdf_remote::{Remote, RemoteOptions};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A file whose data do not come with its ends.
fn longer() -> Vec<u8> {
    let values: Vec<u64> = (0..100_000).collect();
    let mut draft = Draft::new();
    let array = NewArray::from_slice(&values, &[100_000]).unwrap();
    draft
        .set_array("data", array, &Storage::internal())
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.asdf");
    draft.save(&path, &WriteOptions::default()).unwrap();
    std::fs::read(path).unwrap()
}

fn open(server: &Server) -> Result<AsdfFile> {
    options().0.open(server.url("x.asdf"))
}

fn refusal(server: &Server, fault: Fault) -> Error {
    server.fail(fault);
    let start = Instant::now();
    let error = open(server).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(20), "{fault:?}");
    let text = error.to_string();
    assert!(text.starts_with(&server.url("x.asdf")), "{text}");
    assert!(!text.contains("SECRET"), "{text}");
    error
}

#[test]
fn what_a_server_refuses_is_said_with_its_status() {
    let server = Server::of("x.asdf", exposure());
    for (fault, text) in [
        (
            Fault::Status(403),
            "access is refused (403): the web server does not give it to everybody",
        ),
        (
            Fault::Status(401),
            "access is refused (401): the web server does not give it to everybody",
        ),
        (Fault::Status(404), "there is no such object (404)"),
        (Fault::Status(400), "the server answers with status 400"),
        (Fault::EndlessStatus(403), "access is refused (403)"),
        (Fault::EndlessStatus(404), "there is no such object (404)"),
        (
            Fault::Redirect,
            "the server refers to another host or port, which is not followed",
        ),
        (
            Fault::RedirectPort,
            "the server refers to another host or port, which is not followed",
        ),
        (
            Fault::RedirectLoop,
            "the server refers from one address to another without an end",
        ),
        (Fault::RedirectNowhere, "and does not say where it is"),
    ] {
        let error = refusal(&server, fault);
        assert!(error.is_io() && error.to_string().contains(text), "{error}");
    }
}

#[test]
fn a_bucket_of_another_region() {
    let server = Server::of("bucket/x.asdf", exposure());
    server.fail(Fault::OtherRegion);
    let mut options = RemoteOptions::default();
    options.endpoint = Some(server.url("").trim_end_matches('/').to_owned());
    options.no_sign_request = true;
    let open = OpenOptions::default().opener(Arc::new(Remote::new(options)));
    let error = open.open("s3://bucket/x.asdf").unwrap_err().to_string();
    let text = "s3://bucket/x.asdf: the bucket is in another region: AWS_REGION or --endpoint says in which (301)";
    assert_eq!(error, text);
}

/// Also before the first byte is there.
#[test]
fn what_nobody_waits_for_is_given_up() {
    let server = Server::of("x.asdf", longer());
    for is_open in [false, true] {
        server.fail(Fault::None);
        let file = is_open.then(|| open(&server).unwrap());
        server.fail(Fault::Silent);
        let dropped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&dropped);
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            flag.store(true, Ordering::SeqCst);
        });
        let start = Instant::now();
        let error = unless_dropped(&dropped, || match &file {
            Some(file) => file.array("data").unwrap().load().map(drop),
            None => open(&server).map(drop),
        });
        let error = error.unwrap_err();
        assert!(error.is_cancelled(), "{error}");
        assert!(start.elapsed() < Duration::from_secs(5), "{is_open}");
    }
}

#[test]
fn a_server_that_fails_for_a_moment_is_asked_again() {
    let server = Server::of("x.asdf", exposure());
    for status in [500, 503, 429] {
        server.fail(Fault::StatusFor(status, 3));
        assert!(open(&server).is_ok(), "{status}");
    }
    let error = refusal(&server, Fault::Status(503));
    assert!(
        error
            .to_string()
            .contains("the server answers with status 503"),
        "{error}"
    );
}

#[test]
fn nobody_answers() {
    let server = Server::of("x.asdf", Vec::new());
    let url = server.url("x.asdf");
    drop(server);
    std::thread::sleep(Duration::from_millis(50));
    let start = Instant::now();
    let error = options().0.open(&url).unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn an_answer_may_come_without_its_length() {
    let server = Server::of("x.asdf", longer());
    for (fault, cautions) in [(Fault::Chunked, 0), (Fault::NoRangesNoLength, 1)] {
        server.fail(fault);
        let (open, remote) = options();
        let file = open.open(server.url("x.asdf")).unwrap();
        assert_eq!(file.array("data").unwrap().load().unwrap().len(), 100_000);
        assert_eq!(remote.take_cautions().len(), cautions);
    }
}

#[test]
fn a_server_without_ranges_gives_all_of_it() {
    let server = Server::of("x.asdf", longer());
    server.fail(Fault::NoRanges);
    let (open, remote) = options();
    let file = open.open(server.url("x.asdf")).unwrap();
    assert_eq!(file.array("data").unwrap().load().unwrap().len(), 100_000);
    let cautions = remote.take_cautions();
    assert!(
        cautions[0].contains("the server gives no parts of objects"),
        "{cautions:?}"
    );
    let mut limits = Limits::default();
    limits.input_bytes = 100_000;
    let error = open.limits(limits).open(server.url("x.asdf")).unwrap_err();
    assert!(error.is_limit(), "{error}");
}

#[test]
fn an_empty_object() {
    let server = Server::of("x.asdf", Vec::new());
    let error = open(&server).unwrap_err().to_string();
    assert!(
        error.ends_with("not an ASDF file: an empty file"),
        "{error}"
    );
}

#[test]
fn answers_that_are_cut_are_asked_for_again_or_told() {
    let server = Server::of("x.asdf", longer());
    let error = refusal(&server, Fault::CutAfter(1000));
    assert!(error.is_io(), "{error}");
}

#[test]
fn an_object_that_changes_meanwhile() {
    let server = Server::of("x.asdf", longer());
    for fault in [Fault::ChangesAfter(2), Fault::ChangesUnseen(2)] {
        server.fail(fault);
        let file = open(&server).unwrap();
        let error = file.array("data").unwrap().load().unwrap_err();
        assert!(error.is_changed(), "{error}");
        assert!(
            error
                .to_string()
                .ends_with("the object changed while it was read"),
            "{error}"
        );
    }
}

#[test]
fn answers_that_are_something_else() {
    let server = Server::of("x.asdf", longer());
    for fault in [Fault::WrongRange, Fault::Endless] {
        let error = refusal(&server, fault);
        assert!(error.is_io(), "{error}");
    }
}

#[test]
fn what_is_no_object() {
    let (open, _) = options();
    for (url, text) in [
        (
            "http://127.0.0.1:1/folder/",
            "it is a folder, and an object was expected",
        ),
        ("s3://bucket", "it is a folder, and an object was expected"),
        ("s3:///x.asdf", "it names no bucket"),
        ("s3://bucket//x.asdf", "the key cannot be used"),
        ("s3://bucket/a/../x.asdf", "the key cannot be used"),
        ("http://", "empty host"),
    ] {
        let error = open.open(url).unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn settings_that_no_request_can_be_made_of() {
    let wrong = [
        "nonsense",
        "ftp://host",
        "https://",
        "http://host/?a=b",
        "a b",
        "",
    ];
    for endpoint in wrong {
        let mut options = RemoteOptions::default();
        options.endpoint = Some(endpoint.to_owned());
        let open = OpenOptions::default().opener(Arc::new(Remote::new(options)));
        let error = open.open("s3://bucket/x.asdf").unwrap_err().to_string();
        assert!(
            error.contains("the server of S3 (--endpoint"),
            "{endpoint}: {error}"
        );
    }
}

/// Takes half a minute each, as long as the silence is waited for.
#[test]
#[ignore = "it waits for time limits: run by `.ci/full`"]
fn silence_has_an_end() {
    let server = Server::of("x.asdf", longer());
    for fault in [Fault::Silent, Fault::Trickle] {
        server.fail(fault);
        let start = Instant::now();
        let error = open(&server).unwrap_err();
        assert!(error.is_io(), "{error}");
        assert!(start.elapsed() < Duration::from_secs(100), "{error}");
    }
}
