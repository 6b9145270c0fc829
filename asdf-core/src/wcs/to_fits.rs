//! The FITS header of a WCS (spec-notes F-100 to F-103): the one that it was read from, the one that says the same where FITS
//! can, else the one that comes closest.

mod axes;
mod cards;
mod ending;
mod exact;
mod given;
mod native;
mod wider;

pub use cards::WcsCards;

use super::SipApproximation;
use super::SipCard;
use super::SipOptions;
use super::SipValue;
use super::Wcs;
use super::header;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::fits::{CardValue, NewHeader};
use crate::tree::TreePath;

/// Degrees on the sky, and parts of other coordinates, within which a header says the same as its WCS.
const SAME: f64 = 1e-10;

/// A FITS header of a WCS.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FitsWcsHeader {
    /// Keyword, value, comment; `NAXIS` and its axes first.
    pub cards: Vec<SipCard>,
    /// How close it comes.
    pub fidelity: Fidelity,
}

/// How close a header comes to the WCS that it is made of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fidelity {
    /// These are the cards that the WCS was read from.
    Given,
    /// It gives the same coordinates; the greatest difference on a grid over the image, in degrees on the sky and as a part of
    /// other coordinates.
    Exact(f64),
    /// A tangent plane with SIP polynomials that comes closest; of a cube the celestial part alone.
    Fitted(Box<SipApproximation>),
}

impl AsdfFile {
    /// The FITS header of a WCS of this file: the cards that it was read from, where it was one; else those that say the same,
    /// for projections of FITS after a matrix and SIP, with further axes that are lines or logarithms; else the tangent plane
    /// with SIP polynomials of [`Wcs::to_fits_sip`].
    ///
    /// # Errors
    /// As [`Wcs::to_fits_sip`], where no header says the same.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::wcs::{Fidelity, SipOptions};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let wcs = file.wcs("roman/meta/wcs")?;
    /// let header = file.wcs_header(&wcs, &SipOptions::default())?;
    /// assert!(header.cards.iter().any(|(keyword, ..)| keyword == "CTYPE1"));
    /// if let Fidelity::Fitted(fit) = header.fidelity {
    ///     assert!(fit.error <= 0.25); // pixels
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn wcs_header(&self, wcs: &Wcs, options: &SipOptions) -> Result<FitsWcsHeader> {
        if let Some(cards) = given::cards(self, wcs) {
            return Ok(FitsWcsHeader {
                cards,
                fidelity: Fidelity::Given,
            });
        }
        let found = exact::cards(self, wcs).filter(|cards| !cards.is_empty());
        if let Some(cards) = found
            && let Some(error) = self.difference(wcs, &cards)
            && error <= SAME
        {
            let fidelity = Fidelity::Exact(error);
            return Ok(FitsWcsHeader { cards, fidelity });
        }
        let fit = wcs.to_fits_sip(options)?;
        Ok(FitsWcsHeader {
            cards: fit.cards(),
            fidelity: Fidelity::Fitted(Box::new(fit)),
        })
    }

    /// How far the coordinates of a header are from those of a WCS at most, on a grid over the image: degrees on the sky, others
    /// by their size. `None` where the header is not understood.
    fn difference(&self, wcs: &Wcs, cards: &[SipCard]) -> Option<f64> {
        let header = header_of(cards)?;
        let other = header::of_cards(self, &header.read(), "", &TreePath::default())?;
        native::difference(wcs, &other)
    }
}

/// Cards as a header.
fn header_of(cards: &[SipCard]) -> Option<NewHeader> {
    let mut header = NewHeader::new();
    for (keyword, value, comment) in cards {
        header.push(keyword, &card_value(value), comment).ok()?;
    }
    Some(header)
}

/// The value of a card, as headers have it.
fn card_value(value: &SipValue) -> CardValue {
    match value {
        SipValue::Integer(value) => CardValue::Integer((*value).into()),
        SipValue::Real(value) => CardValue::Float(*value),
        SipValue::Text(text) => CardValue::Text(text.clone()),
    }
}
