//! The WCS of a FITS header as a GWCS of all its axes (FITS papers I to IV, and the conventions that are in use).
//!
//! What is not understood completely gives none, as a WCS that is nearly right would be taken for one that is. The keyword
//! that stands in the way is told.

mod axes;
mod celestial;
mod columns;
mod dss;
mod faces;
mod frames;
mod iraf;
mod keywords;
mod linear;
mod lookup;
mod model;
mod number;
mod physical;
mod pole;
mod polynomial;
mod projection;
mod sip;
mod spectral;
mod tabular;
mod text;
mod tpv;
mod tree;
mod units;

use super::frame::Frame;
use crate::error::Error;
use crate::error::FitsFault;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WarningKind;
use crate::file::AsdfFile;
use crate::fits::FitsFile;
use crate::fits::FitsHeader;
use crate::fits::Hdu;
use crate::fits::HduKind;
use crate::limits::Limits;
use crate::tree::{NewNode, Nodes, PathStep, Tree, TreePath};
pub(super) use axes::{is_plain as is_plain_axis, time_kind};
use keywords::Keywords;
use lookup::Lookups;
use number::Refusal;
pub(super) use projection::Projection;
pub(super) use spectral::kind as spectral_kind;
use text::{Purpose, Text};
pub(super) use tree::{
    cards, fits_header, hdu_at, is_hdu, of_cards, of_description, of_hdu, read_wcs,
};

/// What is read beside projections and spectral quantities: a name, and the keywords that say it.
const CONVENTIONS: &[(&str, &str)] = &[
    (
        "linear axes",
        "`CTYPEi`, `CRPIXj`, `CRVALi`, `CDELTi`, `CUNITi`",
    ),
    ("matrices", "`CDi_j`, `PCi_j`, `CROTAi`"),
    (
        "native pole",
        "`LONPOLE`, `LATPOLE`, `PVi_1` to `PVi_4` of the longitude",
    ),
    ("SIP", "`A_i_j`, `B_i_j`, `AP_i_j`, `BP_i_j`"),
    ("TPV, TAN with PV", "`PVi_m`"),
    ("TNX, ZPX", "`WATi_m`"),
    (
        "plate solutions of DSS",
        "`AMDXn`, `AMDYn`, which go before all others",
    ),
    ("coordinates in tables", "`-TAB`, `PSi_m`, `PVi_m`"),
    (
        "distortion by tables",
        "`CPDISi`, `DPi`, `D2IMDISi`, `D2IMi`, `AXISCORR`",
    ),
    ("faces of a cube", "`CTYPEi = 'CUBEFACE'`"),
    ("physical pixels", "`LTVi`, `LTMi_j`"),
    (
        "alternative descriptions",
        "a letter from A to Z at the end of each keyword",
    ),
];

/// What is read of headers: projections, spectral quantities, conventions; each with what there is to say of it.
#[doc(hidden)]
pub fn header_conventions() -> [Vec<(&'static str, &'static str)>; 3] {
    [
        projection::codes(),
        spectral::quantities(),
        CONVENTIONS.to_vec(),
    ]
}

/// The GWCS of an image to be shown beside its header: from pixels, which count from 0, to all axes of the world, in the order
/// of the header. `None` when the header says more than is understood, and when no file can have it.
pub(crate) fn shown_node(
    fits: &FitsFile,
    header: &FitsHeader<'_>,
    nodes: &mut Nodes,
) -> Result<Option<NewNode>> {
    match text::of(Keywords::new(header, ""), fits, Purpose::Evaluation) {
        Ok(text) if !text.is_local => node(&text, nodes).map(Some),
        _ => Ok(None),
    }
}

/// The WCS of the columns of a table to be shown beside its header: that of its pixel list (pixels count from 0, the numbers in
/// the columns from 1), or a mapping from columns whose cells are images to theirs. `None` where no column has one that is
/// understood.
pub(crate) fn shown_table_node(
    fits: &FitsFile,
    hdu: Hdu<'_>,
    nodes: &mut Nodes,
) -> Result<Option<NewNode>> {
    let header = hdu.image_header();
    let mut pairs = Vec::new();
    for own in columns::of(&header)? {
        let cards = own.header.read();
        let text = text::of(Keywords::new(&cards, ""), fits, Purpose::Evaluation);
        let Ok(text) = text else { continue };
        if text.is_local {
            continue;
        }
        let made = node(&text, nodes)?;
        let Some(column) = own.column else {
            return Ok(Some(made));
        };
        let name = header.text(&format!("TTYPE{column}")).ok().flatten();
        let name = name.map_or_else(|| format!("col{column}"), |name| name.trim().to_owned());
        pairs.push((nodes.string(&name), made));
    }
    Ok((!pairs.is_empty()).then(|| nodes.map(pairs)))
}

/// The same to be written; why there is none.
pub(crate) fn written_node(
    fits: &FitsFile,
    header: &FitsHeader<'_>,
    nodes: &mut Nodes,
) -> Result<Option<NewNode>> {
    match text::of(Keywords::new(header, ""), fits, Purpose::File) {
        Ok(text) => node(&text, nodes).map(Some),
        Err(_) => Ok(None),
    }
}

fn node(text: &Text, nodes: &mut Nodes) -> Result<NewNode> {
    let limits = Limits::default();
    let tree = Tree::parse(text.yaml.as_bytes(), 0, &limits, &mut Vec::new())?;
    Ok(nodes.copy(tree.root()))
}

/// A warning for each image of a file whose header gives no WCS that can be written, with the keyword that stands in the way.
pub fn header_wcs_warnings(fits: &FitsFile) -> Vec<Warning> {
    let images = fits.hdus().filter(|hdu| has_pixels(*hdu));
    images
        .filter_map(|hdu| {
            let fault = Box::new(header_wcs_fault(fits, hdu, "", Purpose::File)?);
            let warning = Warning::new(WarningKind::FitsNoWcs { fault });
            Some(warning.at(hdu.header_span()).in_hdu(hdu.index()))
        })
        .collect()
}

/// A warning for each number of a WCS that stands in quotes and is read all the same.
pub(crate) fn quoted_numbers(fits: &FitsFile) -> Vec<Warning> {
    let images = fits.hdus().filter(|hdu| has_pixels(*hdu));
    let quoted = images.flat_map(|hdu| {
        let found = sip::quoted_coefficients(&hdu.image_header());
        found.into_iter().map(move |(keyword, value)| {
            let warning = Warning::new(WarningKind::FitsKeyword {
                keyword: keyword.into(),
                found: value.to_string().into(),
                wanted: "a number without quotes",
            });
            warning.at(hdu.header_span()).in_hdu(hdu.index())
        })
    });
    quoted.collect()
}

fn has_pixels(hdu: Hdu<'_>) -> bool {
    hdu.image().is_ok_and(|image| !image.is_absent())
}

/// Why the header of an HDU gives no WCS: the keyword that stands in the way. `None` when it gives one.
fn header_wcs_fault(
    fits: &dyn Lookups,
    hdu: Hdu<'_>,
    alternate: &str,
    purpose: Purpose,
) -> Option<FitsFault> {
    if !matches!(hdu.kind(), HduKind::Image | HduKind::CompressedImage) {
        let keyword = if hdu.kind() == HduKind::Groups {
            "GROUPS"
        } else {
            "XTENSION"
        };
        let reason = format!("makes the HDU a {}, not an image", hdu.kind().name());
        return Some(Refusal::new(keyword, reason).fault());
    }
    let header = hdu.image_header();
    let made = text::of(Keywords::new(&header, alternate), fits, purpose);
    made.err().map(|refusal| refusal.fault())
}

/// A description of the axes of an image in the header of an HDU.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HeaderDescription {
    /// The number of the HDU.
    pub hdu: usize,
    /// The letter of an alternate description; empty for the primary one.
    pub alternate: String,
    /// Where its WCS stands: `/fits/1/wcs`, `/fits/1/wcs/A`.
    pub path: TreePath,
}

impl AsdfFile {
    /// What the headers of a FITS file say of the axes of their images: each description, whether it is understood or not, in
    /// the order of the HDUs. The path is that of a file without a tree.
    pub fn header_descriptions(&self) -> Vec<HeaderDescription> {
        let mut found = Vec::new();
        let hdus = self.fits().map(FitsFile::hdus);
        for hdu in hdus.into_iter().flatten() {
            if !matches!(hdu.kind(), HduKind::Image | HduKind::CompressedImage) {
                continue;
            }
            let header = hdu.image_header();
            let letters = ('A'..='Z').map(String::from);
            for alternate in std::iter::once(String::new()).chain(letters) {
                let keywords = Keywords::new(&header, &alternate);
                if keywords.axis_count() == Ok(0) && !keywords.is_physical() {
                    continue;
                }
                let path = TreePath::default()
                    .key("fits")
                    .index(hdu.index())
                    .key("wcs");
                let path = if alternate.is_empty() {
                    path
                } else {
                    path.key(&alternate)
                };
                found.push(HeaderDescription {
                    hdu: hdu.index(),
                    alternate,
                    path,
                });
            }
        }
        found
    }

    /// The frame that a description of a header leads to, on one line: its kind, axes and units.
    ///
    /// # Errors
    /// A keyword is not understood, which is named.
    pub fn header_world(&self, description: &HeaderDescription) -> Result<Frame> {
        let fits = self.fits().ok_or_else(|| self.no_header())?;
        let hdu = fits.hdu(description.hdu)?;
        let header = hdu.image_header();
        let keywords = Keywords::new(&header, &description.alternate);
        let text = text::of(keywords, fits, Purpose::Evaluation);
        let text = text.map_err(|refusal| {
            let error = Error::from(refusal.fault()).at(hdu.header_span());
            self.name_in(error.in_hdu(hdu.index()))
        })?;
        let wcs = tree::made(self, &text.yaml, &description.path)?;
        let last = wcs.steps().last();
        last.map(|step| step.frame.clone())
            .ok_or_else(|| self.no_header())
    }

    fn no_header(&self) -> Error {
        let reason = "is missing, the file has no such header";
        self.name_in(Error::from(Refusal::new("CTYPE1", reason).fault()))
    }

    /// Why images of a FITS file have no WCS although their headers say something of axes: an error each, which names the
    /// HDU and the keyword that stands in the way.
    pub fn headers_without_wcs(&self) -> Vec<Error> {
        let Some(fits) = self.fits() else {
            return Vec::new();
        };
        let images = fits.hdus().filter(|hdu| has_pixels(*hdu));
        let says = |hdu: &Hdu<'_>| {
            let header = hdu.image_header();
            Keywords::new(&header, "").axis_count() != Ok(0)
        };
        let refused = images.filter(says).filter_map(|hdu| {
            let fault = header_wcs_fault(fits, hdu, "", Purpose::Evaluation)?;
            let error = Error::from(fault).at(hdu.header_span());
            Some(self.name_in(error.in_hdu(hdu.index())))
        });
        refused.collect()
    }

    /// The error that says why an HDU has no WCS at `/fits/N/wcs`, or, without a path, why the first image has none: the
    /// keyword of its header that is not understood. `None` where there is one, and when the path is another.
    pub fn missing_wcs(&self, path: Option<&TreePath>) -> Option<Error> {
        let fits = self.fits()?;
        let mut alternate = "";
        let hdu = if let Some(path) = path {
            let [PathStep::Key(list), index, PathStep::Key(key), rest @ ..] = path.steps() else {
                return None;
            };
            match rest {
                [] => {}
                [PathStep::Key(letter)] => alternate = letter,
                _ => return None,
            }
            let index = match index {
                PathStep::Index(index) => *index,
                PathStep::Key(text) => text.parse().ok()?,
            };
            if list.as_ref() != "fits" || key.as_ref() != "wcs" {
                return None;
            }
            fits.hdu(index).ok()?
        } else {
            fits.hdus()
                .find(|hdu| has_pixels(*hdu))
                .or_else(|| fits.hdu(0).ok())?
        };
        let fault = header_wcs_fault(fits, hdu, alternate, Purpose::Evaluation)?;
        let error = Error::from(fault).at(hdu.header_span());
        Some(self.name_in(error.in_hdu(hdu.index())))
    }
}
