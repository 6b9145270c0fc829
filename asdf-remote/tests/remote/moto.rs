//! A server of S3 that the tests start: `moto_server`, in `PATH` or named by `ASDF_MOTO_SERVER`.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(crate) struct Moto {
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
    pub(crate) fn start() -> Option<Self> {
        let program = std::env::var_os("ASDF_MOTO_SERVER").unwrap_or_else(|| "moto_server".into());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
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

    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Makes an object, or a bucket, that everybody may read.
    pub(crate) fn put(&self, path: &str, body: &[u8]) {
        self.put_for("public-read", path, body);
    }

    /// The same with another access control list.
    pub(crate) fn put_for(&self, acl: &str, path: &str, body: &[u8]) {
        let path = path.replace(' ', "%20");
        let (head, _) = self.ask("PUT", &path, &format!("x-amz-acl: {acl}\r\n"), body);
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    }

    /// An object that everybody may read; `None` when there is none.
    pub(crate) fn get(&self, path: &str) -> Option<Vec<u8>> {
        let (head, body) = self.ask("GET", path, "", b"");
        head.starts_with("HTTP/1.1 200").then_some(body)
    }

    fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> (String, Vec<u8>) {
        let mut line = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = format!(
            "{method} /{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.port,
            body.len()
        );
        line.write_all(head.as_bytes()).unwrap();
        line.write_all(body).unwrap();
        let mut reply = Vec::new();
        line.read_to_end(&mut reply).unwrap();
        let end = reply
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8_lossy(&reply[..end]).into_owned();
        (head, reply.split_off(end + 4))
    }
}
