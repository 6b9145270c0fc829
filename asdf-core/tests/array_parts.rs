//! Windows of files and of loaded data, read in three ways.

use asdf_core::{AsdfFile, Slice};
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
