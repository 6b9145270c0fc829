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
    /// Sets the coordinates that are outside of a simple box to NaN, axis by axis.
    pub(crate) fn blank_outside(&self, points: &mut [Vec<f64>]) {
        let Self::Simple(intervals) = self else {
            return;
        };
        for (column, interval) in points.iter_mut().zip(intervals) {
            let Some(interval) = interval else { continue };
            for value in column.iter_mut().filter(|value| !interval.has(**value)) {
                *value = f64::NAN;
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
            Self::Compound { selectors, boxes } => {
                for point in 0..count {
                    let at = |index: usize| input.get(index)?.get(point).copied();
                    let chosen = boxes.iter().find(|(key, _)| {
                        let mut values = selectors.iter().map(|selector| at(*selector));
                        key.iter()
                            .all(|wanted| values.next().flatten() == Some(*wanted))
                    });
                    let inside = chosen.is_some_and(|(_, intervals)| {
                        intervals.iter().enumerate().all(|(index, interval)| {
                            let value = at(index).unwrap_or(f64::NAN);
                            interval.is_none_or(|interval| interval.has(value))
                        })
                    });
                    if !inside {
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
