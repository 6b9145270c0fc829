//! The client of all requests: counted, with time limits, and sent to no other host.

use crate::traffic::Counter;
use async_trait::async_trait;
use futures::stream::StreamExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, HeaderValue, IF_NONE_MATCH};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a server may say nothing.
const SILENCE: Duration = Duration::from_secs(30);
/// Bytes of an answer that is not of an object at most: a list has a thousand names.
const MOST: usize = 16 << 20;
/// The same of a refusal.
const MOST_OF_REFUSAL: usize = 64 << 10;
/// Redirects that are followed, on the same host or from `http` to `https` of it.
const REDIRECTS: usize = 5;

/// What requests are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To read an object.
    Read,
    /// To write one.
    Write {
        /// Whether none of that name is replaced.
        is_new: bool,
    },
}

/// Gives clients that count for one object, and say who asks.
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    pub(crate) counter: Arc<Counter>,
    /// User and password of a URL, as a header has them.
    pub(crate) login: Option<HeaderValue>,
    /// What requests are for.
    pub(crate) purpose: Purpose,
}

/// A client and whom it works for.
#[derive(Debug)]
struct Counted {
    client: reqwest::Client,
    connector: Connector,
}

impl HttpConnector for Connector {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = client(self.purpose).map_err(|error| object_store::Error::Generic {
            store: "HTTP",
            source: error.into(),
        })?;
        let connector = self.clone();
        Ok(HttpClient::new(Counted { client, connector }))
    }
}

#[async_trait]
impl HttpService for Counted {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let Connector {
            counter,
            login,
            purpose,
        } = &self.connector;
        counter.request();
        // The store has no way to say so for parts that become an object.
        if *purpose == (Purpose::Write { is_new: true }) && completes(&request) {
            let any = HeaderValue::from_static("*");
            request.headers_mut().insert(IF_NONE_MATCH, any);
        }
        if let Some(login) = login {
            request.headers_mut().insert(AUTHORIZATION, login.clone());
        }
        let is_object = gives_object(&request);
        let response = self.client.call(request).await?;
        let response = if is_object && response.status().is_success() {
            with_length(response)
        } else {
            bounded(response).await?
        };
        let status = response.status();
        if !status.is_success() {
            counter.refused(status.as_u16());
        }
        if is_elsewhere(status.as_u16(), &response) {
            let text = "the server refers to another host or port, which is not followed";
            return Err(HttpError::new(HttpErrorKind::Unknown, Refused(text)));
        }
        Ok(response)
    }
}

/// True for the request that makes an object of its parts.
fn completes(request: &HttpRequest) -> bool {
    let query = request.uri().query().unwrap_or_default();
    let has_upload = query.split('&').any(|part| part.starts_with("uploadId="));
    request.method() == Method::POST && has_upload
}

/// An answer that says how long it is, as the store wants to know: a part by its range. The end of a whole object that comes without a
/// length is where it ends.
fn with_length(mut response: HttpResponse) -> HttpResponse {
    let length = match response.headers().get(CONTENT_RANGE) {
        _ if response.headers().contains_key(CONTENT_LENGTH) => return response,
        Some(range) => range.to_str().ok().and_then(length_of_range),
        None if response.status() == StatusCode::OK => Some(u64::MAX),
        None => None,
    };
    if let Some(length) = length {
        let value = HeaderValue::from(length);
        response.headers_mut().insert(CONTENT_LENGTH, value);
    }
    response
}

/// The bytes of `bytes 0-99/1000`.
fn length_of_range(text: &str) -> Option<u64> {
    let (range, _) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    last.checked_sub(first)?.checked_add(1)
}

/// True for a request whose answer is bytes of an object, which are taken as they come.
fn gives_object(request: &HttpRequest) -> bool {
    let query = request.uri().query().unwrap_or_default();
    request.method() == Method::GET && !query.split('&').any(|part| part == "list-type=2")
}

/// An answer that is taken as a whole, so that it must have an end: of a refusal the rest is left out.
async fn bounded(response: HttpResponse) -> Result<HttpResponse, HttpError> {
    let (parts, body) = response.into_parts();
    let most = if parts.status.is_success() {
        MOST
    } else {
        MOST_OF_REFUSAL
    };
    let mut stream = body.bytes_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        if bytes.len().saturating_add(piece.len()) <= most {
            bytes.extend_from_slice(&piece);
        } else if parts.status.is_success() {
            let text = "the server gives more than was asked for";
            return Err(HttpError::new(HttpErrorKind::Decode, Refused(text)));
        } else {
            break;
        }
    }
    Ok(HttpResponse::from_parts(parts, bytes.into()))
}

/// A redirect that was not followed, of a web server: those of S3 without a target tell of another region.
fn is_elsewhere(status: u16, response: &HttpResponse) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
        && response.headers().contains_key("location")
        && !response.headers().contains_key("x-amz-bucket-region")
}

/// Something that is not done, in words.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) &'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refused {}

/// The client of the process for that purpose, with its connections.
fn client(purpose: Purpose) -> Result<reqwest::Client, String> {
    static READER: OnceLock<Result<reqwest::Client, String>> = OnceLock::new();
    static WRITER: OnceLock<Result<reqwest::Client, String>> = OnceLock::new();
    let made = match purpose {
        Purpose::Read => READER.get_or_init(|| build(Some(SILENCE))),
        // A server says nothing while something is sent to it, which takes as long as the line needs. What sends has its own limits.
        Purpose::Write { .. } => WRITER.get_or_init(|| build(None)),
    };
    made.clone()
}

/// Whether two URLs of one host are of one server: of one port, or from `http` to `https` with the usual ones; never back.
fn is_same_server(from: &url::Url, to: &url::Url) -> bool {
    let ports = (from.port_or_known_default(), to.port_or_known_default());
    let is_plain = from.scheme() == "https" && to.scheme() == "http";
    !is_plain && (ports.0 == ports.1 || ports == (Some(80), Some(443)))
}

fn build(silence: Option<Duration>) -> Result<reqwest::Client, String> {
    // It fails when there is a provider already, which then is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let policy = Policy::custom(|attempt| {
        let first = attempt.previous().first();
        let is_near = first.is_some_and(|first| {
            first.host_str() == attempt.url().host_str() && is_same_server(first, attempt.url())
        });
        if !is_near {
            attempt.stop()
        } else if attempt.previous().len() <= REDIRECTS {
            attempt.follow()
        } else {
            attempt.error(Refused(
                "the server refers from one address to another without an end",
            ))
        }
    });
    let mut client = reqwest::Client::builder()
        .user_agent(concat!("asdf/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .redirect(policy);
    if let Some(silence) = silence {
        client = client.read_timeout(silence);
    }
    client.build().map_err(|error| error.to_string())
}
