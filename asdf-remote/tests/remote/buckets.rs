//! Objects of S3, of a server that the tests start: `moto_server`, in `PATH` or named by `ASDF_MOTO_SERVER`.

use crate::exposure;
use asdf_core::OpenOptions;
use asdf_remote::{Remote, RemoteOptions};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

struct Moto {
    child: Child,
    port: u16,
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It is gone when it cannot be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Moto {
    /// The server, or `None` where there is none, which is said.
    fn start() -> Option<Self> {
        let program = std::env::var_os("ASDF_MOTO_SERVER").unwrap_or_else(|| "moto_server".into());
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let started = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let is_required =
            std::env::var_os("ASDF_REQUIRE_SERVERS").is_some_and(|value| value == "1");
        let child = match started {
            Ok(child) => child,
            Err(error) => {
                assert!(!is_required, "moto_server: {error}");
                eprintln!("SKIPPED: there is no moto_server (pip install 'moto[server]')");
                return None;
            }
        };
        let moto = Self { child, port };
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

    fn put(&self, path: &str, body: &[u8]) {
        let mut line = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = format!(
            "PUT /{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nx-amz-acl: public-read\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.port,
            body.len()
        );
        line.write_all(head.as_bytes()).unwrap();
        line.write_all(body).unwrap();
        let mut reply = String::new();
        line.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    }

    fn open(&self) -> (OpenOptions, Arc<Remote>) {
        let mut options = RemoteOptions::default();
        options.endpoint = Some(format!("http://127.0.0.1:{}", self.port));
        options.no_sign_request = true;
        let remote = Arc::new(Remote::new(options));
        (OpenOptions::default().opener(remote.clone()), remote)
    }
}

#[test]
fn objects_of_a_bucket() {
    let Some(moto) = Moto::start() else {
        return;
    };
    moto.put("night", b"");
    for name in ["b/x.asdf", "a/y 1.asdf", "a/z.txt"] {
        moto.put(&format!("night/{}", name.replace(' ', "%20")), &exposure());
    }
    let (open, remote) = moto.open();
    for name in ["s3://night/b/x.asdf", "s3://night/a/y 1.asdf"] {
        let file = open.open(name).unwrap();
        assert_eq!(file.name(), Path::new(name));
        assert_eq!(
            file.array("roman/data").unwrap().load().unwrap().shape(),
            [64, 64]
        );
    }
    let found = remote.list(Path::new("s3://night/")).unwrap().unwrap();
    let names: Vec<_> = found.iter().map(|path| path.to_string_lossy()).collect();
    assert_eq!(
        names,
        [
            "s3://night/a/y 1.asdf",
            "s3://night/a/z.txt",
            "s3://night/b/x.asdf"
        ]
    );
    let found = remote.list(Path::new("s3://night/b/")).unwrap().unwrap();
    assert_eq!(found.len(), 1);
    for (name, text) in [
        ("s3://night/no.asdf", "there is no such object (404)"),
        ("s3://no-such-bucket/x.asdf", "(404)"),
    ] {
        let error = open.open(name).unwrap_err().to_string();
        assert!(error.contains(text), "{error}");
    }
}
