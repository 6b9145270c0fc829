//! Work on each of several files: side by side on all cores, told in order, no file stopped by another.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{Inputs, Item};
use crate::misplaced::Peers;
use crate::progress::Progress;
use crate::queue::Queue;
use crate::report;
use crate::shard;
use asdf_core::{AsdfFile, Result as Asdf};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The stack of a thread: as large as that of the main one, as trees may be deep.
const STACK: usize = 8 << 20;

impl Context {
    /// Runs `work` on each file, opened. Goes on after an error, and gives the worst outcome.
    pub(crate) fn each(
        &mut self,
        files: &Inputs,
        work: impl Fn(&mut Self, &AsdfFile) -> Result<Exit, Failure> + Sync,
    ) -> Result<Exit, Failure> {
        self.each_path(files, |context, path| {
            context.with_open(path?, |context, file| work(context, file))
        })
    }

    /// Opens a file, lets `work` look at it, and tells its warnings.
    pub(crate) fn with_open(
        &mut self,
        path: &Path,
        work: impl FnOnce(&mut Self, &AsdfFile) -> Result<Exit, Failure>,
    ) -> Result<Exit, Failure> {
        let file = self.open(path)?;
        let outcome = work(self, &file);
        if let Err(Failure::Asdf(error)) = &outcome {
            self.hint_at(&file, error);
            self.remember(error);
        }
        self.out.flush()?;
        self.warn_all(file.warnings());
        outcome.and_then(|exit| Ok(file.check_unchanged().map(|()| exit)?))
    }

    /// Runs `work` on the name of each file, or on what went wrong in looking for it.
    pub(crate) fn each_path(
        &mut self,
        files: &Inputs,
        work: impl Fn(&mut Self, Asdf<&Path>) -> Result<Exit, Failure> + Sync,
    ) -> Result<Exit, Failure> {
        // Who asks for their number starts the threads, which one file may never need.
        let is_one = files.part().1.len() < 2;
        let threads = if is_one {
            1
        } else {
            rayon::current_num_threads()
        };
        self.each_path_on(threads, files, work)
    }

    /// The same on that many threads: more than there are cores where they wait for servers.
    pub(crate) fn each_path_on(
        &mut self,
        threads: usize,
        files: &Inputs,
        work: impl Fn(&mut Self, Asdf<&Path>) -> Result<Exit, Failure> + Sync,
    ) -> Result<Exit, Failure> {
        let (_, items) = files.part();
        let threads = threads.min(items.len());
        let progress = Progress::new(self, "files", items.len());
        self.peers = Peers::of(items);
        if threads > 1 {
            return self.side_by_side(files, threads, progress, &work);
        }
        self.one_by_one(files, progress, &work)
    }

    fn one_by_one(
        &mut self,
        files: &Inputs,
        mut progress: Progress,
        work: &impl Fn(&mut Self, Asdf<&Path>) -> Result<Exit, Failure>,
    ) -> Result<Exit, Failure> {
        let (first, items) = files.part();
        let shown = self.progress();
        // One line for all files, or one within the only file.
        self.set_progress(shown && items.len() < 2);
        let mut worst = Exit::Fine;
        for (number, item) in items.iter().enumerate() {
            self.number = first + number;
            report::tell_about(item.path().filter(|_| files.is_many()));
            let outcome = work(self, item.given());
            match self.told(outcome, files, item) {
                Ok(exit) => worst = worst.max(exit),
                Err(failure) => {
                    report::tell_about(None);
                    return Err(failure);
                }
            }
            self.out.flush()?;
            progress.step();
        }
        report::tell_about(None);
        self.set_progress(shown);
        Ok(worst)
    }

    fn side_by_side(
        &mut self,
        files: &Inputs,
        threads: usize,
        progress: Progress,
        work: &(impl Fn(&mut Self, Asdf<&Path>) -> Result<Exit, Failure> + Sync),
    ) -> Result<Exit, Failure> {
        self.out.flush()?;
        let (first, items) = files.part();
        let queue = Arc::new(Queue::new(progress, self.stdout()));
        let next = AtomicUsize::new(0);
        let worst = Mutex::new(Exit::Fine);
        let model: &Self = self;
        let run = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(number).filter(|_| !queue.has_failed()) else {
                    break;
                };
                let place = queue.place(number);
                let mut context = model.at_place(first + number, &place);
                report::tell_through(Some(place.voice()));
                report::tell_about(item.path());
                let outcome = work(&mut context, item.given());
                // An error of standard output is kept by the queue.
                if let Ok(exit) = context.told(outcome, files, item) {
                    let mut worst = worst.lock().unwrap_or_else(PoisonError::into_inner);
                    *worst = exit.max(*worst);
                }
                let _ = context.out.flush();
                report::tell_about(None);
                report::tell_through(None);
            }
        };
        std::thread::scope(|scope| -> io::Result<()> {
            for _ in 0..threads {
                let thread = std::thread::Builder::new().stack_size(STACK);
                thread.spawn_scoped(scope, run)?;
            }
            Ok(())
        })?;
        match queue.take_failure() {
            Some(error) => Err(error.into()),
            None => Ok(worst.into_inner().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// The outcome of one file, its error told. Of a part of the files what is wrong with one is told and no more.
    fn told(
        &mut self,
        outcome: Result<Exit, Failure>,
        files: &Inputs,
        item: &Item,
    ) -> Result<Exit, Failure> {
        let is_part = files.is_part();
        match outcome {
            Err(Failure::Asdf(error)) => {
                let exit = self.complain(&error);
                let counts = !is_part || shard::is_of_output(&error, item.path());
                Ok(if counts { exit } else { Exit::Fine })
            }
            Ok(_) if is_part => Ok(Exit::Fine),
            outcome => outcome,
        }
    }
}
