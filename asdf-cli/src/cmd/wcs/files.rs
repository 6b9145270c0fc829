//! The files of `asdf wcs`, and which WCS of them is meant.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs, files_and_paths};
use crate::json::{self, Form, FormArgs};
use crate::usage;
use asdf_core::inspect::escape;
use asdf_core::wcs::Wcs;
use asdf_core::{AsdfFile, Result as Asdf};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Options of all that is asked of a WCS.
#[derive(Debug, clap::Args)]
pub(super) struct FileArgs {
    /// A WCS, or an array that has one. All other arguments are files then, folders and @LISTs of names
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// The alternate description of a FITS header: the letter after its keywords (P also of the cards LTV and LTM)
    #[arg(long, value_name = "A", value_parser = letter)]
    wcs_key: Option<String>,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    find: FindArgs,
}

impl FileArgs {
    /// Whether the WCS is named by an option.
    pub(super) fn has_path(&self) -> bool {
        self.path.is_some()
    }

    /// The files that words name, and the WCS that is meant in each.
    ///
    /// # Errors
    /// The second word is a file, or there is a third.
    pub(super) fn split(&self, words: &[PathBuf]) -> Asdf<(Inputs, Option<String>)> {
        let paths: Vec<String> = self.path.iter().cloned().collect();
        let (files, mut paths) = files_and_paths(words, &paths)?;
        if paths.len() > 1 {
            let reason = "one WCS is meant: of several files it is named by --path PATH";
            return Err(super::points::wrong(reason));
        }
        Ok((Inputs::find(&files, &self.find), paths.pop()))
    }

    /// The WCS at a path, or the first of the file; with `--wcs-key` that description of the header.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub(super) fn find(&self, file: &AsdfFile, path: Option<&str>) -> Asdf<Wcs> {
        let Some(letter) = &self.wcs_key else {
            return super::find(file, path);
        };
        let path = match path {
            Some(path) => format!("{path}/{letter}"),
            None => file
                .header_descriptions()
                .into_iter()
                .find(|own| own.alternate == *letter)
                .map(|own| own.path.to_string())
                .ok_or_else(|| {
                    let reason = format!("no header has a description with the letter {letter}");
                    file.name_in(usage::refused(&reason))
                })?,
        };
        super::find(file, Some(&path))
    }

    /// Whether one of several descriptions is asked for.
    pub(super) fn has_key(&self) -> bool {
        self.wcs_key.is_some()
    }

    /// Lets `work` write what it has to say of each file: as text, or a JSON value, which stands under `key` where lines are
    /// asked for.
    pub(super) fn each(
        &self,
        files: &Inputs,
        key: &str,
        context: &mut Context,
        work: impl Fn(&mut Context, &AsdfFile, bool) -> Result<Exit, Failure> + Sync,
    ) -> Result<Exit, Failure> {
        if let Some(form) = self.form.form() {
            return json::each(context, files, form, |context, file| {
                if form == Form::Json {
                    return work(context, file, true);
                }
                let name = json!(asdf_core::inspect::file_name_text(file.name()));
                write!(context.out, "{{\"file\":{name},\"{key}\":")?;
                let exit = work(context, file, true)?;
                write!(context.out, "}}")?;
                Ok(exit)
            });
        }
        context.each(files, |context, file| {
            if files.is_many() {
                let name = file.name().display().to_string();
                writeln!(context.out, "{}:", escape(&name))?;
            }
            work(context, file, false)
        })
    }
}

/// The letter of an alternate description.
fn letter(text: &str) -> Result<String, String> {
    let upper = text.to_ascii_uppercase();
    let is_letter = upper.len() == 1 && upper.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_letter {
        Ok(upper)
    } else {
        Err("expected a letter from A to Z".to_owned())
    }
}
