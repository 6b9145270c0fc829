//! Does the jobs, off the thread that draws.

use crate::effect::Found;
use crate::effect::Job;
use crate::effect::Slot;
use crate::effect::Work;
use crate::msg::Answer;
use crate::pane::blocks;
use crate::pane::diff;
use crate::pane::facts;
use crate::pane::files::listing;
use crate::pane::files::listing::ListAsk;
use crate::pane::files::listing::ListFiles;
use crate::pane::files::thumbnail::Thumbnail;
use crate::pane::files::thumbnail::ThumbnailAsk;
use crate::pane::grid;
use crate::pane::hdus;
use crate::pane::hex;
use crate::pane::picker;
use crate::pane::problems;
use crate::pane::search;
use crate::pane::sheet::SheetSource;
use crate::pane::sheet::WindowAsk;
use crate::pane::table;
use crate::schema_note;
use crate::schema_note::SchemaNote;
use crate::session;
use crate::session::Session;
use crate::stamp::Stamp;
use crate::traffic::AskTraffic;
use crate::traffic::Traffic;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::OpenOptions;
use asdf_core::error::ErrorKind;
use asdf_core::file::unless_dropped;
use asdf_core::schema::SchemaLibrary;
use asdf_core::schema::Validator;
use asdf_core::tree::NodeId;
use std::collections::HashMap;
use std::collections::VecDeque;
use std::fmt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;

/// Threads that do jobs.
const THREADS: usize = 2;

/// Reads the schemas of the user; asked for once, when they are needed first.
pub type LoadLibrary = Box<dyn Fn() -> Result<Arc<SchemaLibrary>, Error> + Send + Sync>;

/// Finds the files of a folder.
pub type FindFiles = Box<dyn Fn(&Path) -> Result<Vec<PathBuf>, String> + Send + Sync>;

/// What jobs need beside their file.
pub struct World {
    open: OpenOptions,
    load: LoadLibrary,
    traffic: Option<AskTraffic>,
    list: Option<ListFiles>,
    find: Option<FindFiles>,
    validator: OnceLock<Result<Validator, String>>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

impl World {
    /// How to open files, and how to read the schemas.
    pub fn new(open: OpenOptions, load: LoadLibrary) -> Self {
        Self {
            open,
            load,
            traffic: None,
            list: None,
            find: None,
            validator: OnceLock::new(),
        }
    }

    /// How to ask what has come over the network.
    #[must_use]
    pub fn traffic_by(mut self, ask: AskTraffic) -> Self {
        self.traffic = Some(ask);
        self
    }

    /// How to read the rows of lists of files, and to find files in folders; without it lists have names only, and folders are
    /// not searched below.
    #[must_use]
    pub fn listing_by(mut self, list: ListFiles, find: FindFiles) -> Self {
        self.list = Some(list);
        self.find = Some(find);
        self
    }

    fn list(
        &self,
        ask: &ListAsk,
        cancel: &AtomicBool,
        tell: &(dyn Fn(Found) + Sync),
    ) -> Option<Result<listing::FileTable, String>> {
        match &self.list {
            Some(list) => list(ask, cancel, &|done, all| tell(Found::Progress(done, all))),
            None => Some(Ok(listing::names(ask))),
        }
    }

    fn gather(&self, folder: &Path) -> Result<Vec<PathBuf>, String> {
        if let Some(find) = &self.find {
            return find(folder);
        }
        let listed = picker::list(folder);
        let listed = listed.map_err(|error| format!("{}: {error}", folder.display()))?;
        let files = listed.entries.into_iter().filter(|entry| !entry.is_folder);
        Ok(files.map(|entry| entry.path).collect())
    }

    fn thumbnail(
        &self,
        path: &Path,
        ask: ThumbnailAsk,
        cancel: &AtomicBool,
    ) -> Result<Arc<Thumbnail>, String> {
        let file = self.open(path)?;
        let made = Thumbnail::make(&file, ask, cancel);
        made.map(Arc::new).map_err(|error| error.kind().to_string())
    }

    /// What has come over the network; `None` when no URL was opened.
    pub(crate) fn traffic(&self) -> Option<Traffic> {
        self.traffic.as_ref()?()
    }

    /// A file without anything in it, which has the name of one that is still to be opened.
    pub(crate) fn empty(&self, name: &Path) -> Result<AsdfFile, Error> {
        self.open.read_bytes(b"#ASDF 1.0.0\n".to_vec(), name)
    }

    fn validator(&self) -> Result<&Validator, &str> {
        let made = self.validator.get_or_init(|| {
            let library = (self.load)().map_err(|error| error.to_string())?;
            Ok(Validator::new(library))
        });
        made.as_ref().map_err(String::as_str)
    }

    fn open(&self, path: &Path) -> Result<Arc<AsdfFile>, String> {
        let file = self.open.open(path).and_then(AsdfFile::with_hdu_tree);
        file.map(Arc::new).map_err(|error| error.to_string())
    }

    /// Does what belongs to the list of files, to sessions, or to a column of a table.
    fn run_listed(
        &self,
        file: &AsdfFile,
        work: Work,
        cancel: &AtomicBool,
        tell: &(dyn Fn(Found) + Sync),
    ) -> Option<Found> {
        Some(match work {
            Work::List(ask) => Found::List(self.list(&ask, cancel, tell)),
            Work::Gather(folder) => Found::Gathered(self.gather(&folder)),
            Work::Thumbnail(path, ask) => {
                let made = self.thumbnail(&path, ask, cancel);
                Found::Thumbnail(path, made)
            }
            Work::WriteText(path, text, what) => Found::Written(
                session::write_text(&path, &text, None)
                    .map(|()| format!("{what} written to {}", path.display())),
            ),
            Work::ReplaceText(path, text, begins, what) => Found::Written(
                session::write_text(&path, &text, Some(begins))
                    .map(|()| format!("{what} written to {}", path.display())),
            ),
            Work::Summary(ask) => {
                let tell = |done, all| tell(Found::Progress(done, all));
                let found = ask.find(file, cancel, &tell)?;
                Found::Summary(Some(found.map(Arc::new)))
            }
            Work::FindCell(ask) => Found::Cell(ask.find(file, cancel)),
            Work::Export(export) => Found::Written(export.write(file, cancel)),
            Work::Session(path) => Found::Session(Session::read(&path).map(Box::new)),
            // Done by the caller.
            _ => return None,
        })
    }

    /// Does a job. `tell` gets what is known before the end; nothing is given when it was cancelled.
    pub fn run(
        &self,
        job: Job,
        cancel: &AtomicBool,
        tell: &(dyn Fn(Found) + Sync),
    ) -> Option<Found> {
        let file = &*job.file;
        Some(match job.work {
            Work::Facts(nodes) => Found::Facts(facts::find(file, nodes)),
            Work::Search(pattern) => Found::Hits(search::search(file, &pattern, cancel)?),
            Work::Schema(path) => Found::Schema(Box::new(match self.validator() {
                Ok(validator) => schema_note::find(file, validator.library(), &path),
                Err(_) => SchemaNote::default(),
            })),
            Work::Window(ask) => Found::Window(window(file, &ask).map_err(|error| told(&error))),
            Work::Pick(ask) => {
                let tell = |done, all| tell(Found::Progress(done, all));
                Found::Pick(table::pick(file, &ask, cancel, &tell)?)
            }
            Work::Stats(node) => return stats(file, node, cancel, tell),
            Work::Check(blocks) => {
                let all = blocks.len() as u64;
                blocks::check(file, &blocks, cancel, &|checked, done| {
                    tell(Found::Checked(checked));
                    tell(Found::Progress(done, all));
                });
                Found::Checked(Vec::new())
            }
            Work::Users => Found::Users(blocks::users(file, cancel)?),
            Work::Hex(ask) => Found::Hex(hex::read(file, ask).map_err(|error| told(&error))),
            Work::Problems => Found::Problems(problems::find(file, self.validator())),
            Work::Diff(path) => Found::Diff(self.open(&path).and_then(|other| {
                let rows = diff::compare(file, &other).map_err(|error| error.to_string())?;
                Ok((rows, other))
            })),
            Work::Hdus => Found::Hdus(hdus::list(file)),
            Work::Image(mut job) => {
                match job.wants().map(|path| self.open(path)) {
                    Some(Ok(other)) => job.give(other),
                    Some(Err(reason)) => return Some(Found::Image(job.refuse(&reason))),
                    None => {}
                }
                Found::Image(job.run(file, cancel))
            }
            Work::Paint(ask) => Found::Painted(ask.paint()),
            Work::Watch => Found::Watched(Stamp::of(file.name())),
            Work::World(ask) => Found::World(ask.find(file).map(Arc::new)),
            Work::Plot(ask) => Found::Plot(match ask.find(file, cancel) {
                Ok(series) => Some(Ok(series)),
                Err(error) if matches!(error.kind(), ErrorKind::Cancelled) => None,
                Err(error) => Some(Err(error.to_string())),
            }),
            Work::Health => Found::Health(problems::count_faults(file)),
            Work::Open(path) => Found::Opened(self.open(&path)),
            Work::Folder(path) => {
                let listed = picker::list(&path);
                Found::Folder(listed.map_err(|error| format!("{}: {error}", path.display())))
            }
            work => return self.run_listed(file, work, cancel, tell),
        })
    }
}

fn told(error: &Error) -> String {
    error.kind().to_string()
}

fn window(file: &AsdfFile, ask: &WindowAsk) -> Result<crate::pane::sheet::Window, Error> {
    match &ask.source {
        SheetSource::Matrix(source) => {
            grid::load(file, source, ask.rows.clone(), ask.columns.clone())
        }
        SheetSource::Columns(columns) => table::load(file, columns, ask),
    }
}

fn stats(
    file: &AsdfFile,
    node: NodeId,
    cancel: &AtomicBool,
    tell: &(dyn Fn(Found) + Sync),
) -> Option<Found> {
    let node = file.tree().by_id(node)?;
    let array = match file.array_at(node) {
        Ok(array) => array,
        Err(error) => return Some(Found::Stats(Err(told(&error)))),
    };
    // One pass for moments, and one for each sixteen bits of the quantiles.
    let unit = array.datatype().size().max(1);
    let all = array.byte_len().saturating_mul(1 + unit.div_ceil(2).min(4));
    let (done, told_at) = (AtomicU64::new(0), AtomicU64::new(0));
    let step = (all / 100).max(1 << 20);
    let watch = |bytes: u64| {
        let now = done
            .fetch_add(bytes, Ordering::Relaxed)
            .saturating_add(bytes);
        let before = told_at.load(Ordering::Relaxed);
        if now.saturating_sub(before) >= step {
            told_at.store(now, Ordering::Relaxed);
            tell(Found::Progress(now.min(all), all));
        }
        !cancel.load(Ordering::Relaxed)
    };
    let found = array.stats_watched(&watch);
    if cancel.load(Ordering::Relaxed) {
        return None;
    }
    Some(Found::Stats(
        found.map(Arc::new).map_err(|error| told(&error)),
    ))
}

/// Where answers go.
pub type Tell = Arc<dyn Fn(Answer) + Send + Sync>;

#[derive(Debug, Default)]
struct Queue {
    jobs: VecDeque<(Job, Arc<AtomicBool>)>,
    /// The flag of the newest job of each tab and slot.
    flags: HashMap<(u64, Slot), Arc<AtomicBool>>,
    is_closed: bool,
}

impl Queue {
    fn cancel(&mut self, tab: u64, slot: Slot) {
        if let Some(flag) = self.flags.remove(&(tab, slot)) {
            flag.store(true, Ordering::Relaxed);
        }
        self.jobs
            .retain(|(job, _)| (job.tab, job.slot) != (tab, slot));
    }
}

/// The threads that do jobs.
#[derive(Debug)]
pub struct Workers {
    shared: Arc<(Mutex<Queue>, Condvar)>,
}

impl Workers {
    /// Starts the threads; answers go to `tell`.
    ///
    /// # Errors
    /// The system gives no threads.
    pub fn start(world: &Arc<World>, tell: &Tell) -> std::io::Result<Self> {
        let shared = Arc::new((Mutex::new(Queue::default()), Condvar::new()));
        for number in 0..THREADS {
            let (shared, world, tell) = (Arc::clone(&shared), Arc::clone(world), Arc::clone(tell));
            let thread = thread::Builder::new().name(format!("worker {number}"));
            thread.spawn(move || serve(&shared, &world, &tell))?;
        }
        Ok(Self { shared })
    }

    /// Hands over a job; an older one of its slot is cancelled.
    pub fn submit(&self, job: Job) {
        let mut queue = lock(&self.shared.0);
        queue.cancel(job.tab, job.slot);
        let flag = Arc::new(AtomicBool::new(false));
        queue.flags.insert((job.tab, job.slot), Arc::clone(&flag));
        queue.jobs.push_back((job, flag));
        self.shared.1.notify_one();
    }

    /// Cancels what runs or waits for a slot.
    pub fn cancel(&self, tab: u64, slot: Slot) {
        lock(&self.shared.0).cancel(tab, slot);
    }
}

impl Drop for Workers {
    /// Lets the threads end after what they are at; nobody waits for them.
    fn drop(&mut self) {
        let mut queue = lock(&self.shared.0);
        queue.is_closed = true;
        queue.jobs.clear();
        queue
            .flags
            .values()
            .for_each(|flag| flag.store(true, Ordering::Relaxed));
        self.shared.1.notify_all();
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the thread that draws go first, on machines where that is said of a single thread.
pub(crate) fn step_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 10);
}

fn serve(shared: &(Mutex<Queue>, Condvar), world: &World, tell: &Tell) {
    step_back();
    loop {
        let mut queue = lock(&shared.0);
        let (job, cancel) = loop {
            if queue.is_closed {
                return;
            }
            if let Some(next) = queue.jobs.pop_front() {
                break next;
            }
            let woken = shared.1.wait(queue);
            queue = woken.unwrap_or_else(PoisonError::into_inner);
        };
        drop(queue);
        if let Work::Image(image) = &job.work
            && let Some(pause) = image.pause()
        {
            thread::sleep(pause);
        }
        let (tab, ticket, slot) = (job.tab, job.ticket, job.slot);
        let answer = |found| {
            tell(Answer {
                tab,
                ticket,
                slot,
                found,
            });
        };
        // What is fetched for a job that nobody waits for is given up.
        if let Some(found) = unless_dropped(&cancel, || world.run(job, &cancel, &answer)) {
            answer(found);
        }
        let mut queue = lock(&shared.0);
        if queue
            .flags
            .get(&(tab, slot))
            .is_some_and(|flag| Arc::ptr_eq(flag, &cancel))
        {
            queue.flags.remove(&(tab, slot));
        }
    }
}
