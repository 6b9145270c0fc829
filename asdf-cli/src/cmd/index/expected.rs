//! What a catalogue should have: the rows of another one, or the lines of a manifest.

use crate::cmd::check::Manifest;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_archive::read::{Catalogue, KnownFile};
use asdf_core::Result;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;

/// A file that is expected.
struct Expected {
    name: String,
    size: Option<u64>,
}

pub(super) fn run(
    expected: &Path,
    catalogue: &Path,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let found = Catalogue::open(catalogue)?.files()?;
    let wanted = read(expected)?;
    let problems = compare(&wanted, &found);
    for Problem { kind, name, text } in &problems {
        writeln!(context.out, "{kind}: {name}: {text}")?;
    }
    let (wanted, found, problems) = (wanted.len(), found.len(), problems.len());
    writeln!(
        context.out,
        "{wanted} expected, {found} in the catalogue, {problems} problems"
    )?;
    Ok(if problems == 0 { Exit::Fine } else { Exit::No })
}

/// What is not as it should be.
struct Problem {
    kind: &'static str,
    name: String,
    text: String,
}

impl Problem {
    fn new(kind: &'static str, name: &str, text: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            text: text.into(),
        }
    }
}

fn compare(wanted: &[Expected], found: &HashMap<String, KnownFile>) -> Vec<Problem> {
    let by_name = by_name(found);
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let mut out = Vec::new();
    for file in wanted {
        let name = file.name.as_str();
        let Some(known) = matching(name, &by_name) else {
            out.push(Problem::new(
                "missing",
                name,
                "the catalogue has no such file",
            ));
            continue;
        };
        seen.insert(&known.access_url, name);
        let size = known.size.and_then(|size| u64::try_from(size).ok());
        if let (Some(wanted), Some(size)) = (file.size, size)
            && wanted != size
        {
            let text = format!("{size} bytes, expected {wanted}");
            out.push(Problem::new("size", name, text));
        }
    }
    let mut ids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut files: Vec<&KnownFile> = found.values().collect();
    files.sort_by(|a, b| a.access_url.cmp(&b.access_url));
    for file in files {
        let name = seen.get(file.access_url.as_str()).copied();
        if name.is_none() {
            let text = "nothing says that it is expected";
            out.push(Problem::new("extra", &file.access_url, text));
        }
        let name = name.unwrap_or(&file.access_url);
        if file.status == "error" {
            let text = file.message.clone().unwrap_or_default();
            out.push(Problem::new("unreadable", name, text));
        }
        if let Some(id) = &file.obs_id {
            ids.entry(id).or_default().push(name);
        }
    }
    for (id, names) in ids {
        if let [first, others @ ..] = names.as_slice() {
            for name in others {
                let text = format!("has the obs_id {id}, as {first} has");
                out.push(Problem::new("duplicate", name, text));
            }
        }
    }
    out
}

/// What is expected, by a catalogue or a manifest.
fn read(path: &Path) -> Result<Vec<Expected>> {
    let is_catalogue = path.is_dir() || path.extension().is_some_and(|ending| ending == "parquet");
    if !is_catalogue {
        let manifest = Manifest::read(path)?;
        let sizes = manifest.sizes();
        return Ok(sizes
            .map(|(name, size)| Expected {
                name: name.to_owned(),
                size,
            })
            .collect());
    }
    let files = Catalogue::open(path)?.files()?;
    let mut out: Vec<Expected> = files
        .into_values()
        .map(|file| Expected {
            name: file.access_url,
            size: file.size.and_then(|size| u64::try_from(size).ok()),
        })
        .collect();
    out.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

/// The files by what follows their last separator.
fn by_name(files: &HashMap<String, KnownFile>) -> HashMap<&str, Vec<&KnownFile>> {
    let mut out: HashMap<&str, Vec<&KnownFile>> = HashMap::new();
    for (url, file) in files {
        out.entry(last(url)).or_default().push(file);
    }
    out
}

fn last(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The file of a name: that place itself, or the one whose place ends with it. Of several the shortest, then the first by name.
fn matching<'f>(name: &str, files: &HashMap<&str, Vec<&'f KnownFile>>) -> Option<&'f KnownFile> {
    let fits = |file: &&&KnownFile| {
        let before = file.access_url.strip_suffix(name);
        before.is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
    };
    let found = files.get(last(name))?.iter().filter(fits);
    found
        .min_by_key(|file| (file.access_url.len(), &file.access_url))
        .copied()
}
