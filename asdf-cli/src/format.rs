//! The formats and how they are recognised.

use crate::usage;
use asdf_core::{Error, Result};
use std::path::Path;

/// A format that is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// ASDF
    Asdf,
    /// YAML: an ASDF file without blocks, arrays as lists
    Yaml,
    /// Tagged JSON, arrays as lists
    Json,
    /// One array in numpy's format
    Npy,
    /// A table, or an array of one or two axes
    Csv,
    /// CSV with the types and units of the columns, for astropy; only written
    Ecsv,
    /// `VOTable` 1.4 of the IVOA; only written
    Votable,
    /// FITS: a list of HDUs, or a tree in an HDU of its own
    Fits,
    /// The picture that `asdf preview` makes; only written
    Png,
    /// The same, smaller and not exact; only written
    #[value(alias = "jpeg")]
    Jpg,
}

impl Format {
    /// True for what is only written.
    pub(crate) fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpg)
    }

    /// True for what holds one array.
    pub(crate) fn is_of_one_array(self) -> bool {
        matches!(
            self,
            Self::Npy | Self::Csv | Self::Ecsv | Self::Votable | Self::Png | Self::Jpg
        )
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Asdf => "asdf",
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::Npy => "npy",
            Self::Csv => "csv",
            Self::Ecsv => "ecsv",
            Self::Votable => "votable",
            Self::Fits => "fits",
            Self::Png => "png",
            Self::Jpg => "jpg",
        }
    }

    /// The format asked for, or that of the file's name.
    pub(crate) fn of(asked: Option<Self>, path: &Path) -> Result<Self> {
        if let Some(format) = asked.or_else(|| Self::named(path)) {
            return Ok(format);
        }
        let option = "--to";
        Err(unknown(path, option))
    }

    /// The same for what is read, which is ASDF if its name says nothing.
    pub(crate) fn of_input(asked: Option<Self>, path: &Path) -> Self {
        asked.or_else(|| Self::named(path)).unwrap_or(Self::Asdf)
    }

    /// The format that a file's name tells.
    pub(crate) fn named(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        if name.ends_with(".asdf.gz") {
            return Some(Self::Asdf);
        }
        let fits = [".fits", ".fit", ".fts", ".fits.gz", ".fz"];
        if fits.iter().any(|ending| name.ends_with(ending)) {
            return Some(Self::Fits);
        }
        let extension = path.extension()?.to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "asdf" => Some(Self::Asdf),
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            "npy" => Some(Self::Npy),
            "csv" => Some(Self::Csv),
            "ecsv" => Some(Self::Ecsv),
            "vot" | "votable" => Some(Self::Votable),
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpg),
            _ => None,
        }
    }
}

fn unknown(path: &Path, option: &str) -> Error {
    let reason = format!(
        "its name does not tell a format: {option} asdf, yaml, json, npy, csv, ecsv, votable, fits, png or jpg does"
    );
    usage::refused(reason).at_file(path)
}
