//! The tree or array is not what was asked for.

/// What was asked for against what is there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// No node at that path.
    #[error("no `{missing}`: {deepest} is {found}")]
    NotFound {
        /// The step that leads nowhere.
        missing: Box<str>,
        /// The deepest path that exists.
        deepest: Box<str>,
        /// What stands there.
        found: Box<str>,
    },
    /// The node's value does not fit the type asked for (message of the deserializer).
    #[error("{detail}")]
    Value {
        /// What was found and what was wanted.
        detail: Box<str>,
    },
    /// The value cannot become nodes of a tree (message of the serializer).
    #[error("{detail}")]
    Serialize {
        /// What is wrong with it.
        detail: Box<str>,
    },
    /// The node is not an array.
    #[error("not an array, but {found}")]
    NotArray {
        /// What the node is.
        found: Box<str>,
    },
    /// The node's tag is not one that the type asked for stands for.
    #[error("expected the tag `{expected}`, found {found}")]
    Tag {
        /// The tag that it has, escaped, or that it has none.
        found: Box<str>,
        /// The tag of the type.
        expected: &'static str,
    },
    /// A unit that is not known, or measures something else than the one asked for.
    #[error("`{found}` does not convert into `{asked}`")]
    Unit {
        /// The unit of the numbers, escaped.
        found: Box<str>,
        /// The unit asked for, escaped.
        asked: Box<str>,
    },
    /// No column of that name in a table.
    #[error("there is no column `{name}`")]
    NoColumn {
        /// The name asked for, escaped.
        name: Box<str>,
    },
    /// No HDU of that number.
    #[error("there is no HDU {asked}, the file has {count}")]
    NoHdu {
        /// The number asked for.
        asked: usize,
        /// How many there are.
        count: usize,
    },
    /// An array's source names an HDU that is not there.
    #[error("no HDU for source `{uri}`, the file has {count} HDUs")]
    NoLinkedHdu {
        /// The source, escaped.
        uri: Box<str>,
        /// How many HDUs there are.
        count: usize,
    },
    /// An HDU that is not as the node says which names it.
    #[error("the HDU has {found}, the node says {wanted}")]
    Tile {
        /// Datatype and shape of the HDU.
        found: Box<str>,
        /// Datatype and shape in the node.
        wanted: Box<str>,
    },
    /// An HDU of another kind.
    #[error("the HDU is {found}, asked for {asked}")]
    HduKind {
        /// What it is.
        found: Box<str>,
        /// What was asked for.
        asked: &'static str,
    },
    /// A row, tile or parameter that a FITS HDU does not have.
    #[error("there is no {what} {asked}, the HDU has {count}")]
    NoPart {
        /// What was asked for.
        what: &'static str,
        /// Its number, from 0.
        asked: u64,
        /// How many there are.
        count: u64,
    },
    /// An element that the type asked for cannot hold.
    #[error("element {index} is {found}, which {asked} cannot hold")]
    Number {
        /// Its number in C order, from 0.
        index: u64,
        /// The element.
        found: Box<str>,
        /// The type asked for.
        asked: &'static str,
    },
    /// The element type asked for is not the array's.
    #[error("element type is {found}, asked for {asked}")]
    ElementType {
        /// The array's datatype.
        found: Box<str>,
        /// The type asked for.
        asked: &'static str,
    },
}
