//! The transforms of the DKIST solar telescope (`asdf://dkist.nso.edu/tags/…`): pointings that vary along an
//! axis, models that share inputs, positions in arrays as one number.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use super::Kind;
use super::Transform;
use super::model::Model;
use super::parameters::Reader;
use super::reader::Reading;
use super::reader::remapped;
use super::rotation;
use super::rotation::Rotation;
use super::units::InputUnit;
use super::units::OutputUnit;
use super::units::Units;
use crate::error::Result;
use crate::unit::Unit;
use std::sync::Arc;

/// The tags, without name and version.
const TAGS: &str = "asdf://dkist.nso.edu/tags/";

impl Reading<'_> {
    /// Reads one of these transforms; `None` when the tag is no such.
    pub(super) fn dkist(
        &mut self,
        reader: &Reader<'_>,
        base: &str,
        nesting: usize,
    ) -> Result<Option<(Kind, Option<Transform>)>> {
        Ok(Some(match base.strip_prefix(TAGS) {
            Some("coupled_compound_model") => self.coupled(reader, nesting)?,
            Some("asymmetric_mapping_model") => asymmetric(reader)?,
            Some("ravel_model") => (ravel(reader)?, None),
            Some("varying_celestial_transform") => (self.varying(reader, false, nesting)?, None),
            Some("inverse_varying_celestial_transform") => {
                (self.varying(reader, true, nesting)?, None)
            }
            Some("varying_celestial_transform_slit") => {
                let forward = Transform::from_kind(self.varying(reader, false, nesting)?);
                slit(reader, forward)?
            }
            _ => return Ok(None),
        }))
    }

    /// Side by side, the last inputs of the first being the first of the second. The inverse needs what the
    /// second gives for the first.
    fn coupled(
        &mut self,
        reader: &Reader<'_>,
        nesting: usize,
    ) -> Result<(Kind, Option<Transform>)> {
        let (left, right) = self.pair(reader, nesting)?;
        let shared = reader.count("shared_inputs")?;
        let (Some(ours), Some(theirs)) = (left.arity(), right.arity()) else {
            return Ok((Kind::Concatenate(left, right), None));
        };
        let start = ours.0.checked_sub(shared);
        let start = start.filter(|_| shared <= theirs.0);
        let start = start.ok_or_else(|| {
            reader.wrong(
                "shared_inputs",
                "at most the number of inputs of both transforms",
            )
        })?;
        let mapping = (0..ours.0).chain(start..start + theirs.0).collect();
        let split = remap(start + theirs.0, mapping);
        let inverse = (|| {
            let (back_left, back_right) = (left.inverse()?, right.inverse()?);
            let first = both(same(ours.1), back_right);
            let mapping = (0..ours.1 + shared).chain(ours.1..ours.1 + theirs.0);
            let again = remap(ours.1 + theirs.0, mapping.collect());
            let last = both(back_left, same(theirs.0));
            Transform::chain([first, again, last])
        })();
        let kind = Kind::Compose(split, both(left, right));
        Ok((kind, inverse))
    }

    /// `crpix`, `pc`, `cdelt`, projection and `crval` as in FITS; all but `cdelt` may be tables.
    fn varying(&mut self, reader: &Reader<'_>, backward: bool, nesting: usize) -> Result<Kind> {
        let node = reader.node.get("projection");
        let node = node.ok_or_else(|| reader.fault("the key `projection` is missing"))?;
        let projection = self.transform(node, nesting + 1)?;
        let Kind::Model(projection, _) = &projection.0.kind else {
            return Err(reader.wrong("projection", "a projection"));
        };
        let unproject = projection.inverse();
        let unproject = unproject.ok_or_else(|| reader.wrong("projection", "a projection"))?;
        let crpix_key = if reader.has("crpix_table") {
            "crpix_table"
        } else {
            "crpix"
        };
        let (pointings, extents) = pointings(reader, crpix_key)?;
        let model = Varying {
            projection: if backward {
                unproject
            } else {
                projection.clone()
            },
            backward,
            extents,
            pointings,
        };
        Ok(Kind::Model(Arc::new(model.clone()), model.units(reader)))
    }
}

fn remap(inputs: usize, mapping: Vec<usize>) -> Transform {
    Transform::from_kind(Kind::Remap { inputs, mapping })
}

fn same(count: usize) -> Transform {
    remap(count, (0..count).collect())
}

fn both(left: Transform, right: Transform) -> Transform {
    Transform::from_kind(Kind::Concatenate(left, right))
}

/// Another mapping backward than forward.
fn asymmetric(reader: &Reader<'_>) -> Result<(Kind, Option<Transform>)> {
    let forward = remapped(reader, "forward_mapping", "forward_n_inputs")?;
    let backward = remapped(reader, "backward_mapping", "backward_n_inputs")?;
    Ok((forward, Some(Transform::from_kind(backward))))
}

/// Of old files: along a slit the second pixel axis is the one that chooses the pointing.
fn slit(reader: &Reader<'_>, forward: Transform) -> Result<(Kind, Option<Transform>)> {
    let Some((inputs, _)) = forward.arity().filter(|arity| arity.0 >= 3) else {
        return Err(reader.wrong("crval_table", "a table"));
    };
    let mapping = [0, 1, 1].into_iter().chain(2..inputs - 1).collect();
    let back = forward.inverse();
    let inverse = back.and_then(|back| Transform::chain([back, remap(2, vec![0])]));
    let kind = Kind::Compose(remap(inputs - 1, mapping), forward);
    Ok((kind, inverse))
}

/// Where the telescope points at an index.
#[derive(Debug, Clone)]
struct Pointing {
    crpix: [f64; 2],
    /// `pc` and `cdelt`: degrees a pixel.
    matrix: [f64; 4],
    turn: Rotation,
}

/// A celestial transform that depends on indices.
#[derive(Debug, Clone)]
struct Varying {
    projection: Arc<dyn Model>,
    backward: bool,
    /// How many pointings there are along each index.
    extents: Vec<usize>,
    pointings: Arc<[Pointing]>,
}

impl Varying {
    fn units(&self, reader: &Reader<'_>) -> Units {
        let named = |name| Unit::parse(name).unwrap_or(Unit::NONE);
        let (pixel, degree) = (named("pix"), named("deg"));
        let (from, to) = if self.backward {
            (&degree, &pixel)
        } else {
            (&pixel, &degree)
        };
        let quantities = ["cdelt", "crval_table", "pc_table"];
        let taken =
            |input| InputUnit::In(if input < 2 { from } else { &pixel }.clone(), Vec::new());
        Units {
            quantities: quantities
                .iter()
                .any(|key| matches!(reader.unit(key), Ok(Some(_)))),
            taken: (0..2 + self.extents.len()).map(taken).collect(),
            given: vec![OutputUnit::Unit(to.clone()); 2],
        }
    }

    /// The pointing that the indices of a point choose, rounded; none outside of the table.
    fn pointing(&self, indices: &[&[f64]], point: usize) -> Option<&Pointing> {
        let mut place = 0;
        for (column, extent) in indices.iter().zip(&self.extents) {
            place = place * extent + index(*column.get(point)?, *extent)?;
        }
        self.pointings.get(place)
    }
}

/// A rounded index, when there is such a place.
fn index(value: f64, extent: usize) -> Option<usize> {
    let rounded = value.round_ties_even();
    #[expect(clippy::cast_precision_loss, reason = "tables are not that long")]
    let inside = rounded >= 0.0 && rounded < extent as f64;
    #[expect(clippy::cast_possible_truncation, reason = "it is inside")]
    #[expect(clippy::cast_sign_loss, reason = "it is inside")]
    inside.then_some(rounded as usize)
}

impl Model for Varying {
    fn arity(&self) -> (usize, usize) {
        (2 + self.extents.len(), 2)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y, indices @ ..], [u, v]) = (input, output) else {
            return;
        };
        let (mut a, mut b) = (vec![f64::NAN; x.len()], vec![f64::NAN; x.len()]);
        for (point, ((a, b), (x, y))) in a.iter_mut().zip(&mut b).zip(x.iter().zip(*y)).enumerate()
        {
            if let Some(pointing) = self.pointing(indices, point) {
                (*a, *b) = if self.backward {
                    pointing.turn.direction(*x, *y)
                } else {
                    pointing.plane(*x, *y)
                };
            }
        }
        self.projection.eval(&[&a, &b], &mut [u, v]);
        for (point, (u, v)) in u.iter_mut().zip(v.iter_mut()).enumerate() {
            (*u, *v) = match self.pointing(indices, point) {
                Some(pointing) if self.backward => pointing.pixel(*u, *v),
                Some(pointing) => pointing.turn.direction(*u, *v),
                None => (f64::NAN, f64::NAN),
            };
        }
    }

    /// The way back needs the indices as well, and does not give them.
    fn inverse(&self) -> Option<Arc<dyn Model>> {
        let turned = |pointing: &Pointing| {
            Some(Pointing {
                turn: pointing.turn.inverted()?,
                ..pointing.clone()
            })
        };
        let pointings: Option<Vec<_>> = self.pointings.iter().map(turned).collect();
        Some(Arc::new(Self {
            projection: self.projection.inverse()?,
            backward: !self.backward,
            extents: self.extents.clone(),
            pointings: pointings?.into(),
        }))
    }
}

impl Pointing {
    fn plane(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d] = self.matrix;
        let (x, y) = (x - self.crpix[0], y - self.crpix[1]);
        (a * x + b * y, c * x + d * y)
    }

    fn pixel(&self, u: f64, v: f64) -> (f64, f64) {
        let [a, b, c, d] = self.matrix;
        let determinant = a * d - b * c;
        let x = (d * u - b * v) / determinant;
        let y = (a * v - c * u) / determinant;
        (x + self.crpix[0], y + self.crpix[1])
    }
}

/// A parameter that may be a table over the indices: the extents of the table, and the items, of the given
/// width.
struct Table {
    extents: Vec<usize>,
    values: Vec<f64>,
    width: usize,
}

impl Table {
    fn read(reader: &Reader<'_>, key: &str, item: &[usize], unit: &str) -> Result<Self> {
        let (shape, mut values) = reader.array(key)?;
        let wrong = || reader.wrong(key, &format!("an array whose last axes are {item:?}"));
        let table = shape.strip_suffix(item).ok_or_else(wrong)?;
        // Old files call the matrix one of arcseconds.
        if let (Some(own), false) = (reader.unit(key)?, unit.is_empty()) {
            let factor = reader.factor(key, &own, unit)?;
            for value in &mut values {
                *value *= factor;
            }
        }
        Ok(Self {
            extents: table.to_vec(),
            values,
            width: item.iter().product(),
        })
    }

    /// The item of a place; all places have the same when it is not a table.
    fn item(&self, place: usize) -> Option<&[f64]> {
        let place = if self.extents.is_empty() { 0 } else { place };
        self.values.chunks_exact(self.width).nth(place)
    }
}

fn pointings(reader: &Reader<'_>, crpix_key: &str) -> Result<(Arc<[Pointing]>, Vec<usize>)> {
    let crpix = Table::read(reader, crpix_key, &[2], "pix")?;
    let crval = Table::read(reader, "crval_table", &[2], "deg")?;
    let pc = Table::read(reader, "pc_table", &[2, 2], "")?;
    let cdelt = Table::read(reader, "cdelt", &[2], "deg.pix**-1")?;
    let pole = if reader.has("lon_pole") {
        reader.angle("lon_pole")?
    } else {
        180.0
    };
    let tables = [&crpix, &crval, &pc];
    let extents = tables.iter().map(|table| &table.extents);
    let extents = extents.max_by_key(|extents| extents.len());
    let extents = extents.cloned().unwrap_or_default();
    let fits = |table: &&Table| table.extents.is_empty() || table.extents == extents;
    if !tables.iter().all(fits) || !(1..=3).contains(&extents.len()) {
        return Err(reader.fault("its tables are to have one shape, of one to three axes"));
    }
    let count = extents.iter().product();
    let pointing = |place: usize| {
        let (&[x, y], &[longitude, latitude]) = (crpix.item(place)?, crval.item(place)?) else {
            return None;
        };
        let (&[a, b, c, d], &[across, along]) = (pc.item(place)?, cdelt.item(place)?) else {
            return None;
        };
        Some(Pointing {
            crpix: [x, y],
            matrix: [a * across, b * across, c * along, d * along],
            turn: rotation::native_to_celestial(longitude, latitude, pole)?,
        })
    };
    let pointings: Option<Vec<_>> = (0..count).map(pointing).collect();
    let pointings = pointings.ok_or_else(|| reader.fault("its tables do not fit each other"))?;
    Ok((pointings.into(), extents))
}

/// Indices of an array as the one number of a place in it, or back; the fraction is that of the axis which
/// varies fastest.
#[derive(Debug, Clone)]
struct Ravel {
    shape: Vec<usize>,
    /// The first axis varies fastest.
    fortran: bool,
    backward: bool,
}

fn ravel(reader: &Reader<'_>) -> Result<Kind> {
    let (_, shape) = reader.array("array_shape")?;
    #[expect(clippy::cast_possible_truncation, reason = "it is tested")]
    #[expect(clippy::cast_sign_loss, reason = "it is tested")]
    let extent = |extent: &f64| (*extent >= 1.0 && *extent < 1e9).then_some(*extent as usize);
    let extents: Option<Vec<_>> = shape.iter().map(extent).collect();
    let wrong = || reader.wrong("array_shape", "at least two extents from 1 on");
    let shape = extents.filter(|shape| shape.len() >= 2).ok_or_else(wrong)?;
    let total = shape
        .iter()
        .try_fold(1_usize, |all, extent| all.checked_mul(*extent));
    total.ok_or_else(wrong)?;
    let fortran = match reader.text_or("order", "C")? {
        "C" => false,
        "F" => true,
        _ => return Err(reader.wrong("order", "C or F")),
    };
    let pixel = Unit::parse("pix").unwrap_or(Unit::NONE);
    let units = Units::fixed((shape.len(), &pixel), (1, &pixel));
    let backward = false;
    Ok(Kind::Model(
        Arc::new(Ravel {
            shape,
            fortran,
            backward,
        }),
        units,
    ))
}

impl Ravel {
    /// The axes, that which varies slowest first.
    fn axes(&self) -> impl Iterator<Item = usize> {
        let count = self.shape.len();
        let fortran = self.fortran;
        (0..count).map(move |axis| if fortran { count - 1 - axis } else { axis })
    }

    fn place(&self, input: &[&[f64]], point: usize) -> Option<f64> {
        let (mut place, mut fraction) = (0, 0.0);
        for axis in self.axes() {
            let value = *input.get(axis)?.get(point)?;
            let extent = *self.shape.get(axis)?;
            place = place * extent + index(value, extent)?;
            fraction = value - value.round_ties_even();
        }
        #[expect(clippy::cast_precision_loss, reason = "arrays are not that long")]
        Some(place as f64 + fraction)
    }

    fn indices(&self, value: f64, output: &mut [&mut [f64]], point: usize) -> Option<()> {
        let total: usize = self.shape.iter().product();
        let mut rest = index(value.trunc(), total)?;
        let axes: Vec<usize> = self.axes().collect();
        for (number, axis) in axes.iter().rev().enumerate() {
            let extent = *self.shape.get(*axis)?;
            #[expect(clippy::cast_precision_loss, reason = "arrays are not that long")]
            let whole = (rest % extent) as f64;
            rest /= extent;
            let fraction = if number == 0 {
                value.rem_euclid(1.0)
            } else {
                0.0
            };
            *output.get_mut(*axis)?.get_mut(point)? = whole + fraction;
        }
        Some(())
    }
}

impl Model for Ravel {
    fn arity(&self) -> (usize, usize) {
        if self.backward {
            (1, self.shape.len())
        } else {
            (self.shape.len(), 1)
        }
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let count = input.first().map_or(0, |column| column.len());
        for column in output.iter_mut() {
            column.fill(f64::NAN);
        }
        for point in 0..count {
            if self.backward {
                let value = input.first().and_then(|column| column.get(point));
                let value = value.copied().unwrap_or(f64::NAN);
                // A place that is not in the array has no indices.
                let _nowhere = self.indices(value, output, point);
            } else if let (Some(place), Some(slot)) = (
                self.place(input, point),
                output.first_mut().and_then(|column| column.get_mut(point)),
            ) {
                *slot = place;
            }
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(Self {
            backward: !self.backward,
            ..self.clone()
        }))
    }
}
