//! Which elements of a column stand for no value, by a number or not.

use super::FitsColumn;
use crate::fits::form::ColumnForm;

impl FitsColumn<'_> {
    /// `TNULLn` of integers, moved as the elements are.
    pub(crate) fn physical_null(&self) -> Option<i128> {
        let physical = self.physical_type();
        let integer = physical.scalar()?.name().contains("int");
        let null = self.null().filter(|_| integer)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the offsets of the unsigned conventions are powers of two"
        )]
        let moved = if self.is_scaled() {
            self.zero() as i128
        } else {
            0
        };
        moved.checked_add(null.into())
    }

    /// True when elements may stand for no value and no number among the physical values says which: truth values,
    /// fields of text tables, numbers that are scaled to floats, unsigned numbers beyond 63 bits.
    pub(crate) fn has_own_mask(&self) -> bool {
        match self.spec.form {
            ColumnForm::Fixed { code: 'L', .. }
            | ColumnForm::Variable { code: 'L', .. }
            | ColumnForm::Ascii { .. } => true,
            _ => self.null().is_some() && self.scalar_null().is_none(),
        }
    }

    /// [`physical_null`](Self::physical_null) where a tree can hold it.
    pub(crate) fn scalar_null(&self) -> Option<i64> {
        self.physical_null()
            .and_then(|null| i64::try_from(null).ok())
    }
}
