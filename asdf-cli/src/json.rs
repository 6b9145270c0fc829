//! Documents for programs: one a file, an array when several files are asked for, or one a line.

mod fault;
mod plain;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::Inputs;
use crate::screen::Screen;
use asdf_core::{AsdfFile, Error};
pub(crate) use fault::{fault, kind};
use serde_json::Value;
use std::io::{self, Seek, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A warning, as documents have it.
pub(crate) fn warning(warning: &asdf_core::error::Warning) -> Value {
    serde_json::json!({
        "message": warning.kind.to_string(),
        "offset": warning.place.span.as_ref().map(|span| span.start),
        "path": warning.place.path,
    })
}

/// Bytes of a document that are held in memory until it is complete; a temporary file holds more.
const HELD: usize = 4 << 20;

/// The forms of output for programs.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct FormArgs {
    /// JSON: one document; of several files an array of them, or one document with all (docs/json.md)
    #[arg(long)]
    pub(crate) json: bool,
    /// JSON, one document a line, each with its `file`
    #[arg(long, conflicts_with = "json")]
    pub(crate) jsonl: bool,
}

/// The same for commands that write nodes of a tree.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct NodeFormArgs {
    #[command(flatten)]
    form: FormArgs,
    /// JSON without the wrappers for what it lacks ($tag, $int, $float, ...): values alone, NaN as null; with =quantities of a
    /// quantity its value and its unit
    #[arg(
        long,
        value_name = "FORM",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "values",
        hide_possible_values = true
    )]
    plain: Option<PlainForm>,
}

/// How values are written without wrappers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum PlainForm {
    /// Quantities as the mappings that they are in the tree.
    Values,
    /// Quantities as value and unit alone.
    Quantities,
}

impl NodeFormArgs {
    /// The form that is asked for; JSON for --plain alone.
    pub(crate) fn form(&self) -> Option<Form> {
        self.form.form().or(self.plain.map(|_| Form::Json))
    }

    /// Lets `work` write a document as it is asked for.
    pub(crate) fn write<T>(
        &self,
        context: &mut Context,
        work: impl FnOnce(&mut Context) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let Some(plain) = self.plain else {
            return work(context);
        };
        let spool = Spool::new();
        let screen = Screen::new(
            Box::new(plain::Plain::new(
                spool.clone(),
                plain == PlainForm::Quantities,
            )),
            false,
        );
        let out = std::mem::replace(&mut context.out, screen);
        let done = work(context).and_then(|done| {
            context.out.flush()?;
            Ok(done)
        });
        context.out = out;
        spool.copy_to(&mut context.out)?;
        done
    }
}

/// A form of output for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One document, or an array of them.
    Json,
    /// One document a line.
    Lines,
}

impl FormArgs {
    /// The form that is asked for; `None` for text.
    pub(crate) fn form(&self) -> Option<Form> {
        match (self.json, self.jsonl) {
            (_, true) => Some(Form::Lines),
            (true, _) => Some(Form::Json),
            _ => None,
        }
    }
}

/// Writes the document that `work` writes for each file. A file that cannot be read has a document that says why.
pub(crate) fn each(
    context: &mut Context,
    files: &Inputs,
    form: Form,
    work: impl Fn(&mut Context, &AsdfFile) -> Result<Exit, Failure> + Sync,
) -> Result<Exit, Failure> {
    each_path(context, files, form, |context, path| {
        context.with_open(path, |context, file| work(context, file))
    })
}

/// As [`each`], for commands that open files themselves.
pub(crate) fn each_path(
    context: &mut Context,
    files: &Inputs,
    form: Form,
    work: impl Fn(&mut Context, &Path) -> Result<Exit, Failure> + Sync,
) -> Result<Exit, Failure> {
    let fault = |number: usize, error: &Error| fault(files, number, error);
    each_path_or(context, files, form, work, fault)
}

/// As [`each_path`], with a document of its own where something fails.
pub(crate) fn each_path_or(
    context: &mut Context,
    files: &Inputs,
    form: Form,
    work: impl Fn(&mut Context, &Path) -> Result<Exit, Failure> + Sync,
    fault: impl Fn(usize, &Error) -> Value + Sync,
) -> Result<Exit, Failure> {
    let is_array = form == Form::Json && files.is_many();
    // A document of another shape would be taken for what was asked for.
    let is_single = form == Form::Json && !is_array;
    if is_array {
        write!(context.out, "[")?;
    }
    let exit = context.each_path(files, |context, path| {
        let (mut exit, mut failed) = (Exit::Fine, false);
        let document = complete(context, |context| {
            let outcome = path
                .map_err(Failure::from)
                .and_then(|path| work(context, path));
            let error = match outcome {
                Ok(done) => {
                    exit = done;
                    return Ok(None);
                }
                Err(Failure::Asdf(error)) => error,
                Err(failure) => return Err(failure),
            };
            exit = context.complain(&error);
            failed = true;
            Ok(Some(fault(context.number, &error)))
        })?;
        if failed && is_single {
            return Ok(exit);
        }
        if is_array && context.number > files.part().0 {
            write!(context.out, ",")?;
        }
        document.write(&mut context.out)?;
        if !is_array {
            writeln!(context.out)?;
        }
        Ok(exit)
    })?;
    if is_array {
        writeln!(context.out, "]")?;
    }
    Ok(exit)
}

/// Lets `work` write a document, or give one in its place.
fn complete(
    context: &mut Context,
    work: impl FnOnce(&mut Context) -> Result<Option<Value>, Failure>,
) -> Result<Document, Failure> {
    let spool = Spool::new();
    let screen = Screen::new(Box::new(spool.clone()), false);
    let out = std::mem::replace(&mut context.out, screen);
    let done = work(context).and_then(|instead| {
        context.out.flush()?;
        Ok(instead)
    });
    context.out = out;
    Ok(match done? {
        Some(value) => Document::Value(value),
        None => Document::Spool(spool),
    })
}

/// A document that is complete.
enum Document {
    Value(Value),
    Spool(Spool),
}

impl Document {
    fn write(self, out: &mut Screen) -> io::Result<()> {
        match self {
            Self::Value(value) => write!(out, "{value}"),
            Self::Spool(spool) => spool.copy_to(out),
        }
    }
}

/// What is written until it is complete.
#[derive(Clone)]
struct Spool(Arc<Mutex<tempfile::SpooledTempFile>>);

impl Spool {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(tempfile::spooled_tempfile(HELD))))
    }

    fn copy_to(&self, out: &mut Screen) -> io::Result<()> {
        let mut spool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spool.rewind()?;
        io::copy(&mut *spool, out)?;
        Ok(())
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut spool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spool.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a list, one item after the other.
pub(crate) fn list<T>(
    out: &mut impl Write,
    items: impl IntoIterator<Item = T>,
    document: impl Fn(T) -> Value,
) -> io::Result<()> {
    write!(out, "[")?;
    for (number, item) in items.into_iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        write!(out, "{comma}{}", document(item))?;
    }
    write!(out, "]")
}

/// The list of a file: alone as it always was, in lines with the name of the file.
pub(crate) fn named_list<T>(
    out: &mut impl Write,
    form: Form,
    file: &AsdfFile,
    key: &str,
    items: impl IntoIterator<Item = T>,
    document: impl Fn(T) -> Value,
) -> io::Result<()> {
    if form == Form::Json {
        return list(out, items, document);
    }
    let name = Value::from(asdf_core::inspect::file_name_text(file.name()));
    write!(out, "{{\"file\":{name},\"{key}\":")?;
    list(out, items, document)?;
    write!(out, "}}")
}
