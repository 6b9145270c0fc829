//! The projection that a WCS ends with, and the cards of it.

use super::super::header::Projection;
use super::super::sip::real;
use super::super::sky::Sky;
use super::super::{SipCard, Wcs};
use crate::array::is_ndarray;
use crate::file::AsdfFile;
use crate::transform::Program;
use crate::tree::{Node, Value};
use crate::unit::Unit;

/// Transforms that are looked at.
const MOST: usize = 4096;

/// Which projection a WCS ends with, and how its sphere is turned.
pub(super) struct Ending {
    pub(super) code: &'static str,
    projection: Projection,
    /// Longitude and latitude of the native pole, and the native longitude of the celestial one.
    pole: [f64; 3],
}

/// The only projection among the transforms of a WCS and the only turn of its sphere.
pub(super) fn ending(file: &AsdfFile, wcs: &Wcs) -> Option<Ending> {
    let mut open = Vec::new();
    for node in wcs.model_nodes(file)? {
        let steps = node.get("steps").and_then(Node::as_seq)?;
        open.extend(steps.iter().filter_map(|step| step.get("transform")));
    }
    let (mut projections, mut turns) = (Vec::new(), Vec::new());
    let mut seen = 0;
    while let Some(node) = open.pop() {
        seen += 1;
        if seen > MOST {
            return None;
        }
        if let Some(found) = Projection::of_node(node, &number, &|node| numbers(file, node)) {
            projections.push(found);
            continue;
        }
        if let Some(parts) = node.get("forward").and_then(Node::as_seq) {
            open.extend(parts.iter());
            continue;
        }
        let is_turn = node
            .tag()
            .is_some_and(|tag| tag.base().ends_with("/rotate3d"));
        if is_turn && node.get("direction").and_then(Node::text) == Some("native2celestial") {
            turns.push(["phi", "theta", "psi"].map(|key| number(node, key)));
        }
    }
    match (
        projections.pop(),
        turns.pop(),
        projections.len() + turns.len(),
    ) {
        (Some((code, projection)), Some([Some(phi), Some(theta), Some(psi)]), 0) => Some(Ending {
            code,
            projection,
            pole: [phi, theta, psi],
        }),
        _ => None,
    }
}

/// A parameter of a node, angles in degrees.
fn number(node: Node<'_>, key: &str) -> Option<f64> {
    let own = node.get(key)?;
    if let Some(value) = plain(own) {
        return Some(value);
    }
    let value = plain(own.get("value")?)?;
    let unit = Unit::parse(own.get("unit").and_then(Node::text)?)?;
    let degree = Unit::parse("deg")?;
    Some(value * unit.factor_to(&degree).unwrap_or(1.0))
}

/// The numbers of a list or an array.
fn numbers(file: &AsdfFile, node: Node<'_>) -> Option<Vec<f64>> {
    if is_ndarray(node) {
        let array = file.array_at(node).ok()?;
        let count = array.shape().iter().product::<u64>();
        return (count <= MOST as u64)
            .then(|| array.load().ok()?.to_f64().ok())
            .flatten();
    }
    let list = node.as_seq()?;
    list.iter().map(plain).collect()
}

fn plain(node: Node<'_>) -> Option<f64> {
    match node.value() {
        #[expect(clippy::cast_precision_loss, reason = "parameters are small")]
        Value::Int(value) => Some(value as f64),
        Value::Float(value) => Some(value),
        _ => None,
    }
}

impl Ending {
    /// From longitude and latitude to the plane, in degrees.
    pub(super) fn back(&self) -> Option<Program> {
        let transform = self.projection.with_turn(self.pole)?;
        transform.inverse()?.program().ok()
    }

    /// The sky at the reference point of the projection.
    pub(super) fn reference(&self) -> Option<[f64; 2]> {
        let [phi, theta, _] = self.pole;
        let latitude = self.projection.reference_latitude();
        // At its pole there is nothing to turn.
        if (latitude - 90.0).abs() < 1e-12 {
            return Some([phi.rem_euclid(360.0), theta]);
        }
        let turn = Projection::turn(self.pole)?.program().ok()?;
        let found = turn.eval(&[&[0.0], &[latitude]]).ok()?;
        let value = |axis: usize| found.get(axis)?.first().copied();
        Some([value(0)?.rem_euclid(360.0), value(1)?])
    }

    /// Parameters of the projection and the native pole.
    pub(super) fn push_cards(&self, cards: &mut Vec<SipCard>, sky: Sky) {
        let [_, latitude, longitude] = self.pole;
        for (index, value) in self.projection.values() {
            let keyword = format!("PV{}_{index}", sky.latitude + 1);
            cards.push(real(&keyword, value, "parameter of the projection"));
        }
        cards.push(real(
            "LONPOLE",
            longitude,
            "[deg] native longitude of the pole",
        ));
        cards.push(real(
            "LATPOLE",
            latitude,
            "[deg] latitude of the native pole",
        ));
    }
}
