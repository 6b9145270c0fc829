//! `asdf schema`.

mod pip_cache;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::library;
use crate::library::{KEPT, LibraryArgs};
use crate::usage;
use asdf_core::Error;
use asdf_core::file::replace_file;
use asdf_core::inspect::escape;
use asdf_core::schema::{SchemaLibrary, SchemaPackage};
use asdf_core::tree::TreeEdit;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// List, show, add and remove schemas
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf schema list transform\n  asdf schema show tag:stsci.edu:asdf/core/ndarray-1.1.0\n  asdf schema add rad-1.2.1-py3-none-any.whl"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// The schemas, manifests and tags that are known
    #[command(after_help = "Examples:\n  asdf schema list transform")]
    List {
        /// Only URIs that contain this
        #[arg(value_name = "TEXT")]
        pattern: Option<String>,
        #[command(flatten)]
        library: LibraryArgs,
        /// A JSON document
        #[arg(long)]
        json: bool,
    },
    /// Show the schema of a URI or tag
    #[command(after_help = "Examples:\n  asdf schema show tag:stsci.edu:asdf/core/ndarray-1.1.0")]
    Show {
        /// URIs of schemas or manifests, or tags
        #[arg(required = true, value_name = "URI-or-TAG")]
        uris: Vec<String>,
        #[command(flatten)]
        library: LibraryArgs,
        /// JSON instead of YAML
        #[arg(long)]
        json: bool,
    },
    /// Keep the schemas of a package for later runs
    ///
    /// A package of the same name, in whatever version, is replaced. One with a document that is not YAML is refused.
    #[command(
        after_help = "Examples:\n  asdf schema add rad-1.2.1-py3-none-any.whl\n  asdf schema add rad-1.2.1.tar.gz src/schemas/ mine-1.0.0.yaml\n  asdf schema add rad"
    )]
    Add {
        /// Folder, wheel or source distribution (.tar.gz) as published, or a single schema (.yaml); or the name of a Python package,
        /// of which the newest wheel in the cache of pip is taken
        #[arg(required = true, value_name = "PACKAGE")]
        packages: Vec<PathBuf>,
    },
    /// Forget the schemas of packages that were added
    #[command(after_help = "Examples:\n  asdf schema remove rad")]
    Remove {
        /// Their names
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
    },
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::List {
            pattern,
            library,
            json,
        } => list(context, pattern.as_deref(), &*library.open()?, *json),
        Action::Show {
            uris,
            library,
            json,
        } => show(context, uris, &*library.open()?, *json),
        Action::Add { packages } => add(context, packages),
        Action::Remove { names } => remove(context, names),
    }
}

fn list(
    context: &mut Context,
    pattern: Option<&str>,
    library: &SchemaLibrary,
    json: bool,
) -> Result<Exit, Failure> {
    let mut entries = library.entries();
    entries.retain(|entry| pattern.is_none_or(|pattern| entry.uri.contains(pattern)));
    if json {
        let entries: Vec<_> = entries
            .iter()
            .map(|entry| json!({ "kind": entry.kind, "uri": entry.uri, "package": entry.package }))
            .collect();
        writeln!(context.out, "{}", Value::from(entries))?;
    } else {
        for entry in &entries {
            let line = format!("{:8} {}  ({})", entry.kind, entry.uri, entry.package);
            writeln!(context.out, "{}", escape(&line))?;
        }
    }
    Ok(if entries.is_empty() {
        Exit::No
    } else {
        Exit::Fine
    })
}

fn show(
    context: &mut Context,
    uris: &[String],
    library: &SchemaLibrary,
    json: bool,
) -> Result<Exit, Failure> {
    let mut documents = Vec::new();
    let mut exit = Exit::Fine;
    for uri in uris {
        let mut found = library.document(uri)?;
        if let (None, Some(schema)) = (&found, library.schema_of_tag(uri)) {
            found = library.document(schema)?;
        }
        if let Some(document) = found {
            documents.push(document);
        } else {
            context.caution(&format!("no schema {uri} is known"));
            exit = Exit::No;
        }
    }
    if json {
        match (uris, documents.as_slice()) {
            ([_], [document]) => writeln!(context.out, "{document}")?,
            ([_], _) => {}
            _ => {
                let documents: Vec<_> = documents
                    .iter()
                    .map(|document| (**document).clone())
                    .collect();
                writeln!(context.out, "{}", Value::from(documents))?;
            }
        }
        return Ok(exit);
    }
    for (number, document) in documents.iter().enumerate() {
        if number > 0 {
            writeln!(context.out, "---")?;
        }
        let mut text = TreeEdit::new();
        let root = text.nodes().value(&**document)?;
        text.set("", root)?;
        write!(context.out, "{}", text.text_anew(context.limits())?)?;
    }
    Ok(exit)
}

fn add(context: &mut Context, packages: &[PathBuf]) -> Result<Exit, Failure> {
    let folder = library::folder()
        .ok_or_else(|| usage::refused("no folder for schemas: set ASDF_SCHEMAS or HOME"))?;
    for named in packages {
        let cached = pip_cache::wheel(named)?;
        let path = cached.as_ref().unwrap_or(named);
        let package = SchemaPackage::read(path)?;
        let broken = package.broken()?;
        if let Some((uri, error)) = broken.first() {
            let more = match broken.len() {
                1 => String::new(),
                count => format!(", and {} more are broken", count - 1),
            };
            let reason = format!("{uri} is not YAML: {}{more}", error.kind());
            return Err(usage::refused(reason).at_file(path).into());
        }
        std::fs::create_dir_all(&folder).map_err(|error| Error::from(error).at_file(&folder))?;
        let kept = folder.join(format!("{}.{KEPT}", package.name()));
        replace_file(&kept, |file| package.write(file))?;
        writeln!(
            context.out,
            "{}: {} schemas and manifests, kept in {}",
            escape(&package.label()),
            package.uris().len(),
            escape(&kept.display().to_string()),
        )?;
    }
    Ok(Exit::Fine)
}

fn remove(context: &mut Context, names: &[String]) -> Result<Exit, Failure> {
    let stored = library::stored();
    let name_of = |path: &PathBuf| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    };
    let mut exit = Exit::Fine;
    for name in names {
        let found = stored
            .iter()
            .find(|path| name_of(path).as_ref() == Some(name));
        let Some(path) = found else {
            let known: Vec<String> = stored.iter().filter_map(name_of).collect();
            let known = match known.as_slice() {
                [] => "none was added".to_owned(),
                known => format!("there are {}", known.join(", ")),
            };
            context.caution(&format!("no package `{}`; {known}", name.escape_debug()));
            exit = Exit::No;
            continue;
        };
        std::fs::remove_file(path).map_err(|error| Error::from(error).at_file(path))?;
        writeln!(
            context.out,
            "removed {}",
            escape(&path.display().to_string())
        )?;
    }
    Ok(exit)
}
