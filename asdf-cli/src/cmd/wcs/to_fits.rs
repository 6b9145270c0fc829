//! `asdf wcs to-fits`.

use super::files::FileArgs;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::AsdfFile;
use asdf_core::wcs::{Fidelity, SipCard, SipOptions, SipValue};
use serde_json::{Map, Value};
use std::io::Write;
use std::path::PathBuf;

/// The FITS header of a WCS: the same where FITS can say it, else the one that comes closest
///
/// A WCS that was read from a header comes back with its cards. Projections of FITS after a matrix and SIP, with further axes
/// that are lines or logarithms, are written exactly. All else becomes a tangent plane with SIP polynomials of the lowest degree that
/// keeps the error within --max-error everywhere in the image; the header says how great the error is (SIPMXERR).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf wcs to-fits obs.asdf\n  asdf wcs to-fits obs.asdf --max-error 0.01\n  asdf wcs to-fits obs.asdf --degree 4 --json\n  asdf wcs to-fits image.fits fits/1/wcs"
)]
pub(crate) struct Args {
    /// File, folder, @LIST of names, or - for standard input; then the WCS (default: the first)
    #[arg(required = true, value_name = "FILE [PATH]")]
    words: Vec<PathBuf>,
    /// Fit a tangent plane with SIP polynomials in any case; so do --degree, --inverse-degree and --crpix
    #[arg(long)]
    fit: bool,
    /// How many pixels it may be off
    #[arg(long, value_name = "PIXELS", default_value_t = SipOptions::default().max_error)]
    max_error: f64,
    /// The degree of the polynomials, 1 to 9
    #[arg(long, value_name = "N")]
    degree: Option<usize>,
    /// How many pixels the way back may be off
    #[arg(long, value_name = "PIXELS", default_value_t = SipOptions::default().max_inverse_error)]
    max_inverse_error: f64,
    /// The degree of the polynomials of the way back
    #[arg(long, value_name = "N")]
    inverse_degree: Option<usize>,
    /// Points along each side at which it is fitted
    #[arg(long, value_name = "N", default_value_t = SipOptions::default().points)]
    points: usize,
    /// The reference pixel, from 1 as FITS counts (default: the centre)
    #[arg(long, value_name = "X,Y", value_parser = crate::pair::pair, allow_hyphen_values = true)]
    crpix: Option<[f64; 2]>,
    #[command(flatten)]
    files: FileArgs,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let (files, path) = args.files.split(&args.words)?;
    args.files
        .each(&files, "header", context, |context, file, json| {
            one(args, context, file, path.as_deref(), json)
        })
}

fn one(
    args: &Args,
    context: &mut Context,
    file: &AsdfFile,
    path: Option<&str>,
    json: bool,
) -> Result<Exit, Failure> {
    let wcs = args.files.find(file, path)?;
    let options = SipOptions {
        max_error: args.max_error,
        degree: args.degree,
        max_inverse_error: args.max_inverse_error,
        inverse_degree: args.inverse_degree,
        points: args.points,
        crpix: args.crpix,
    };
    let place = |error| file.name_in(error);
    let is_fit =
        args.fit || args.degree.is_some() || args.inverse_degree.is_some() || args.crpix.is_some();
    let (cards, fidelity) = if is_fit {
        let fit = wcs.to_fits_sip(&options).map_err(place)?;
        (fit.cards(), Fidelity::Fitted(Box::new(fit)))
    } else {
        let header = file.wcs_header(&wcs, &options).map_err(place)?;
        (header.cards, header.fidelity)
    };
    print(&cards, json, context)?;
    let header = match fidelity {
        Fidelity::Fitted(header) => header,
        Fidelity::Exact(error) => {
            context.explain(&format!(
                "{}: the header gives the same coordinates, within {error:.1e} degrees",
                wcs.path()
            ));
            return Ok(Exit::Fine);
        }
        _ => {
            context.explain(&format!("{}: the cards that it was read from", wcs.path()));
            return Ok(Exit::Fine);
        }
    };
    let axes = wcs.program().map_err(place)?.n_outputs();
    if axes > 2 {
        context.caution(&format!(
            "the header has the celestial axes alone, the WCS has {axes}"
        ));
    }
    for (error, wanted, what) in [
        (header.error, args.max_error, "header"),
        (
            header.inverse_error,
            args.max_inverse_error,
            "inverse of the header",
        ),
    ] {
        if error > wanted && (what == "header" || header.degree > 1) {
            context.caution(&format!(
                "the {what} is off by up to {error:.3} pixels, {wanted} were asked for"
            ));
        }
    }
    Ok(Exit::Fine)
}

/// Prints the cards, one a line, or as an object.
fn print(cards: &[SipCard], json: bool, context: &mut Context) -> Result<(), Failure> {
    if json {
        let value = |value: &SipValue| match value {
            SipValue::Integer(value) => Value::from(*value),
            SipValue::Real(value) => super::points::json_number(*value),
            SipValue::Text(text) => Value::from(text.as_str()),
        };
        let cards: Map<String, Value> = cards
            .iter()
            .map(|card| (card.0.clone(), value(&card.1)))
            .collect();
        write!(context.out, "{}", Value::Object(cards))?;
    } else {
        for (keyword, value, comment) in cards {
            writeln!(context.out, "{}", card(keyword, value, comment))?;
        }
    }
    Ok(())
}

/// A card of 80 characters.
fn card(keyword: &str, value: &SipValue, comment: &str) -> String {
    let value = match value {
        SipValue::Integer(value) => format!("{value:>20}"),
        SipValue::Real(value) => format!("{:>20}", real(*value)),
        SipValue::Text(text) => format!("{:<20}", format!("'{:<8}'", text.replace('\'', "''"))),
    };
    let comment = if comment.is_empty() {
        String::new()
    } else {
        format!(" / {comment}")
    };
    let card: String = format!("{keyword:<8}= {value}{comment}")
        .chars()
        .take(80)
        .collect();
    format!("{card:<80}")
}

/// The shortest digits that read back, as FITS wants them.
fn real(value: f64) -> String {
    let plain = (1e-4..1e15).contains(&value.abs()) || value == 0.0;
    if plain {
        return format!("{value:?}");
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}
