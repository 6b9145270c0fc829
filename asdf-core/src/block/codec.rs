//! The codecs.

#[cfg(feature = "blosc")]
pub(crate) mod blosc;
