//! What a command says when a server fails, and what it returns.

use crate::server::{Fault, Server};
use crate::{data, run, text};
use std::time::{Duration, Instant};

/// A URL with all that must not be printed.
fn url(server: &Server) -> String {
    server
        .url("x.asdf?X-Amz-Signature=SECRET")
        .replace("http://", "http://SECRETNAME:SECRET@")
}

/// Exit code, output and messages of a command, in which nothing is that must not be.
fn told(args: &[&str]) -> (Option<i32>, String, String) {
    let start = Instant::now();
    let output = run(args);
    assert!(start.elapsed() < Duration::from_secs(60), "{args:?}");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(
        !out.contains("SECRET") && !err.contains("SECRET"),
        "{out}{err}"
    );
    (output.status.code(), out, err)
}

/// Variables that are nonsense are told, and not what they hold.
#[test]
fn settings_of_the_environment() {
    for (name, value, text) in [
        (
            "AWS_ENDPOINT_URL",
            "SECRET nonsense",
            "the server of S3 (--endpoint, AWS_ENDPOINT_URL) is not a URL",
        ),
        (
            "AWS_REGION",
            "SECRET/../x",
            "the region (AWS_REGION) is not the name of one",
        ),
        (
            "AWS_SESSION_TOKEN",
            "SECRET\nX: y",
            "a credential has characters",
        ),
        (
            "AWS_ACCESS_KEY_ID",
            "SECRET ü",
            "a credential has characters",
        ),
    ] {
        let mut command = crate::asdf(&["info", "s3://bucket/x.asdf"]);
        command
            .env("AWS_ACCESS_KEY_ID", "id")
            .env("AWS_SECRET_ACCESS_KEY", "key");
        let output = command.env(name, value).output().unwrap();
        let told = crate::text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {told}");
        assert!(
            told.contains(text) && !told.contains("SECRET"),
            "{name}: {told}"
        );
    }
}

/// Names that look like URLs and are not read as such.
#[test]
fn other_schemes() {
    for (args, text) in [
        (
            &["info", "ftp://host/x.asdf"][..],
            "URLs that begin with ftp: are not read",
        ),
        (
            &["info", "file:///x.asdf"],
            "a local file is named by its path",
        ),
        (
            &["info", "https:/host/x.asdf"],
            "a URL begins with https://",
        ),
        (
            &["info", "@s3://bucket/list"],
            "this is read from local files only",
        ),
    ] {
        let (code, _, err) = told(args);
        assert_eq!(code, Some(2), "{args:?}: {err}");
        assert!(err.contains(text), "{args:?}: {err}");
    }
}

#[test]
fn each_fault_has_its_message() {
    // More than what comes with the first two requests.
    let path = data("image/sky.asdf");
    let mut bytes = std::fs::read(path).unwrap();
    bytes.resize(400_000, 0);
    let server = Server::of("x.asdf", bytes);
    let url = url(&server);
    let shown = server.url("x.asdf");
    let good = told(&["info", &url]);
    assert_eq!(good.0, Some(0), "{}", good.2);
    for (fault, text) in [
        (
            Fault::Status(401),
            "access is refused (401): the user and the password of the URL do not allow it, or there is no such object",
        ),
        (Fault::Status(403), "access is refused (403)"),
        (Fault::Status(404), "there is no such object (404)"),
        (Fault::Status(410), "the server answers with status 410"),
        (Fault::Status(503), "the server answers with status 503"),
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
        (
            Fault::RedirectNowhere,
            "the server answers with status 302, and does not say where it is",
        ),
        (Fault::CutAfter(1000), ""),
        (Fault::WrongRange, ""),
        (Fault::Endless, ""),
    ] {
        server.fail(fault);
        for verbose in [&[][..], &["-v"]] {
            let mut args = vec!["info", url.as_str()];
            args.extend(verbose);
            let (code, _, err) = told(&args);
            assert_eq!(code, Some(2), "{fault:?}: {err}");
            let wanted = format!("asdf: {shown}: {text}");
            assert!(err.contains(&wanted), "{fault:?}: {err}");
        }
    }
    for fault in [Fault::ChangesAfter(2), Fault::ChangesUnseen(2)] {
        server.fail(fault);
        let (code, _, err) = told(&["verify", &url]);
        assert_eq!(code, Some(2), "{fault:?}: {err}");
        assert!(
            err.contains("the object changed while it was read"),
            "{fault:?}: {err}"
        );
    }
    for (fault, is_warned) in [
        (Fault::NoRanges, true),
        (Fault::NoRangesNoLength, true),
        (Fault::Chunked, false),
        (Fault::StatusFor(500, 2), false),
        (Fault::StatusFor(503, 3), false),
        (Fault::StatusFor(429, 2), false),
    ] {
        server.fail(fault);
        let (code, out, err) = told(&["info", &url]);
        assert_eq!((code, &out), (Some(0), &good.1), "{fault:?}: {err}");
        assert_eq!(err.contains("warning: "), is_warned, "{fault:?}: {err}");
    }
}
