//! What opens URLs.

use crate::address::Address;
use crate::facts::{Listed, ObjectFacts};
use crate::fault::fault;
use crate::traffic::{Counter, Traffic};
use crate::{open, prefix, upload};
use asdf_core::file::{Input, Opener, is_url};
use asdf_core::{Limits, Result};
use std::collections::HashMap;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::runtime::{Builder, Runtime};

/// How servers are spoken to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteOptions {
    /// Whether requests go without a signature, whatever credentials there are.
    pub no_sign_request: bool,
    /// The server of S3, when it is not that of AWS.
    pub endpoint: Option<String>,
    /// The profile of the files of AWS that credentials and region are taken from.
    pub aws_profile: Option<String>,
}

/// Whether a name is free for a new object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Free {
    /// Nothing has the name.
    Yes,
    /// An object has it.
    No,
    /// The server does not say so to who asks (403). Writing tells.
    Unknown,
}

/// Opens URLs; give it to [`OpenOptions::opener`](asdf_core::OpenOptions::opener).
#[derive(Debug, Default)]
pub struct Remote {
    options: RemoteOptions,
    /// Whole URLs by what is shown of them.
    known: Mutex<HashMap<PathBuf, Address>>,
    counters: Mutex<Vec<(String, Arc<Counter>)>>,
    cautions: Mutex<Vec<String>>,
    listed: Listed,
}

impl Remote {
    /// Nothing is opened yet.
    #[must_use]
    pub fn new(options: RemoteOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// What every object has cost so far, in the order in which they were opened.
    pub fn traffic(&self) -> Vec<Traffic> {
        let counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let told = |(name, counter): &(String, Arc<Counter>)| counter.told(name.clone());
        counters.iter().map(told).collect()
    }

    /// What is to be told about how objects were read; each is given once.
    pub fn take_cautions(&self) -> Vec<String> {
        let mut cautions = self.cautions.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut cautions)
    }

    /// The objects below a prefix of a bucket, sorted by name; `None` for a name that stands for one object or file.
    ///
    /// # Errors
    /// The prefix cannot be listed; a web server has no lists.
    pub fn list(&self, name: &Path) -> Option<Result<Vec<PathBuf>>> {
        let address = self.address(name)?;
        let address = match address {
            Ok(address) if !address.is_folder() => return None,
            Ok(address) => address,
            Err(error) => return Some(Err(error)),
        };
        let counter = self.counter(&address);
        let found = prefix::list(&address, &self.options, &counter, &self.listed);
        Some(found.map_err(|error| error.at_file(Path::new(&address.shown()))))
    }

    /// Whether a name is free for a new object; `None` for the name of a local file.
    ///
    /// # Errors
    /// It is not the name of an object in a bucket; the server cannot be asked.
    pub fn is_free(&self, name: &Path) -> Option<Result<Free>> {
        let found = self.target(name)?.and_then(|address| {
            let counter = self.counter(&address);
            let found = upload::exists(&address, &self.options, &counter)?;
            Ok(match found {
                Some(true) => Free::No,
                Some(false) => Free::Yes,
                None => Free::Unknown,
            })
        });
        Some(found)
    }

    /// Writes `size` bytes as a whole object: it is there when all of it has come, and not before. One that has the name is replaced with
    /// `replace` only. When `is_dropped` is set meanwhile, what was sent is taken back. `None` for the name of a local file.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`](std::io::ErrorKind::AlreadyExists): there is such an object, and it stays as it is;
    /// [`ErrorKind::Cancelled`](asdf_core::error::ErrorKind::Cancelled): `is_dropped` was set; `from` ends early; it is not the name of an
    /// object in a bucket; the server refuses it. Nothing is left of what was sent, unless the error says so.
    pub fn upload(
        &self,
        name: &Path,
        (from, size): (&mut dyn Read, u64),
        replace: bool,
        is_dropped: &AtomicBool,
    ) -> Option<Result<()>> {
        let written = self.target(name)?.and_then(|address| {
            let counter = self.counter(&address);
            let source = (from, size);
            upload::upload(
                &address,
                &self.options,
                &counter,
                source,
                !replace,
                is_dropped,
            )
        });
        Some(written)
    }

    /// The address of an object that can be written.
    fn target(&self, name: &Path) -> Option<Result<Address>> {
        let address = self.address(name)?;
        Some(address.and_then(|address| {
            let text = match &address {
                Address::Web(_) => {
                    "a web server takes no files: a local name or s3://BUCKET/KEY is expected"
                }
                Address::S3 { .. } if address.is_folder() => {
                    "it is a folder, and the name of an object was expected"
                }
                Address::S3 { .. } => return Ok(address),
            };
            Err(fault(ErrorKind::InvalidInput, text.to_owned()))
        }))
    }

    /// What a list has said of an object; `None` when none was asked for.
    pub fn facts(&self, name: &Path) -> Option<ObjectFacts> {
        self.listed.get(name)
    }

    pub(crate) fn options(&self) -> &RemoteOptions {
        &self.options
    }

    pub(crate) fn caution(&self, text: String) {
        let mut cautions = self.cautions.lock().unwrap_or_else(PoisonError::into_inner);
        cautions.push(text);
    }

    pub(crate) fn counter(&self, address: &Address) -> Arc<Counter> {
        let counter = Arc::new(Counter::default());
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.push((address.shown(), Arc::clone(&counter)));
        counter
    }

    /// The address that a name is; `None` for the name of a local file.
    fn address(&self, name: &Path) -> Option<Result<Address>> {
        if !is_url(name) {
            return None;
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(address) = known.get(name) {
            return Some(Ok(address.clone()));
        }
        drop(known);
        let text = name.to_str().unwrap_or_default();
        let parsed = Address::parse(text);
        Some(parsed.map_err(|text| fault(ErrorKind::InvalidInput, text)))
    }

    /// Remembers the whole URL of what is shown.
    fn show(&self, address: &Address) -> PathBuf {
        let shown = PathBuf::from(address.shown());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(shown.clone(), address.clone());
        shown
    }
}

impl Opener for Remote {
    fn open(&self, name: &Path, limits: &Limits) -> Option<Result<Input>> {
        let address = self.address(name)?;
        Some(address.and_then(|address| open::open(self, &address, limits)))
    }

    fn shown(&self, name: &Path) -> PathBuf {
        match self.address(name) {
            Some(Ok(address)) => self.show(&address),
            // Not even the text of what is wrong may be shown whole.
            Some(Err(_)) => bare(name),
            None => name.to_path_buf(),
        }
    }

    fn beside(&self, name: &Path, relative: &Path) -> Option<PathBuf> {
        let address = self.address(name)?.ok()?;
        // What leads out of the folder is refused by the caller; a name that cannot be opened is as good.
        let found = address.beside(relative)?;
        Some(PathBuf::from(found.text()))
    }
}

/// A URL that cannot be read, without what comes after a `?` or before an `@`.
fn bare(name: &Path) -> PathBuf {
    let text = name.to_string_lossy();
    let text = text.split(['?', '#']).next().unwrap_or_default();
    match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://{rest}").into(),
        _ => text.into(),
    }
}

/// The threads that wait for servers: two, for the whole process.
pub(crate) fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<std::result::Result<Runtime, String>> = OnceLock::new();
    let made = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        let builder = builder
            .worker_threads(2)
            .thread_name("network")
            .enable_all();
        builder.build().map_err(|error| error.to_string())
    });
    made.as_ref()
        .map_err(|text| Error::other(text.clone()).into())
}
