//! `asdf schema`.

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

/// List, show and add schemas
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
    /// Keep the schemas of a folder or a Python wheel for later runs
    ///
    /// A package of the same name, in whatever version, is replaced. To take one out, delete the file.
    Add {
        /// Folder, or wheel as published
        #[arg(required = true, value_name = "DIR-or-WHEEL")]
        packages: Vec<PathBuf>,
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
    for path in packages {
        let package = SchemaPackage::read(path)?;
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
