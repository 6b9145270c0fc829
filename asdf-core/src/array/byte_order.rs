//! The order of the bytes of a number.

use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::tree::Node;

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
    pub const NATIVE: Self = if cfg!(target_endian = "big") { Self::Big } else { Self::Little };

    /// `little` or `big`, as the standard writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Little => "little",
            Self::Big => "big",
        }
    }

    /// Reads a `byteorder` node.
    pub(crate) fn parse(node: Node<'_>) -> Result<Self> {
        match node.text() {
            Some("little") => Ok(Self::Little),
            Some("big") => Ok(Self::Big),
            _ => {
                let fact = Malformed::Byteorder { found: node.describe() };
                Err(Error::from(fact).at(node.span()).at_path(|| node.path()))
            }
        }
    }
}
