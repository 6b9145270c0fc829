//! A server of object storage on loopback, as far as writing needs one: objects, uploads in parts, conditions; and what goes wrong with them.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What is wrong with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Failure {
    #[default]
    None,
    /// A part, by number from 1, is answered with a status.
    Part(usize, u16),
    /// The same for that many times.
    PartFor(usize, u16, usize),
    /// A part is not answered.
    SilentPart(usize),
    /// The line is closed in the middle of a part.
    CutPart(usize),
    /// Joining the parts is answered with a status.
    Completion(u16),
    /// The parts are joined, and the answer is a status.
    LostCompletion(u16),
    /// Joining the parts is answered with success, and the text tells of an error: S3 does that.
    FalseCompletion,
    /// Something else gets the name before the parts are joined.
    Race,
    /// An object in one piece is answered with a status.
    Whole(u16),
    /// Nothing that was sent can be taken back.
    Abort(u16),
}

/// What a store has.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) objects: HashMap<String, Vec<u8>>,
    /// The parts of what is not complete.
    pub(crate) uploads: HashMap<String, BTreeMap<usize, Vec<u8>>>,
    pub(crate) failure: Failure,
    /// How often a part was answered as the failure has it.
    failed: usize,
    /// The first line of each request, and its condition.
    pub(crate) requests: Vec<String>,
    count: usize,
}

#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) shelf: Arc<Mutex<Shelf>>,
    pub(crate) port: u16,
}

/// One request.
struct Request {
    method: String,
    path: String,
    query: HashMap<String, String>,
    is_conditional: bool,
    body: Vec<u8>,
}

impl Store {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shelf = Arc::new(Mutex::new(Shelf::default()));
        let shared = Arc::clone(&shelf);
        // It ends with the process of the test.
        thread::spawn(move || {
            for line in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                // A client that leaves is no fault of the server.
                thread::spawn(move || drop(serve(&line, &shared)));
            }
        });
        Self { shelf, port }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn fail(&self, failure: Failure) {
        let mut state = self.shelf.lock().unwrap();
        state.failure = failure;
        state.failed = 0;
        state.requests.clear();
    }

    pub(crate) fn object(&self, path: &str) -> Option<Vec<u8>> {
        self.shelf.lock().unwrap().objects.get(path).cloned()
    }

    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        let mut state = self.shelf.lock().unwrap();
        state.objects.insert(path.to_owned(), bytes.to_vec());
    }

    /// Uploads that are neither complete nor taken back.
    pub(crate) fn pending(&self) -> usize {
        self.shelf.lock().unwrap().uploads.len()
    }
}

fn serve(line: &TcpStream, shelf: &Mutex<Shelf>) -> std::io::Result<()> {
    line.set_nodelay(true)?;
    let mut reader = BufReader::new(line);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        let value = |name: &str| {
            head.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.eq_ignore_ascii_case(name)
                    .then(|| value.trim().to_owned())
            })
        };
        let length: usize = value("content-length").map_or(0, |text| text.parse().unwrap());
        let target = head.split(' ').nth(1).unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key.to_owned(), value.to_owned())
        });
        let mut request = Request {
            method: head.split(' ').next().unwrap_or_default().to_owned(),
            path: path.to_owned(),
            query: pairs.collect(),
            is_conditional: value("if-none-match").as_deref() == Some("*"),
            body: Vec::new(),
        };
        let number = request
            .query
            .get("partNumber")
            .and_then(|text| text.parse().ok());
        let failure = shelf.lock().unwrap().failure;
        if number.is_some_and(|number: usize| failure == Failure::CutPart(number)) {
            reader
                .by_ref()
                .take(length as u64 / 2)
                .read_to_end(&mut request.body)?;
            line.shutdown(std::net::Shutdown::Both)?;
            return Ok(());
        }
        reader
            .by_ref()
            .take(length as u64)
            .read_to_end(&mut request.body)?;
        if number.is_some_and(|number: usize| failure == Failure::SilentPart(number)) {
            thread::sleep(Duration::from_secs(120));
            return Ok(());
        }
        let condition = if request.is_conditional {
            " if-none-match"
        } else {
            ""
        };
        let told = format!("{} {target}{condition}", request.method);
        let mut shelf = shelf.lock().unwrap();
        shelf.requests.push(told);
        let (status, headers, text) = shelf.answer(request);
        drop(shelf);
        let mut line = line;
        let length = text.len();
        write!(
            line,
            "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n{text}"
        )?;
    }
}

type Reply = (u16, String, String);

fn plain(status: u16) -> Reply {
    // A text that is not to be printed.
    let text = "<Error><Code>X</Code><AWSAccessKeyId>SECRETKEY</AWSAccessKeyId></Error>";
    let text = if status < 300 { "" } else { text };
    (status, String::new(), text.to_owned())
}

impl Shelf {
    fn answer(&mut self, request: Request) -> Reply {
        let upload = request.query.get("uploadId").cloned();
        match (request.method.as_str(), upload) {
            ("HEAD", _) => match self.objects.get(&request.path) {
                // What a body of that length would have.
                Some(_) => {
                    let headers = "ETag: \"x\"\r\nLast-Modified: Fri, 01 Jan 2021 00:00:00 GMT\r\n";
                    (200, headers.to_owned(), String::new())
                }
                None => (404, String::new(), String::new()),
            },
            ("POST", None) => {
                self.count += 1;
                let id = format!("up{}", self.count);
                self.uploads.insert(id.clone(), BTreeMap::new());
                let text = format!(
                    "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
                );
                (200, String::new(), text)
            }
            ("PUT", Some(id)) => self.part(&id, request),
            ("POST", Some(id)) => self.complete(&id, &request),
            ("DELETE", Some(id)) => match self.failure {
                Failure::Abort(status) => plain(status),
                _ if self.uploads.remove(&id).is_some() => plain(204),
                _ => plain(404),
            },
            ("PUT", None) => {
                if let Failure::Whole(status) = self.failure {
                    return plain(status);
                }
                if request.is_conditional && self.objects.contains_key(&request.path) {
                    return plain(412);
                }
                self.objects.insert(request.path, request.body);
                (200, "ETag: \"x\"\r\n".to_owned(), String::new())
            }
            _ => plain(400),
        }
    }

    fn part(&mut self, id: &str, request: Request) -> Reply {
        let number: usize = request.query["partNumber"].parse().unwrap();
        match self.failure {
            Failure::Part(wrong, status) if wrong == number => return plain(status),
            Failure::PartFor(wrong, status, times) if wrong == number && self.failed < times => {
                self.failed += 1;
                return plain(status);
            }
            // Another part than the one that is to be taken back shows that there was something.
            Failure::Abort(_) if number == 2 => return plain(403),
            _ => {}
        }
        let Some(parts) = self.uploads.get_mut(id) else {
            return plain(404);
        };
        parts.insert(number, request.body);
        (200, format!("ETag: \"part{number}\"\r\n"), String::new())
    }

    fn complete(&mut self, id: &str, request: &Request) -> Reply {
        match self.failure {
            Failure::Completion(status) => return plain(status),
            Failure::FalseCompletion => {
                return (200, String::new(), plain(400).2);
            }
            Failure::Race => {
                self.objects.insert(request.path.clone(), b"other".to_vec());
            }
            _ => {}
        }
        if request.is_conditional && self.objects.contains_key(&request.path) {
            return plain(412);
        }
        let Some(parts) = self.uploads.remove(id) else {
            return plain(404);
        };
        let whole = parts.into_values().flatten().collect();
        self.objects.insert(request.path.clone(), whole);
        if let Failure::LostCompletion(status) = self.failure {
            return plain(status);
        }
        let text =
            "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>";
        (200, String::new(), text.to_owned())
    }
}
