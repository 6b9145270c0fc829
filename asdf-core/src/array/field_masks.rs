//! Masks of the fields of records that no number of the field says: columns of FITS tables whose bytes do not tell an
//! undefined value from a defined one once they are decoded (truth values, fields of text tables, scaled numbers).

use super::ArrayRef;
use super::datatype::Datatype;
use super::mask;
use super::part::Access;
use super::shape;
use super::slice::Slice;
use crate::error::Result;

/// The masks of some fields of loaded records; none of any other array.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FieldMasks(Vec<FieldMask>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct FieldMask {
    /// The field by its place in the record.
    field: usize,
    /// Values that a record has of the field.
    values: usize,
    /// For each value of each record in C order whether it is masked.
    mask: Vec<bool>,
}

impl FieldMasks {
    /// Whether a value of a field of a record is masked, each by its place in C order.
    pub(crate) fn is_masked(&self, record: usize, field: usize, value: usize) -> bool {
        let own = self.0.iter().find(|own| own.field == field);
        own.is_some_and(|own| {
            let at = record.saturating_mul(own.values).saturating_add(value);
            own.mask.get(at) == Some(&true)
        })
    }

    /// The mask of a field over all records.
    pub(super) fn of(&self, field: usize) -> Option<&[bool]> {
        let own = self.0.iter().find(|own| own.field == field)?;
        Some(&own.mask)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same of the records that slices of the only axis take.
    pub(super) fn cut(&self, cut: impl Fn(&[bool], usize) -> Result<Vec<bool>>) -> Result<Self> {
        let cut = self.0.iter().map(|own| {
            let mask = cut(&own.mask, own.values)?;
            Ok(FieldMask { mask, ..*own })
        });
        cut.collect::<Result<_>>().map(Self)
    }
}

impl ArrayRef<'_> {
    /// The masks of fields of the records that slices take; those that mask something.
    pub(crate) fn load_field_masks(&self, slices: &[Slice]) -> Result<FieldMasks> {
        let mut out = Vec::new();
        for (field, own) in &self.field_masks {
            let (data, _) = own.load_part(slices, Access::Copied)?;
            let mask = mask::is_set(&data);
            if mask.contains(&true) {
                out.push(FieldMask {
                    field: *field,
                    values: values(self.datatype(), *field),
                    mask,
                });
            }
        }
        Ok(FieldMasks(out))
    }
}

/// Values that a record has of a field.
fn values(datatype: &Datatype, field: usize) -> usize {
    let Datatype::Record(fields) = datatype else {
        return 1;
    };
    let shape = fields.get(field).map(|field| field.shape.as_slice());
    let count = shape.and_then(shape::count);
    count
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(1)
}
