//! An object by range: parts of it side by side, all of the same state of it.

use crate::fault::{fault, told};
use crate::remote::runtime;
use crate::store::Place;
use crate::traffic::Counter;
use asdf_core::Error;
use asdf_core::error::ErrorKind as Kind;
use asdf_core::file::{RangeSource, TakePiece};
use futures::stream::{self, SelectAll, Stream, StreamExt, TryStreamExt};
use object_store::{GetOptions, GetRange, GetResult, ObjectMeta, ObjectStore};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Bytes of one request at most.
const PART: u64 = 8 << 20;
/// Requests side by side.
const TOGETHER: usize = 24;
/// How long it takes to see that nobody waits any more.
pub(crate) const GLANCE: Duration = Duration::from_millis(100);
/// How long anything may take, and the slowest line that is waited for: bytes a second.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
pub(crate) const SLOWEST: u64 = 16 << 10;

/// The state of an object: all parts must be of the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    size: u64,
    etag: Option<String>,
    modified: i64,
}

impl State {
    pub(crate) fn of(meta: &ObjectMeta) -> Self {
        Self {
            size: meta.size,
            etag: meta.e_tag.clone(),
            modified: meta.last_modified.timestamp(),
        }
    }

    /// True for two parts of one object that was not replaced meanwhile.
    pub(crate) fn is_that_of(&self, other: &Self) -> bool {
        self.size == other.size
            && match (&self.etag, &other.etag) {
                (Some(own), Some(other)) => own == other,
                _ => self.modified == other.modified,
            }
    }

    /// The tag for `If-Match`; a weak one never matches.
    fn strong_tag(&self) -> Option<String> {
        self.etag.clone().filter(|tag| !tag.starts_with("W/"))
    }
}

#[derive(Debug)]
pub(crate) struct Source {
    place: Place,
    state: State,
    counter: Arc<Counter>,
}

impl Source {
    pub(crate) fn new(place: Place, state: State, counter: Arc<Counter>) -> Self {
        Self {
            place,
            state,
            counter,
        }
    }

    /// The answer to one request, when it is what was asked for.
    async fn ask(&self, range: &Range<u64>) -> Result<GetResult, Error> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(range.clone())),
            if_match: self.state.strong_tag(),
            ..GetOptions::default()
        };
        let got = self.place.store.get_opts(&self.place.key, options).await;
        let got = got.map_err(|error| told(&error, &self.counter, self.place.access))?;
        if !State::of(&got.meta).is_that_of(&self.state) {
            return Err(Kind::Changed.into());
        }
        if got.range != *range {
            let text = "the server gives other bytes than were asked for".to_owned();
            return Err(fault(ErrorKind::InvalidData, text));
        }
        Ok(got)
    }

    /// The pieces of one range, each with its place in the object.
    fn part(&self, range: Range<u64>) -> impl Stream<Item = Result<(u64, Vec<u8>), Error>> + Unpin {
        let (start, length) = (range.start, range.end - range.start);
        let pieces = async move {
            let got = self.ask(&range).await?;
            Ok::<_, Error>(pieces(got, length, &self.place, &self.counter))
        };
        let placed = move |(at, piece)| (start + at, piece);
        stream::once(pieces).try_flatten().map_ok(placed).boxed()
    }

    async fn parts(&self, ranges: &[Range<u64>], take: TakePiece<'_>) -> io::Result<()> {
        let mut waiting = ranges.iter().flat_map(split);
        let mut pieces = SelectAll::new();
        let start = ranges.first().map_or(0, |range| range.start);
        loop {
            let free = TOGETHER.saturating_sub(pieces.len());
            pieces.extend(waiting.by_ref().take(free).map(|range| self.part(range)));
            let next = loop {
                match timeout(GLANCE, pieces.next()).await {
                    Ok(next) => break next,
                    // Nothing has come: is it still expected?
                    Err(_) => take(start, &[])?,
                }
            };
            let Some(piece) = next else {
                return Ok(());
            };
            let (at, piece) = piece.map_err(io::Error::other)?;
            take(at, &piece)?;
        }
    }
}

/// The pieces of an answer, each with its place in it: as many bytes as were promised, or an error.
pub(crate) fn pieces<'p>(
    got: GetResult,
    length: u64,
    place: &'p Place,
    counter: &'p Counter,
) -> impl Stream<Item = Result<(u64, Vec<u8>), Error>> + Unpin + use<'p> {
    let state = (got.into_stream(), 0_u64, false);
    let stream = stream::unfold(state, move |(mut stream, at, is_over)| async move {
        if is_over {
            return None;
        }
        let found = match stream.next().await {
            Some(Ok(piece)) => {
                counter.come(piece.len());
                match at + piece.len() as u64 {
                    behind if behind > length => {
                        Err("the server gives more than was asked for".to_owned())
                    }
                    behind => return Some((Ok((at, piece.to_vec())), (stream, behind, false))),
                }
            }
            Some(Err(error)) => {
                let error = told(&error, counter, place.access);
                return Some((Err(error), (stream, at, true)));
            }
            None if at == length => return None,
            None => Err(format!("the answer ends after {at} of {length} bytes")),
        };
        let error = found.map_err(|text| fault(ErrorKind::UnexpectedEof, text));
        Some((error, (stream, at, true)))
    });
    stream.boxed()
}

pub(crate) fn too_slow() -> Error {
    fault(ErrorKind::TimedOut, "the server is too slow".to_owned())
}

fn split(range: &Range<u64>) -> impl Iterator<Item = Range<u64>> + use<> {
    let (mut at, end) = (range.start, range.end);
    std::iter::from_fn(move || {
        let next = at.saturating_add(PART).min(end);
        let part = at..next;
        at = next;
        (!part.is_empty()).then_some(part)
    })
}

impl RangeSource for Source {
    fn size(&self) -> u64 {
        self.state.size
    }

    fn fetch(&self, ranges: &[Range<u64>], take: TakePiece<'_>) -> io::Result<()> {
        let _round = self.counter.round();
        let runtime = runtime().map_err(io::Error::other)?;
        let length: u64 = ranges.iter().map(|range| range.end - range.start).sum();
        let limit = PATIENCE + Duration::from_secs(length / SLOWEST);
        runtime.block_on(async {
            let work = timeout(limit, self.parts(ranges, take));
            work.await
                .unwrap_or_else(|_| Err(io::Error::other(too_slow())))
        })
    }
}
