//! A part of an array: subscripts and fields one after another, as numpy takes them.

use super::ArrayRef;
use super::data::ArrayData;
use super::datatype::Datatype;
use super::slice::{Slice, bad};
use super::subscript::Subscript;
use crate::error::{ElementsFault, Locate, Result};

/// What of an array is taken by `data[0:10][2]`, `cat["ra"][::2]`, `cube[..., None]`: the same as numpy's basic indexing takes.
///
/// Whatever stands one after another is one part in the end: a slice for each axis of the array, one for each axis of the
/// field, and new axes between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrayPart {
    /// What is taken of each axis of the array, then of each axis that fields have.
    axes: Vec<Taken>,
    /// The lengths of these axes.
    lengths: Vec<u64>,
    /// Axes that the array has itself.
    own: usize,
    /// Axes of the part.
    result: Vec<Axis>,
    fields: Vec<String>,
    /// What an element is, after the fields.
    datatype: Datatype,
    /// The first slice that reaches over the end of its axis, which takes what is there.
    clipped: Option<Clipped>,
}

/// A slice that reaches over the end of its axis.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clipped {
    slice: Slice,
    axis: usize,
    length: u64,
}

/// An axis of the part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    /// What is taken of an axis that was there.
    Of(usize),
    /// A new one of that length, 1 or 0.
    New(u64),
}

/// Positions of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// All of that many.
    Whole(u64),
    /// One; the axis disappears.
    One(i64),
    /// The first, the step, and how many.
    Along(i64, i64, u64),
}

impl Taken {
    fn length(self) -> u64 {
        match self {
            Self::Whole(length) | Self::Along(_, _, length) => length,
            Self::One(_) => 1,
        }
    }

    /// A slice of what is taken already; `None` is an index outside.
    fn slice(self, slice: Slice) -> Option<Self> {
        let (start, step, count) = slice.positions(self.length())?;
        if slice == Slice::ALL {
            return Some(self);
        }
        let (first, stride) = match self {
            Self::Along(first, stride, _) => (first, stride),
            Self::Whole(_) | Self::One(_) => (0, 1),
        };
        let at = first.saturating_add(stride.saturating_mul(start));
        Some(match slice {
            Slice::Index(_) => Self::One(at),
            Slice::Range { .. } if count == 0 => Self::Along(0, 1, 0),
            Slice::Range { .. } => Self::Along(at, stride.saturating_mul(step), count),
        })
    }

    /// The same as a slice of the whole axis.
    fn to_slice(self) -> Slice {
        match self {
            Self::Whole(_) => Slice::ALL,
            Self::One(at) => Slice::Index(at),
            Self::Along(first, step, count) => {
                let steps = i64::try_from(count).unwrap_or(i64::MAX).saturating_sub(1);
                let last = first.saturating_add(step.saturating_mul(steps));
                // Next to the last position, which no step goes beyond.
                let end = match steps {
                    ..0 => first,
                    _ => last.saturating_add(step.signum()),
                };
                Slice::Range {
                    start: Some(first),
                    // Before the first position there is none that a number could name.
                    stop: (end >= 0).then_some(end),
                    step,
                }
            }
        }
    }
}

impl ArrayPart {
    /// All of an array.
    pub fn whole(array: &ArrayRef<'_>) -> Self {
        let shape = array.shape();
        Self {
            axes: shape.iter().copied().map(Taken::Whole).collect(),
            lengths: shape.to_vec(),
            own: shape.len(),
            result: (0..shape.len()).map(Axis::Of).collect(),
            fields: Vec::new(),
            datatype: array.datatype().clone(),
            clipped: None,
        }
    }

    /// Lengths of the axes of the part.
    pub fn shape(&self) -> Vec<u64> {
        let length = |axis: &Axis| self.taken(*axis).length();
        self.result.iter().map(length).collect()
    }

    /// For each axis of the part what it takes of that of the array or field, and how long that is.
    pub fn result_axes(&self) -> Vec<(Slice, u64)> {
        let own = |axis: &Axis| match axis {
            Axis::Of(number) => {
                let length = self.lengths.get(*number).copied().unwrap_or(1);
                (self.taken(*axis).to_slice(), length)
            }
            Axis::New(length) => (Slice::ALL, *length),
        };
        self.result.iter().map(own).collect()
    }

    fn taken(&self, axis: Axis) -> Taken {
        match axis {
            Axis::Of(axis) => self.axes.get(axis).copied().unwrap_or(Taken::Whole(1)),
            Axis::New(length) => Taken::Whole(length),
        }
    }

    /// What an element of the part is.
    pub fn datatype(&self) -> &Datatype {
        &self.datatype
    }

    /// The names of the fields that are taken, each of the records of the one before.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// What is taken of each axis of the array; nothing where all is.
    pub fn slices(&self) -> Vec<Slice> {
        let own = self.axes.iter().take(self.own);
        let mut slices: Vec<Slice> = own.map(|taken| taken.to_slice()).collect();
        if slices.iter().all(|slice| *slice == Slice::ALL) {
            slices.clear();
        }
        slices
    }

    /// What is taken of each axis of the field: the axes that the array's slices have left come first. Nothing where all is.
    pub(crate) fn field_slices(&self) -> Vec<Slice> {
        let own = self.axes.iter().take(self.own);
        let left = own.filter(|taken| !matches!(taken, Taken::One(_)));
        let of_fields = self.axes.iter().skip(self.own);
        if of_fields
            .clone()
            .all(|taken| matches!(taken, Taken::Whole(_)))
        {
            return Vec::new();
        }
        let slices = of_fields.map(|taken| taken.to_slice());
        left.map(|_| Slice::ALL).chain(slices).collect()
    }

    /// True when no element is left out, whatever axes are new.
    pub fn is_whole(&self) -> bool {
        self.axes
            .iter()
            .all(|taken| matches!(taken, Taken::Whole(_)))
    }

    /// True when the part has axes that the array has not.
    pub fn has_new_axes(&self) -> bool {
        let is_new = |axis: &Axis| matches!(axis, Axis::New(_));
        self.result.iter().any(is_new)
    }

    /// Where slices took less than they say, since the axis ends before; numpy says nothing then.
    ///
    /// # Errors
    /// The first such slice.
    pub fn check_within(&self) -> Result<()> {
        let Some(Clipped {
            slice,
            axis,
            length,
        }) = &self.clipped
        else {
            return Ok(());
        };
        Err(ElementsFault::SliceOutside {
            slice: slice.to_string().into(),
            axis: *axis,
            length: i64::try_from(*length).unwrap_or(i64::MAX),
        }
        .into())
    }

    /// Takes a part of the part.
    ///
    /// # Errors
    /// More subscripts than axes, or an index outside of its axis.
    pub fn take(&mut self, subscripts: &[Subscript]) -> Result<()> {
        let is_slice = |part: &&Subscript| matches!(part, Subscript::Slice(_));
        let named = subscripts.iter().filter(is_slice).count();
        let mut axes = self.result.clone().into_iter();
        let Some(left) = axes.len().checked_sub(named) else {
            return Err(bad(format!("{named} slices for {} axes", axes.len())));
        };
        let mut part = Self {
            result: Vec::new(),
            ..self.clone()
        };
        let (mut number, mut has_ellipsis) = (0, false);
        for subscript in subscripts {
            match subscript {
                Subscript::NewAxis => part.result.push(Axis::New(1)),
                Subscript::Ellipsis => {
                    part.result.extend(axes.by_ref().take(left));
                    number += left;
                    has_ellipsis = true;
                }
                Subscript::Slice(slice) => {
                    if let Some(axis) = axes.next() {
                        part.take_axis(axis, number, *slice)?;
                    }
                    number += 1;
                }
            }
        }
        if !has_ellipsis {
            part.result.extend(axes);
        }
        *self = part;
        Ok(())
    }

    /// Takes a part of one axis, which counts as that number.
    fn take_axis(&mut self, axis: Axis, number: usize, slice: Slice) -> Result<()> {
        let before = self.taken(axis);
        let length = before.length();
        let Some(after) = before.slice(slice) else {
            return Err(bad(format!(
                "index {slice} is outside of axis {number}, which has {length}"
            )));
        };
        if self.clipped.is_none() && is_clipped(slice, length) {
            self.clipped = Some(Clipped {
                slice,
                axis: number,
                length,
            });
        }
        let kept = match axis {
            Axis::New(_) => Axis::New(after.length()),
            Axis::Of(own) => {
                if let Some(place) = self.axes.get_mut(own) {
                    *place = after;
                }
                axis
            }
        };
        if !matches!(slice, Slice::Index(_)) {
            self.result.push(kept);
        }
        Ok(())
    }

    /// Takes a field of the records; where none is written like that, the only one but for case, as columns of FITS tables
    /// are found. False, and nothing is changed, where there is none.
    pub fn take_field(&mut self, name: &str) -> bool {
        let Datatype::Record(fields) = &self.datatype else {
            return false;
        };
        let labels: Vec<String> = fields
            .iter()
            .enumerate()
            .map(|(index, field)| field.label(index))
            .collect();
        let exact = labels.iter().position(|own| own == name);
        let found = exact.or_else(|| {
            let alike = |own: &String| own.eq_ignore_ascii_case(name);
            let first = labels.iter().position(alike)?;
            (labels.iter().filter(|own| alike(own)).count() == 1).then_some(first)
        });
        let field = found.and_then(|at| Some((labels.get(at)?, fields.get(at)?)));
        let Some((label, field)) = field else {
            return false;
        };
        // The axes of a field come last, new ones among those before stay where they are.
        let before = self.axes.len();
        self.axes
            .extend(field.shape.iter().copied().map(Taken::Whole));
        self.lengths.extend_from_slice(&field.shape);
        self.result.extend((before..self.axes.len()).map(Axis::Of));
        self.fields.push(label.clone());
        self.datatype = field.datatype.clone();
        true
    }

    /// Reads and decodes the part; only what it needs.
    ///
    /// # Errors
    /// As [`ArrayRef::load`].
    pub fn load<'f>(&self, array: &ArrayRef<'f>) -> Result<ArrayData<'f>> {
        let mut data = array.load_slices(&self.slices())?;
        for name in &self.fields {
            let missing = || bad(format!("no field `{}`", name.escape_debug()));
            let found = data.into_field(name);
            data = found.ok_or_else(missing).at_path(|| array.path())?;
        }
        let slices = self.field_slices();
        if !slices.is_empty() {
            data = data.into_part(&slices)?;
        }
        for (place, axis) in self.result.iter().enumerate() {
            if let Axis::New(length) = axis {
                data.insert_axis(place, *length);
            }
        }
        Ok(data)
    }

    /// Hands the elements of the part to `sink`, as [`ArrayRef::stream_le`] does those of the array.
    ///
    /// # Errors
    /// As [`ArrayRef::load`]; what `sink` returns.
    pub fn stream_le(
        &self,
        array: &ArrayRef<'_>,
        sink: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        if self.fields.is_empty() && !self.shape().contains(&0) {
            array.stream_slices_le(&self.slices(), sink)
        } else {
            self.load(array)?.pack(sink)
        }
    }
}

/// Whether a slice says more than an axis of that length has.
fn is_clipped(slice: Slice, length: u64) -> bool {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let outside = |at: Option<i64>| at.is_some_and(|at| at < -length || at > length);
    match slice {
        Slice::Range { start, stop, .. } => outside(start) || outside(stop),
        Slice::Index(_) => false,
    }
}
