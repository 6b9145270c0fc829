//! Datatypes by their names, as people write them.

use super::datatype::{Datatype, Scalar};
use crate::error::ArrayFault;
use crate::error::Error;
use crate::error::Result;
use std::fmt;
use std::str::FromStr;

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scalar {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::named(text).ok_or_else(|| unknown(text))
    }
}

impl FromStr for Datatype {
    type Err = Error;

    /// Reads what `Display` writes, of all datatypes but records: `float32`, `ascii[5]`, `ucs4[8]`.
    fn from_str(text: &str) -> Result<Self> {
        if let Some(scalar) = Scalar::named(text) {
            return Ok(Self::Scalar(scalar));
        }
        let length = |name: &str| {
            let rest = text.strip_prefix(name)?.strip_prefix('[')?;
            rest.strip_suffix(']')?.parse().ok()
        };
        let ascii = length("ascii").map(Self::Ascii);
        let found = ascii.or_else(|| length("ucs4").map(Self::Ucs4));
        found.ok_or_else(|| unknown(text))
    }
}

fn unknown(text: &str) -> Error {
    ArrayFault::Datatype {
        given: text.escape_debug().to_string().into(),
        known: Scalar::names().join(", ").into(),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for text in ["int8", "uint64", "float16", "complex128", "bool8"] {
            assert_eq!(text.parse::<Scalar>().unwrap().to_string(), text);
        }
        for text in ["float32", "ascii[5]", "ucs4[8]"] {
            assert_eq!(text.parse::<Datatype>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_names_no_datatype_is_refused_with_those_that_there_are() {
        for text in ["float", "ascii", "ascii[x]", "ucs4[5", ""] {
            let error = text.parse::<Datatype>().unwrap_err();
            assert!(error.is_usage(), "{text}");
            assert!(error.to_string().contains("complex64"), "{error}");
        }
    }
}
