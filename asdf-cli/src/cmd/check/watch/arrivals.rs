//! Which files have arrived, and are complete.

use crate::inputs::{FindArgs, files_below, is_searched};
use crate::usage::refused;
use asdf_core::Result;
use notify::event::{ModifyKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime};

/// How long a wait lasts at most when there is nothing to wait for but news.
const LONGEST: Duration = Duration::from_secs(3600);
/// How long it lasts at least: files come in numbers.
const SHORTEST: Duration = Duration::from_millis(20);

/// The folders and what is known of the files in them.
pub(super) struct Arrivals {
    folders: Vec<PathBuf>,
    find: FindArgs,
    settle: Duration,
    news: News,
    /// Files that were met, with what they were like; sorted, so that those that are due together are checked in order.
    files: BTreeMap<PathBuf, Known>,
}

/// Where news comes from.
enum News {
    /// The system tells. The watcher ends when it is dropped.
    Told(
        Receiver<notify::Result<Event>>,
        #[expect(dead_code, reason = "kept alive")] RecommendedWatcher,
    ),
    /// All folders are looked at again after so long.
    Polled(Duration),
}

/// What a file was like.
struct Known {
    /// Its size and its time.
    state: State,
    /// Since when it has been like that.
    since: Instant,
    /// Whether its name was given to it when it was complete.
    is_renamed: bool,
    /// Whether it was checked as it is.
    is_checked: bool,
}

type State = (u64, Option<SystemTime>);

fn state(path: &Path) -> Option<State> {
    let found = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
    Some((found.len(), found.modified().ok()))
}

impl Arrivals {
    pub(super) fn new(
        folders: &[PathBuf],
        find: &FindArgs,
        poll: Option<Duration>,
        settle: Duration,
    ) -> Result<Self> {
        let news = match poll {
            Some(pause) => News::Polled(pause),
            None => told(folders)?,
        };
        let mut out = Self {
            folders: folders.to_vec(),
            find: find.clone(),
            settle,
            news,
            files: BTreeMap::new(),
        };
        out.look_at_all();
        // What was there before is taken as it is, unless it changes while it is read.
        for known in out.files.values_mut() {
            known.is_renamed = true;
        }
        Ok(out)
    }

    /// The files that are complete and were not checked as they are, each with the folder that is watched.
    pub(super) fn due(&mut self) -> Result<Vec<(PathBuf, PathBuf)>> {
        self.hear()?;
        let mut due = Vec::new();
        let settle = self.settle;
        self.files.retain(|path, known| {
            let Some(now) = state(path) else {
                // It is gone, or was only a name under way.
                return false;
            };
            if now != known.state {
                // A file that grows under its name is not complete because it was renamed before.
                (known.state, known.since) = (now, Instant::now());
                (known.is_renamed, known.is_checked) = (false, false);
            }
            if !known.is_checked && (known.is_renamed || known.since.elapsed() >= settle) {
                known.is_checked = true;
                due.push(path.clone());
            }
            true
        });
        let with_folder = |path: PathBuf| {
            let folder = self.folders.iter().find(|folder| path.starts_with(folder));
            (folder.cloned().unwrap_or_default(), path)
        };
        Ok(due.into_iter().map(with_folder).collect())
    }

    /// Whether a file has arrived that is not complete yet.
    pub(super) fn is_waiting(&self) -> bool {
        self.files.values().any(|known| !known.is_checked)
    }

    /// Waits for news, for a file to be complete, and no longer than `left`.
    pub(super) fn wait(&mut self, left: Option<Duration>) -> Result<()> {
        let open = self.files.values().filter(|known| !known.is_checked);
        let next = open.map(|known| self.settle.saturating_sub(known.since.elapsed()));
        let longest = match &self.news {
            News::Polled(pause) => *pause,
            News::Told(..) => LONGEST,
        };
        let pause = next.chain(left).fold(longest, Duration::min).max(SHORTEST);
        let received = match &self.news {
            News::Polled(_) => {
                std::thread::sleep(pause);
                return Ok(());
            }
            News::Told(told, _) => told.recv_timeout(pause),
        };
        match received {
            Ok(event) => self.take(event),
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => Err(refused(
                "the system does not tell of changes any more; --poll SECONDS looks for them",
            )),
        }
    }

    /// Takes the news that there is.
    fn hear(&mut self) -> Result<()> {
        let events: Vec<_> = match &self.news {
            News::Polled(_) => {
                self.look_at_all();
                return Ok(());
            }
            News::Told(told, _) => told.try_iter().collect(),
        };
        events.into_iter().try_for_each(|event| self.take(event))
    }

    fn take(&mut self, event: notify::Result<Event>) -> Result<()> {
        let event = event.map_err(|error| trouble(&error))?;
        // More has changed than the system could note.
        if event.need_rescan() {
            self.look_at_all();
        }
        let is_renamed = matches!(
            event.kind,
            EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
        );
        for path in event.paths {
            let path = self.named(path);
            if path.is_dir() {
                // What came with a folder is told of by nobody.
                self.look_below(&path, is_renamed);
            } else {
                let top = self.folders.iter().find(|folder| path.starts_with(folder));
                if top.is_some_and(|top| is_searched(top, &path, &self.find)) {
                    self.note(path, is_renamed);
                }
            }
        }
        Ok(())
    }

    /// A path as it begins with the folder that was named: the system tells where it lies.
    fn named(&self, path: PathBuf) -> PathBuf {
        let named = self.folders.iter().find_map(|folder| {
            let places = [std::path::absolute(folder), folder.canonicalize()];
            let below = places
                .iter()
                .flatten()
                .find_map(|place| path.strip_prefix(place).ok())?;
            Some(folder.join(below))
        });
        named.unwrap_or(path)
    }

    fn look_at_all(&mut self) {
        for folder in self.folders.clone() {
            self.look_below(&folder, false);
        }
    }

    fn look_below(&mut self, folder: &Path, is_renamed: bool) {
        // A folder that cannot be searched now may be gone.
        for path in files_below(folder, &self.find).into_iter().flatten() {
            let top = self.folders.iter().find(|folder| path.starts_with(folder));
            if top.is_some_and(|top| is_searched(top, &path, &self.find)) {
                self.note(path, is_renamed);
            }
        }
    }

    fn note(&mut self, path: PathBuf, is_renamed: bool) {
        let Some(state) = state(&path) else {
            return;
        };
        if let Some(known) = self.files.get_mut(&path) {
            known.is_renamed |= is_renamed && !known.is_checked;
            return;
        }
        let known = Known {
            state,
            since: Instant::now(),
            is_renamed,
            is_checked: false,
        };
        self.files.insert(path, known);
    }
}

/// Lets the system tell of changes in folders and below them.
fn told(folders: &[PathBuf]) -> Result<News> {
    let (sender, receiver) = channel();
    let watcher = notify::recommended_watcher(move |event| {
        // The other end is gone when nobody waits any more.
        let _ = sender.send(event);
    });
    let mut watcher = watcher.map_err(|error| trouble(&error))?;
    for folder in folders {
        watcher
            .watch(folder, RecursiveMode::Recursive)
            .map_err(|error| trouble(&error).at_file(folder))?;
    }
    Ok(News::Told(receiver, watcher))
}

fn trouble(error: &notify::Error) -> asdf_core::Error {
    refused(format!(
        "the system does not tell of changes ({error}); --poll SECONDS looks for them"
    ))
}
