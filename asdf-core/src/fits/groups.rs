//! Random groups: arrays of parameters and pixels that take turns. FITS 4.0, section 6.

use super::Hdu;
use super::HduKind;
use super::c_order;
use super::image;
use super::scale::Scaling;
use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::Scalar;
use crate::error::Mismatch;
use crate::error::Result;

/// The groups of a primary HDU.
#[derive(Debug)]
pub struct FitsGroups<'f> {
    hdu: Hdu<'f>,
    stored: Scalar,
    /// Shape of one group's array, C order.
    shape: Vec<u64>,
    scaling: Scaling,
}

impl<'f> FitsGroups<'f> {
    pub(super) fn new(hdu: Hdu<'f>) -> Result<Self> {
        if hdu.kind() != HduKind::Groups {
            return Err(hdu.wrong_kind("random groups"));
        }
        let bitpix = hdu.entry.bitpix;
        let axes = hdu.entry.axes.get(1..).unwrap_or_default();
        Ok(Self {
            hdu,
            stored: image::scalar(bitpix),
            shape: c_order(axes),
            scaling: image::scaling(&hdu.header(), bitpix)?,
        })
    }

    /// Number of groups.
    pub fn len(&self) -> u64 {
        self.hdu.entry.gcount
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of parameters of a group.
    pub fn parameter_count(&self) -> u64 {
        self.hdu.entry.pcount
    }

    /// `PTYPEn` of a parameter, counted from 0. Equal names mean that the values are to be added.
    ///
    /// # Errors
    /// The card holds something that is not text.
    pub fn parameter_name(&self, parameter: u64) -> Result<Option<String>> {
        let keyword = format!("PTYPE{}", parameter.saturating_add(1));
        self.hdu.locate(self.hdu.header().text(&keyword))
    }

    /// The physical values of a parameter, one for each group.
    ///
    /// # Errors
    /// There is no such parameter; the data are cut.
    pub fn parameter(&self, parameter: u64) -> Result<ArrayData<'f>> {
        self.hdu.locate(self.load_parameter(parameter))
    }

    /// The physical values of all arrays; the axis of the groups comes first.
    ///
    /// # Errors
    /// The data are cut.
    pub fn load(&self) -> Result<ArrayData<'f>> {
        let data = self.load_stored()?;
        self.hdu.locate(self.scaling.apply(data, false))
    }

    /// The stored values of all arrays, borrowed from the file.
    ///
    /// # Errors
    /// The data are cut.
    pub fn load_stored(&self) -> Result<ArrayData<'f>> {
        let first = self.parameter_count().saturating_mul(self.stored.size());
        self.hdu.locate(self.array(first, &self.shape))
    }

    fn load_parameter(&self, parameter: u64) -> Result<ArrayData<'f>> {
        let count = self.parameter_count();
        if parameter >= count {
            let asked = parameter;
            let what = "parameter";
            return Err(Mismatch::NoPart { what, asked, count }.into());
        }
        let header = self.hdu.header();
        let number = parameter.saturating_add(1);
        let scaling = Scaling {
            scale: header.float(&format!("PSCAL{number}"))?.unwrap_or(1.0),
            zero: header.float(&format!("PZERO{number}"))?.unwrap_or(0.0),
            blank: None,
        };
        let data = self.array(parameter.saturating_mul(self.stored.size()), &[])?;
        scaling.apply(data, false)
    }

    /// A part of every group.
    fn array(&self, first: u64, shape: &[u64]) -> Result<ArrayData<'f>> {
        let size = self.stored.size();
        let count = self
            .shape
            .iter()
            .fold(1_u64, |product, axis| product.saturating_mul(*axis));
        let group = self
            .parameter_count()
            .saturating_add(count)
            .saturating_mul(size);
        let mut strides: Vec<i64> = Vec::with_capacity(shape.len().saturating_add(1));
        let mut stride = size;
        for length in shape.iter().rev() {
            strides.push(i64::try_from(stride).unwrap_or(i64::MAX));
            stride = stride.saturating_mul(*length);
        }
        strides.push(i64::try_from(group).unwrap_or(i64::MAX));
        strides.reverse();
        let mut whole = vec![self.len()];
        whole.extend(shape);
        let datatype = Datatype::Scalar(self.stored);
        let bytes = self.hdu.data()?;
        ArrayData::from_parts(bytes, first, datatype, ByteOrder::Big, whole, Some(strides))
    }
}
