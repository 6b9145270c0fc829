//! The options of every command.

use asdf_core::limits::{Limit, UnknownLimit};
use clap::{Args, ValueEnum};

/// Options of every command.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Explain errors: cause chain and the bytes concerned
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// No warnings
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Colour [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    pub(crate) color: Option<ColorChoice>,
    /// Raise or lower a limit against hostile files, e.g. depth=5000
    #[arg(long, global = true, value_name = "NAME=VALUE", value_parser = parse_limit)]
    pub(crate) limit: Vec<(Limit, u64)>,
    /// Follow sources and references to any local file, not only to the file's own folder
    #[arg(long, global = true)]
    pub(crate) allow_external: bool,
    /// Read the file instead of mapping it (when another process may truncate it meanwhile)
    #[arg(long, global = true)]
    pub(crate) no_mmap: bool,
    /// No progress bar
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// Threads for decoding and checksums (default: one a core)
    #[arg(long, global = true, value_name = "N", value_parser = parse_threads)]
    pub(crate) threads: Option<usize>,
    /// Leave the configuration file alone
    #[arg(long, global = true)]
    pub(crate) no_config: bool,
    #[cfg(feature = "remote")]
    #[command(flatten)]
    pub(crate) remote: RemoteArgs,
}

/// How servers are spoken to.
#[cfg(feature = "remote")]
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct RemoteArgs {
    /// Ask S3 without a signature, whatever credentials there are
    #[arg(long, global = true)]
    pub(crate) no_sign_request: bool,
    /// The server of S3, when it is not that of AWS
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// The profile of ~/.aws that credentials and region are taken from
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) aws_profile: Option<String>,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ColorChoice {
    /// When standard output is a terminal that has colour and `NO_COLOR` is unset, or `CLICOLOR_FORCE` is set
    Auto,
    /// Yes
    Always,
    /// No
    Never,
}

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads @ 1..=1024) => Ok(threads),
        _ => Err("expected a number from 1 to 1024".to_owned()),
    }
}

fn parse_limit(text: &str) -> Result<(Limit, u64), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let number = parse_size(value)
        .ok_or_else(|| format!("`{value}` is not a number (1000, 64k, 2G are)"))?;
    let limit = name
        .parse()
        .map_err(|error: UnknownLimit| error.to_string())?;
    Ok((limit, number))
}

/// A number with an optional binary suffix: `64k`, `2G`.
fn parse_size(text: &str) -> Option<u64> {
    let (digits, factor) = match text.char_indices().last()? {
        (at, 'k' | 'K') => (text.get(..at)?, 1 << 10),
        (at, 'm' | 'M') => (text.get(..at)?, 1 << 20),
        (at, 'g' | 'G') => (text.get(..at)?, 1 << 30),
        (at, 't' | 'T') => (text.get(..at)?, 1 << 40),
        _ => (text, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_takes_a_suffix() {
        assert_eq!(
            parse_limit("decoded_bytes=2G"),
            Ok((Limit::DecodedBytes, 2 << 30))
        );
        for limit in Limit::ALL {
            assert_eq!(parse_limit(&format!("{limit}=7")), Ok((limit, 7)));
        }
        assert!(parse_limit("nonsense=1").is_err());
        assert!(parse_limit("depth=x").is_err());
    }
}
