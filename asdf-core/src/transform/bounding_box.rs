//! Where a transform is valid (`property/bounding_box`, `property/compound_bounding_box`).

/// The values of one input that are inside, the ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The least value inside.
    pub low: f64,
    /// The greatest value inside.
    pub high: f64,
}

impl Interval {
    /// True when the value is not outside; NaN is inside.
    pub fn has(self, value: f64) -> bool {
        !(value < self.low || value > self.high)
    }

    /// The same counted from an offset, and cut to so many pixels.
    pub(crate) fn moved(self, offset: f64, extent: Option<u64>) -> Self {
        let (low, high) = (self.low - offset, self.high - offset);
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let edges = extent.map(|extent| (-0.5, extent as f64 - 0.5));
        let (least, most) = edges.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        Self {
            low: low.max(least),
            high: high.min(most),
        }
    }

    fn widened(self, slack: f64) -> Self {
        Self {
            low: self.low - slack,
            high: self.high + slack,
        }
    }
}

/// The intervals of a transform's inputs. Points with any input outside have no result.
#[derive(Debug, Clone, PartialEq)]
pub enum BoundingBox {
    /// An interval for each input; `None` for one that is not tested.
    Simple(Vec<Option<Interval>>),
    /// The box is chosen by the values of some inputs.
    Compound {
        /// The inputs whose values choose.
        selectors: Vec<usize>,
        /// The boxes with the values that choose them; each has an interval for each input.
        boxes: Vec<(Vec<f64>, Vec<Option<Interval>>)>,
    },
}

impl BoundingBox {
    /// The intervals of a simple box whose inputs are all tested.
    pub(crate) fn intervals(&self) -> Option<Vec<Interval>> {
        match self {
            Self::Simple(intervals) => intervals.iter().copied().collect(),
            Self::Compound { .. } => None,
        }
    }

    /// The box of a window that begins at these coordinates, and has this extent where it is known.
    pub(crate) fn moved(&self, offsets: &[f64], shape: Option<&[u64]>) -> Self {
        let moved = |intervals: &[Option<Interval>]| {
            let pairs = intervals.iter().zip(offsets).enumerate();
            pairs
                .map(|(axis, (interval, offset))| {
                    let extent = shape.and_then(|shape| shape.get(axis).copied());
                    interval.map(|interval| interval.moved(*offset, extent))
                })
                .collect()
        };
        match self {
            Self::Simple(intervals) => Self::Simple(moved(intervals)),
            Self::Compound { selectors, boxes } => Self::Compound {
                selectors: selectors.clone(),
                boxes: boxes
                    .iter()
                    .map(|(key, intervals)| (key.clone(), moved(intervals)))
                    .collect(),
            },
        }
    }

    /// The box of the same inputs in another order: each is the one of this number.
    pub(crate) fn in_order(&self, order: &[usize]) -> Self {
        let sides = |intervals: &[Option<Interval>]| {
            let side = |input: &usize| intervals.get(*input).copied().flatten();
            order.iter().map(side).collect()
        };
        match self {
            Self::Simple(intervals) => Self::Simple(sides(intervals)),
            Self::Compound { selectors, boxes } => Self::Compound {
                selectors: selectors
                    .iter()
                    .filter_map(|selector| order.iter().position(|input| input == selector))
                    .collect(),
                boxes: boxes
                    .iter()
                    .map(|(key, intervals)| (key.clone(), sides(intervals)))
                    .collect(),
            },
        }
    }

    /// Sets points that are outside to NaN in all their coordinates. What is outside by no more than `slack` is
    /// inside: it came back from an edge.
    pub(crate) fn blank_outside(&self, points: &mut [Vec<f64>], slack: f64) {
        let count = points.iter().map(Vec::len).min().unwrap_or(0);
        for point in 0..count {
            let at = |index: usize| points.get(index)?.get(point).copied();
            if !self.has(at, slack) {
                for value in points.iter_mut().filter_map(|column| column.get_mut(point)) {
                    *value = f64::NAN;
                }
            }
        }
    }

    /// True for a point that is inside, by its coordinates.
    fn has(&self, at: impl Fn(usize) -> Option<f64>, slack: f64) -> bool {
        let inside = |intervals: &[Option<Interval>]| {
            intervals.iter().enumerate().all(|(index, interval)| {
                let value = at(index).unwrap_or(f64::NAN);
                interval.is_none_or(|interval| interval.widened(slack).has(value))
            })
        };
        match self {
            Self::Simple(intervals) => inside(intervals),
            Self::Compound { selectors, boxes } => {
                let chosen = boxes.iter().find(|(key, _)| {
                    let mut values = selectors.iter().map(|selector| at(*selector));
                    key.iter()
                        .all(|wanted| values.next().flatten() == Some(*wanted))
                });
                chosen.is_some_and(|(_, intervals)| inside(intervals))
            }
        }
    }

    /// Sets every output of the points outside to NaN. All columns have the same length.
    pub(super) fn blank(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let count = input.first().map_or(0, |column| column.len());
        match self {
            Self::Simple(intervals) => {
                for (column, interval) in input.iter().zip(intervals) {
                    let Some(interval) = interval else { continue };
                    for (point, value) in column.iter().enumerate() {
                        if !interval.has(*value) {
                            blank_point(output, point);
                        }
                    }
                }
            }
            Self::Compound { .. } => {
                for point in 0..count {
                    let at = |index: usize| input.get(index)?.get(point).copied();
                    if !self.has(at, 0.0) {
                        blank_point(output, point);
                    }
                }
            }
        }
    }
}

fn blank_point(output: &mut [&mut [f64]], point: usize) {
    for column in output {
        if let Some(value) = column.get_mut(point) {
            *value = f64::NAN;
        }
    }
}
