//! Objects that are written: whole and new, in parts from a file, or not at all.

use crate::address::Address;
use crate::fault::{fault, told_of_upload};
use crate::remote::{RemoteOptions, runtime};
use crate::source::{PATIENCE, too_slow};
use crate::store::{Bucket, Purpose};
use crate::traffic::Counter;
use asdf_core::Result;
use asdf_core::error::ErrorKind;
use futures::future::{Either, select};
use object_store::multipart::{MultipartStore, PartId};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const MEBIBYTE: u64 = 1 << 20;
/// Bytes of a part at least. What is not longer goes in one request.
const PART: u64 = 8 * MEBIBYTE;
/// Parts of an object at most, as S3 has it.
const PARTS: u64 = 10_000;
/// Parts of one object that are on their way.
const TOGETHER: usize = 4;
/// Mebibytes of all parts that are in memory, of all objects that are written side by side.
const MEMORY: u32 = 64;
/// The slowest line that parts are sent over: bytes a second.
const SLOWEST: u64 = 64 << 10;
/// How long a server may take to make one object of its parts, which may be thousands.
const COMPLETION: Duration = Duration::from_secs(300);
/// How long it is tried to take back what was sent.
const ABORT: Duration = Duration::from_secs(15);
/// How long it takes to see that the work is no longer expected.
const GLANCE: Duration = Duration::from_millis(50);

/// Room for parts in memory, in mebibytes.
static ROOM: Semaphore = Semaphore::const_new(MEMORY as usize);

/// Where an object is written to.
pub(crate) struct Upload<'u> {
    bucket: Bucket,
    counter: &'u Counter,
    /// Whether nothing that has the name is replaced.
    is_new: bool,
    is_dropped: &'u AtomicBool,
}

/// Whether there is an object of that name; `None` when the server does not say so.
pub(crate) fn exists(
    address: &Address,
    options: &RemoteOptions,
    counter: &Arc<Counter>,
) -> Result<Option<bool>> {
    let bucket = Bucket::of(address, options, counter, Purpose::Write { is_new: true })?;
    let _round = counter.round();
    runtime()?.block_on(async {
        let head = timeout(PATIENCE, bucket.store.head(&bucket.key));
        match head.await {
            Err(_) => Err(too_slow()),
            Ok(Ok(_)) => Ok(Some(true)),
            Ok(Err(object_store::Error::NotFound { .. })) => Ok(Some(false)),
            // Who may write need not be allowed to look.
            Ok(Err(object_store::Error::PermissionDenied { .. })) => Ok(None),
            Ok(Err(error)) => Err(told_of_upload(&error, counter, bucket.access)),
        }
    })
}

/// Writes `size` bytes as an object.
pub(crate) fn upload(
    address: &Address,
    options: &RemoteOptions,
    counter: &Arc<Counter>,
    (from, size): (&mut dyn Read, u64),
    is_new: bool,
    is_dropped: &AtomicBool,
) -> Result<()> {
    let purpose = Purpose::Write { is_new };
    let upload = Upload {
        bucket: Bucket::of(address, options, counter, purpose)?,
        counter,
        is_new,
        is_dropped,
    };
    let _round = counter.round();
    runtime()?.block_on(async {
        if size <= PART {
            upload.at_once(from, size).await
        } else {
            upload.in_parts(from, size).await
        }
    })
}

impl Upload<'_> {
    async fn at_once(&self, from: &mut dyn Read, size: u64) -> Result<()> {
        let _room = self.room(size).await?;
        let payload = read(from, size)?;
        let mode = if self.is_new {
            PutMode::Create
        } else {
            PutMode::Overwrite
        };
        let Bucket { store, key, .. } = &self.bucket;
        let put = store.put_opts(key, payload, mode.into());
        let answer = self.unless_dropped(timeout(patience(size), put)).await?;
        self.done(answer)?;
        self.counter.go(size);
        Ok(())
    }

    /// Sends the parts and has the server join them; whatever goes wrong, it is told to forget them.
    async fn in_parts(&self, from: &mut dyn Read, size: u64) -> Result<()> {
        let Bucket { store, key, .. } = &self.bucket;
        // Not given up half way: an upload whose name has not come cannot be taken back.
        let id = self.done(timeout(PATIENCE, store.create_multipart(key)).await)?;
        let sent = self.send(&id, from, size).await;
        let is_sent = sent.is_ok();
        let done = match sent {
            // From here on the object may be there at any moment, so that this is waited for too.
            Ok(parts) => {
                self.done(timeout(COMPLETION, store.complete_multipart(key, &id, parts)).await)
            }
            Err(error) => Err(error),
        };
        let Err(error) = done else {
            return Ok(());
        };
        let told = match timeout(ABORT, store.abort_multipart(key, &id)).await {
            Ok(Ok(())) => return Err(error),
            Ok(Err(object_store::Error::NotFound { .. })) if !is_sent => return Err(error),
            Ok(Err(object_store::Error::NotFound { .. })) => {
                "whether the object was written is not known".to_owned()
            }
            _ => format!("the parts that were sent (upload {id}) could not be removed"),
        };
        Err(fault(
            io::ErrorKind::Other,
            format!("{}; {told}", error.kind()),
        ))
    }

    /// Sends all parts, some of them side by side.
    async fn send(&self, id: &str, from: &mut dyn Read, size: u64) -> Result<Vec<PartId>> {
        let part = part_size(size);
        let mut tasks = JoinSet::new();
        let mut parts = BTreeMap::new();
        let mut start = 0;
        let sent = async {
            let mut number = 0_usize;
            while start < size {
                while tasks.len() >= TOGETHER {
                    self.next(&mut tasks, &mut parts).await?;
                }
                let length = size.saturating_sub(start).min(part);
                let room = self.room(length).await?;
                let payload = read(from, length)?;
                let Bucket { store, key, .. } = self.bucket.clone();
                let id = id.to_owned();
                tasks.spawn(async move {
                    let put = store.put_part(&key, &id, number, payload);
                    let done = timeout(patience(length), put).await;
                    drop(room);
                    (number, length, done)
                });
                start = start.saturating_add(length);
                number = number.saturating_add(1);
            }
            while !tasks.is_empty() {
                self.next(&mut tasks, &mut parts).await?;
            }
            Ok(())
        };
        let sent: Result<()> = sent.await;
        // What is on its way must not come after what is sent is taken back.
        tasks.shutdown().await;
        sent.map(|()| parts.into_values().collect())
    }

    /// Waits for one part.
    async fn next(
        &self,
        tasks: &mut JoinSet<Sent>,
        parts: &mut BTreeMap<usize, PartId>,
    ) -> Result<()> {
        let Some(joined) = self.unless_dropped(tasks.join_next()).await? else {
            return Ok(());
        };
        let (number, length, done) = joined
            .map_err(|_error| fault(io::ErrorKind::Other, "a part was not sent".to_owned()))?;
        parts.insert(number, self.done(done)?);
        self.counter.go(length);
        Ok(())
    }

    /// Waits for room in memory.
    async fn room(&self, bytes: u64) -> Result<Option<SemaphorePermit<'static>>> {
        let mebibytes = u32::try_from(bytes.div_ceil(MEBIBYTE)).unwrap_or(MEMORY);
        let permit = self.unless_dropped(ROOM.acquire_many(mebibytes.min(MEMORY)));
        // It is never closed.
        Ok(permit.await?.ok())
    }

    /// Does some work as long as it is expected.
    async fn unless_dropped<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        let dropped = async {
            while !self.is_dropped.load(Ordering::Relaxed) {
                sleep(GLANCE).await;
            }
        };
        match select(pin!(work), pin!(dropped)).await {
            Either::Left((done, _)) => Ok(done),
            Either::Right(_) => Err(ErrorKind::Cancelled.into()),
        }
    }

    fn done<T>(&self, answer: Answer<T>) -> Result<T> {
        let answer = answer.map_err(|_elapsed| too_slow())?;
        let access = self.bucket.access;
        answer.map_err(|error| told_of_upload(&error, self.counter, access))
    }
}

/// An answer of a server, or that it took too long.
type Answer<T> = std::result::Result<object_store::Result<T>, tokio::time::error::Elapsed>;

/// The number of a part, its length and the answer to it.
type Sent = (usize, u64, Answer<PartId>);

/// How long sending so many bytes may take, with other parts beside them.
fn patience(bytes: u64) -> Duration {
    let together = bytes.saturating_mul(TOGETHER as u64);
    PATIENCE + Duration::from_secs(together / SLOWEST)
}

/// Bytes of a part: such that there are not too many.
fn part_size(size: u64) -> u64 {
    let least = size
        .div_ceil(PARTS)
        .div_ceil(MEBIBYTE)
        .saturating_mul(MEBIBYTE);
    least.max(PART)
}

fn read(from: &mut dyn Read, length: u64) -> Result<PutPayload> {
    let mut bytes = Vec::new();
    let length = usize::try_from(length).map_err(io::Error::other)?;
    bytes.try_reserve_exact(length).map_err(io::Error::other)?;
    bytes.resize(length, 0);
    from.read_exact(&mut bytes)?;
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_many_as_s3_takes() {
        for (size, part) in [
            (PART + 1, PART),
            (PART * PARTS, PART),
            (PART * PARTS + 1, 9 * MEBIBYTE),
            (5 << 40, 525 * MEBIBYTE),
        ] {
            assert_eq!(part_size(size), part, "{size}");
            assert!(size.div_ceil(part_size(size)) <= PARTS, "{size}");
        }
    }
}
