//! What the columns of a catalogue are.

mod array;

pub use array::{cells, to_array};

use arrow_schema::{DataType, Field, TimeUnit};
use std::collections::HashMap;
use std::sync::Arc;

/// Version of the schema: columns may be added under the same one.
pub const VERSION: u32 = 1;
/// What the names of columns from trees begin with.
pub const LEAF: &str = "m.";
/// Cells of `HEALPix` that a footprint touches have this order, unless another one is asked for.
pub const HEALPIX_ORDER: u8 = 9;

/// The type of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Truth values.
    Bool,
    /// Integers of 32 bits.
    Int32,
    /// Integers of 64 bits.
    Int,
    /// Numbers.
    Float,
    /// Milliseconds since 1970, UTC.
    Millis,
    /// Microseconds since 1970, UTC.
    Time,
    /// Text.
    Text,
    /// Sixteen bytes.
    Digest,
    /// Lists.
    List(Box<Kind>),
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A truth value.
    Bool(bool),
    /// An integer, also of 32 bits and of moments.
    Int(i64),
    /// A number.
    Float(f64),
    /// A moment in microseconds.
    Time(i64),
    /// Text.
    Text(String),
    /// Sixteen bytes.
    Digest([u8; 16]),
    /// A list.
    List(Vec<Cell>),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// The unit of its numbers.
    pub unit: Option<String>,
    /// Where its values are in trees (JSON Pointer), of a column that came from there.
    pub path: Option<String>,
}

impl Kind {
    /// A list of these.
    #[must_use]
    pub fn list(self) -> Self {
        Self::List(Box::new(self))
    }

    /// What holds the values of both: integers become numbers beside numbers, everything else text beside others.
    #[must_use]
    pub fn widened(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Int | Self::Float, Self::Int | Self::Float) => Self::Float,
            (Self::List(a), Self::List(b)) => a.widened(*b).list(),
            _ => Self::Text,
        }
    }

    /// The type as Arrow has it.
    pub fn data_type(&self) -> DataType {
        let utc = || Some("UTC".into());
        match self {
            Self::Bool => DataType::Boolean,
            Self::Int32 => DataType::Int32,
            Self::Int => DataType::Int64,
            Self::Float => DataType::Float64,
            Self::Millis => DataType::Timestamp(TimeUnit::Millisecond, utc()),
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, utc()),
            Self::Text => DataType::Utf8,
            Self::Digest => DataType::FixedSizeBinary(16),
            Self::List(item) => {
                DataType::List(Arc::new(Field::new("item", item.data_type(), true)))
            }
        }
    }

    /// The kind of an Arrow type; `None` for one that no catalogue has.
    pub fn of(data_type: &DataType) -> Option<Self> {
        Some(match data_type {
            DataType::Boolean => Self::Bool,
            DataType::Int32 => Self::Int32,
            DataType::Int64 => Self::Int,
            DataType::Float64 => Self::Float,
            DataType::Timestamp(TimeUnit::Millisecond, _) => Self::Millis,
            DataType::Timestamp(TimeUnit::Microsecond, _) => Self::Time,
            DataType::Utf8 => Self::Text,
            DataType::FixedSizeBinary(16) => Self::Digest,
            DataType::List(item) => Self::of(item.data_type())?.list(),
            _ => return None,
        })
    }

    /// The name in `keys.parquet`.
    pub fn name(&self) -> String {
        match self {
            Self::Bool => "bool".into(),
            Self::Int32 => "int32".into(),
            Self::Int => "int64".into(),
            Self::Float => "float64".into(),
            Self::Millis | Self::Time => "timestamp".into(),
            Self::Text => "text".into(),
            Self::Digest => "bytes".into(),
            Self::List(item) => format!("list<{}>", item.name()),
        }
    }
}

impl Column {
    /// A column that every catalogue has.
    pub(crate) fn fixed(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            unit: unit(name).map(str::to_owned),
            path: None,
        }
    }

    /// The column as Arrow has it, with unit and path as metadata.
    pub fn field(&self) -> Field {
        let pairs = [("unit", &self.unit), ("path", &self.path)];
        let metadata = pairs
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)));
        let metadata: HashMap<String, String> = metadata.collect();
        Field::new(&self.name, self.kind.data_type(), true).with_metadata(metadata)
    }

    /// The column of a field; `None` for a type that no catalogue has.
    pub fn of(field: &Field) -> Option<Self> {
        let metadata = |key: &str| field.metadata().get(key).cloned();
        Some(Self {
            name: field.name().clone(),
            kind: Kind::of(field.data_type())?,
            unit: metadata("unit"),
            path: metadata("path"),
        })
    }
}

/// The columns of `files` that every catalogue has.
pub fn files() -> Vec<Column> {
    use Kind::{Float, Int, Int32, Millis, Text};
    let columns = [
        ("access_url", Text),
        ("access_format", Text),
        ("access_estsize", Int),
        ("file_size", Int),
        ("file_mtime", Millis),
        ("file_etag", Text),
        ("status", Text),
        ("message", Text),
        ("generation", Int32),
        ("asdf_standard", Text),
        ("asdf_library", Text),
        ("asdf_library_version", Text),
        ("root_tag", Text),
        ("n_blocks", Int32),
        ("n_arrays", Int32),
        ("n_hdus", Int32),
        ("profile", Text),
        ("dataproduct_type", Text),
        ("calib_level", Int32),
        ("obs_collection", Text),
        ("obs_id", Text),
        ("obs_title", Text),
        ("target_name", Text),
        ("facility_name", Text),
        ("instrument_name", Text),
        ("filters", Text),
        ("t_min", Float),
        ("t_max", Float),
        ("t_exptime", Float),
        ("em_min", Float),
        ("em_max", Float),
        ("s_ra", Float),
        ("s_dec", Float),
        ("s_fov", Float),
        ("s_region", Text),
        ("s_xel1", Int),
        ("s_xel2", Int),
        ("s_pixel_scale", Float),
        ("_healpix_29", Int),
        ("healpix_order", Int32),
        ("healpix_cells", Int.list()),
    ];
    let fixed = |(name, kind)| Column::fixed(name, kind);
    columns.into_iter().map(fixed).collect()
}

/// The columns of `arrays`.
pub fn arrays() -> Vec<Column> {
    use Kind::{Digest, Int, Int32, Text};
    let columns = [
        ("access_url", Text),
        ("path", Text),
        ("datatype", Text),
        ("shape", Int.list()),
        ("byteorder", Text),
        ("storage", Text),
        ("block", Int32),
        ("codec", Text),
        ("offset", Int),
        ("stored_bytes", Int),
        ("bytes", Int),
        ("array_offset", Int),
        ("strides", Int.list()),
        ("checksum", Digest),
        ("chunk_offsets", Int.list()),
        ("chunk_sizes", Int.list()),
    ];
    let fixed = |(name, kind)| Column::fixed(name, kind);
    columns.into_iter().map(fixed).collect()
}

/// The columns of `keys`.
pub fn keys() -> Vec<Column> {
    use Kind::{Int, Text};
    let columns = [
        ("column", Text),
        ("path", Text),
        ("type", Text),
        ("unit", Text),
        ("files", Int),
        ("min", Text),
        ("max", Text),
    ];
    let fixed = |(name, kind)| Column::fixed(name, kind);
    columns.into_iter().map(fixed).collect()
}

/// The units that `ObsCore` gives its columns.
fn unit(name: &str) -> Option<&'static str> {
    Some(match name {
        "access_estsize" => "kB",
        "file_size" | "stored_bytes" | "bytes" | "offset" | "array_offset" => "byte",
        "t_min" | "t_max" => "d",
        "t_exptime" => "s",
        "em_min" | "em_max" => "m",
        "s_ra" | "s_dec" | "s_fov" => "deg",
        "s_pixel_scale" => "arcsec",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_widen_to_what_holds_both() {
        use Kind::{Bool, Float, Int, Text, Time};
        for (a, b, wanted) in [
            (Int, Int, Int),
            (Int, Float, Float),
            (Bool, Int, Text),
            (Time, Text, Text),
            (Time, Time, Time),
            (Int.list(), Float.list(), Float.list()),
            (Int.list(), Int, Text),
            (Bool.list(), Text.list(), Text.list()),
        ] {
            assert_eq!(a.clone().widened(b.clone()), wanted, "{a:?} {b:?}");
            assert_eq!(b.widened(a), wanted);
        }
    }

    #[test]
    fn columns_come_back_from_their_fields() {
        for column in files().into_iter().chain(arrays()).chain(keys()) {
            assert_eq!(Column::of(&column.field()), Some(column));
        }
    }
}
