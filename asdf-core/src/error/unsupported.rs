//! The file is legal, this build cannot.

/// Something legal that this build does not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// A transform that nobody here knows.
    #[error("the transform `{tag}` is not known")]
    Transform {
        /// The tag.
        tag: Box<str>,
    },
    /// A way of a transform that is not supported.
    #[error("transform with {option} is not supported")]
    TransformOption {
        /// Key and value.
        option: Box<str>,
    },
    /// A world coordinate system, or a wrapper of one, that cannot be evaluated.
    #[error("the WCS `{tag}` is not understood: {reason}")]
    Wcs {
        /// The tag.
        tag: Box<str>,
        /// What is not understood.
        reason: Box<str>,
    },
    /// A compression label nobody here knows.
    #[error("unknown compression `{label}`")]
    Codec {
        /// The four-byte label, escaped.
        label: Box<str>,
    },
    /// A codec that was left out of this build.
    #[error("this build has no `{label}` codec")]
    CodecDisabled {
        /// The label.
        label: &'static str,
    },
    /// A file named by a URI that is not to be opened, or cannot be.
    #[error("`{uri}` is not followed: {reason}")]
    External {
        /// The URI, escaped.
        uri: Box<str>,
        /// Why not.
        reason: &'static str,
    },
    /// FITS files that this build does not read.
    #[error("this build does not read FITS files")]
    NoFits,
    /// A part of Blosc that this build does not have.
    #[error("no support for the Blosc {feature} {code}")]
    Blosc {
        /// What it is.
        feature: &'static str,
        /// Its number in the format.
        code: u8,
    },
    /// More data than a codec can hold.
    #[error("`{label}` holds at most {most} bytes, the data has {size}")]
    TooLarge {
        /// The label.
        label: &'static str,
        /// Bytes that it can hold.
        most: u64,
        /// Bytes of the data.
        size: u64,
    },
    /// A codec that is read, but not written.
    #[error("no encoder for `{label}`")]
    Encoder {
        /// The label, escaped.
        label: Box<str>,
    },
    /// Data that cannot stand in a tree.
    #[error("{what} cannot be written")]
    Inline {
        /// What it is.
        what: &'static str,
    },
    /// Something that another format has no form for.
    #[error("{format} cannot hold {what}")]
    Format {
        /// The format.
        format: &'static str,
        /// What it cannot hold.
        what: Box<str>,
    },
    /// Moments in a format that counts in another scale than theirs, or that is not known.
    #[error("no support for times of the format `{format}` in the scale `{scale}`")]
    Time {
        /// The format, escaped.
        format: Box<str>,
        /// The scale, escaped.
        scale: Box<str>,
    },
    /// A part of another format that this build does not read.
    #[error("no support for {what} in {format}")]
    FormatPart {
        /// The format.
        format: &'static str,
        /// What it is.
        what: Box<str>,
    },
}
