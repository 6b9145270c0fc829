//! Several processes at one file: readers never see an error, and no writer loses another one's change.

use super::inputs;
use super::shim::Workshop;
use super::trials::asdf;
use asdf_core::AsdfFile;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

/// What a race runs.
type Race = fn(&Workshop) -> Result<(), String>;

/// A name, and what it runs.
pub(crate) const RACES: &[(&str, Race)] = &[
    ("race, readers beside a writer in place", |workshop| {
        readers(workshop, 4000)
    }),
    ("race, readers beside a writer of new files", |workshop| {
        readers(workshop, 0)
    }),
    ("race, two writers", writers),
    (
        "a rewritten file keeps its permissions and its links",
        links,
    ),
];

/// Updates while the readers look.
const UPDATES: usize = 80;

/// `asdf set` again and again, beside `asdf info` and beside this process reading everything.
fn readers(workshop: &Workshop, room: usize) -> Result<(), String> {
    let folder = workshop.fresh("race");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("x.asdf"), inputs::blocks(room)).unwrap();
    let is_over = AtomicBool::new(false);
    let (looks, runs) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let near = scope.spawn(|| repeat(&is_over, &looks, || look(&folder.join("x.asdf"))));
        let far = scope.spawn(|| {
            let info = asdf("info x.asdf");
            repeat(&is_over, &runs, || {
                let run = info.run(&folder);
                if run.code == Some(0) {
                    Ok(())
                } else {
                    Err(run.stderr)
                }
            })
        });
        let written = (0..UPDATES).try_for_each(|i| {
            // Of changing length.
            let text = "abcdefghijklmnop".repeat(i % 7 + 1);
            set(&folder, "meta.s", &format!("{text}{i}"))
        });
        is_over.store(true, Ordering::Relaxed);
        let read = near.join().unwrap().and(far.join().unwrap());
        written.and(read)
    })?;
    eprintln!(
        "{UPDATES} updates, {room} bytes of room: read {} times here and {} times by `asdf info`",
        looks.load(Ordering::Relaxed),
        runs.load(Ordering::Relaxed)
    );
    Ok(())
}

fn repeat(
    is_over: &AtomicBool,
    count: &AtomicUsize,
    mut step: impl FnMut() -> Result<(), String>,
) -> Result<(), String> {
    while !is_over.load(Ordering::Relaxed) {
        step().map_err(|what| {
            format!(
                "a reader after {} reads: {what}",
                count.load(Ordering::Relaxed)
            )
        })?;
        count.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Opens the file, reads the tree, checks the arrays.
fn look(path: &Path) -> Result<(), String> {
    let read = || {
        let file = AsdfFile::open(path)?;
        let text: String = file.tree().node("meta/s")?.read()?;
        for (_, node) in file.arrays()? {
            file.array_at(node)?.digest()?;
        }
        let odd = file.warnings().next().map(ToString::to_string);
        Ok::<_, asdf_core::Error>((text, odd))
    };
    match read() {
        Ok((_, None)) => Ok(()),
        Ok((_, Some(warning))) => Err(warning),
        Err(error) => Err(error.to_string()),
    }
}

fn set(folder: &Path, path: &str, value: &str) -> Result<(), String> {
    let run = asdf(&format!("set x.asdf {path} {value}")).run(folder);
    match run.code {
        Some(0) => Ok(()),
        code => Err(format!("set ends with {code:?}: {}", run.stderr)),
    }
}

/// Two processes that change different values; one that is refused tries again.
fn writers(workshop: &Workshop) -> Result<(), String> {
    const TIMES: usize = 60;
    let folder = workshop.fresh("race");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("x.asdf"), inputs::blocks(200)).unwrap();
    let write = |path: &'static str| {
        let folder = &folder;
        move || {
            for i in 1..=TIMES {
                let tries = (0..50).any(|_| set(folder, path, &(1000 + i).to_string()).is_ok());
                let now = value(folder, path);
                if !tries || now.as_ref() != Ok(&(1000 + i).to_string()) {
                    return Err(format!("{path} was set to 1000 + {i}, and then is {now:?}"));
                }
            }
            Ok(())
        }
    };
    std::thread::scope(|scope| {
        let first = scope.spawn(write("meta.n"));
        let second = scope.spawn(write("meta.s"));
        first.join().unwrap().and(second.join().unwrap())
    })?;
    look(&folder.join("x.asdf")).or_else(|what| {
        // `meta.s` is a number now, which is what was asked for.
        if what.contains("meta/s") {
            Ok(())
        } else {
            Err(what)
        }
    })
}

/// The value as `asdf get` prints it.
fn value(folder: &Path, path: &str) -> Result<String, String> {
    let mut get = asdf(&format!("get x.asdf {path}")).command(folder);
    let done = get.output().unwrap();
    if done.status.code() == Some(0) {
        Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&done.stderr).into_owned())
    }
}

/// Mode, symbolic link: as before, in place and rewritten.
fn links(workshop: &Workshop) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    for room in [4000, 0] {
        let folder = workshop.fresh("links");
        fs::create_dir_all(folder.join("far")).unwrap();
        let target = folder.join("far/y.asdf");
        fs::write(&target, inputs::blocks(room)).unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("far/y.asdf", folder.join("x.asdf")).unwrap();
        set(&folder, "meta.s", &"long".repeat(50))?;
        if !folder.join("x.asdf").is_symlink() {
            return Err(format!(
                "{room} bytes of room: the symbolic link is a file now"
            ));
        }
        let mode = fs::metadata(&target).unwrap().permissions().mode() & 0o7777;
        if mode != 0o640 {
            return Err(format!(
                "{room} bytes of room: mode {mode:o} instead of 640"
            ));
        }
        if value(&folder, "meta.s").as_deref() != Ok("long".repeat(50).as_str()) {
            return Err(format!(
                "{room} bytes of room: the file behind the link is the old one"
            ));
        }
        let left = super::state::names(&folder);
        let far = super::state::names(&folder.join("far"));
        if left != ["far", "x.asdf"] || far != ["y.asdf"] {
            return Err(format!(
                "{room} bytes of room: {left:?} and {far:?} are left"
            ));
        }
    }
    Ok(())
}
