//! A transform for each slit of `NIRSpec` (`gwa_to_slit`, `slit_to_gwa`, `slit_to_msa`, `msa_to_slit`), or
//! for each order of NIRISS (`niriss_soss`).

use super::super::Kind as Wiring;
use super::super::Transform;
use super::super::model::Model;
use super::super::parameters::Reader;
use super::super::reader::Reading;
use super::keyed::Keyed;
use super::keyed::Whole;
use crate::error::Result;
use crate::tree::Node;
use crate::tree::Value;
use std::sync::Arc;

/// Where the slit, or the order, stands among the inputs and outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// (slit, x, y, z) → (slit, …).
    Gwa,
    /// (slit, x, y) → (x, y, slit).
    ToMsa,
    /// (slit, x, y) → (x, y), in old files.
    LegacyToMsa,
    /// (x, y, slit) → (slit, x, y).
    FromMsa,
    /// (x, y, order) → (longitude, latitude, wavelength).
    Orders,
}

impl Kind {
    fn arity(self) -> (usize, usize) {
        match self {
            Self::Gwa => (4, 4),
            Self::LegacyToMsa => (3, 2),
            Self::ToMsa | Self::FromMsa | Self::Orders => (3, 3),
        }
    }

    /// The places of the key.
    fn places(self) -> (usize, Option<usize>) {
        match self {
            Self::Gwa => (0, Some(0)),
            Self::ToMsa => (0, Some(2)),
            Self::LegacyToMsa => (0, None),
            Self::FromMsa => (2, Some(0)),
            Self::Orders => (2, None),
        }
    }

    /// The transform of a slit with the key led around it.
    fn wire(self, transform: Transform) -> Transform {
        let remap = |inputs, mapping: &[usize]| {
            Transform::from_kind(Wiring::Remap {
                inputs,
                mapping: mapping.to_vec(),
            })
        };
        let compose = |left, right| Transform::from_kind(Wiring::Compose(left, right));
        let beside = |right| Transform::from_kind(Wiring::Concatenate(remap(1, &[0]), right));
        match self {
            Self::Gwa => beside(transform),
            Self::ToMsa => compose(beside(transform), remap(3, &[1, 2, 0])),
            Self::LegacyToMsa => compose(remap(3, &[1, 2]), transform),
            Self::FromMsa => compose(remap(3, &[2, 0, 1]), beside(transform)),
            Self::Orders => compose(remap(3, &[0, 1]), transform),
        }
    }

    /// The keys that hold the list of slits or orders.
    fn list(self) -> &'static str {
        if self == Self::Orders {
            "spectral_orders"
        } else {
            "slits"
        }
    }
}

/// True for the `slit_to_msa` of old files, which leaves the slit out.
pub(super) fn is_legacy(reader: &Reader<'_>) -> bool {
    let outputs = reader.node.get("outputs").and_then(Node::as_seq);
    outputs.is_some_and(|names| {
        let names = names.iter().map(Node::text);
        names.eq([Some("x_msa"), Some("y_msa")])
    })
}

/// The column of a slit's row that has its number, and what stands there when it has none.
const ID: (usize, f64) = (19, -9999.0);

/// A number, or a text that is one.
fn number(node: Node<'_>) -> Option<f64> {
    match node.value() {
        #[expect(clippy::cast_precision_loss, reason = "numbers of slits are small")]
        Value::Int(value) => Some(value as f64),
        Value::Float(value) => Some(value),
        _ => node.text()?.trim().parse().ok(),
    }
}

/// What a slit is called by: the number at the end of its row, else its name, else its place in the list.
fn slit_key(place: usize, slit: Node<'_>) -> f64 {
    #[expect(clippy::float_cmp, reason = "the number itself")]
    let id = slit.at(ID.0).and_then(number).filter(|id| *id != ID.1);
    let name = || number(slit.at(0).unwrap_or(slit));
    #[expect(clippy::cast_precision_loss, reason = "places are small")]
    id.or_else(name).unwrap_or(place as f64)
}

/// The keys of a list of slits or orders, or of an array of numbers.
fn keys(reader: &Reader<'_>, key: &str) -> Result<Vec<f64>> {
    let list = reader.node.get(key).and_then(Node::as_seq);
    match list {
        Some(list) => {
            let slits = list.iter().enumerate();
            Ok(slits.map(|(place, slit)| slit_key(place, slit)).collect())
        }
        None => match reader.array(key)? {
            (shape, keys) if shape.len() == 1 => Ok(keys),
            _ => Err(reader.wrong(key, "a list")),
        },
    }
}

impl Reading<'_> {
    /// Reads a transform for each slit or order.
    pub(super) fn slits(
        &mut self,
        reader: &Reader<'_>,
        kind: Kind,
        nesting: usize,
    ) -> Result<Arc<dyn Model>> {
        let keys = keys(reader, kind.list())?;
        let mut models: Vec<Arc<dyn Model>> = Vec::new();
        for node in reader.list("models")? {
            let transform = kind.wire(self.transform(node, nesting + 1)?);
            let model = Whole::new(transform)?;
            if model.arity() != kind.arity() {
                return Err(reader.wrong("models", "transforms with its inputs and outputs"));
            }
            models.push(Arc::new(model));
        }
        if models.len() != keys.len() {
            let wanted = format!(
                "{} transforms, one for each of `{}`",
                keys.len(),
                kind.list()
            );
            return Err(reader.wrong("models", &wanted));
        }
        let (place, place_after) = kind.places();
        Ok(Arc::new(Keyed {
            arity: kind.arity(),
            place,
            place_after,
            whole: kind == Kind::Orders,
            keys,
            models,
        }))
    }
}
