//! What Zarr is told of an array: shape, chunks, datatype, codec.

use super::storage::Storage;
use super::{Reason, ZarrFormat, dimensions};
use crate::array::{ArrayRef, ByteOrder, Datatype, Scalar};
use crate::block::Codec;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What Zarr is told of an array.
pub(super) struct Metadata {
    format: ZarrFormat,
    axes: usize,
    document: Value,
    attributes: Value,
}

/// The document that makes a name a group, and its key.
pub(super) fn group(name: &str, format: ZarrFormat) -> (String, Value) {
    match format {
        ZarrFormat::V2 => (under(name, ".zgroup"), text(&json!({ "zarr_format": 2 }))),
        ZarrFormat::V3 => {
            let document = json!({ "zarr_format": 3, "node_type": "group", "attributes": {} });
            (under(name, "zarr.json"), text(&document))
        }
    }
}

impl Metadata {
    /// Of an array with these chunks; without them of one whose elements stand in the tree, in one little-endian chunk.
    pub(super) fn new(
        array: &ArrayRef<'_>,
        storage: Option<&Storage>,
        format: ZarrFormat,
    ) -> Reason<Self> {
        let shape = array.shape();
        let order = storage.map_or(ByteOrder::Little, |_| array.byteorder());
        // No axis of a chunk is empty.
        let mut chunks: Vec<u64> = shape.iter().map(|length| (*length).max(1)).collect();
        if let (Some(first), Some(storage)) = (chunks.first_mut(), storage) {
            *first = storage.rows;
        }
        let codec = storage.map_or(Codec::None, |storage| storage.codec);
        let names = dimensions(shape);
        let (document, attributes) = match format {
            ZarrFormat::V2 => (
                json!({
                    "zarr_format": 2,
                    "shape": shape,
                    "chunks": chunks,
                    "dtype": dtype(array.datatype(), order, storage.is_none()),
                    "compressor": null,
                    "fill_value": null,
                    "order": "C",
                    "filters": filters(codec),
                }),
                json!({ "_ARRAY_DIMENSIONS": names }),
            ),
            ZarrFormat::V3 => (
                json!({
                    "zarr_format": 3,
                    "node_type": "array",
                    "shape": shape,
                    "data_type": data_type(array.datatype())?,
                    "chunk_grid": { "name": "regular", "configuration": { "chunk_shape": chunks } },
                    "chunk_key_encoding": { "name": "default", "configuration": { "separator": "/" } },
                    "fill_value": fill(array.datatype()),
                    "codecs": codecs(array.datatype(), order, codec),
                    "dimension_names": names,
                    "attributes": {},
                }),
                Value::Null,
            ),
        };
        Ok(Self {
            format,
            axes: shape.len(),
            document,
            attributes,
        })
    }

    /// Adds the documents under a name; gives what the keys of chunks begin with.
    pub(super) fn add_to(&self, entries: &mut BTreeMap<String, Value>, name: &str) -> String {
        match self.format {
            ZarrFormat::V2 => {
                entries.insert(under(name, ".zarray"), text(&self.document));
                entries.insert(under(name, ".zattrs"), text(&self.attributes));
                under(name, "")
            }
            ZarrFormat::V3 => {
                entries.insert(under(name, "zarr.json"), text(&self.document));
                under(name, "c")
            }
        }
    }

    /// The key of a chunk, which is cut along the first axis only.
    pub(super) fn chunk_key(&self, prefix: &str, number: usize) -> String {
        let numbers = (0..self.axes).map(|axis| if axis == 0 { number } else { 0 });
        let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
        match (self.format, self.axes) {
            (ZarrFormat::V2, 0) => format!("{prefix}0"),
            (ZarrFormat::V2, _) => format!("{prefix}{}", numbers.join(".")),
            (ZarrFormat::V3, 0) => prefix.to_owned(),
            (ZarrFormat::V3, _) => format!("{prefix}/{}", numbers.join("/")),
        }
    }
}

/// A key below a name.
fn under(name: &str, key: &str) -> String {
    if name.is_empty() {
        key.to_owned()
    } else {
        format!("{name}/{key}")
    }
}

/// Documents stand in references as text.
fn text(document: &Value) -> Value {
    Value::String(document.to_string())
}

/// The datatype as numpy writes it; elements that were packed have one byte order.
fn dtype(datatype: &Datatype, order: ByteOrder, is_packed: bool) -> Value {
    let sign = match order {
        ByteOrder::Little => '<',
        ByteOrder::Big => '>',
    };
    match datatype {
        Datatype::Scalar(scalar) => {
            let sign = if scalar.unit() > 1 { sign } else { '|' };
            json!(format!("{sign}{}{}", kind(*scalar), scalar.size()))
        }
        Datatype::Ascii(length) => json!(format!("|S{length}")),
        Datatype::Ucs4(length) => json!(format!("{sign}U{length}")),
        Datatype::Record(fields) => {
            let field = |field: &crate::array::Field| {
                let order = if is_packed { order } else { field.byteorder };
                json!([field.name, dtype(&field.datatype, order, is_packed)])
            };
            Value::Array(fields.iter().map(field).collect())
        }
    }
}

fn kind(scalar: Scalar) -> char {
    match scalar {
        Scalar::Int8 | Scalar::Int16 | Scalar::Int32 | Scalar::Int64 => 'i',
        Scalar::Uint8 | Scalar::Uint16 | Scalar::Uint32 | Scalar::Uint64 => 'u',
        Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => 'f',
        Scalar::Complex64 | Scalar::Complex128 => 'c',
        Scalar::Bool8 => 'b',
    }
}

/// The codec of numcodecs; levels say how data are written, and nothing is. It is a filter and not the compressor, as in what kerchunk itself
/// writes: Zarr does not mind, and `VirtualiZarr` 2 reads no other.
fn filters(codec: Codec) -> Value {
    let codec = match codec {
        Codec::Zlib => json!({ "id": "zlib", "level": 1 }),
        Codec::Bzip2 => json!({ "id": "bz2", "level": 1 }),
        Codec::Lz4 => json!({ "id": "lz4", "acceleration": 1 }),
        Codec::Zstd => json!({ "id": "zstd", "level": 1 }),
        Codec::Blosc => {
            json!({ "id": "blosc", "cname": "lz4", "clevel": 5, "shuffle": 1, "blocksize": 0 })
        }
        _ => return Value::Null,
    };
    json!([codec])
}

/// The names of version 3.
fn data_type(datatype: &Datatype) -> Reason<&'static str> {
    match datatype {
        Datatype::Scalar(Scalar::Bool8) => Ok("bool"),
        Datatype::Scalar(scalar) => Ok(scalar.name()),
        _ => Err("Zarr 3 has no datatype for it: version 2 has".into()),
    }
}

/// What stands where no chunk is; version 3 must have it.
fn fill(datatype: &Datatype) -> Value {
    match datatype {
        Datatype::Scalar(Scalar::Bool8) => json!(false),
        Datatype::Scalar(Scalar::Complex64 | Scalar::Complex128) => json!([0.0, 0.0]),
        Datatype::Scalar(scalar) if !scalar.is_integer() => json!(0.0),
        _ => json!(0),
    }
}

/// The codecs of version 3: bytes, then what they are compressed by.
fn codecs(datatype: &Datatype, order: ByteOrder, codec: Codec) -> Value {
    let mut bytes = Map::new();
    bytes.insert("name".into(), json!("bytes"));
    bytes.insert("configuration".into(), json!({ "endian": order.name() }));
    let mut out = vec![Value::Object(bytes)];
    let size = datatype.size();
    match codec {
        Codec::Zlib => out.push(named("numcodecs.zlib", &json!({ "level": 1 }))),
        Codec::Bzip2 => out.push(named("numcodecs.bz2", &json!({ "level": 1 }))),
        Codec::Lz4 => out.push(named("numcodecs.lz4", &json!({ "acceleration": 1 }))),
        Codec::Zstd => out.push(named("zstd", &json!({ "level": 1, "checksum": false }))),
        Codec::Blosc => {
            let configuration = json!({
                "cname": "lz4", "clevel": 5, "shuffle": "shuffle", "typesize": size.max(1), "blocksize": 0,
            });
            out.push(named("blosc", &configuration));
        }
        _ => {}
    }
    Value::Array(out)
}

fn named(name: &str, configuration: &Value) -> Value {
    json!({ "name": name, "configuration": configuration })
}
