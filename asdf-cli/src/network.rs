//! Files that are not local: read by URL, or refused where this build reads none.

use crate::context::Context;
use crate::global::Global;
#[cfg(feature = "remote")]
use crate::signals::Upload;
use crate::usage::refused;
use asdf_core::Result;
#[cfg(feature = "remote")]
use asdf_core::error::ErrorKind;
use asdf_core::file::{Input, Opener, is_url};
#[cfg(feature = "remote")]
use asdf_remote::{Free, Remote, RemoteOptions};
use std::fs::File;
#[cfg(feature = "remote")]
use std::io::{ErrorKind as IoError, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What opens URLs in this run.
#[derive(Debug)]
pub(crate) struct Network {
    #[cfg(feature = "remote")]
    remote: Arc<Remote>,
}

static NETWORK: OnceLock<Network> = OnceLock::new();

/// How URLs are opened, as the command line has it.
pub(crate) fn begin(global: &Global) -> &'static Network {
    NETWORK.get_or_init(|| Network::new(global))
}

/// The objects below a prefix; `None` for any other name.
pub(crate) fn list(name: &Path) -> Option<Result<Vec<PathBuf>>> {
    if !is_folder(name) || !is_url(name) {
        return None;
    }
    NETWORK.get().map(|network| network.list(name))
}

/// What a list of objects has said of one.
#[cfg(all(feature = "archive", feature = "remote"))]
pub(crate) fn facts(name: &Path) -> Option<asdf_remote::ObjectFacts> {
    NETWORK.get()?.remote.facts(name)
}

/// The bytes under a URL; `None` for the name of a local file.
pub(crate) fn read(name: &Path, context: &Context) -> Option<Result<Input>> {
    let opener = NETWORK.get()?.opener();
    let found = opener.open(name, context.limits())?;
    Some(found.map_err(|error| error.at_file(&opener.shown(name))))
}

/// True for a folder, and for a URL that stands for all that lies below it.
pub(crate) fn is_folder(name: &Path) -> bool {
    let text = name.to_str().unwrap_or_default();
    name.is_dir() || (text.ends_with('/') && is_url(name))
}

/// What may be meant by a name that no file has, when it looks like a URL.
pub(crate) fn hint(name: &Path) -> Option<String> {
    let (scheme, rest) = name.to_str()?.split_once(":/")?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char));
    if !is_scheme {
        return None;
    }
    let known = ["http", "https", "s3"];
    let is_known = known.iter().any(|own| scheme.eq_ignore_ascii_case(own));
    Some(if scheme.eq_ignore_ascii_case("file") {
        "a local file is named by its path, without file://".to_owned()
    } else if is_known && rest.starts_with('/') {
        "this is read from local files only, not from URLs".to_owned()
    } else if is_known {
        format!("a URL begins with {scheme}://")
    } else {
        format!("URLs that begin with {scheme}: are not read; https://, http:// and s3:// are")
    })
}

/// Refuses to change what is under a URL.
pub(crate) fn refuse(name: &Path) -> Result<()> {
    if !is_url(name) {
        return Ok(());
    }
    let reason =
        "files of URLs are not changed: `asdf convert URL FILE` makes a local file, which can be";
    Err(refused(reason).at_file(&shown(name)))
}

/// Refuses to write something under a URL that is more than one file.
pub(crate) fn refuse_many(name: &Path, what: &str) -> Result<()> {
    if !is_url(name) {
        return Ok(());
    }
    let reason = format!("{what} is made of files beside each other: it needs a local name");
    Err(refused(reason).at_file(&shown(name)))
}

/// True for a name that is written as a new object, and not as a file.
pub(crate) fn is_object(name: &Path) -> bool {
    is_url(name)
}

/// Refuses to write an object where that cannot be done, or where there is one, unless it may be replaced.
pub(crate) fn check_free(name: &Path, force: bool) -> Result<()> {
    let network = NETWORK
        .get()
        .ok_or_else(|| refused("there is no network"))?;
    let free = network
        .is_free(name)
        .map_err(|error| error.at_file(&shown(name)))?;
    if !free && !force {
        return Err(taken().at_file(&shown(name)));
    }
    Ok(())
}

/// Writes what was put into a file as an object.
pub(crate) fn upload(name: &Path, spool: &mut File, force: bool) -> Result<()> {
    let network = NETWORK
        .get()
        .ok_or_else(|| refused("there is no network"))?;
    let written = network.upload(name, spool, force);
    written.map_err(|error| error.at_file(&shown(name)))
}

fn taken() -> asdf_core::Error {
    refused("the object exists already; --force replaces it")
}

/// A name without what is secret in it.
pub(crate) fn shown(name: &Path) -> PathBuf {
    let network = NETWORK.get();
    network.map_or_else(
        || name.to_path_buf(),
        |network| network.opener().shown(name),
    )
}

#[cfg(feature = "remote")]
impl Network {
    fn new(global: &Global) -> Self {
        let mut options = RemoteOptions::default();
        options.no_sign_request = global.remote.no_sign_request;
        options.endpoint.clone_from(&global.remote.endpoint);
        options.aws_profile.clone_from(&global.remote.aws_profile);
        Self {
            remote: Arc::new(Remote::new(options)),
        }
    }

    pub(crate) fn opener(&self) -> Arc<dyn Opener> {
        self.remote.clone()
    }

    fn list(&self, name: &Path) -> Result<Vec<PathBuf>> {
        self.remote.list(name).unwrap_or_else(|| Ok(Vec::new()))
    }

    /// Whether nothing is known to have the name.
    fn is_free(&self, name: &Path) -> Result<bool> {
        let free = self.remote.is_free(name).transpose()?;
        Ok(free.is_none_or(|free| free != Free::No))
    }

    fn upload(&self, name: &Path, spool: &mut File, force: bool) -> Result<()> {
        let size = spool.metadata()?.len();
        spool.rewind()?;
        let watch = Upload::begin();
        let written = self.remote.upload(name, (spool, size), force, watch.flag());
        let written = written.unwrap_or(Ok(()));
        match written {
            Err(error) if error.is_cancelled() => {
                let error = refused("interrupted: the object was not written");
                watch.leave(&error.at_file(&shown(name)))
            }
            Err(error) if is_taken(&error) => Err(taken()),
            written => written,
        }
    }
}

/// True for what a server says about a name that something got meanwhile.
#[cfg(feature = "remote")]
fn is_taken(error: &asdf_core::Error) -> bool {
    let kind = error.kind();
    matches!(kind, ErrorKind::Io(error) if error.kind() == IoError::AlreadyExists)
}

#[cfg(not(feature = "remote"))]
impl Network {
    fn new(_: &Global) -> Self {
        Self {}
    }

    #[expect(clippy::unused_self, reason = "other builds have something to give")]
    pub(crate) fn opener(&self) -> Arc<dyn Opener> {
        Arc::new(Absent)
    }

    #[expect(clippy::unused_self, reason = "other builds have something to give")]
    fn list(&self, _: &Path) -> Result<Vec<PathBuf>> {
        Err(absent())
    }

    #[expect(clippy::unused_self, reason = "other builds have something to give")]
    fn is_free(&self, _: &Path) -> Result<bool> {
        Err(absent())
    }

    #[expect(clippy::unused_self, reason = "other builds have something to give")]
    fn upload(&self, _: &Path, _: &mut File, _: bool) -> Result<()> {
        Err(absent())
    }
}

/// Tells what was told by servers, and with --verbose what they were asked.
#[cfg(feature = "remote")]
pub(crate) fn tell(context: &Context) {
    let Some(network) = NETWORK.get() else {
        return;
    };
    for text in network.remote.take_cautions() {
        context.caution(&text);
    }
    for object in network.remote.traffic() {
        let plural = |count: u64, what: &str| match count {
            1 => format!("1 {what}"),
            count => format!("{count} {what}s"),
        };
        let bytes = if object.sent > 0 {
            format!("{} sent", crate::size::human(object.sent))
        } else {
            crate::size::human(object.bytes)
        };
        context.explain(&format!(
            "{}: {}, {bytes}, {}",
            object.name,
            plural(object.requests, "request"),
            plural(object.rounds, "round trip"),
        ));
    }
}

/// What has come from all servers so far; `None` when none was asked.
#[cfg(feature = "remote")]
pub(crate) fn traffic() -> Option<asdf_tui::traffic::Traffic> {
    let objects = NETWORK.get()?.remote.traffic();
    (!objects.is_empty()).then(|| asdf_tui::traffic::Traffic {
        requests: objects.iter().map(|object| object.requests).sum(),
        bytes: objects.iter().map(|object| object.bytes).sum(),
        is_waited_for: objects.iter().any(|object| object.is_waited_for),
    })
}

/// No server is asked.
#[cfg(not(feature = "remote"))]
pub(crate) fn traffic() -> Option<asdf_tui::traffic::Traffic> {
    None
}

/// There is nothing to tell where no server is asked.
#[cfg(not(feature = "remote"))]
pub(crate) fn tell(_: &Context) {}

/// Refuses URLs.
#[cfg(not(feature = "remote"))]
#[derive(Debug)]
struct Absent;

#[cfg(not(feature = "remote"))]
impl Opener for Absent {
    fn open(&self, name: &Path, _: &asdf_core::Limits) -> Option<Result<Input>> {
        is_url(name).then(|| Err(absent()))
    }

    fn shown(&self, name: &Path) -> PathBuf {
        let text = name.to_string_lossy();
        if !is_url(name) {
            return name.to_path_buf();
        }
        // What follows is a query, and what stands in front of the host may be a password.
        let text = text.split(['?', '#']).next().unwrap_or_default();
        match (text.split_once("://"), text.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, rest))) if scheme != "s3" => {
                format!("{scheme}://{rest}").into()
            }
            _ => text.into(),
        }
    }

    fn beside(&self, _: &Path, _: &Path) -> Option<PathBuf> {
        None
    }
}

#[cfg(not(feature = "remote"))]
fn absent() -> asdf_core::Error {
    refused("this build reads and writes no URLs (build it with --features remote)")
}
