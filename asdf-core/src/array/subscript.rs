//! What stands in brackets after an array, by the rules of numpy's basic indexing: `[0:4, ..., None, -1]`.

use super::slice::{Slice, bad};
use crate::error::Result;

/// One part of what stands in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscript {
    /// A slice or an index of one axis.
    Slice(Slice),
    /// `...`: as many whole axes as are not named.
    Ellipsis,
    /// `None` or `newaxis`: an axis of length 1.
    NewAxis,
}

impl Subscript {
    /// Parses what stands between the brackets of `data[..., None, 2:10:2]`. `*` is all of one axis.
    ///
    /// # Errors
    /// A part is none of these, a step is 0, or `...` stands there twice.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::array::{Slice, Subscript};
    ///
    /// let subscripts = Subscript::parse_list("..., None, -1")?;
    /// assert_eq!(subscripts[0], Subscript::Ellipsis);
    /// assert_eq!(subscripts[1], Subscript::NewAxis);
    /// assert_eq!(subscripts[2], Subscript::Slice(Slice::Index(-1)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse_list(text: &str) -> Result<Vec<Self>> {
        // As in Python, a comma may end the list.
        let text = text.trim();
        let list = match text.strip_suffix(',') {
            Some(before) if !before.trim().is_empty() => before,
            _ => text,
        };
        let parts = list.split(',').map(|part| match part.trim() {
            "..." | "Ellipsis" => Ok(Self::Ellipsis),
            "None" | "newaxis" | "np.newaxis" => Ok(Self::NewAxis),
            "*" => Ok(Self::Slice(Slice::ALL)),
            part => Slice::parse(part).map(Self::Slice),
        });
        let parts: Vec<Self> = parts.collect::<Result<_>>()?;
        let ellipses = parts.iter().filter(|part| **part == Self::Ellipsis);
        if ellipses.count() > 1 {
            return Err(bad("`...` stands there twice"));
        }
        Ok(parts)
    }
}

impl std::fmt::Display for Subscript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Slice(slice) => slice.fmt(f),
            Self::Ellipsis => f.write_str("..."),
            Self::NewAxis => f.write_str("None"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_displayed_reads_back() {
        for text in [
            "0:4,2",
            "...,None,-1",
            "None",
            "::-1",
            "*",
            "1,",
            "newaxis, ...",
        ] {
            let parts = Subscript::parse_list(text).unwrap();
            let shown: Vec<_> = parts.iter().map(ToString::to_string).collect();
            assert_eq!(
                Subscript::parse_list(&shown.join(",")).unwrap(),
                parts,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_subscript_is_refused() {
        for text in [
            "", ",", "a", "1:2:0", "1:2:3:4", "1,,2", "...,...", "none", "1.5",
        ] {
            assert!(Subscript::parse_list(text).is_err(), "{text}");
        }
    }
}
