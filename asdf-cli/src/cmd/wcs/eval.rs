//! `asdf wcs eval` and `asdf wcs invert`.

use super::files::FileArgs;
use super::points;
use super::points::{Columns, wrong};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::wcs::{EvalOptions, Inverse};
use asdf_core::{AsdfFile, Result};
use std::path::PathBuf;

/// World coordinates of pixels
///
/// A row for each point: numbers in the units of the last frame. Points outside of the bounding box are nan.
#[derive(Debug, clap::Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "Examples:\n  asdf wcs eval obs.asdf 100 200\n  asdf wcs eval obs.asdf --points pixels.txt\n  echo '[[0, 0], [10, 20]]' | asdf wcs eval obs.asdf --points - --json\n  asdf wcs eval obs.asdf 100 200 --to v2v3\n  asdf wcs eval --model obs.asdf roman.meta.wcs.steps[1].transform 1 2"
)]
pub(crate) struct EvalArgs {
    #[command(flatten)]
    common: Common,
    /// PATH is a single transform, not a WCS
    #[arg(long, conflicts_with_all = ["from", "to"])]
    model: bool,
    /// The inverse of that transform
    #[arg(long, requires = "model")]
    inverse: bool,
}

/// Pixels of world coordinates
///
/// By the inverse that the transforms have, else by iteration. Points outside of the bounding box are nan.
#[derive(Debug, clap::Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "Examples:\n  asdf wcs invert obs.asdf 269.98 65.98\n  asdf wcs invert obs.asdf --points stars.txt --numerical\n  asdf wcs invert obs.asdf 12.5 -3.25 --from v2v3 --to detector"
)]
pub(crate) struct InvertArgs {
    #[command(flatten)]
    common: Common,
    /// Iterate to 1e-8 pixels, whatever inverse the transforms have
    #[arg(long, conflicts_with_all = ["from", "to"])]
    numerical: bool,
}

#[derive(Debug, clap::Args)]
struct Common {
    /// File, folder, @LIST of names, or - for standard input; then the WCS (default: the first), and the numbers of the
    /// points one after the other
    #[arg(required = true, value_name = "FILE [PATH] X Y ...")]
    words: Vec<PathBuf>,
    /// Points as rows of a file: numbers separated by blanks or commas, or a JSON list; - for standard input
    #[arg(long, value_name = "FILE")]
    points: Option<PathBuf>,
    /// Points outside of the bounding box, too
    #[arg(long)]
    no_bounding_box: bool,
    /// The frame that the points are in
    #[arg(long, value_name = "FRAME")]
    from: Option<String>,
    /// The frame that is wanted
    #[arg(long, value_name = "FRAME")]
    to: Option<String>,
    #[command(flatten)]
    files: FileArgs,
}

impl Common {
    /// The names, and the words for numbers after them: a file and perhaps a WCS, or any number of files where the WCS is an
    /// option.
    fn split(&self) -> (Vec<PathBuf>, Vec<String>) {
        let is_number = |word: &PathBuf| {
            word.to_str()
                .is_some_and(|text| text.parse::<f64>().is_ok())
        };
        let names = if self.files.has_path() {
            let numbers = self.words.iter().skip(1).rev();
            self.words
                .len()
                .saturating_sub(numbers.take_while(|word| is_number(word)).count())
        } else {
            self.words
                .get(1)
                .map_or(1, |word| if is_number(word) { 1 } else { 2 })
        };
        let (names, numbers) = self.words.split_at(names.min(self.words.len()));
        let text = |word: &PathBuf| word.to_string_lossy().into_owned();
        (names.to_vec(), numbers.iter().map(text).collect())
    }

    /// Evaluates the points with what `make` makes of each file: the coordinates of a point, and the evaluation.
    fn evaluate(
        &self,
        context: &mut Context,
        make: impl Fn(&AsdfFile, Option<&str>) -> Result<(usize, Eval)> + Sync,
    ) -> std::result::Result<Exit, Failure> {
        let (names, numbers) = self.split();
        if self.points.is_some() && !numbers.is_empty() {
            return Err(wrong("points are given on the command line and with --points").into());
        }
        let (files, path) = self.files.split(&names)?;
        let given = points::Given::read(&numbers, self.points.as_deref())?;
        self.files
            .each(&files, "points", context, |context, file, json| {
                let found = make(file, path.as_deref());
                let (width, eval) = found.map_err(|error| file.name_in(error))?;
                let input = given.columns(width)?;
                let columns: Vec<&[f64]> = input.iter().map(Vec::as_slice).collect();
                let output = eval(&columns).map_err(|error| file.name_in(error))?;
                points::write(context, &output, json)?;
                Ok(Exit::Fine)
            })
    }

    /// What the options say of the evaluation of a WCS.
    fn options(&self, inverse: Option<Inverse>) -> EvalOptions {
        EvalOptions {
            from: self.from.clone(),
            to: self.to.clone(),
            bounds: !self.no_bounding_box,
            inverse,
        }
    }

    /// Evaluates the points with a WCS of the file.
    fn evaluate_wcs(
        &self,
        context: &mut Context,
        inverse: Option<Inverse>,
    ) -> std::result::Result<Exit, Failure> {
        self.evaluate(context, |file, path| {
            let options = self.options(inverse);
            let wcs = self.files.find(file, path)?;
            let width = wcs.n_inputs(&options)?;
            let eval = move |columns: &[&[f64]]| wcs.eval(columns, &options);
            Ok((width, Box::new(eval) as Eval))
        })
    }
}

/// What gives a column for each coordinate of the results.
type Eval = Box<dyn Fn(&[&[f64]]) -> Result<Columns>>;

pub(super) fn run(args: &EvalArgs, context: &mut Context) -> std::result::Result<Exit, Failure> {
    if !args.model {
        return args.common.evaluate_wcs(context, None);
    }
    args.common.evaluate(context, |file, path| {
        if args.common.files.has_key() {
            return Err(wrong(
                "--wcs-key is about the WCS of a header, --model is not",
            ));
        }
        let path = path.ok_or_else(|| wrong("--model needs the PATH of a transform"))?;
        let mut transform = file.transform(path)?;
        if args.inverse {
            let inverse = transform.inverse();
            transform = inverse.ok_or_else(|| wrong("this transform has no inverse"))?;
        }
        let mut program = transform.program()?;
        if args.common.no_bounding_box {
            program = program.unbounded();
        }
        let width = program.n_inputs();
        let eval = move |columns: &[&[f64]]| program.eval(columns);
        Ok((width, Box::new(eval) as Eval))
    })
}

pub(super) fn invert(
    args: &InvertArgs,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let inverse = if args.numerical {
        Inverse::Numerical
    } else {
        Inverse::Given
    };
    args.common.evaluate_wcs(context, Some(inverse))
}
