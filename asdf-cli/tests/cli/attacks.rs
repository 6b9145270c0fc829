//! What somebody who may write to the folder, but not to the file, can do to those who read or write the file.
#![cfg(unix)]

use crate::bench::{Done, asdf, workspace};
use crate::journal::journal;
use std::fs;
use std::fs::{File, Permissions};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Bytes that the mark of a change covers.
const HEAD: usize = 32;
const NUMBER: u64 = 0x0123_4567_89ab_cdef;

/// A folder with a file in it.
struct Place {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bytes = fs::read(workspace().join("test-data/made/roman_exposure.asdf")).unwrap();
        fs::write(folder.path().join("x.asdf"), &bytes).unwrap();
        Self { folder, bytes }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("x.asdf")
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join(".x.asdf.asdf-journal")
    }

    /// Makes the file one that is in the middle of a change, which would have made all its bytes zeros.
    fn leave_half_changed(&self) {
        let journal = journal_2(NUMBER, &self.bytes);
        fs::write(self.journal(), journal).unwrap();
        let mut half = self.bytes.clone();
        half[..HEAD].copy_from_slice(format!("~changing {NUMBER:016x} ~asdf").as_bytes());
        half[HEAD..HEAD + 10].fill(0);
        fs::write(self.file(), half).unwrap();
    }

    fn run(&self, arguments: &str) -> Done {
        let mut asdf = asdf(arguments);
        asdf.command.current_dir(self.folder.path());
        let start = Instant::now();
        let done = asdf.run();
        assert!(start.elapsed() < Duration::from_secs(30), "{arguments}");
        done
    }

    fn now(&self) -> Vec<u8> {
        fs::read(self.file()).unwrap()
    }
}

fn is_root() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let is_root = folder.path().metadata().unwrap().uid() == 0;
    if !is_root {
        eprintln!("SKIPPED: only an administrator can give files to other users");
    }
    is_root
}

/// The journal that would change every byte after the head to zero.
fn journal_2(number: u64, bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u64;
    let (head, rest) = bytes.split_at(HEAD);
    let zeros = vec![0; rest.len()];
    journal(
        b"asdf-journal 2\r\n",
        &[number, length, length, 1],
        &[(0, head, head), (HEAD as u64, rest, &zeros)],
    )
}

/// A journal as versions before 0.2 wrote them, which were applied without a question.
fn journal_1(old_len: u64, new_len: u64, changes: &[(u64, &[u8], &[u8])]) -> Vec<u8> {
    let numbers = [old_len, new_len, changes.len() as u64];
    journal(b"asdf-journal 1\r\n", &numbers, changes)
}

const READERS: [&str; 6] = [
    "info x.asdf",
    "ls x.asdf",
    "verify x.asdf",
    "stats x.asdf",
    "search --type str x.asdf",
    "diff x.asdf x.asdf",
];

fn make_fifo(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

/// A name, and what puts something where the journal would lie.
type Plant<'a> = (&'static str, Box<dyn Fn(&Path) + 'a>);

#[test]
fn a_planted_journal_makes_no_reader_write_or_wait() {
    let place = Place::new();
    let length = place.bytes.len() as u64;
    let victim = place.folder.path().join("victim");
    fs::write(&victim, b"precious").unwrap();
    let plants: Vec<Plant<'_>> = vec![
        (
            "truncating",
            Box::new(|path| fs::write(path, journal_1(0, length + 1, &[])).unwrap()),
        ),
        (
            "growing",
            Box::new(|path| fs::write(path, journal_1(1 << 40, length, &[])).unwrap()),
        ),
        (
            "overwriting",
            Box::new(|path| {
                let first = &place.bytes[..4];
                let changes: [(u64, &[u8], &[u8]); 1] = [(0, b"evil", first)];
                fs::write(path, journal_1(length, length + 1, &changes)).unwrap();
            }),
        ),
        (
            "of a mark",
            Box::new(|path| fs::write(path, journal_2(NUMBER, &place.bytes)).unwrap()),
        ),
        (
            "nonsense",
            Box::new(|path| fs::write(path, b"nonsense").unwrap()),
        ),
        ("empty", Box::new(|path| fs::write(path, b"").unwrap())),
        ("pipe", Box::new(make_fifo)),
        ("folder", Box::new(|path| fs::create_dir(path).unwrap())),
        (
            "dangling link",
            Box::new(|path| symlink("nothing", path).unwrap()),
        ),
        ("link", Box::new(|path| symlink("victim", path).unwrap())),
    ];
    for (name, plant) in &plants {
        plant(&place.journal());
        let kind = place.journal().symlink_metadata().unwrap().file_type();
        for command in READERS {
            let done = place.run(command);
            assert_eq!(done.code, Some(0), "{name}, {command}: {done:?}");
            assert_eq!(place.now(), place.bytes, "{name}, {command}");
        }
        let left = place.journal().symlink_metadata().unwrap();
        assert_eq!(left.file_type(), kind, "{name}");
        // A writer does not follow it either.
        let done = place.run("set x.asdf asdf_library/name other");
        assert_eq!(done.code, Some(0), "{name}: {done:?}");
        assert_eq!(place.run("get x.asdf asdf_library/name").out, "other\n");
        assert_eq!(fs::read(&victim).unwrap(), b"precious", "{name}");
        assert!(!place.folder.path().join("nothing").exists(), "{name}");
        fs::write(place.file(), &place.bytes).unwrap();
        let _ = fs::remove_file(place.journal());
        let _ = fs::remove_dir(place.journal());
    }
}

#[test]
fn a_file_in_the_middle_of_a_change_is_read_whole_and_put_right_by_a_writer() {
    let place = Place::new();
    let whole = place.run("get --json x.asdf roman.meta");
    let sums = place.run("ls --digest x.asdf");
    place.leave_half_changed();
    let half = place.now();
    for option in ["", " --no-mmap"] {
        let done = place.run(&format!("get --json x.asdf roman.meta{option}"));
        assert_eq!((done.code, &done.out), (Some(0), &whole.out));
        assert!(done.err.contains("not completed"), "{}", done.err);
        assert_eq!(
            place.run(&format!("ls --digest x.asdf{option}")).out,
            sums.out
        );
    }
    assert_eq!(place.now(), half);
    assert!(place.journal().exists());
    let done = place.run("set x.asdf asdf_library/name asdf");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(place.run("ls --digest x.asdf").out, sums.out);
    assert!(!place.journal().exists());
}

#[test]
fn a_file_in_the_middle_of_a_change_is_never_read_without_its_journal() {
    let place = Place::new();
    place.leave_half_changed();
    let here = |name: &str| place.folder.path().join(name);
    fs::rename(place.file(), here("y.asdf")).unwrap();
    fs::hard_link(here("y.asdf"), here("z.asdf")).unwrap();
    for name in ["y.asdf", "z.asdf"] {
        for command in ["info", "verify", "ls"] {
            let done = place.run(&format!("{command} {name}"));
            assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{command}");
            assert!(
                done.err.contains("in the middle of a change"),
                "{}",
                done.err
            );
            assert!(done.err.contains("asdf-journal"), "{}", done.err);
        }
    }
    // The journal of another change does not help.
    fs::rename(here("y.asdf"), place.file()).unwrap();
    fs::remove_file(here("z.asdf")).unwrap();
    let half = place.now();
    fs::write(place.journal(), journal_2(NUMBER + 1, &place.bytes)).unwrap();
    for command in ["info x.asdf", "set x.asdf asdf_library/name other"] {
        let done = place.run(command);
        assert_eq!(done.code, Some(2), "{command}: {done:?}");
        assert_eq!(place.now(), half, "{command}");
    }
}

#[test]
fn the_journal_of_a_user_who_may_not_write_the_file_does_not_count() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    place.leave_half_changed();
    let half = place.now();
    chown(place.journal(), Some(12345), Some(12345)).unwrap();
    for command in ["info x.asdf", "set x.asdf asdf_library/name other"] {
        let done = place.run(command);
        assert_eq!(done.code, Some(2), "{command}: {done:?}");
        assert!(done.err.contains("does not own the file"), "{}", done.err);
        assert_eq!(place.now(), half);
    }
    chown(place.journal(), Some(0), Some(0)).unwrap();
    fs::set_permissions(place.journal(), Permissions::from_mode(0o666)).unwrap();
    let done = place.run("info x.asdf");
    assert_eq!(done.code, Some(2), "{done:?}");
    fs::set_permissions(place.journal(), Permissions::from_mode(0o644)).unwrap();
    assert_eq!(place.run("info x.asdf").code, Some(0));
}

#[test]
fn names_that_are_not_utf_8_have_journals_of_their_own() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    place.leave_half_changed();
    let half = place.now();
    let put = |name: &[u8], bytes: &[u8]| {
        fs::write(place.folder.path().join(OsStr::from_bytes(name)), bytes).unwrap();
    };
    put(b"\xff.asdf", &half);
    put(b".\xff.asdf.asdf-journal", &journal_2(NUMBER, &place.bytes));
    // The same when it is read as text with replacement characters.
    put(b"\xfe.asdf", &place.bytes);
    for name in [b"\xff.asdf", b"\xfe.asdf"] {
        let mut info = asdf("info");
        info.command
            .current_dir(place.folder.path())
            .arg(OsStr::from_bytes(name));
        assert_eq!(info.run().code, Some(0));
    }
}

#[test]
fn what_is_not_a_regular_file_is_written_to_and_stays_what_it_is() {
    let place = Place::new();
    let device = place.folder.path().join("null");
    let made = std::process::Command::new("mknod")
        .arg(&device)
        .args(["c", "1", "3"])
        .status();
    if made.is_ok_and(|made| made.success()) && fs::write(&device, b"x").is_ok() {
        let done = place.run("convert --force x.asdf --compress zlib null --to asdf");
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(device.metadata().unwrap().file_type().is_char_device());
    } else {
        eprintln!("SKIPPED: device nodes cannot be made here");
    }
    let pipe = place.folder.path().join("pipe.asdf");
    make_fifo(&pipe);
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap()
    });
    let done = place.run("convert --force x.asdf pipe.asdf");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(pipe.metadata().unwrap().file_type().is_fifo());
    assert_eq!(reader.join().unwrap(), place.bytes);
}

#[test]
fn links_keep_pointing_and_hard_links_are_refused() {
    let place = Place::new();
    symlink("x.asdf", place.folder.path().join("link.asdf")).unwrap();
    let done = place.run("convert --force --compress zlib x.asdf link.asdf");
    assert_eq!(done.code, Some(0), "{done:?}");
    let link = place.folder.path().join("link.asdf");
    assert_eq!(fs::read_link(&link).unwrap(), Path::new("x.asdf"));
    let before = place.now();
    fs::hard_link(place.file(), place.folder.path().join("other.asdf")).unwrap();
    let done = place.run("convert --force --compress lz4 x.asdf x.asdf");
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("hard links"), "{}", done.err);
    assert_eq!(place.now(), before);
}

#[test]
fn a_new_file_has_the_permissions_and_the_owner_of_the_old_one() {
    let place = Place::new();
    fs::set_permissions(place.file(), Permissions::from_mode(0o600)).unwrap();
    let root = is_root();
    if root {
        chown(place.file(), Some(12345), Some(23456)).unwrap();
    }
    let done = place.run("convert --force --compress zlib x.asdf x.asdf");
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    let found = place.file().metadata().unwrap();
    assert_eq!(found.mode() & 0o7777, 0o600);
    if root {
        assert_eq!((found.uid(), found.gid()), (12345, 23456));
    }
}

#[test]
fn what_a_killed_writer_left_is_removed_and_what_is_under_way_is_not() {
    let place = Place::new();
    let part = |name: &str| place.folder.path().join(name);
    for name in [
        ".x.asdf.1-0.part",
        ".x.asdf.2-0.part",
        ".y.asdf.1-0.part",
        ".x.asdf.notes.part",
    ] {
        fs::write(part(name), b"a part").unwrap();
    }
    let held = File::open(part(".x.asdf.2-0.part")).unwrap();
    held.lock().unwrap();
    let done = place.run("convert --force --compress zlib x.asdf x.asdf");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(!part(".x.asdf.1-0.part").exists());
    assert!(part(".x.asdf.2-0.part").exists());
    assert!(part(".y.asdf.1-0.part").exists());
    assert!(part(".x.asdf.notes.part").exists());
}

#[test]
fn a_lock_that_is_not_given_back_stops_writers_and_not_readers() {
    let place = Place::new();
    let held = File::open(place.file()).unwrap();
    held.lock().unwrap();
    let run = |command: &'static str| place.run(command);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || run("info x.asdf"));
        let writer = scope.spawn(move || run("set x.asdf asdf_library/name other"));
        let (reader, writer) = (reader.join().unwrap(), writer.join().unwrap());
        assert_eq!(reader.code, Some(0), "{reader:?}");
        assert!(reader.err.contains("is locked by"), "{}", reader.err);
        assert_eq!(writer.code, Some(2), "{writer:?}");
        assert!(writer.err.contains("is locked by"), "{}", writer.err);
    });
    assert_eq!(place.now(), place.bytes);
}

/// Whatever does not begin as a journal was not written by us.
#[test]
fn a_file_of_somebody_that_has_the_name_of_a_journal_stays() {
    for own in [
        &b"my precious notes"[..],
        b"\0\0\0 a table of somebody",
        b"asdf-journal, as I call my diary",
        &[7; 100],
    ] {
        let place = Place::new();
        fs::write(place.journal(), own).unwrap();
        let told = "`.x.asdf.asdf-journal` is not a journal of this file";
        for command in [
            "info x.asdf",
            "set x.asdf asdf_library/name other",
            "rm x.asdf roman/data",
        ] {
            let done = place.run(command);
            assert_eq!(done.code, Some(0), "{command}: {done:?}");
            assert!(done.err.contains(told), "{command}: {done:?}");
            assert_eq!(fs::read(place.journal()).unwrap(), own, "{command}");
        }
        let name = place.run("get x.asdf asdf_library.name");
        assert_eq!(name.out, "other\n", "{name:?}");
    }
    // What can be left of one that was cut short goes with the next change.
    let place = Place::new();
    let whole = journal_2(NUMBER, &place.bytes);
    for left in [&[][..], &[0; 100], &whole[..9], &whole[..60]] {
        fs::write(place.journal(), left).unwrap();
        let done = place.run("info x.asdf");
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
        assert!(place.journal().exists());
        let name = format!("n{}", left.len());
        let done = place.run(&format!("set x.asdf asdf_library/name {name}"));
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
        assert!(!place.journal().exists());
    }
}
