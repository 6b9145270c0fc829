//! Prefixes of buckets, listed as folders are searched.

use crate::address::Address;
use crate::facts::Listed;
use crate::fault::{fault, told};
use crate::remote::{RemoteOptions, runtime};
use crate::store::Place;
use crate::traffic::Counter;
use asdf_core::Result;
use futures::stream::TryStreamExt;
use object_store::ObjectStore;
use object_store::path::Path as Key;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

/// All objects below an address, sorted by name.
pub(crate) fn list(
    address: &Address,
    options: &RemoteOptions,
    counter: &Arc<Counter>,
    listed: &Listed,
) -> Result<Vec<PathBuf>> {
    let Address::S3 { bucket, key } = address else {
        let text =
            "a web server has no lists of what is below an address: name the files".to_owned();
        return Err(fault(ErrorKind::Unsupported, text));
    };
    let folder = Address::S3 {
        bucket: bucket.clone(),
        key: key.trim_end_matches('/').to_owned(),
    };
    let place = Place::of(&folder, options, counter)?;
    let _round = counter.round();
    let prefix = Some(&place.key).filter(|key| **key != Key::default());
    let found = runtime()?.block_on(place.store.list(prefix).try_collect::<Vec<_>>());
    let found = found.map_err(|error| match counter.refusal() {
        404 => fault(
            ErrorKind::NotFound,
            "there is no such bucket (404)".to_owned(),
        ),
        _ => told(&error, counter, place.access),
    })?;
    let mut names: Vec<PathBuf> = Vec::with_capacity(found.len());
    for object in &found {
        let name = PathBuf::from(format!("s3://{bucket}/{}", object.location));
        listed.add(&name, object);
        names.push(name);
    }
    names.sort_by(|a, b| a.as_os_str().cmp(b.as_os_str()));
    Ok(names)
}
