//! The trials: every scenario at every point, the stand-ins, the races.

use super::inputs;
use super::point::Case;
use super::race;
use super::scenario;
use super::scenario::NOT_YET;
use super::scenario::Scenario;
use super::shim::Call;
use super::shim::ERRORS;
use super::shim::POWER_FAILURES;
use super::shim::Program;
use super::shim::Workshop;
use super::stand_in;
use super::state::State;
use libtest_mimic::Arguments;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

/// Failures of one scenario that are told one by one.
const TOLD: usize = 12;

/// Runs the trials and ends the process.
pub(crate) fn main() {
    if let Some(name) = std::env::var_os(stand_in::VARIABLE) {
        let path = PathBuf::from(std::env::args_os().nth(1).unwrap());
        std::process::exit(stand_in::play(&name.to_string_lossy(), &path));
    }
    let arguments = Arguments::from_args();
    let workshop = match Workshop::new() {
        Ok(workshop) => Arc::new(workshop),
        Err(what) if std::env::var_os("CI").is_some() => {
            eprintln!("crash test: {what}");
            std::process::exit(101);
        }
        Err(what) => {
            eprintln!("crash test: SKIPPED, {what}");
            return;
        }
    };
    let points = Arc::new(AtomicUsize::new(0));
    let conclusion = libtest_mimic::run(&arguments, trials(&workshop, &points));
    eprintln!(
        "crash test: {} points in all",
        points.load(Ordering::Relaxed)
    );
    // `exit` would leave the folder behind.
    drop(workshop);
    conclusion.exit();
}

fn trials(workshop: &Arc<Workshop>, points: &Arc<AtomicUsize>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for scenario in scenario::all() {
        let (workshop, points) = (Arc::clone(workshop), Arc::clone(points));
        let is_ignored = is_not_yet(scenario.arguments);
        let name = scenario.name;
        let trial = Trial::test(name, move || crash(&workshop, &scenario, &points));
        trials.push(trial.with_ignored_flag(is_ignored));
    }
    for scenario in scenario::all() {
        let in_place = scenario::IN_PLACE.iter();
        for (_, put_right) in in_place.filter(|(name, _)| *name == scenario.name) {
            let scenario = scenario.clone();
            let (workshop, points) = (Arc::clone(workshop), Arc::clone(points));
            let is_ignored = is_not_yet(scenario.arguments);
            let name = format!("{}, opened again", scenario.name);
            let trial = Trial::test(name, move || {
                recovery(&workshop, &scenario, put_right, &points)
            });
            trials.push(trial.with_ignored_flag(is_ignored));
        }
    }
    for (name, givers) in stand_in::STAND_INS {
        let workshop = Arc::clone(workshop);
        trials.push(Trial::test(format!("stand-in, {name}"), move || {
            given_away(&workshop, name, givers)
        }));
    }
    for (name, race) in race::RACES {
        let workshop = Arc::clone(workshop);
        let trial = Trial::test(*name, move || race(&workshop).map_err(Failed::from));
        trials.push(trial.with_ignored_flag(is_not_yet("set")));
    }
    trials
}

/// A file left half changed is read as the old or the new one, without being written to. The next command that
/// writes to it puts it right, and when that is interrupted as well the state must be one of both still.
fn recovery(
    workshop: &Workshop,
    scenario: &Scenario,
    put_right: &str,
    points: &AtomicUsize,
) -> Result<(), Failed> {
    let program = program(workshop, scenario);
    let start = start(workshop, scenario);
    let whole = workshop.fresh("whole");
    super::state::copy(&start, &whole);
    let (_, calls) = workshop.count(&program, &whole);
    let states = [State::of(&start), State::of(&whole)];
    let (mut tried, mut failures) = (0, Vec::new());
    for (how, at) in crashes(&calls).into_iter().step_by(every()) {
        let crashed = workshop.fresh("crashed");
        super::state::copy(&start, &crashed);
        workshop.hurt(&program, &crashed, how, at);
        let again = interrupted_twice(workshop, &crashed, put_right, &states)?;
        tried += again.points;
        let place = |what: String| format!("{how} at call {at}, then written to: {what}");
        failures.extend(again.failures.into_iter().map(|(_, what)| place(what)));
    }
    points.fetch_add(tried, Ordering::Relaxed);
    eprintln!(
        "{}, opened again: {tried} points, {} failed (one crash in {})",
        scenario.name,
        failures.len(),
        every()
    );
    if tried == 0 {
        return Err("no crash left anything to undo: this is not in place".into());
    }
    if failures.is_empty() {
        return Ok(());
    }
    failures.truncate(TOLD);
    Err(failures.join("\n").into())
}

/// Writes to what a crash left, and stops that at every point. `put_right` is a change that finds nothing to change: it
/// puts right what the crash left, and no more.
fn interrupted_twice(
    workshop: &Workshop,
    crashed: &Path,
    put_right: &str,
    states: &[State; 2],
) -> Result<Tried, String> {
    let opened = workshop.fresh("opened");
    super::state::copy(crashed, &opened);
    let name = put_right.split(' ').nth(1).unwrap();
    let (run, calls) = workshop.count(&asdf(&format!("info {name}")), &opened);
    if run.code != Some(0) || !calls.is_empty() {
        let (code, text) = (run.code, run.stderr);
        return Err(format!(
            "reading what a crash left: code {code:?}, {} changes of files, {text}",
            calls.len()
        ));
    }
    let program = asdf(put_right);
    let (run, calls) = workshop.count(&program, &opened);
    let state = State::of(&opened);
    let [old, new] = states;
    if run.code != Some(0) || !(state.holds(old) || state.holds(new)) {
        return Err(format!(
            "writing to what a crash left: code {:?} {}",
            run.code, run.stderr
        ));
    }
    let mut result = Tried {
        points: 0,
        failures: Vec::new(),
    };
    if calls.is_empty() {
        return Ok(result);
    }
    let case = Case {
        workshop,
        program: &program,
        start: crashed,
        repeatable: true,
        code: Some(0),
        old: state.clone(),
        new: state,
    };
    for (how, at) in points(&calls, true) {
        result.points += 1;
        if let Err(what) = case.check(&calls, how, at) {
            result.failures.push((how, what));
        }
    }
    Ok(result)
}

/// Which of the crashes are opened again: each takes as many points as all of a scenario. `ASDF_CRASH=all` takes every one.
fn every() -> usize {
    match std::env::var("ASDF_CRASH") {
        Ok(which) if which == "all" => 1,
        _ => 5,
    }
}

fn is_not_yet(arguments: &str) -> bool {
    NOT_YET
        .iter()
        .any(|command| arguments.split(' ').next() == Some(command))
}

/// Every point of a scenario.
fn crash(workshop: &Workshop, scenario: &Scenario, points: &AtomicUsize) -> Result<(), Failed> {
    let (program, start) = (program(workshop, scenario), start(workshop, scenario));
    let Tried {
        points: tried,
        failures,
    } = every_point(workshop, &program, &start, scenario.repeatable)?;
    points.fetch_add(tried, Ordering::Relaxed);
    eprintln!(
        "{}: {tried} points, {} failed",
        scenario.name,
        failures.len()
    );
    if failures.is_empty() {
        return Ok(());
    }
    let told: Vec<_> = failures
        .iter()
        .take(TOLD)
        .map(|(_, what)| what.as_str())
        .collect();
    Err(format!(
        "{} of {tried} points failed:\n{}",
        failures.len(),
        told.join("\n")
    )
    .into())
}

/// The command, with its editor.
fn program(workshop: &Workshop, scenario: &Scenario) -> Program {
    let mut program = asdf(scenario.arguments);
    if scenario.arguments.starts_with("edit ") {
        let editor = workshop.fresh("editor");
        fs::write(&editor, scenario::EDITOR).unwrap();
        fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
        let editor = editor.display().to_string();
        program.environment.push(("EDITOR", editor));
        // The guard would hold for the editor as well, which has another library.
        program.guarded = false;
    }
    program
}

/// A folder with the files.
fn start(workshop: &Workshop, scenario: &Scenario) -> PathBuf {
    let start = workshop.fresh("start");
    fs::create_dir(&start).unwrap();
    for (name, bytes) in scenario.files {
        fs::write(start.join(name), bytes()).unwrap();
    }
    start
}

/// A stand-in must fail in the ways that it deserves, and in no other.
fn given_away(workshop: &Workshop, name: &str, givers: &[&'static str]) -> Result<(), Failed> {
    let program = Program {
        exe: std::env::current_exe().unwrap().canonicalize().unwrap(),
        environment: vec![(stand_in::VARIABLE, name.to_owned())],
        arguments: vec!["x.asdf".to_owned()],
        guarded: true,
    };
    let start = workshop.fresh("start");
    fs::create_dir(&start).unwrap();
    fs::write(start.join("x.asdf"), inputs::blocks(0)).unwrap();
    let Tried {
        points: tried,
        failures,
    } = every_point(workshop, &program, &start, true)?;
    let found: BTreeSet<_> = failures.iter().map(|(how, _)| *how).collect();
    let wanted: BTreeSet<_> = givers.iter().copied().collect();
    if found == wanted && tried > 0 {
        return Ok(());
    }
    let told: Vec<_> = failures.iter().map(|(_, what)| what.as_str()).collect();
    Err(format!("{wanted:?} expected, {found:?} found:\n{}", told.join("\n")).into())
}

/// What came of all points of a case.
struct Tried {
    points: usize,
    /// The way to fail, and what was wrong then.
    failures: Vec<(&'static str, String)>,
}

/// Counts the calls of a run without harm, then tries every point.
fn every_point(
    workshop: &Workshop,
    program: &Program,
    start: &Path,
    repeatable: bool,
) -> Result<Tried, String> {
    let whole = workshop.fresh("whole");
    super::state::copy(start, &whole);
    let (run, calls) = workshop.count(program, &whole);
    let (old, new) = (State::of(start), State::of(&whole));
    if !matches!(run.code, Some(0 | 1)) || calls.is_empty() || new.holds(&old) && old.holds(&new) {
        return Err(format!(
            "without harm: code {:?}, {} changes of files, {}; {}",
            run.code,
            calls.len(),
            new.lacks(&old),
            run.stderr.trim_end()
        ));
    }
    let case = Case {
        workshop,
        program,
        start,
        repeatable,
        code: run.code,
        old,
        new,
    };
    let points = points(&calls, case.replaces());
    let mut failures = Vec::new();
    for (how, at) in &points {
        if let Err(what) = case.check(&calls, how, *at) {
            failures.push((*how, what));
        }
    }
    Ok(Tried {
        points: points.len(),
        failures,
    })
}

fn points(calls: &[Call], replaces: bool) -> Vec<(&'static str, usize)> {
    let mut points = crashes(calls);
    let power = POWER_FAILURES.into_iter().filter(|_| replaces);
    for how in ERRORS.into_iter().chain(power) {
        points.extend((1..=calls.len()).map(|at| (how, at)));
    }
    if replaces {
        // What the command says is done stays done.
        points.push(("lost", calls.len() + 1));
        points.push(("undeleted", calls.len() + 1));
    }
    points
}

/// The ways and places to kill, each of which leaves something else: before a call is the same as after the last one,
/// and a sync changes nothing.
fn crashes(calls: &[Call]) -> Vec<(&'static str, usize)> {
    let mut points = Vec::new();
    let mut is_after_sync = false;
    for (call, at) in calls.iter().zip(1..) {
        if !is_after_sync {
            points.push(("kill", at));
        }
        if call.divides() {
            points.push(("torn", at));
        }
        is_after_sync = call.kind == "fsync";
    }
    points.push(("after", calls.len()));
    points
}

/// The command itself.
pub(crate) fn asdf(arguments: &str) -> Program {
    Program {
        exe: Path::new(env!("CARGO_BIN_EXE_asdf"))
            .canonicalize()
            .unwrap(),
        environment: Vec::new(),
        arguments: arguments.split(' ').map(str::to_owned).collect(),
        guarded: true,
    }
}
