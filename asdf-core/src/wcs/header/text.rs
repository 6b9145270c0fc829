//! A whole GWCS of a header as YAML.

use super::axes::{Axes, Axis, AxisKind, Curve};
use super::celestial::Celestial;
use super::dss::Plate;
use super::faces;
use super::frames;
use super::keywords::Keywords;
use super::linear;
use super::linear::Matrix;
use super::lookup;
use super::lookup::Lookups;
use super::model;
use super::model::Terms;
use super::number;
use super::number::Read;
use super::physical;
use super::sip;
use super::spectral::SpectralAxis;
use super::tabular;
use super::tabular::Group;
use super::units;

const HEAD: &str = "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n%TAG !g! tag:stsci.edu:gwcs/\n%TAG !a! tag:astropy.org:astropy/coordinates/frames/\n---\n";

/// What a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To be evaluated: may have transforms that the standard has no tag for.
    Evaluation,
    /// To stand in a file.
    File,
}

/// A description of a header as a GWCS.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) yaml: String,
    /// True when a transform in it is one of our own, which no file can have.
    pub(super) is_local: bool,
}

/// What a header says, in the units of the world.
struct Description<'k> {
    keywords: Keywords<'k>,
    axes: Axes,
    pixel: Vec<f64>,
    matrix: Matrix,
    values: Vec<f64>,
    lengths: Option<Vec<i64>>,
    celestial: Option<Celestial>,
    tables: Vec<Group>,
}

/// The GWCS of a description.
pub(super) fn of(keywords: Keywords<'_>, tables: &dyn Lookups, purpose: Purpose) -> Read<Text> {
    if keywords.is_physical() {
        let cards = physical::cards(keywords)?;
        return of(
            Keywords::new(&cards.read(), physical::LETTER),
            tables,
            purpose,
        );
    }
    let description = match Plate::read(keywords)? {
        Some(plate) => Description::of_plate(keywords, &plate)?,
        None => Description::read(keywords, Axes::read(keywords)?)?,
    };
    let transform = description.transform(tables, purpose)?;
    let count = description.axes.list.len();
    let shape = description.lengths.as_ref().map_or_else(
        || "null".to_owned(),
        |lengths| {
            let texts: Vec<String> = lengths.iter().map(i64::to_string).collect();
            format!("[{}]", texts.join(", "))
        },
    );
    let name = number::described_text(keywords.header, &keywords.name("WCSNAME"));
    let yaml = format!(
        "{HEAD}!g!wcs-1.4.0\nname: {}\npixel_shape: {shape}\nsteps:\n\
         - !g!step-1.3.0\n  frame: {}\n  transform: {transform}\n- !g!step-1.3.0\n  frame: {}\n  transform: null\n...\n",
        frames::quoted(&name),
        frames::detector(count),
        frames::world(keywords, &description.axes)?,
    );
    let is_local =
        purpose == Purpose::Evaluation && description.celestial.is_some_and(|sky| sky.is_local());
    Ok(Text { yaml, is_local })
}

impl<'k> Description<'k> {
    fn read(keywords: Keywords<'k>, axes: Axes) -> Read<Self> {
        let count = axes.list.len();
        let (mut matrix, steps) = linear::matrix(keywords, &axes)?;
        let mut values = Vec::with_capacity(count);
        let mut factors = Vec::with_capacity(count);
        for (own, row) in axes.list.iter().zip(&mut matrix) {
            let factor = match &own.kind {
                // Its numbers are places in a table.
                _ if own.curve == Curve::Table => 1.0,
                AxisKind::Longitude(_) | AxisKind::Latitude(_) => {
                    units::factor(keywords, own.number, "deg")?
                }
                AxisKind::Spectral(quantity) => units::factor(keywords, own.number, quantity.unit)?,
                AxisKind::Stokes | AxisKind::Time | AxisKind::Face | AxisKind::Other => 1.0,
            };
            for cell in row {
                *cell *= factor;
            }
            let value = keywords.number_or(&format!("CRVAL{}", own.number), 0.0)?;
            values.push(value * factor);
            factors.push(factor);
        }
        let at = |list: &[f64], place: usize| list.get(place).copied().unwrap_or(1.0);
        let sky = axes.sky.unwrap_or_default();
        let crval = sky.map(|place| at(&values, place));
        let steps = steps.map(|steps| sky.map(|place| at(&steps, place) * at(&factors, place)));
        let celestial = Celestial::read(keywords, &axes, crval, steps)?;
        Ok(Self {
            pixel: linear::reference_pixel(keywords, count)?,
            lengths: keywords.lengths(count)?,
            tables: tabular::groups(keywords, &axes)?,
            keywords,
            axes,
            matrix,
            values,
            celestial,
        })
    }

    fn of_plate(keywords: Keywords<'k>, plate: &Plate) -> Read<Self> {
        let axes = Axes::of_plate();
        let [x, y] = plate.steps;
        Ok(Self {
            pixel: plate.pixel.to_vec(),
            lengths: keywords.lengths(axes.list.len())?,
            keywords,
            axes,
            matrix: vec![vec![x, 0.0], vec![0.0, y]],
            values: plate.centre.to_vec(),
            celestial: Some(Celestial::of_plate(plate)),
            tables: Vec::new(),
        })
    }

    /// From the pixels, which count from 0, to the world.
    fn transform(&self, tables: &dyn Lookups, purpose: Purpose) -> Read<String> {
        let count = self.axes.list.len();
        let mut steps = Vec::new();
        if self.keywords.is_primary() {
            let detector = lookup::DETECTOR.offsets(self.keywords, tables, [0.0; 2])?;
            steps.extend(self.of_two(lookup::added(&detector)));
        }
        let shifts: Vec<f64> = self.pixel.iter().map(|pixel| 1.0 - pixel).collect();
        steps.extend(model::shifts(&shifts));
        steps.extend(self.of_two(self.distortion(tables)?));
        let order = self.order();
        let together = self.celestial.as_ref().and(self.axes.sky);
        let linear = linear::transforms(&self.matrix, &order, together);
        steps.extend(match linear {
            Some(linear) => linear,
            None => return Err(linear::singular(self.keywords)?),
        });
        let mut parts = Vec::new();
        let mut others = order.as_slice();
        if let (Some(celestial), Some((_, rest))) =
            (&self.celestial, order.split_first_chunk::<2>())
        {
            let (sky, rest) = self.sky(celestial, rest, purpose)?;
            parts.extend(sky);
            others = rest;
        }
        let mut others = others.iter();
        while let Some(place) = others.next() {
            let group = self
                .tables
                .iter()
                .find(|own| own.places.first() == Some(place));
            if let Some(group) = group {
                let value = |place: &usize| self.values.get(*place).copied().unwrap_or(0.0);
                let values: Vec<f64> = group.places.iter().map(value).collect();
                let table = group.transform(self.keywords, tables)?;
                parts.extend(model::chain(
                    model::shifts(&values).into_iter().chain([table]),
                ));
                // The others of the group come next, and are in it.
                others.by_ref().take(group.places.len() - 1).for_each(drop);
                continue;
            }
            if let (Some(axis), Some(value)) = (self.axes.list.get(*place), self.values.get(*place))
            {
                parts.push(self.along(axis, *value)?);
            }
        }
        steps.extend(model::beside(parts));
        let back: Vec<usize> = (0..count)
            .filter_map(|place| order.iter().position(|own| *own == place))
            .collect();
        steps.extend(model::reorder(&back));
        let whole = model::chain(steps).unwrap_or_default();
        Ok(match &self.lengths {
            Some(lengths) => model::with_key(&whole, &bounding_box(lengths)),
            None => whole,
        })
    }

    /// From the plane to the sky, with the faces of a cube where there is an axis of them; what is left of the further axes.
    fn sky<'o>(
        &self,
        celestial: &Celestial,
        further: &'o [usize],
        purpose: Purpose,
    ) -> Read<(Option<String>, &'o [usize])> {
        let reach = (purpose == Purpose::File).then(|| self.reach());
        let sky = celestial.transform(reach)?;
        let (Some(face), Some((_, rest))) = (self.axes.face(), further.split_first()) else {
            return Ok((Some(sky), further));
        };
        let value = self.values.get(face).copied().unwrap_or(0.0);
        let both = model::beside([sky, model::shift(value)]);
        let whole = model::chain([faces::unfolded()].into_iter().chain(both));
        Ok((whole, rest))
    }

    /// A transform of the first two pixel coordinates, as one of all.
    fn of_two(&self, transform: Option<String>) -> Option<String> {
        let further = self.axes.list.len().checked_sub(2)?;
        let rest = (further > 0).then(|| model::identity(further));
        model::beside([transform?].into_iter().chain(rest))
    }

    /// What is done to pixels that count from the reference pixel: SIP, and the tables of `CPDISi`.
    fn distortion(&self, tables: &dyn Lookups) -> Read<Option<String>> {
        refuse_others(self.keywords)?;
        let has_own = self
            .celestial
            .as_ref()
            .is_some_and(|own| own.has_own_distortion);
        let [first, second] = match self.pixel.as_slice() {
            [first, second, ..] => [*first, *second],
            _ => return Ok(None),
        };
        let sip = if has_own {
            None
        } else {
            sip::terms(self.keywords)?
        };
        let start = [first - 1.0, second - 1.0];
        let offsets = if self.keywords.is_primary() {
            lookup::PRIOR.offsets(self.keywords, tables, start)?
        } else {
            [None, None]
        };
        let Some([a, b]) = sip else {
            return Ok(lookup::added(&offsets));
        };
        let own = |terms: Terms, powers: [usize; 2], offset: &Option<String>| {
            let mut terms = terms;
            terms.push((powers, 1.0));
            let polynomial = model::polynomial2(&terms);
            match offset {
                Some(offset) => model::sum(&polynomial, offset),
                None => polynomial,
            }
        };
        let [x, y] = &offsets;
        let both = [
            Some(model::remap(&[0, 1, 0, 1], 2)),
            model::beside([own(a, [1, 0], x), own(b, [0, 1], y)]),
        ];
        Ok(model::chain(both.into_iter().flatten()))
    }

    /// The places of the axes, those of a projected sky first, then that of its faces and those of each table.
    fn order(&self) -> Vec<usize> {
        let sky = self.celestial.as_ref().and(self.axes.sky);
        let mut order: Vec<usize> = sky.into_iter().flatten().collect();
        order.extend(self.celestial.as_ref().and_then(|_| self.axes.face()));
        order.extend(self.tables.iter().flat_map(|group| &group.places));
        let others = (0..self.axes.list.len()).filter(|place| !order.contains(place));
        let others: Vec<usize> = others.collect();
        order.extend(others);
        order
    }

    /// From the offset along an axis to its coordinate.
    fn along(&self, axis: &Axis, value: f64) -> Read<String> {
        match (&axis.curve, &axis.kind) {
            (Curve::Logarithm, _) => {
                if value <= 0.0 {
                    let keyword = format!("CRVAL{}", axis.number);
                    return Err(self
                        .keywords
                        .expected(&keyword, "a positive number, whose logarithm is taken"));
                }
                let forward = [
                    model::scale(1.0 / value),
                    model::function("exp"),
                    model::scale(value),
                ];
                let backward = [
                    model::scale(1.0 / value),
                    model::function("log"),
                    model::scale(value),
                ];
                let [forward, backward] =
                    [forward, backward].map(|steps| model::chain(steps).unwrap_or_default());
                Ok(model::inverted_by(&forward, &backward))
            }
            (Curve::Spectral(algorithm), AxisKind::Spectral(quantity)) => {
                let parameters = self.keywords.parameters(None)?;
                let own = parameters.iter().filter(|own| own.0.0 == axis.number);
                SpectralAxis {
                    keywords: self.keywords,
                    number: axis.number,
                    quantity,
                    algorithm: *algorithm,
                    reference: value,
                    parameters: own.map(|own| (own.0.1, own.1.1)).collect(),
                }
                .transform()
            }
            _ => Ok(model::shift(value)),
        }
    }

    /// How far the corners of the image are from the reference point in the plane of the projection, in degrees, with some
    /// room.
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    fn reach(&self) -> f64 {
        let (Some(sky), Some(lengths)) = (self.axes.sky, &self.lengths) else {
            return 0.0;
        };
        let side = |place: usize| -> f64 {
            let row = self.matrix.get(place).into_iter().flatten();
            let axes = row.zip(&self.pixel).zip(lengths);
            axes.map(|((cell, pixel), length)| {
                let ends = [0.5 - pixel, *length as f64 + 0.5 - pixel];
                cell.abs() * ends.map(f64::abs).into_iter().fold(0.0, f64::max)
            })
            .sum()
        };
        let [longitude, latitude] = sky.map(side);
        longitude.hypot(latitude) * 1.05
    }
}

/// Keywords of distortions that are not read.
fn refuse_others(keywords: Keywords<'_>) -> Read<()> {
    for card in keywords.header.cards() {
        let keyword = card.keyword();
        let axis = keyword.strip_prefix("CQDIS");
        if axis.is_some_and(|axis| axis.starts_with(|first: char| first.is_ascii_digit())) {
            let reason = format!("is {}, a distortion that is not read", card.value());
            return Err(number::Refusal::new(keyword, reason));
        }
    }
    Ok(())
}

/// The pixels of an image, as the key of a transform, with the names that it gives to its inputs.
#[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
fn bounding_box(lengths: &[i64]) -> String {
    let interval = |(axis, length): (usize, &i64)| {
        let ends = model::numbers([-0.5, *length as f64 - 0.5].into_iter());
        format!("x{axis}: {ends}")
    };
    let intervals: Vec<String> = lengths.iter().enumerate().map(interval).collect();
    let names: Vec<String> = (0..lengths.len()).map(|axis| format!("x{axis}")).collect();
    let (names, intervals) = (names.join(", "), intervals.join(", "));
    format!(
        "bounding_box: !transform/property/bounding_box-1.2.0 {{ignore: [], intervals: {{{intervals}}}, order: F}}, inputs: [{names}]"
    )
}
