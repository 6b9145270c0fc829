//! Transforms that are made, not read: what stands before and after the transform of a WCS that is wrapped.

use super::Fixed;
use super::Kind;
use super::Parts;
use super::Transform;
use super::linear;
use super::program::Action;
use super::program::Program;
use super::units::Units;
use crate::unit::Unit;
use std::sync::Arc;

/// Inputs of which the dependence is followed.
const FOLLOWED: usize = 64;

impl Transform {
    /// x → slope · x + intercept of each input, side by side; `None` without any.
    pub(crate) fn lines(lines: &[(f64, f64)]) -> Option<Self> {
        let line = |(slope, intercept): &(f64, f64)| {
            let units = Units::times(1, &Unit::NONE);
            Self::from_kind(Kind::Model(linear::line(*slope, *intercept), units))
        };
        Self::beside(lines.iter().map(line))
    }

    /// Transforms side by side; `None` without any.
    pub(crate) fn beside(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let both = |left, right| Self::from_kind(Kind::Concatenate(left, right));
        parts.into_iter().reduce(both)
    }

    /// Inputs in another order, repeated or left out.
    pub(crate) fn mapping(inputs: usize, mapping: Vec<usize>) -> Self {
        Self::from_kind(Kind::Remap { inputs, mapping })
    }

    /// So many numbers of which these are given and all others have values, with units where numbers have some; its inverse
    /// leaves them out.
    pub(crate) fn filled(
        count: usize,
        given: &[usize],
        values: impl IntoIterator<Item = (usize, f64, Option<Unit>)>,
    ) -> Self {
        let whole = Self::mapping(count, (0..count).collect());
        let mut fixed: Vec<Fixed> = values
            .into_iter()
            .map(|(place, value, unit)| Fixed { place, value, unit })
            .collect();
        fixed.sort_by_key(|fixed| fixed.place);
        Self::with_inverse(
            Kind::Fix(whole, fixed),
            Self::mapping(count, given.to_vec()),
        )
    }

    /// The inverse of [`filled`](Self::filled): numbers are left out, the inverse gives them their values.
    pub(crate) fn picked(
        count: usize,
        given: &[usize],
        values: impl IntoIterator<Item = (usize, f64, Option<Unit>)>,
    ) -> Self {
        let filled = Self::filled(count, given, values);
        let kind = Kind::Remap {
            inputs: count,
            mapping: given.to_vec(),
        };
        Self::with_inverse(kind, filled)
    }

    fn with_inverse(kind: Kind, inverse: Self) -> Self {
        let mut parts = Parts::of(kind);
        parts.inverse = Some(inverse);
        Self(Arc::new(parts))
    }

    /// The same without its bounding box.
    pub(crate) fn unbounded(&self) -> Self {
        if self.0.bounding_box.is_none() {
            return self.clone();
        }
        let mut parts = Parts::of(self.0.kind.clone());
        parts.inverse.clone_from(&self.0.inverse);
        parts.tag.clone_from(&self.0.tag);
        parts.path.clone_from(&self.0.path);
        parts.name.clone_from(&self.0.name);
        parts.inputs.clone_from(&self.0.inputs);
        parts.outputs.clone_from(&self.0.outputs);
        Self(Arc::new(parts))
    }
}

impl Program {
    /// For each output which inputs it depends on, a bit each; `None` when there are too many inputs.
    pub(crate) fn dependence(&self) -> Option<Vec<u64>> {
        self.dependence_of(|_, _, _| true)
    }

    /// The same by the numbers of matrices too: what is multiplied by 0 does not count.
    pub(crate) fn exact_dependence(&self) -> Option<Vec<u64>> {
        self.dependence_of(|action, output, input| match action {
            Action::Model(model) => model.depends(output, input),
            _ => true,
        })
    }

    fn dependence_of(&self, depends: impl Fn(&Action, usize, usize) -> bool) -> Option<Vec<u64>> {
        if self.inputs > FOLLOWED {
            return None;
        }
        let mut columns = vec![0_u64; self.columns];
        for (input, bits) in columns.iter_mut().take(self.inputs).enumerate() {
            *bits = 1 << input;
        }
        for step in &self.steps {
            let read = step.read.iter().map(|column| columns.get(*column).copied());
            let read: Vec<u64> = read.map(Option::unwrap_or_default).collect();
            let written = columns.iter_mut().skip(step.first).take(step.count);
            for (output, column) in written.enumerate() {
                let own = read.iter().enumerate();
                let own = own.filter(|(input, _)| depends(&step.action, output, *input));
                *column = own.fold(0, |all, (_, bits)| all | bits);
            }
        }
        let output = |column: &usize| columns.get(*column).copied().unwrap_or(0);
        Some(self.outputs.iter().map(output).collect())
    }
}
