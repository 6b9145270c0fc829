//! One point: a way to fail at one change of a file, and what must hold afterwards.

use super::shim::Call;
use super::shim::KILLED;
use super::shim::Program;
use super::shim::Run;
use super::shim::Workshop;
use super::state;
use super::state::State;
use std::fs;
use std::path::Path;

/// What a command does to a folder.
pub(crate) struct Case<'a> {
    pub(crate) workshop: &'a Workshop,
    pub(crate) program: &'a Program,
    /// The folder to begin with; it stays as it is.
    pub(crate) start: &'a Path,
    /// Whether the command can run again when it has done its work.
    pub(crate) repeatable: bool,
    /// The exit code of the run without harm.
    pub(crate) code: Option<i32>,
    pub(crate) old: State,
    pub(crate) new: State,
}

impl Case<'_> {
    /// Whether it changes a file that was there, and does not only make new ones.
    pub(crate) fn replaces(&self) -> bool {
        !self.new.holds(&self.old)
    }

    /// Tries one point. An `Err` says what is wrong.
    pub(crate) fn check(&self, calls: &[Call], how: &str, at: usize) -> Result<(), String> {
        let folder = self.workshop.fresh("point");
        state::copy(self.start, &folder);
        let run = self.workshop.hurt(self.program, &folder, how, at);
        let again = self.workshop.fresh("again");
        state::copy(&folder, &again);
        let result = self
            .outcome(calls.get(at.wrapping_sub(1)), how, &run, &folder)
            .and_then(|is_new| self.second_run(&again, is_new));
        fs::remove_dir_all(&folder).unwrap();
        fs::remove_dir_all(&again).unwrap();
        let place = match calls.get(at.wrapping_sub(1)) {
            Some(call) => format!("{} {} ({} bytes)", call.kind, call.path, call.bytes),
            None => "the end".to_owned(),
        };
        result.map_err(|what| format!("{how} at call {at}, {place}: {what}"))
    }

    /// Looks at the folder; whether it holds the new state.
    fn outcome(
        &self,
        call: Option<&Call>,
        how: &str,
        run: &Run,
        folder: &Path,
    ) -> Result<bool, String> {
        let found = State::of(folder);
        let (is_old, is_new) = (found.holds(&self.old), found.holds(&self.new));
        if !is_old && !is_new {
            return Err(format!(
                "neither the old nor the new state ({} and {}); code {:?} {}",
                found.lacks(&self.old),
                found.lacks(&self.new),
                run.code,
                run.stderr.trim_end()
            ));
        }
        if let Some(name) = self.half_made(&found) {
            return Err(format!("{name} is there, but not as it should be"));
        }
        if run.code == Some(KILLED) {
            return Ok(is_new);
        }
        if run.code == self.code {
            return self.success(call, how, &found, is_new).map(|()| true);
        }
        self.error(call, how, run, &found).map(|()| is_new)
    }

    /// A new file that has its name already, but not its contents.
    fn half_made(&self, found: &State) -> Option<String> {
        let mut new = self.new.files.iter();
        new.find(|(name, content)| {
            !self.old.files.contains_key(*name)
                && found.files.get(*name).is_some_and(|file| file != *content)
        })
        .map(|(name, _)| name.clone())
    }

    /// What holds when the command says that it has done its work.
    fn success(
        &self,
        call: Option<&Call>,
        how: &str,
        found: &State,
        is_new: bool,
    ) -> Result<(), String> {
        if !is_new {
            return Err("says that all is well, but nothing has changed".to_owned());
        }
        if let Some(call) = call.filter(|call| how == "eio" && is_data_sync(call)) {
            return Err(format!(
                "says that all is well, but the sync of {} failed",
                call.path
            ));
        }
        let more: Vec<_> = unexpected(found, &self.new);
        // A journal that could not be removed, or whose removal was lost, does no harm beside a whole file; the
        // next writer removes it.
        let is_removal_lost =
            how == "undeleted" && more.iter().all(|name| name.ends_with(".asdf-journal"));
        if more.is_empty()
            || how == "dead"
            || is_removal_lost
            || call.is_some_and(|call| call.kind == "unlink")
        {
            Ok(())
        } else {
            Err(format!("says that all is well and leaves {more:?}"))
        }
    }

    /// What holds when the command reports an error.
    fn error(
        &self,
        call: Option<&Call>,
        how: &str,
        run: &Run,
        found: &State,
    ) -> Result<(), String> {
        let text = run.stderr.trim_end();
        if run.code != Some(2) {
            return Err(format!("code {:?} instead of 2; {text}", run.code));
        }
        let errors: Vec<_> = text
            .lines()
            .filter(|line| !line.starts_with("asdf: warning: ") && !keeps_text(line))
            .collect();
        let names_file = |line: &&str| {
            self.new
                .files
                .keys()
                .any(|name| line.contains(name.as_str()))
        };
        if errors.len() != 1 || !errors.iter().all(|line| line.starts_with("asdf: ")) {
            return Err(format!(
                "one line that begins with `asdf: ` expected: {text:?}"
            ));
        }
        if !errors.iter().all(names_file) {
            return Err(format!(
                "the message names none of {:?}: {text:?}",
                self.new.names()
            ));
        }
        // What lay there before, such as the journal of a change that is still to be put right, may stay.
        let start = State::of(self.start);
        let left = |state: &State| {
            let mut names = unexpected(found, state);
            names.retain(|name| !start.files.contains_key(*name));
            names.len()
        };
        let more = left(&self.old).min(left(&self.new));
        // On a dead disk, or when removing fails, nothing can be cleaned.
        if more == 0 || how == "dead" || call.is_some_and(|call| call.kind == "unlink") {
            Ok(())
        } else {
            Err(format!(
                "an error leaves the folder with {:?}",
                found.names()
            ))
        }
    }

    /// The same command once more, without harm, in the folder as the first run left it.
    fn second_run(&self, folder: &Path, is_new: bool) -> Result<(), String> {
        if is_new && !self.repeatable {
            return Ok(());
        }
        let run = self.program.run(folder);
        if run.code != self.code {
            return Err(format!(
                "a second run ends with code {:?}: {}",
                run.code,
                run.stderr.trim_end()
            ));
        }
        let found = State::of(folder);
        if found.holds(&self.new) {
            Ok(())
        } else {
            Err(format!(
                "a second run does not give the new state: {}",
                found.lacks(&self.new)
            ))
        }
    }
}

/// Says where the text from the editor is kept, and there it is.
fn keeps_text(line: &str) -> bool {
    let path = line.strip_prefix("asdf: the edited text is kept in ");
    let text = path.and_then(|path| fs::read_to_string(path).ok());
    text.is_some_and(|text| text.contains("a text of another length"))
}

/// An `fsync` of a file; that of a folder is a courtesy to the file's name.
fn is_data_sync(call: &Call) -> bool {
    call.kind == "fsync" && !call.path.is_empty()
}

fn unexpected<'s>(found: &'s State, wanted: &State) -> Vec<&'s str> {
    let mut names = found.names();
    names.retain(|name| !wanted.files.contains_key(*name));
    names
}
