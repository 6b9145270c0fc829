//! S3 with credentials and without, by `moto_server`.

use crate::{asdf, data, text};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Moto(Child, u16);

impl Drop for Moto {
    fn drop(&mut self) {
        // It is gone when it cannot be ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start() -> Option<Moto> {
    let program = std::env::var_os("ASDF_MOTO_SERVER").unwrap_or_else(|| "moto_server".into());
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut command = Command::new(program);
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(child) => {
            let moto = Moto(child, port);
            let start = Instant::now();
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(
                    start.elapsed() < Duration::from_secs(60),
                    "moto_server does not answer"
                );
                std::thread::sleep(Duration::from_millis(100));
            }
            Some(moto)
        }
        Err(error) => {
            let is_required =
                std::env::var_os("ASDF_REQUIRE_SERVERS").is_some_and(|value| value == "1");
            assert!(!is_required, "moto_server: {error}");
            eprintln!("SKIPPED: there is no moto_server (pip install 'moto[server]')");
            None
        }
    }
}

fn put(port: u16, path: &str, acl: &str, body: &[u8]) {
    let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let length = body.len();
    let head = format!(
        "PUT /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nx-amz-acl: {acl}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    line.write_all(head.as_bytes()).unwrap();
    line.write_all(body).unwrap();
    let mut reply = String::new();
    line.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
}

#[test]
fn objects_with_and_without_credentials() {
    let Some(moto) = start() else {
        return;
    };
    let bytes = std::fs::read(data("made/roman_exposure.asdf")).unwrap();
    put(moto.1, "night", "public-read", b"");
    put(moto.1, "night/open/x.asdf", "public-read", &bytes);
    put(moto.1, "night/closed/y.asdf", "private", &bytes);
    let endpoint = format!("http://127.0.0.1:{}", moto.1);
    let folder = tempfile::tempdir().unwrap();
    let aws = folder.path().join("credentials");
    std::fs::write(
        &aws,
        "[night]\naws_access_key_id = SECRETID\naws_secret_access_key = SECRETKEY\n",
    )
    .unwrap();
    let run = |args: &[&str], profile: bool| {
        let mut command = asdf(args);
        command
            .args(["--endpoint", &endpoint])
            .env("AWS_SHARED_CREDENTIALS_FILE", &aws);
        if profile {
            command.args(["--aws-profile", "night"]);
        }
        let output = command.output().unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(!out.contains("SECRET") && !err.contains("SECRET"), "{err}");
        (output.status.code(), out, err)
    };
    let expected = text(
        &asdf(&["ls", data("made/roman_exposure.asdf").to_str().unwrap()])
            .output()
            .unwrap()
            .stdout,
    );
    for (name, profile) in [
        ("open/x.asdf", false),
        ("open/x.asdf", true),
        ("closed/y.asdf", true),
    ] {
        let (code, out, err) = run(&["ls", &format!("s3://night/{name}")], profile);
        assert_eq!(
            (code, out),
            (Some(0), expected.clone()),
            "{name} {profile}: {err}"
        );
    }
    let (code, _, err) = run(&["ls", "s3://night/closed/y.asdf"], false);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("access is refused (403): no credentials were found"),
        "{err}"
    );
    let (code, _, err) = run(&["ls", "s3://night/no.asdf"], true);
    assert!(
        code == Some(2) && err.contains("there is no such object (404)"),
        "{err}"
    );
    let (code, out, err) = run(&["verify", "s3://night/"], true);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("s3://night/closed/y.asdf: ok") && out.contains("s3://night/open/x.asdf: ok"),
        "{out}"
    );
    let (code, _, err) = run(
        &["ls", "s3://night/open/x.asdf", "--aws-profile", "other"],
        false,
    );
    assert!(
        code == Some(2) && err.contains("no such AWS profile"),
        "{err}"
    );
}
