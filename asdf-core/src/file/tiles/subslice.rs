//! The part of all elements that a dataset was cut to: `subslice`, a list of positions and of `[start, stop, step]`.

use super::bad;
use crate::array::{Slice, c_strides};
use crate::error::Result;
use crate::tree::{Node, Value};
use std::ops::Range;

/// How the axes of an array lie in those of all elements.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    axes: Vec<Axis>,
}

/// One axis of all elements.
#[derive(Debug, Clone, Copy)]
struct Axis {
    first: i64,
    step: i64,
    count: u64,
    /// False when it is one position, which the array has no axis for.
    stays: bool,
}

impl Cut {
    /// What a node says, for elements of those lengths; its slices come after the axes along which the files lie.
    pub(super) fn of(node: Node<'_>, shape: &[u64], grid_axes: usize) -> Result<Self> {
        let mut slices = vec![Slice::ALL; shape.len()];
        let list = node.get("subslice");
        let list = list.filter(|list| !matches!(list.value(), Value::Null));
        if let Some(list) = list {
            let wrong = || {
                bad(
                    list,
                    "a list of positions and of [start, stop, step]".to_owned(),
                )
            };
            for (index, item) in list.as_seq().ok_or_else(wrong)?.iter().enumerate() {
                let axes = shape.len();
                let Some(slot) = slices.get_mut(grid_axes.saturating_add(index)) else {
                    let wanted = format!("at most {} slices", axes.saturating_sub(grid_axes));
                    return Err(bad(list, wanted));
                };
                *slot = slice(item)?;
            }
        }
        let mut axes = Vec::with_capacity(shape.len());
        for (slice, length) in slices.into_iter().zip(shape) {
            let Some((first, step, count)) = slice.positions(*length) else {
                let wanted = format!("a position on an axis of {length}");
                return Err(bad(list.unwrap_or(node), wanted));
            };
            axes.push(Axis {
                first,
                step,
                count,
                stays: !matches!(slice, Slice::Index(_)),
            });
        }
        Ok(Self { axes })
    }

    /// The lengths of the axes that stay.
    pub(super) fn shape(&self) -> Vec<u64> {
        let stay = self.axes.iter().filter(|axis| axis.stays);
        stay.map(|axis| axis.count).collect()
    }

    /// The window of all elements that a window of the array lies in.
    pub(super) fn around(&self, window: &[Range<u64>]) -> Vec<Range<u64>> {
        let mut window = window.iter();
        let mut out = Vec::with_capacity(self.axes.len());
        for axis in &self.axes {
            let range = if axis.stays {
                window.next().cloned().unwrap_or(0..axis.count)
            } else {
                0..1
            };
            if range.is_empty() {
                out.push(0..0);
                continue;
            }
            let (low, high) = (axis.at(range.start), axis.at(range.end.saturating_sub(1)));
            out.push(low.min(high)..low.max(high).saturating_add(1));
        }
        out
    }

    /// Where the elements of a window of the array are among those that [`around`](Self::around) gives, in C order of that
    /// size: byte of the first, lengths, strides.
    pub(super) fn within(
        &self,
        window: &[Range<u64>],
        around: &[Range<u64>],
        size: u64,
    ) -> (u64, Vec<u64>, Vec<i64>) {
        let lengths: Vec<u64> = around
            .iter()
            .map(|range| range.end.saturating_sub(range.start))
            .collect();
        let (mut first, mut shape, mut strides) = (0_u64, Vec::new(), Vec::new());
        let mut window = window.iter();
        let dense = c_strides(&lengths, size);
        for ((axis, range), stride) in self.axes.iter().zip(around).zip(dense) {
            let asked = if axis.stays {
                window.next().cloned().unwrap_or(0..axis.count)
            } else {
                0..1
            };
            let before = axis.at(asked.start).saturating_sub(range.start);
            let bytes = u64::try_from(stride).unwrap_or(0);
            if !range.is_empty() {
                first = first.saturating_add(before.saturating_mul(bytes));
            }
            if axis.stays {
                shape.push(asked.end.saturating_sub(asked.start));
                strides.push(stride.saturating_mul(axis.step));
            }
        }
        (first, shape, strides)
    }
}

impl Axis {
    /// The position among all elements.
    fn at(self, index: u64) -> u64 {
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        let at = self.first.saturating_add(self.step.saturating_mul(index));
        u64::try_from(at).unwrap_or(0)
    }
}

fn slice(node: Node<'_>) -> Result<Slice> {
    let number = |node: Option<Node<'_>>| match node.map(Node::value) {
        None | Some(Value::Null) => Some(None),
        Some(Value::Int(number)) => Some(Some(number)),
        _ => None,
    };
    if let Value::Int(index) = node.value() {
        return Ok(Slice::Index(index));
    }
    let read = || {
        let items = node.as_seq().filter(|items| items.len() <= 3)?;
        // As Python's `slice`: one number is where it stops.
        let (first, end, by) = match items.len() {
            1 => (None, node.at(0), None),
            _ => (node.at(0), node.at(1), node.at(2)),
        };
        let by = number(by)?.unwrap_or(1);
        Some(Slice::Range {
            start: number(first)?,
            stop: number(end)?,
            step: Some(by).filter(|by| *by != 0)?,
        })
    };
    read().ok_or_else(|| bad(node, "a position, or [start, stop, step]".to_owned()))
}
