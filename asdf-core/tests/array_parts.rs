//! Windows of files and of loaded data, read in three ways.

use asdf_core::array::{NewArray, Slice};
use asdf_core::file::Storage;
use asdf_core::{ArrayData, AsdfFile, Draft, WriteOptions};
use std::path::Path;

#[test]
fn a_window_is_the_same_copied_mapped_and_of_the_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/made");
    let mut compared = 0;
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "asdf"))
        .filter(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            ["mask", "view", "roman_exposure"]
                .iter()
                .any(|start| name.starts_with(start))
        })
        .collect();
    paths.sort();
    for path in paths {
        let file = AsdfFile::open(&path).unwrap();
        for (place, _) in file.arrays().unwrap() {
            let array = file.array(&place).unwrap();
            let (Some(_), false) = (array.datatype().scalar(), array.shape().is_empty()) else {
                continue;
            };
            let slices = Slice::parse_list("::-2").unwrap();
            let slices = if array.shape().len() > 1 {
                [slices.as_slice(), &Slice::parse_list("1:7:2").unwrap()].concat()
            } else {
                slices
            };
            let mapped = array.load_slices(&slices).unwrap();
            let copied = array.copy_slices(&slices).unwrap();
            let whole = array.load().unwrap();
            let part = whole.part(&slices).unwrap();
            for other in [&copied, &part] {
                assert_eq!(other.shape(), mapped.shape(), "{path:?} {place}");
                assert_eq!(other.mask(), mapped.mask(), "{path:?} {place}");
                assert_eq!(other.summary(80), mapped.summary(80), "{path:?} {place}");
            }
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn elements_that_lie_far_apart_are_read_by_themselves() {
    let values: Vec<u32> = (0..300 * 400).collect();
    let mut draft = Draft::new();
    let array = NewArray::from_slice(&values, &[300, 400]).unwrap();
    draft
        .set_array("data", array, &Storage::internal())
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apart.asdf");
    draft.save(&path, &WriteOptions::default()).unwrap();
    let file = AsdfFile::open(&path).unwrap();
    let array = file.array("data").unwrap();
    for slices in [
        ":, 7",
        ":, 7:8",
        "::7, 399",
        "::-7, 3:5",
        "::11, ::13",
        "250:3:-9, ::-29",
        "::60, ::100",
        "5, ::200",
    ] {
        let slices = Slice::parse_list(slices).unwrap();
        let mapped = array.load_slices(&slices).unwrap();
        let copied = array.copy_slices(&slices).unwrap();
        assert_eq!(copied.shape(), mapped.shape());
        let all = |data: &ArrayData<'_>| data.view::<u32>().unwrap().iter().collect::<Vec<_>>();
        assert_eq!(all(&copied), all(&mapped), "{slices:?}");
    }
}
