//! What is expected, and files to find it in.

use asdf_core::array::Slice;
use asdf_core::{AsdfFile, OpenOptions};
use asdf_tui::raster::{Image, Layer, Plane};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A folder of `test-data`.
pub(crate) fn test_data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-data")
        .join(folder)
}

pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Numbers of a list; null is NaN.
pub(crate) fn numbers(list: &Value) -> Vec<f64> {
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    list.as_array().unwrap().iter().map(number).collect()
}

/// Two numbers.
pub(crate) fn pair(list: &Value) -> [f64; 2] {
    numbers(list).try_into().unwrap()
}

/// A file with one array, `data`, in a block that is not compressed.
pub(crate) fn file_of(datatype: &str, order: &str, shape: &[u64], bytes: &[u8]) -> AsdfFile {
    let mut out = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.5.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\ndata: !core/ndarray-1.0.0\n  source: 0\n  datatype: {datatype}\n  byteorder: {order}\n  shape: {shape:?}\n...\n"
    )
    .into_bytes();
    out.extend(b"\xd3BLK\0\x30\0\0\0\0\0\0\0\0");
    let size = (bytes.len() as u64).to_be_bytes();
    out.extend([size, size, size].concat());
    out.extend([0; 16]);
    out.extend(bytes);
    OpenOptions::default().read_bytes(out, "made").unwrap()
}

/// A file with an array of float64.
pub(crate) fn floats(shape: &[u64], values: impl IntoIterator<Item = f64>) -> AsdfFile {
    let bytes: Vec<u8> = values.into_iter().flat_map(f64::to_le_bytes).collect();
    file_of("float64", "little", shape, &bytes)
}

/// The image of an array of a file: the middle of more than two axes.
pub(crate) fn image<'f>(file: &'f AsdfFile, path: &str) -> Image<'f> {
    part(file, path, &[], &Layer::Middle).unwrap()
}

pub(crate) fn part<'f>(
    file: &'f AsdfFile,
    path: &str,
    slices: &[Slice],
    layer: &Layer,
) -> asdf_core::Result<Image<'f>> {
    Plane::new(file.array(path).unwrap(), slices, layer).map(Image::from)
}

/// Checks numbers to a relative tolerance of their greatest; NaN is NaN.
pub(crate) fn assert_near(found: &[f64], wanted: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let scale = wanted.iter().filter(|value| value.is_finite());
    let scale = scale.fold(1e-300, |scale: f64, value| scale.max(value.abs()));
    for (index, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        let near = (found - wanted).abs() <= tolerance * scale || found.is_nan() && wanted.is_nan();
        assert!(near, "{what}: [{index}] is {found}, expected {wanted}");
    }
}
