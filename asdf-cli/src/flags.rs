//! `--mask dq:BITS|NAMES`: an array of flags, and the bits for which elements beside it do not count.

use crate::usage::refused;
use asdf_core::array::Datatype;
use asdf_core::file::FileNode;
use asdf_core::{ArrayRef, AsdfFile, Node, Result};
use std::str::FromStr;

/// The names of the bits, made by `profiles/flags.py`: mission, number of the bit, name.
const NAMES: &str = include_str!("../profiles/flags.txt");

/// An array of flags and the bits that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlagMask {
    path: String,
    bits: u64,
    /// Names of further bits, which depend on the mission.
    names: Vec<String>,
}

impl FromStr for FlagMask {
    type Err = String;

    /// `dq` (any bit), `dq:5`, `dq:0x401`, `roman.dq:DO_NOT_USE,JUMP_DET`.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let Some((path, flags)) = text.rsplit_once(':') else {
            return Ok(Self {
                path: text.to_owned(),
                bits: u64::MAX,
                names: Vec::new(),
            });
        };
        let mut out = Self {
            path: path.to_owned(),
            bits: 0,
            names: Vec::new(),
        };
        for flag in flags.split(',').map(str::trim) {
            match number(flag) {
                Some(bits) => out.bits |= bits,
                None if flag.starts_with(|char: char| char.is_ascii_alphabetic()) => {
                    out.names.push(flag.to_ascii_uppercase());
                }
                None => {
                    let expected = "expected PATH:BITS with bits such as 5 or 0x5, or names such as DO_NOT_USE";
                    return Err(expected.to_owned());
                }
            }
        }
        if out.bits == 0 && out.names.is_empty() {
            return Err("expected bits that are not all 0".to_owned());
        }
        Ok(out)
    }
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

impl FlagMask {
    /// The bits, those with names by the mission of the file.
    ///
    /// # Errors
    /// A name is not one of its flags, or the mission is not known.
    pub(crate) fn bits(&self, file: &AsdfFile) -> Result<u64> {
        let mut bits = self.bits;
        if self.names.is_empty() {
            return Ok(bits);
        }
        let Some(mission) = mission(file) else {
            let reason = "the names of flags are known of Roman and JWST files, and this is not one of these: --mask PATH:BITS takes numbers";
            return Err(file.name_in(refused(reason)));
        };
        for name in &self.names {
            let Some(bit) = bit(mission, name) else {
                let known: Vec<&str> = flags(mission).map(|flag| flag.1).collect();
                let reason = format!(
                    "{} has no flag `{}`; there are {}",
                    mission.to_uppercase(),
                    name.escape_debug(),
                    known.join(", ")
                );
                return Err(file.name_in(refused(reason)));
            };
            bits |= 1 << bit;
        }
        Ok(bits)
    }

    /// The node of the flags: beside the array that they are of, or at a path.
    ///
    /// # Errors
    /// There is no such node.
    pub(crate) fn node<'f>(&self, of: FileNode<'f>) -> Result<Node<'f>> {
        beside(of, &self.path)
    }

    /// The array of the flags of an array.
    ///
    /// # Errors
    /// There is no such array, or it is not one of integers.
    pub(crate) fn array<'f>(&self, of: FileNode<'f>) -> Result<ArrayRef<'f>> {
        let array = of.file.array_at(self.node(of)?)?;
        let is_integer =
            matches!(array.datatype(), Datatype::Scalar(scalar) if scalar.is_integer());
        if is_integer {
            return Ok(array);
        }
        let reason = format!(
            "{} is an array of {}, and flags are the bits of integers",
            array.path(),
            array.datatype()
        );
        Err(of.file.name_in(refused(reason)))
    }
}

/// An array beside another one, or at a path.
pub(crate) fn beside<'f>(at: FileNode<'f>, path: &str) -> Result<Node<'f>> {
    if path.contains(['/', '.', '[']) {
        return at.file.node(at.file.one_path(path)?);
    }
    let own = at.node.path().to_string();
    let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
    let found = at.file.node(format!("{folder}/{path}").as_str());
    found.or_else(|error| at.file.node(path).ok().ok_or(error))
}

/// The mission that a file is of, as far as its flags have names.
fn mission(file: &AsdfFile) -> Option<&'static str> {
    let text = |path: &str| file.node(path).ok()?.text();
    if text("roman.meta.telescope") == Some("ROMAN") {
        return Some("roman");
    }
    let card = file.fits().and_then(|fits| {
        let primary = fits.hdu(0).ok()?;
        primary.header().value("TELESCOP")
    });
    let is_jwst = text("meta.telescope") == Some("JWST")
        || card == Some(asdf_core::fits::CardValue::Text("JWST".to_owned()));
    is_jwst.then_some("jwst")
}

/// The flags of a mission: number of the bit and name.
fn flags(mission: &str) -> impl Iterator<Item = (u32, &'static str)> {
    let lines = NAMES.lines().map(|line| line.split(' '));
    lines.filter_map(move |mut words| {
        let own = words.next()? == mission;
        let flag = (words.next()?.parse().ok()?, words.next()?);
        own.then_some(flag)
    })
}

fn bit(mission: &str, name: &str) -> Option<u32> {
    let found = flags(mission).find(|flag| flag.1 == name);
    found.map(|flag| flag.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_numbers_or_names() {
        let mask = |text: &str| text.parse::<FlagMask>();
        assert_eq!(mask("dq").map(|mask| mask.bits), Ok(u64::MAX));
        assert_eq!(mask("a/dq:0x11,4").map(|mask| mask.bits), Ok(0x15));
        let named = mask("dq:do_not_use,2").unwrap();
        assert_eq!(
            (named.bits, named.names.as_slice()),
            (2, ["DO_NOT_USE".to_owned()].as_slice())
        );
        for wrong in ["dq:", "dq:0", "dq:-1", "dq:1,"] {
            assert!(mask(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn missions_give_bits_other_names() {
        assert_eq!(bit("jwst", "OUTLIER"), Some(4));
        assert_eq!(bit("roman", "OUTLIER"), Some(7));
        assert_eq!(bit("roman", "CHARGELOSS"), None);
    }
}
