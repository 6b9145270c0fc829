//! The first round trip: the begin and the end of an object, and with them its size and its state.

use crate::address::Address;
use crate::fault::{fault, told};
use crate::remote::{Remote, runtime};
use crate::source::{GLANCE, PATIENCE, SLOWEST, Source, State, pieces, too_slow};
use crate::store::Place;
use crate::traffic::Counter;
use asdf_core::file::{Input, check_expected};
use asdf_core::{Limits, Result};
use futures::future::try_join;
use futures::stream::StreamExt;
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt};
use std::io::{self, ErrorKind, Read};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// Bytes of the begin and of the end that are asked for first.
const ENDS: u64 = 64 << 10;
/// Pieces of a whole object that wait to be written.
const WAITING: usize = 16;

/// An end of an object.
struct End {
    bytes: Vec<u8>,
    start: u64,
    state: State,
}

pub(crate) fn open(remote: &Remote, address: &Address, limits: &Limits) -> Result<Input> {
    if address.is_folder() {
        let text = "it is a folder, and an object was expected".to_owned();
        return Err(fault(ErrorKind::IsADirectory, text));
    }
    let counter = remote.counter(address);
    let place = Place::of(address, remote.options(), &counter)?;
    let ends = both(&place, &counter).or_else(|error| match error {
        // The object was replaced between the two.
        Missed::Changed => both(&place, &counter),
        other => Err(other),
    });
    match ends {
        Ok((head, tail)) => {
            let known = [
                (head.start, head.bytes.as_slice()),
                (tail.start, tail.bytes.as_slice()),
            ];
            let source = Source::new(place, head.state.clone(), counter);
            Input::ranged(Arc::new(source), &known, limits)
        }
        Err(Missed::NoRanges) => {
            let name = address.shown();
            remote.caution(format!(
                "{name}: the server gives no parts of objects, so all of it is read"
            ));
            whole(&place, &counter, limits)
        }
        Err(Missed::Empty) => whole(&place, &counter, limits),
        Err(Missed::Changed) => Err(asdf_core::error::ErrorKind::Changed.into()),
        Err(Missed::Failed(error)) => Err(error),
    }
}

/// Why there are no two ends.
enum Missed {
    /// The server gives the whole object.
    NoRanges,
    /// The object has nothing of which a part could be given.
    Empty,
    Changed,
    Failed(asdf_core::Error),
}

impl From<asdf_core::Error> for Missed {
    fn from(error: asdf_core::Error) -> Self {
        Self::Failed(error)
    }
}

/// Begin and end, asked for side by side.
fn both(place: &Place, counter: &Counter) -> std::result::Result<(End, End), Missed> {
    let round = counter.round();
    let ranges = [GetRange::Bounded(0..ENDS), GetRange::Suffix(ENDS)];
    let [head, tail] = ranges.map(|range| async move {
        let options = GetOptions {
            range: Some(range),
            ..GetOptions::default()
        };
        let got = place.store.get_opts(&place.key, options).await;
        let got = got.map_err(|error| match (&error, counter.refusal()) {
            (object_store::Error::NotSupported { .. }, _) => Missed::NoRanges,
            (_, 416) => Missed::Empty,
            _ => Missed::Failed(told(&error, counter, place.access)),
        })?;
        end(got, place, counter).await
    });
    let (head, tail) = runtime()?.block_on(async {
        let mut ends = pin!(timeout(PATIENCE, try_join(head, tail)));
        loop {
            match timeout(GLANCE, ends.as_mut()).await {
                Ok(ends) => return ends.unwrap_or_else(|_| Err(too_slow().into())),
                Err(_) => check_expected()?,
            }
        }
    })?;
    drop(round);
    if !head.state.is_that_of(&tail.state) {
        return Err(Missed::Changed);
    }
    Ok((head, tail))
}

async fn end(got: GetResult, place: &Place, counter: &Counter) -> std::result::Result<End, Missed> {
    let (start, state) = (got.range.start, State::of(&got.meta));
    let length = got.range.end.saturating_sub(start);
    if length > ENDS {
        let text = "the server gives more than was asked for".to_owned();
        return Err(fault(ErrorKind::InvalidData, text).into());
    }
    let mut bytes = Vec::new();
    let mut stream = pieces(got, length, place, counter);
    while let Some(piece) = stream.next().await {
        bytes.extend(piece?.1);
    }
    Ok(End {
        bytes,
        start,
        state,
    })
}

/// The whole object, of a server that gives no parts.
fn whole(place: &Place, counter: &Arc<Counter>, limits: &Limits) -> Result<Input> {
    let _round = counter.round();
    let (give, take) = mpsc::sync_channel::<io::Result<Vec<u8>>>(WAITING);
    let (place, counter) = (place.clone(), Arc::clone(counter));
    let work = runtime()?.spawn_blocking(move || {
        let run = async {
            let failed = |error: &object_store::Error| told(error, &counter, place.access);
            let got = place
                .store
                .get(&place.key)
                .await
                .map_err(|error| failed(&error))?;
            let mut stream = got.into_stream();
            let (start, mut come) = (Instant::now(), 0);
            while let Some(piece) = stream.next().await {
                let piece = piece.map_err(|error| failed(&error))?;
                counter.come(piece.len());
                come += piece.len() as u64;
                if start.elapsed() > PATIENCE + Duration::from_secs(come / SLOWEST) {
                    return Err(too_slow());
                }
                // Nobody reads any longer: the limit is reached.
                if give.send(Ok(piece.to_vec())).is_err() {
                    break;
                }
            }
            Ok::<(), asdf_core::Error>(())
        };
        let done = match runtime() {
            Ok(runtime) => runtime.block_on(run),
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            // Who would read it may be gone.
            let _ = give.send(Err(io::Error::other(error)));
        }
    });
    // It goes on by itself, and tells by the channel.
    drop(work);
    Input::spooled(
        Pieces {
            take,
            piece: Vec::new(),
            at: 0,
        },
        limits,
    )
}

/// Pieces from another thread as one stream.
struct Pieces {
    take: mpsc::Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            match self.take.recv_timeout(GLANCE) {
                Ok(piece) => (self.piece, self.at) = (piece?, 0),
                Err(RecvTimeoutError::Timeout) => check_expected().map_err(io::Error::other)?,
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
        }
        let mut rest = self.piece.get(self.at..).unwrap_or_default();
        let count = rest.read(out)?;
        self.at += count;
        Ok(count)
    }
}
