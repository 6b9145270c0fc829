//! What lists of objects say of each: known without another request.

use object_store::ObjectMeta;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// What a list says of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectFacts {
    /// Bytes.
    pub size: u64,
    /// What is another one when the object has changed.
    pub etag: Option<String>,
    /// When it was written, in milliseconds since 1970.
    pub modified: i64,
}

/// Facts by two hashes of the name, as a list may have millions of them: two names have the same by chance only, which does not happen.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    keys: [RandomState; 2],
    known: Mutex<HashMap<[u64; 2], ObjectFacts>>,
}

impl Listed {
    pub(crate) fn add(&self, name: &Path, meta: &ObjectMeta) {
        let facts = ObjectFacts {
            size: meta.size,
            etag: meta.e_tag.clone(),
            modified: meta.last_modified.timestamp_millis(),
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(self.hash(name), facts);
    }

    pub(crate) fn get(&self, name: &Path) -> Option<ObjectFacts> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&self.hash(name)).cloned()
    }

    fn hash(&self, name: &Path) -> [u64; 2] {
        self.keys.each_ref().map(|key| key.hash_one(name))
    }
}
