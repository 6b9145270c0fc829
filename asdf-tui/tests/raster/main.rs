//! Limits, means and colours against the values of astropy, and pictures of odd arrays.
#![expect(clippy::unwrap_used, clippy::float_cmp, reason = "a test")]

mod contours;
mod corpus;
mod expect;
mod matched;
mod measure;
mod odd;
mod reference;
mod vectors;
