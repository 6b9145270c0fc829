//! Transforms of single numbers: `logical`, `miri_ab2slice`.

use super::super::function;
use super::super::function::Function;
use super::super::model::Model;
use super::super::parameters::Reader;
use crate::array::is_array;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Unsupported;
use std::cmp::Ordering;
use std::sync::Arc;

/// Another value where a number compares like this with a limit.
#[derive(Debug, Clone, Copy)]
struct Logical {
    condition: fn(Ordering) -> bool,
    limit: f64,
    value: f64,
}

impl Function<1> for Logical {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        // A limit that is NaN is unequal to everything.
        let met = match x.partial_cmp(&self.limit) {
            Some(ordering) => (self.condition)(ordering),
            None => {
                !x.is_nan()
                    && (self.condition)(Ordering::Less)
                    && (self.condition)(Ordering::Greater)
            }
        };
        if met { self.value } else { x }
    }
}

pub(super) fn read_logical(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let condition: fn(Ordering) -> bool = match reader.text("condition")?.to_uppercase().as_str() {
        "GT" => Ordering::is_gt,
        "LT" => Ordering::is_lt,
        "EQ" => Ordering::is_eq,
        "NE" => Ordering::is_ne,
        _ => return Err(reader.wrong("condition", "GT, LT, EQ or NE")),
    };
    for key in ["compareto", "value"] {
        // Such a list goes with one list of points, and with no other.
        let node = reader.node.get(key);
        let list = node.is_some_and(|node| node.as_seq().is_some() || is_array(node));
        if list {
            let error = Error::from(Unsupported::TransformOption {
                option: format!("a list as {key}").into(),
            });
            return Err(error.at_path(|| reader.node.path()));
        }
    }
    Ok(function::model(Logical {
        condition,
        limit: reader.number("compareto")?,
        value: reader.number("value")?,
    }))
}

/// β to the number of the slice, with a hundred for each channel.
#[derive(Debug, Clone, Copy)]
struct Slice {
    zero: f64,
    width: f64,
    channel: f64,
}

impl Function<1> for Slice {
    fn value(&self, [beta]: [f64; 1]) -> f64 {
        let place = self.channel * 100.0 + (beta - self.zero) / self.width + 1.0;
        (place + 0.5).floor()
    }
}

pub(super) fn read_miri_ab2slice(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(function::model(Slice {
        zero: reader.number("beta_zero")?,
        width: reader.number("beta_del")?,
        channel: reader.number("channel")?,
    }))
}
