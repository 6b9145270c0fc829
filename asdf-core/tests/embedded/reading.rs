//! Trees found in FITS files, and their arrays in HDUs. Expected values come from `generate/embedded.py`.

use super::{open, path_of, warnings};
use asdf_core::AsdfFile;
use asdf_core::array::Slice;
use asdf_core::error::ErrorKind;
use asdf_core::inspect::HduInfo;
use serde_json::Value;

#[test]
fn every_array_has_the_elements_that_were_written() {
    let text = std::fs::read_to_string(path_of("expected.json")).unwrap();
    let files: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(files.len(), 17);
    for (name, arrays) in &files {
        let file = open(name);
        for (path, wanted) in arrays.as_object().unwrap() {
            let array = file.array(path.as_str()).unwrap();
            assert_eq!(
                serde_json::json!(array.shape()),
                wanted["shape"],
                "{name}{path}"
            );
            assert_eq!(array.digest().unwrap(), wanted["sha256"], "{name}{path}");
            let loaded = array.load().unwrap();
            assert_eq!(loaded.shape(), array.shape(), "{name}{path}");
            assert_eq!(loaded.datatype(), array.datatype(), "{name}{path}");
        }
    }
}

#[test]
fn all_carriers_of_a_tree_are_found() {
    let carriers = [
        ("product.fits", 5, "BinTable"),
        ("as_image.fits", 2, "Image"),
        ("as_extension.fits", 2, "Other"),
        ("as_gzipped_extension.fits", 2, "Other"),
        ("in_heap.fits", 2, "BinTable"),
        ("inner_blocks.fits", 1, "BinTable"),
    ];
    for (name, index, kind) in carriers {
        let file = open(name);
        assert_eq!(file.tree_hdu(), Some(index), "{name}");
        let hdu = file.fits().unwrap().hdu(index).unwrap();
        assert_eq!(format!("{:?}", hdu.kind()), kind, "{name}");
        assert!(file.tree().root().as_map().is_some(), "{name}");
        let listed = HduInfo::all(&file);
        assert!(
            listed
                .iter()
                .all(|hdu| hdu.holds_tree == (hdu.index == index))
        );
    }
}

#[test]
fn a_fits_file_without_a_tree_opens_with_its_hdus() {
    let path = super::folders::test_data("fits").join("tables.fits");
    let file = AsdfFile::open(path).unwrap();
    assert_eq!(file.tree_hdu(), None);
    assert_eq!(file.tree_span(), None);
    let hdus = HduInfo::all(&file);
    assert!(hdus.len() > 1);
    assert_eq!(
        (hdus[0].name.as_str(), hdus[0].contents()),
        ("PRIMARY", "no data".to_owned())
    );
}

#[test]
fn windows_are_those_of_the_whole_array() {
    for (name, path) in [("product.fits", "/ramp"), ("compressed.fits", "/ramp")] {
        let file = open(name);
        let array = file.array(path).unwrap();
        let all = array.load().unwrap();
        let all = all.view::<u16>().unwrap().to_vec();
        let at = |a: usize, b: usize, c: usize, d: usize| all[((a * 3 + b) * 2 + c) * 4 + d];
        let window = array.load_window(&[1..2, 1..3, 0..2, 2..4]).unwrap();
        let wanted: Vec<u16> = (0..8)
            .map(|n| at(1, 1 + n / 4, n / 2 % 2, 2 + n % 2))
            .collect();
        assert_eq!(window.view::<u16>().unwrap().to_vec(), wanted, "{name}");
        let slices = Slice::parse_list("::-1, 2, 1, ::3").unwrap();
        let part = array.load_slices(&slices).unwrap();
        let wanted = [
            at(1, 2, 1, 0),
            at(1, 2, 1, 3),
            at(0, 2, 1, 0),
            at(0, 2, 1, 3),
        ];
        assert_eq!(part.view::<u16>().unwrap().to_vec(), wanted, "{name}");
        let empty = array.load_window(&[0..0, 0..3, 0..2, 0..4]).unwrap();
        assert!(empty.is_empty());
    }
}

#[test]
fn statistics_go_over_data_in_hdus() {
    for name in ["product.fits", "compressed.fits"] {
        let file = open(name);
        // numpy: (np.arange(20) * 214_000_000).mean(), and that of np.arange(20) / 8.
        for (path, mean) in [("/dq", 2_033_000_000.0), ("/data", 1.1875)] {
            let stats = file.array(path).unwrap().stats().unwrap();
            let found = stats.columns[0].numbers.as_ref().unwrap().mean;
            assert!((found - mean).abs() < 1e-9 * mean, "{name}{path}: {found}");
        }
    }
}

#[test]
fn edited_headers_and_nodes_that_are_wrong_are_told() {
    assert_eq!(warnings(&open("product.fits")), [""; 0]);
    let edited = warnings(&open("edited.fits"));
    assert_eq!(
        edited,
        ["the FITS headers were changed after the tree was written, they may disagree with it"]
    );
    let file = open("differs.fits");
    assert_eq!(file.array("/data").unwrap().shape(), [4, 5]);
    let told = warnings(&file);
    assert_eq!(
        told,
        ["the node says float64 [5, 4], the HDU has float32 [4, 5], which is read"]
    );
}

#[test]
fn a_source_that_leads_nowhere_says_so() {
    let file = open("missing.fits");
    let error = file.array("/data").unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("no HDU for source `fits:NOPE,1`, the file has 3 HDUs"),
        "{error}"
    );
    assert_eq!(error.place().path.as_deref(), Some("/data"));
    let error = open("bad_source.fits").array("/data").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Malformed(_)), "{error}");
    assert!(
        error.to_string().contains("`fits:SCI` names no HDU"),
        "{error}"
    );
}

#[test]
fn what_is_wrong_in_the_carried_file_is_told_with_its_hdu_and_offset() {
    let mut bytes = std::fs::read(path_of("as_image.fits")).unwrap();
    let at = bytes
        .windows(5)
        .position(|found| found == b"%YAML")
        .unwrap();
    bytes[at] = b'?';
    let options = asdf_core::OpenOptions::default();
    let error = options.read_bytes(bytes, "broken.fits").unwrap_err();
    assert_eq!(error.place().hdu, Some(2), "{error}");
    assert_eq!(
        error.place().span.as_ref().unwrap().start,
        at as u64,
        "{error}"
    );
}

#[test]
fn a_cut_tree_is_an_error_and_cut_data_as_well() {
    let bytes = std::fs::read(path_of("product.fits")).unwrap();
    let options = asdf_core::OpenOptions::default();
    // Within the data of the tree, which comes last.
    let cut = bytes[..bytes.len() - 2800].to_vec();
    let error = options.read_bytes(cut, "cut.fits").unwrap_err();
    assert_eq!(error.place().hdu, Some(5), "{error}");
    // The tree first, data after it.
    let bytes = std::fs::read(path_of("inner_blocks.fits")).unwrap();
    let file = options
        .read_bytes(bytes[..bytes.len() - 2860].to_vec(), "cut.fits")
        .unwrap();
    assert!(file.is_fits_cut());
    let error = file.fits().unwrap().hdu(2).unwrap().data().unwrap_err();
    assert!(error.to_string().contains("HDU 2"), "{error}");
}

#[test]
fn a_gzipped_file_is_read_as_its_content() {
    use std::io::Write;
    let bytes = std::fs::read(path_of("product.fits")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&bytes).unwrap();
    let options = asdf_core::OpenOptions::default();
    let file = options
        .read_bytes(packed.finish().unwrap(), "product.fits.gz")
        .unwrap();
    let plain = open("product.fits");
    for path in ["/data", "/dq", "/tab", "/ramp", "/inside"] {
        let digest = |file: &AsdfFile| file.array(path).unwrap().digest().unwrap();
        assert_eq!(digest(&file), digest(&plain), "{path}");
    }
}
