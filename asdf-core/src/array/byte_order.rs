//! The order of the bytes of a number.

use crate::error::ArrayFault;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::tree::Node;
use std::fmt;
use std::str::FromStr;

/// Which byte of a number comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// The least significant.
    Little,
    /// The most significant.
    Big,
}

impl ByteOrder {
    /// The order of this machine.
    pub const NATIVE: Self = if cfg!(target_endian = "big") {
        Self::Big
    } else {
        Self::Little
    };

    /// `little` or `big`, as the standard writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Little => "little",
            Self::Big => "big",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Little, Self::Big]
            .into_iter()
            .find(|order| order.name() == name)
    }

    /// Reads a `byteorder` node.
    pub(crate) fn parse(node: Node<'_>) -> Result<Self> {
        node.text().and_then(Self::named).ok_or_else(|| {
            let fact = Malformed::Byteorder {
                found: node.describe(),
            };
            Error::from(fact).at(node.span()).at_path(|| node.path())
        })
    }
}

impl fmt::Display for ByteOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ByteOrder {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::named(text).ok_or_else(|| {
            let given = text.escape_debug().to_string().into();
            ArrayFault::ByteOrder { given }.into()
        })
    }
}
