//! Comments of the cards of FITS headers, which the tree of HDUs has not.

use asdf_core::tree::PathStep;
use asdf_core::{AsdfFile, TreePath};
use std::collections::HashMap;

/// The comments of a header: those of all cards of each keyword.
type OfHeader = HashMap<String, Vec<String>>;

/// The comments of the headers of a file, read when they are first asked for.
pub(super) struct CardComments<'f> {
    file: &'f AsdfFile,
    /// The key that the HDUs stand under.
    list: String,
    headers: HashMap<usize, OfHeader>,
}

impl<'f> CardComments<'f> {
    /// `None` of a file that is not a FITS file.
    pub(super) fn new(file: &'f AsdfFile) -> Option<Self> {
        file.fits()?;
        Some(Self {
            file,
            list: file.hdu_key(),
            headers: HashMap::new(),
        })
    }

    /// The comment, with the unit in brackets that it may begin with, of the card whose value stands at a path.
    pub(super) fn at(&mut self, path: &TreePath) -> Option<&str> {
        let [
            PathStep::Key(list),
            number,
            PathStep::Key(header),
            PathStep::Key(keyword),
            rest @ ..,
        ] = path.steps()
        else {
            return None;
        };
        if **list != *self.list || &**header != "header" {
            return None;
        }
        let number = match number {
            PathStep::Index(number) => *number,
            PathStep::Key(text) => text.parse().ok()?,
        };
        let file = self.file;
        let comments = self
            .headers
            .entry(number)
            .or_insert_with(|| of_header(file, number));
        let comments = comments.get(&**keyword)?;
        let comment = match (rest, comments.as_slice()) {
            ([], [only]) => only,
            ([PathStep::Index(place)], several) => several.get(*place)?,
            _ => return None,
        };
        (!comment.is_empty()).then_some(comment)
    }
}

fn of_header(file: &AsdfFile, number: usize) -> OfHeader {
    let mut comments = OfHeader::new();
    let Some(hdu) = file.fits().and_then(|fits| fits.hdu(number).ok()) else {
        return comments;
    };
    let header = hdu.image_header();
    for card in header.cards().filter(|card| !card.is_commentary()) {
        let own = comments.entry(card.keyword().into_owned()).or_default();
        own.push(card.comment());
    }
    comments
}
