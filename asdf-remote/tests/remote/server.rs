//! A web server on loopback that gives ranges, slowly where that is wanted, and fails as it is told to.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What is wrong with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Fault {
    #[default]
    None,
    /// It answers with the whole object to every request.
    NoRanges,
    /// It answers with a status, and a text that holds a secret.
    Status(u16),
    /// It does so for that many requests, then all is well.
    StatusFor(u16, u64),
    /// The same, and the text has no end.
    EndlessStatus(u16),
    /// It gives parts in chunks, without their length.
    Chunked,
    /// It answers with the whole object to every request, until it closes the line.
    NoRangesNoLength,
    /// It refers to another host.
    Redirect,
    /// It refers to another port of the same host.
    RedirectPort,
    /// It refers to itself.
    RedirectLoop,
    /// It refers to somewhere.
    RedirectNowhere,
    /// The bucket is in another region.
    OtherRegion,
    /// It closes the line after so many bytes of an answer.
    CutAfter(usize),
    /// The object is another one after so many requests, and `If-Match` says so.
    ChangesAfter(u64),
    /// The same, of a server that does not know `If-Match`.
    ChangesUnseen(u64),
    /// It says that it gives other bytes than it was asked for.
    WrongRange,
    /// It gives other bytes than it says, as many as there is patience for.
    Endless,
    /// It says nothing.
    Silent,
    /// It gives a byte now and then.
    Trickle,
}

/// What a server does and has done.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) files: Mutex<HashMap<String, Arc<Vec<u8>>>>,
    pub(crate) latency: Mutex<Duration>,
    /// Bytes a second of all answers together; 0 for no limit.
    pub(crate) speed: AtomicU64,
    pub(crate) fault: Mutex<Fault>,
    pub(crate) requests: AtomicU64,
    pub(crate) bytes: AtomicU64,
    /// The longest chain of requests of which each came when the one before was answered.
    pub(crate) depth: AtomicU64,
    /// The head of every request.
    pub(crate) heads: Mutex<Vec<String>>,
    is_over: AtomicBool,
    /// When the line is free again.
    line: Mutex<Option<Instant>>,
}

#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) state: Arc<State>,
    port: u16,
}

impl Server {
    /// A server with one object.
    pub(crate) fn of(name: &str, bytes: Vec<u8>) -> Self {
        let server = Self::start();
        server.put(name, bytes);
        server
    }

    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for line in listener.incoming().flatten() {
                if shared.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                // A client that leaves is no fault of the server.
                thread::spawn(move || drop(serve(&line, &shared)));
            }
        });
        Self { state, port }
    }

    pub(crate) fn put(&self, name: &str, bytes: Vec<u8>) {
        let mut files = self.state.files.lock().unwrap();
        files.insert(format!("/{name}"), Arc::new(bytes));
    }

    pub(crate) fn url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/{name}", self.port)
    }

    pub(crate) fn fail(&self, fault: Fault) {
        *self.state.fault.lock().unwrap() = fault;
        self.state.requests.store(0, Ordering::SeqCst);
    }

    pub(crate) fn slow_down(&self, latency: Duration, speed: u64) {
        *self.state.latency.lock().unwrap() = latency;
        self.state.speed.store(speed, Ordering::SeqCst);
    }

    /// Requests and bytes since the last time.
    pub(crate) fn asked(&self) -> (u64, u64) {
        let take = |count: &AtomicU64| count.swap(0, Ordering::SeqCst);
        (take(&self.state.requests), take(&self.state.bytes))
    }
}

impl Server {
    /// Requests one after the other since the last time: of those side by side all but one do not count, as long as the latency is
    /// greater than what lies between them.
    pub(crate) fn round_trips(&self) -> u64 {
        self.state.depth.swap(0, Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::SeqCst);
        // Wakes who waits for a line.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// Answers all requests of a connection.
fn serve(line: &TcpStream, state: &State) -> std::io::Result<()> {
    line.set_nodelay(true)?;
    let mut reader = BufReader::new(line);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        state.heads.lock().unwrap().push(head.clone());
        let number = state.requests.fetch_add(1, Ordering::SeqCst) + 1;
        let before = state.depth.load(Ordering::SeqCst);
        let latency = *state.latency.lock().unwrap();
        thread::sleep(latency);
        let goes_on = answer(line, state, &head, number)?;
        state.depth.fetch_max(before + 1, Ordering::SeqCst);
        if !goes_on {
            return Ok(());
        }
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// The bytes of a `Range`, and whether there is one.
fn range(head: &str, size: usize) -> Option<(usize, usize)> {
    let (first, last) = header(head, "range")?
        .strip_prefix("bytes=")?
        .split_once('-')?;
    Some(match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => (first, last.saturating_add(1).min(size)),
        (Ok(first), Err(_)) => (first, size),
        (Err(_), Ok(suffix)) => (size.saturating_sub(suffix), size),
        (Err(_), Err(_)) => return None,
    })
}

/// A path without `%41`.
fn decoded(path: &str) -> String {
    let mut parts = path.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        out.push(char::from(u8::from_str_radix(digits, 16).unwrap()));
        out.push_str(rest);
    }
    out
}

/// Answers one request; false when the line is closed then.
fn answer(mut line: &TcpStream, state: &State, head: &str, number: u64) -> std::io::Result<bool> {
    let path = head.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let found = state.files.lock().unwrap().get(&decoded(path)).cloned();
    let fault = *state.fault.lock().unwrap();
    if fault == Fault::Silent {
        thread::sleep(Duration::from_secs(120));
        return Ok(false);
    }
    if let Fault::EndlessStatus(status) = fault {
        write!(line, "HTTP/1.1 {status} No\r\n\r\n")?;
        return give(line, state, &[], Fault::Endless);
    }
    if let Some(reply) = refusal(fault, number, found.is_none()) {
        line.write_all(reply.as_bytes())?;
        return Ok(true);
    }
    let bytes = found.unwrap_or_default();
    let tag = match fault {
        Fault::ChangesAfter(count) | Fault::ChangesUnseen(count) if number > count => "\"new\"",
        _ => "\"old\"",
    };
    let wanted = header(head, "if-match");
    if !matches!(fault, Fault::ChangesUnseen(_)) && wanted.is_some_and(|wanted| wanted != tag) {
        line.write_all(b"HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n")?;
        return Ok(true);
    }
    let asked = range(head, bytes.len())
        .filter(|_| !matches!(fault, Fault::NoRanges | Fault::NoRangesNoLength));
    let (start, end) = asked.unwrap_or((0, bytes.len()));
    if start >= bytes.len() && asked.is_some() {
        line.write_all(b"HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n")?;
        return Ok(true);
    }
    let body = &bytes[start..end];
    let mut reply = if asked.is_some() {
        let shift = usize::from(fault == Fault::WrongRange);
        format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {}-{}/{}\r\n",
            start + shift,
            end - 1 + shift,
            bytes.len() + shift
        )
    } else {
        "HTTP/1.1 200 OK\r\n".to_owned()
    };
    reply += &format!("ETag: {tag}\r\n");
    if fault == Fault::Chunked {
        reply += "Transfer-Encoding: chunked\r\n";
    } else if !matches!(fault, Fault::Endless | Fault::NoRangesNoLength) {
        reply += &format!("Content-Length: {}\r\n", body.len());
    }
    line.write_all(format!("{reply}\r\n").as_bytes())?;
    if head.starts_with("HEAD") {
        return Ok(true);
    }
    give(line, state, body, fault)
}

/// An answer that has none of the object's bytes, with a text that holds a secret.
fn refusal(fault: Fault, number: u64, is_missing: bool) -> Option<String> {
    let status = match fault {
        Fault::Status(status) => status,
        Fault::StatusFor(status, count) if number <= count => status,
        Fault::Redirect => {
            let head = "HTTP/1.1 302 Found\r\nLocation: http://localhost:1/other?token=SECRETKEY";
            return Some(format!("{head}\r\nContent-Length: 0\r\n\r\n"));
        }
        Fault::RedirectPort => {
            let head = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x.asdf";
            return Some(format!("{head}\r\nContent-Length: 0\r\n\r\n"));
        }
        Fault::RedirectLoop => {
            let head = "HTTP/1.1 302 Found\r\nLocation: x.asdf";
            return Some(format!("{head}\r\nContent-Length: 0\r\n\r\n"));
        }
        Fault::RedirectNowhere => {
            return Some("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_owned());
        }
        // As S3 tells of a bucket of another region.
        Fault::OtherRegion => {
            let head = "HTTP/1.1 301 Moved\r\nx-amz-bucket-region: eu-west-1";
            return Some(format!("{head}\r\nContent-Length: 0\r\n\r\n"));
        }
        _ if is_missing => 404,
        _ => return None,
    };
    let text = "<Error><Code>X</Code><AWSAccessKeyId>SECRETKEY</AWSAccessKeyId></Error>";
    let length = text.len();
    Some(format!(
        "HTTP/1.1 {status} No\r\nContent-Length: {length}\r\n\r\n{text}"
    ))
}

/// Sends a body, as the fault has it; false when the line is closed then.
fn give(mut line: &TcpStream, state: &State, body: &[u8], fault: Fault) -> std::io::Result<bool> {
    match fault {
        Fault::CutAfter(count) if count < body.len() => {
            line.write_all(&body[..count])?;
            line.shutdown(std::net::Shutdown::Both)?;
            return Ok(false);
        }
        Fault::Chunked => {
            for piece in body.chunks(5000) {
                write!(line, "{:x}\r\n", piece.len())?;
                line.write_all(piece)?;
                line.write_all(b"\r\n")?;
            }
            line.write_all(b"0\r\n\r\n")?;
        }
        Fault::NoRangesNoLength => {
            line.write_all(body)?;
            line.shutdown(std::net::Shutdown::Both)?;
            return Ok(false);
        }
        Fault::Endless => {
            let piece = vec![b'#'; 65_536];
            loop {
                line.write_all(&piece)?;
            }
        }
        Fault::Trickle => {
            for byte in body {
                line.write_all(&[*byte])?;
                thread::sleep(Duration::from_secs(1));
            }
        }
        _ => send(line, state, body)?,
    }
    Ok(true)
}

/// Sends as fast as the line is, which all answers share.
fn send(mut line: &TcpStream, state: &State, body: &[u8]) -> std::io::Result<()> {
    for piece in body.chunks(64 << 10) {
        let speed = state.speed.load(Ordering::SeqCst);
        if speed > 0 {
            let time = Duration::from_secs_f64(piece.len() as f64 / speed as f64);
            let mut free = state.line.lock().unwrap();
            let begin = free.unwrap_or_else(Instant::now).max(Instant::now());
            let end = begin + time;
            *free = Some(end);
            drop(free);
            thread::sleep(end.saturating_duration_since(Instant::now()));
        }
        line.write_all(piece)?;
        state.bytes.fetch_add(piece.len() as u64, Ordering::SeqCst);
    }
    Ok(())
}
