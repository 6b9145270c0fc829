//! `ZPN`, for which the standard of ASDF has no transform: as one of our own where it is only evaluated, and by others where
//! it is written.

use super::model;
use super::model::Basis;
use super::number::Read;
use super::number::Refusal;
use crate::transform::ZenithalPolynomial;
use crate::tree::Node;
use std::f64::consts::{FRAC_PI_2, PI};

/// The tag of what is never written.
pub(super) const LOCAL: &str = "local:fits/";
/// Degrees of one radian.
const R0: f64 = 180.0 / PI;
/// Terms of the series that stands for the inverse of the polynomial.
const TERMS: usize = 48;
/// How far the series may be off, in degrees.
const NEAR: f64 = 1e-12;
/// Transforms that stand for a polynomial at most.
const PARTS: usize = 64;
/// `PVi_m` at most.
const MOST: usize = 30;

/// The polynomial of a header.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::wcs) struct Zenithal(ZenithalPolynomial);

impl Zenithal {
    pub(super) fn new(given: impl Iterator<Item = (usize, f64)>) -> Option<Self> {
        let mut coefficients = vec![0.0; MOST];
        for (index, value) in given {
            *coefficients.get_mut(index)? = value;
        }
        ZenithalPolynomial::new(&coefficients).map(Self)
    }

    /// The polynomial of a node, from the plane to the sphere: one of our own, or what `written` made of one.
    pub(super) fn of_node(
        node: Node<'_>,
        numbers: &impl Fn(Node<'_>) -> Option<Vec<f64>>,
    ) -> Option<Self> {
        let tag = node.tag()?.as_str();
        if tag.strip_prefix(LOCAL) == Some("zenithal_polynomial") {
            if node.get("direction").and_then(Node::text) != Some("pix2sky") {
                return None;
            }
            let own = numbers(node.get("coefficients")?)?;
            return Self::new(own.into_iter().enumerate());
        }
        // The way back has the polynomial itself; whether all else is as we write it, the coordinates tell.
        let written = node.get("inverse")?;
        let mut open = vec![written];
        let mut found = Vec::new();
        let mut seen = 0;
        while let Some(node) = open.pop() {
            seen += 1;
            if seen > PARTS {
                return None;
            }
            if let Some(parts) = node.get("forward").and_then(Node::as_seq) {
                open.extend(parts.iter());
            } else if let Some(own) = node.tag() {
                let name = own.base().rsplit('/').next().unwrap_or_default();
                match name {
                    "polynomial" => found.push(node.get("coefficients")?),
                    "remap_axes" | "linear1d" | "math_functions" | "scale" => {}
                    _ => return None,
                }
            }
        }
        let [one, two] = found.as_slice() else {
            return None;
        };
        let (one, two) = (numbers(*one)?, numbers(*two)?);
        if one != two {
            return None;
        }
        Self::new(one.into_iter().map(|own| own / R0).enumerate())
    }

    /// `PVi_m` with their numbers, those that are not 0.
    pub(super) fn parameters(&self) -> Vec<(usize, f64)> {
        let own = self.0.coefficients().iter().copied().enumerate();
        own.filter(|own| own.1 != 0.0).collect()
    }

    /// Nodes of our own, forth and back.
    pub(super) fn nodes(&self) -> [String; 2] {
        let numbers = model::numbers(self.0.coefficients().iter().copied());
        ["pix2sky", "sky2pix"].map(|direction| {
            format!(
                "!<{LOCAL}zenithal_polynomial> {{direction: {direction}, coefficients: {numbers}}}"
            )
        })
    }

    /// The same by transforms of the standard, for points of the plane up to a distance from its centre, in degrees.
    ///
    /// The distance from the pole is a series in that from the centre; the way back is the polynomial itself.
    pub(super) fn written(&self, reach: f64, keyword: &str) -> Read<String> {
        let end = (reach / R0).max(self.0.radius(0.0) + 1e-6);
        let beyond = || {
            let reason = "is of a ZPN that ends within the image, for which ASDF has no transform";
            Refusal::new(keyword, reason)
        };
        if end > self.0.radius(self.0.limit()) {
            return Err(beyond());
        }
        let domain = [self.0.radius(0.0) * R0, end * R0];
        let latitude = |radius: f64| {
            let zeta = self.0.zeta(radius / R0);
            zeta.map(|zeta| 90.0 - zeta.to_degrees())
        };
        let series = series(domain, latitude).ok_or_else(beyond)?;
        Ok(model::inverted_by(
            &forward(&series, domain),
            &self.backward(),
        ))
    }

    fn backward(&self) -> String {
        let coefficients: Vec<f64> = self.0.coefficients().iter().map(|own| own * R0).collect();
        let radius = [
            model::remap(&[1], 2),
            model::line(-1.0 / R0, FRAC_PI_2),
            model::polynomial1(&coefficients),
        ];
        let radius = model::chain(radius).unwrap_or_default();
        let side = |function: &str, sign: f64| {
            let angle = [
                model::remap(&[0], 2),
                model::function("deg2rad"),
                model::function(function),
                model::scale(sign),
            ];
            model::product(&model::chain(angle).unwrap_or_default(), &radius)
        };
        twice(&side("sin", 1.0), &side("cos", -1.0))
    }
}

/// Two transforms of the same two inputs, side by side.
fn twice(first: &str, second: &str) -> String {
    let both = [
        Some(model::remap(&[0, 1, 0, 1], 2)),
        model::beside([first.to_owned(), second.to_owned()]),
    ];
    model::chain(both.into_iter().flatten()).unwrap_or_default()
}

fn forward(series: &[f64], domain: [f64; 2]) -> String {
    let longitude = [
        model::beside([model::identity(1), model::scale(-1.0)]).unwrap_or_default(),
        model::function("arctan2"),
        model::function("rad2deg"),
    ];
    let latitude = [
        model::function("hypot"),
        model::series1(Basis::Chebyshev, series, domain),
    ];
    let [longitude, latitude] = [longitude.to_vec(), latitude.to_vec()]
        .map(|steps| model::chain(steps).unwrap_or_default());
    twice(&longitude, &latitude)
}

/// The Chebyshev series of a function over an interval; `None` when it does not come near enough.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn series([low, high]: [f64; 2], function: impl Fn(f64) -> Option<f64>) -> Option<Vec<f64>> {
    let (middle, half) = (f64::midpoint(low, high), (high - low) / 2.0);
    let angle = |node: usize| PI * (node as f64 + 0.5) / TERMS as f64;
    let values: Option<Vec<f64>> = (0..TERMS)
        .map(|node| function(middle + half * angle(node).cos()))
        .collect();
    let values = values?;
    let coefficient = |degree: usize| {
        let terms = values.iter().enumerate();
        let sum: f64 = terms
            .map(|(node, value)| value * (degree as f64 * angle(node)).cos())
            .sum();
        sum * if degree == 0 { 1.0 } else { 2.0 } / TERMS as f64
    };
    let mut series: Vec<f64> = (0..TERMS).map(coefficient).collect();
    let tail = series.iter().rev().take(4);
    if tail.fold(0.0_f64, |most, own| most.max(own.abs())) > NEAR {
        return None;
    }
    while series.last().is_some_and(|last| last.abs() < NEAR * 1e-2) && series.len() > 2 {
        series.pop();
    }
    Some(series)
}
