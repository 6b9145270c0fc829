//! Trees taken out of FITS files, put into others, and changed where they are.

use super::{open, path_of, warnings};
use asdf_core::array::NewArray;
use asdf_core::file::{EmbedOptions, strip_tree};
use asdf_core::fits::FitsFile;
use asdf_core::{AsdfFile, OpenOptions, WriteOptions};
use std::io::Cursor;

fn read(bytes: Vec<u8>) -> AsdfFile {
    OpenOptions::default().read_bytes(bytes, "written").unwrap()
}

fn extracted(file: &AsdfFile) -> AsdfFile {
    let mut sink = Cursor::new(Vec::new());
    file.to_draft()
        .write(&mut sink, &WriteOptions::default())
        .unwrap();
    read(sink.into_inner())
}

fn embedded(file: &AsdfFile, options: &EmbedOptions<'_>) -> AsdfFile {
    let mut sink = Vec::new();
    file.to_draft()
        .embed(&mut sink, options, &WriteOptions::default())
        .unwrap();
    read(sink)
}

fn digests(file: &AsdfFile) -> Vec<(String, String)> {
    let arrays = file.arrays().unwrap();
    let digest = |(path, node)| {
        let array: asdf_core::ArrayRef<'_> = file.array_at(node).unwrap();
        (
            asdf_core::TreePath::to_string(&path),
            array.digest().unwrap(),
        )
    };
    arrays.into_iter().map(digest).collect()
}

/// The bytes of each HDU but that of the tree.
fn hdus(fits: &FitsFile, tree: Option<usize>) -> Vec<&[u8]> {
    let others = fits.hdus().filter(|hdu| Some(hdu.index()) != tree);
    others
        .map(|hdu| {
            fits.input()
                .slice(hdu.header_span().start..hdu.end())
                .unwrap()
        })
        .collect()
}

const READABLE: [&str; 12] = [
    "product.fits",
    "edited.fits",
    "compressed.fits",
    "names.fits",
    "views.fits",
    "scaled.fits",
    "trailing.fits",
    "in_heap.fits",
    "as_image.fits",
    "as_extension.fits",
    "as_gzipped_extension.fits",
    "inner_blocks.fits",
];

#[test]
fn an_extracted_tree_has_the_same_arrays_in_blocks() {
    for name in READABLE {
        let file = open(name);
        let plain = extracted(&file);
        assert!(plain.fits().is_none());
        assert_eq!(digests(&plain), digests(&file), "{name}");
        assert!(plain.tree().root().get("_fits_hash").is_none(), "{name}");
        assert!(
            warnings(&plain).is_empty(),
            "{name}: {:?}",
            warnings(&plain)
        );
    }
}

#[test]
fn data_that_is_stored_as_it_is_stays_big_endian_and_is_shared() {
    let plain = extracted(&open("product.fits"));
    let node = |path: &str| plain.node(path).unwrap();
    let text = |path: &str| node(path).read::<String>().unwrap();
    assert_eq!(text("/data/byteorder"), "big");
    assert_eq!(
        node("/data/source").read::<i64>().unwrap(),
        node("/again/data/source").read::<i64>().unwrap()
    );
    // Unsigned numbers are stored shifted, so that they had to be decoded.
    assert_eq!(text("/dq/byteorder"), "little");
    assert_eq!(plain.block_table().headers().len(), 5);
}

#[test]
fn a_tree_that_is_put_back_has_the_same_arrays_in_hdus() {
    for name in READABLE {
        let plain = extracted(&open(name));
        let again = embedded(&plain, &EmbedOptions::default().checksums(true));
        assert_eq!(digests(&again), digests(&plain), "{name}");
        assert!(
            warnings(&again).is_empty(),
            "{name}: {:?}",
            warnings(&again)
        );
        let fits = again.fits().unwrap();
        for hdu in fits.hdus() {
            let sums = hdu.checksums().unwrap();
            assert_ne!((sums.data, sums.hdu), (Some(false), Some(false)), "{name}");
        }
        assert_eq!(again.tree_hdu(), Some(fits.len() - 1), "{name}");
    }
}

#[test]
fn moves_name_the_hdus_and_leave_the_rest() {
    let plain = extracted(&open("product.fits"));
    let moves = ["data=SCI", "dq=DQ,3"]
        .map(|text| text.parse().unwrap())
        .to_vec();
    let again = embedded(&plain, &EmbedOptions::default().moves(moves));
    let names: Vec<_> = again
        .fits()
        .unwrap()
        .hdus()
        .map(|hdu| (hdu.name(), hdu.version()))
        .collect();
    assert_eq!(names, [("PRIMARY", 1), ("SCI", 1), ("DQ", 3), ("ASDF", 1)]);
    let source = |path: &str| again.node(path).unwrap().describe();
    assert!(
        source("/data/source").contains("str"),
        "{}",
        source("/data/source")
    );
    assert_eq!(
        again.node("/dq/source").unwrap().read::<String>().unwrap(),
        "fits:DQ,3"
    );
    assert_eq!(digests(&again), digests(&plain));
}

#[test]
fn moves_that_cannot_be_are_refused() {
    let plain = extracted(&open("product.fits"));
    let refused = |moves: &[&str]| {
        let moves = moves.iter().map(|text| text.parse().unwrap()).collect();
        let options = EmbedOptions::default().moves(moves);
        let error = plain
            .to_draft()
            .embed(&mut Vec::new(), &options, &WriteOptions::default());
        error.unwrap_err().to_string()
    };
    assert!(refused(&["data=SCI", "dq=sci"]).ends_with("/dq: there is an HDU sci,1 already"));
    assert!(refused(&["data=SCI", "data=ERR"]).ends_with("/data: the array is moved twice"));
    assert!(refused(&["nothing=SCI"]).contains("no `nothing`"));
    assert!(refused(&["meta=SCI"]).contains("not an array"));
}

#[test]
fn types_that_fits_does_not_have_stay_in_blocks() {
    let wide = [1.0_f64; 4];
    let mut draft = asdf_core::Draft::new();
    let flags = NewArray::from_slice(&[true, false], &[2]).unwrap();
    let storage = asdf_core::file::Storage::internal();
    draft.set_array("flags", flags, &storage).unwrap();
    draft
        .set_array(
            "wide",
            NewArray::from_slice(&wide, &[2, 2]).unwrap(),
            &storage,
        )
        .unwrap();
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default()).unwrap();
    let again = embedded(&read(sink.into_inner()), &EmbedOptions::default());
    assert_eq!(
        again
            .node("/wide/source")
            .unwrap()
            .read::<String>()
            .unwrap(),
        "fits:WIDE,1"
    );
    assert_eq!(
        again.node("/flags/source").unwrap().read::<i64>().unwrap(),
        0
    );
}

#[test]
fn a_changed_tree_leaves_all_other_hdus_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for name in READABLE {
        let path = folder.path().join(name);
        std::fs::copy(path_of(name), &path).unwrap();
        let old = open(name);
        {
            let file = AsdfFile::open(&path).unwrap();
            let mut draft = file.to_draft();
            draft.set("added", "here").unwrap();
            draft.update(&path, &WriteOptions::default()).unwrap();
        }
        let new = AsdfFile::open(&path).unwrap();
        assert_eq!(
            new.node("/added").unwrap().read::<String>().unwrap(),
            "here"
        );
        assert_eq!(digests(&new), digests(&old), "{name}");
        let (before, after) = (old.fits().unwrap(), new.fits().unwrap());
        assert_eq!(
            hdus(after, new.tree_hdu()),
            hdus(before, old.tree_hdu()),
            "{name}"
        );
        assert_eq!(warnings(&new), warnings(&old), "{name}: the hash");
    }
}

#[test]
fn a_stripped_file_has_all_other_hdus() {
    for name in READABLE {
        let file = open(name);
        let mut bytes = Vec::new();
        strip_tree(file.fits().unwrap(), &mut bytes).unwrap();
        let bare = read(bytes);
        assert_eq!(bare.tree_hdu(), None);
        assert_eq!(
            hdus(bare.fits().unwrap(), None),
            hdus(file.fits().unwrap(), file.tree_hdu()),
            "{name}"
        );
        assert!(strip_tree(bare.fits().unwrap(), &mut Vec::new()).is_err());
    }
}

#[test]
fn a_base_comes_first_byte_for_byte_and_its_names_are_taken() {
    let plain = extracted(&open("inner_blocks.fits"));
    let base = open("names.fits");
    let options = EmbedOptions::default().base(base.fits().unwrap());
    let both = embedded(&plain, &options);
    let fits = both.fits().unwrap();
    let kept = hdus(base.fits().unwrap(), base.tree_hdu());
    assert_eq!(hdus(fits, None)[..kept.len()], kept);
    assert_eq!(digests(&both), digests(&plain));
    let options = options.moves(vec!["flags=SCI".parse().unwrap()]);
    let error = plain
        .to_draft()
        .embed(&mut Vec::new(), &options, &WriteOptions::default());
    assert!(
        error
            .unwrap_err()
            .to_string()
            .ends_with("there is an HDU SCI,1 already")
    );
}

#[test]
fn the_hdu_of_the_tree_has_the_header_that_readers_know() {
    let again = embedded(&extracted(&open("product.fits")), &EmbedOptions::default());
    let hdu = again
        .fits()
        .unwrap()
        .hdu(again.tree_hdu().unwrap())
        .unwrap();
    let size = hdu.data_span().end - hdu.data_span().start;
    let header = String::from_utf8(hdu.header().raw().to_vec()).unwrap();
    let form = format!("'{size}B'");
    let wanted = [
        "XTENSION= 'BINTABLE'           / binary table extension".to_owned(),
        "BITPIX  =                    8 / array data type".to_owned(),
        "NAXIS   =                    2 / number of array dimensions".to_owned(),
        format!("NAXIS1  = {size:20} / length of dimension 1"),
        "NAXIS2  =                    1 / length of dimension 2".to_owned(),
        "PCOUNT  =                    0 / number of group parameters".to_owned(),
        "GCOUNT  =                    1 / number of groups".to_owned(),
        "TFIELDS =                    1 / number of table fields".to_owned(),
        "TTYPE1  = 'ASDF_METADATA'".to_owned(),
        format!("TFORM1  = '{:8}'", form.trim_matches('\'')),
        "EXTNAME = 'ASDF    '           / extension name".to_owned(),
    ];
    let cards: Vec<&str> = header
        .as_bytes()
        .chunks(80)
        .map(|card| std::str::from_utf8(card).unwrap().trim_end())
        .collect();
    assert_eq!(cards, wanted);
}

#[test]
fn arrays_that_go_into_the_tree_or_to_other_files_leave_their_hdus() {
    let file = open("product.fits");
    let mut draft = file.to_draft();
    draft.inline_below(21).unwrap();
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default()).unwrap();
    let inline = read(sink.into_inner());
    let pixel: f64 = inline.node("/data/data/0/1").unwrap().read().unwrap();
    assert_eq!(pixel.to_bits(), 0.125_f64.to_bits());
    assert!(inline.node("/data/source").is_err());
    assert!(inline.node("/ramp/source").is_ok());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.asdf");
    let mut draft = file.to_draft();
    assert_eq!(draft.explode("out").unwrap().len(), 5);
    draft.save(&path, &WriteOptions::default()).unwrap();
    assert_eq!(digests(&AsdfFile::open(path).unwrap()), digests(&file));
}
