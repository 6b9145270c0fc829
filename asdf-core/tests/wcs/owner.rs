//! Which WCS an array has, and what a cutout leaves alone (spec-notes W-22 to W-31).

use asdf_core::wcs::{ArrayWcs, EvalOptions, NoWcs};
use asdf_core::{AsdfFile, OpenOptions, TreePath, WriteOptions};

/// A WCS of an image whose first pixel is that far from its reference point; `more` are keys such as `pixel_shape`.
fn wcs(offset: f64, more: &str) -> String {
    format!(
        "!<tag:stsci.edu:gwcs/wcs-1.4.0> {{name: '', {more} steps: [!<tag:stsci.edu:gwcs/step-1.3.0> {{frame: detector, transform: \
         !transform/concatenate-1.4.0 {{forward: [!transform/shift-1.4.0 {{offset: {offset}}}, !transform/shift-1.4.0 {{offset: 2.0}}]}}}}, \
         !<tag:stsci.edu:gwcs/step-1.3.0> {{frame: world}}]}}"
    )
}

fn sized(offset: f64) -> String {
    wcs(offset, "pixel_shape: [3, 2],")
}

const IMAGE: &str = "!core/ndarray-1.1.0 {data: [[1, 2, 3], [4, 5, 6]], datatype: int32}";
const SMALL: &str = "!core/ndarray-1.1.0 {data: [[1, 2], [4, 5]], datatype: int32}";
const CUBE: &str = "!core/ndarray-1.1.0 {data: [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]], datatype: int32}";

fn file(nodes: &str) -> AsdfFile {
    let text = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n{nodes}\n...\n"
    );
    let options = OpenOptions::default();
    options.read_bytes(text.into_bytes(), "t.asdf").unwrap()
}

/// The place of an array's WCS, or why it has none.
fn of(file: &AsdfFile, array: &str) -> Result<String, NoWcs> {
    match file.wcs_at_array(array).unwrap() {
        ArrayWcs::One(wcs) => Ok(wcs.path().to_string()),
        ArrayWcs::None(why) => Err(why),
    }
}

fn path(text: &str) -> TreePath {
    TreePath::parse(text).unwrap()
}

/// Cuts the first column away from the image of a WCS.
fn cut(file: &AsdfFile, wcs: &str) -> (AsdfFile, Vec<String>, Vec<String>) {
    let wcs = file.wcs(wcs).unwrap();
    let cutout = file.cutout(&wcs, &[1..3, 0..2]).unwrap();
    let arrays = cutout.arrays.iter().map(ToString::to_string).collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    cutout
        .draft
        .write(&mut bytes, &WriteOptions::default())
        .unwrap();
    let part = OpenOptions::default();
    let part = part.read_bytes(bytes.into_inner(), "part.asdf").unwrap();
    (part, arrays, cutout.notes)
}

fn first(file: &AsdfFile, wcs: &str) -> f64 {
    let wcs = file.wcs(wcs).unwrap();
    let options = EvalOptions {
        bounds: false,
        ..EvalOptions::default()
    };
    wcs.eval(&[&[0.0], &[0.0]], &options).unwrap()[0][0]
}

#[test]
fn the_nearest_wcs_counts_and_never_that_of_a_sibling_branch() {
    let file = file(&format!(
        "a: {{img: {IMAGE}, meta: {{wcs: {}}}}}\nb: [{{data: {IMAGE}, wcs: {}}}, {{data: {IMAGE}}}]\ncoadd: {IMAGE}",
        sized(10.0),
        sized(20.0)
    ));
    assert_eq!(of(&file, "a/img"), Ok("/a/meta/wcs".to_owned()));
    assert_eq!(of(&file, "b/0/data"), Ok("/b/0/wcs".to_owned()));
    assert_eq!(of(&file, "b/1/data"), Err(NoWcs::Missing));
    assert_eq!(of(&file, "coadd"), Err(NoWcs::Missing));
}

#[test]
fn arrays_deeper_in_the_mapping_and_with_further_axes_have_it_those_of_other_lengths_not() {
    let file = file(&format!(
        "r: {{data: {IMAGE}, cal: {{flat: {IMAGE}, amp: {SMALL}}}, cube: {CUBE}, meta: {{wcs: {}}}}}",
        sized(10.0)
    ));
    for array in ["r/data", "r/cal/flat", "r/cube"] {
        assert_eq!(of(&file, array), Ok("/r/meta/wcs".to_owned()));
    }
    assert_eq!(
        of(&file, "r/cal/amp"),
        Err(NoWcs::OtherGrid(path("/r/meta/wcs")))
    );
    let wcs = file.wcs("r/meta/wcs").unwrap();
    let arrays = file.arrays_of_wcs(&wcs).unwrap();
    let arrays: Vec<String> = arrays.iter().map(|array| array.path.to_string()).collect();
    assert_eq!(arrays, ["/r/data", "/r/cal/flat", "/r/cube"]);
}

#[test]
fn several_that_fit_are_none_and_all_are_named() {
    let file = file(&format!(
        "data: {IMAGE}\nfirst: {}\nsecond: {}\nother: {}",
        sized(10.0),
        sized(20.0),
        wcs(30.0, "pixel_shape: [9, 9],")
    ));
    let paths = vec![path("/first"), path("/second")];
    assert_eq!(of(&file, "data"), Err(NoWcs::Ambiguous(paths)));
}

#[test]
fn lists_side_by_side_are_paired_by_number_or_key() {
    let file = file(&format!(
        "images: [{IMAGE}, {IMAGE}]\nwcs: [{}, {}]",
        sized(10.0),
        sized(20.0)
    ));
    assert_eq!(of(&file, "images[0]"), Ok("/wcs/0".to_owned()));
    assert_eq!(of(&file, "images[1]"), Ok("/wcs/1".to_owned()));
    let wcs = file.wcs("wcs[1]").unwrap();
    assert_eq!(file.arrays_of_wcs(&wcs).unwrap().len(), 1);
}

#[test]
fn arrays_that_a_wcs_is_made_of_have_none() {
    let table = "!transform/tabular-1.4.0 {lookup_table: !core/ndarray-1.1.0 {data: [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]}, points: [[0, 1], [0, 1, 2]], bounds_error: false}";
    let file = file(&format!(
        "data: {IMAGE}\nwcs: !<tag:stsci.edu:gwcs/wcs-1.4.0> {{name: '', steps: [!<tag:stsci.edu:gwcs/step-1.3.0> {{frame: a, transform: {table}}}, !<tag:stsci.edu:gwcs/step-1.3.0> {{frame: b}}]}}"
    ));
    let found = of(&file, "wcs/steps/0/transform/lookup_table");
    assert_eq!(found, Err(NoWcs::Within(path("/wcs"))));
}

#[test]
fn without_a_shape_the_grid_is_that_of_the_bounding_box_or_of_the_array_called_data() {
    let plain = wcs(10.0, "");
    let same = file(&format!("data: {IMAGE}\nerr: {IMAGE}\nwcs: {plain}"));
    assert_eq!(of(&same, "err"), Ok("/wcs".to_owned()));
    let mixed = file(&format!("other: {SMALL}\ndata: {IMAGE}\nwcs: {plain}"));
    assert_eq!(of(&mixed, "data"), Ok("/wcs".to_owned()));
    assert_eq!(of(&mixed, "other"), Err(NoWcs::OtherGrid(path("/wcs"))));
    let unnamed = file(&format!("one: {SMALL}\ntwo: {IMAGE}\nwcs: {plain}"));
    assert_eq!(of(&unnamed, "one"), Err(NoWcs::OtherGrid(path("/wcs"))));
    // A box that ends with the second column and row.
    let boxed = plain.replace(
        "1.4.0 {forward: [!transform/shift",
        "1.4.0 {bounding_box: [[-0.5, 1.5], [-0.5, 1.5]], inputs: [x, y], forward: [!transform/shift",
    );
    let exact = file(&format!("small: {SMALL}\ndata: {IMAGE}\nwcs: {boxed}"));
    assert_eq!(of(&exact, "small"), Ok("/wcs".to_owned()));
    assert_eq!(of(&exact, "data"), Err(NoWcs::OtherGrid(path("/wcs"))));
    let within = file(&format!("data: {IMAGE}\nwcs: {boxed}"));
    assert_eq!(of(&within, "data"), Ok("/wcs".to_owned()));
    // One that is larger than every array, as that of the whole detector: gwcs has positions there too.
    for end in ["9.5", "2047.5"] {
        let beyond = boxed.replace("1.5]", &format!("{end}]"));
        let alone = file(&format!("data: {IMAGE}\nerr: {IMAGE}\nwcs: {beyond}"));
        assert_eq!(of(&alone, "data"), Ok("/wcs".to_owned()));
        assert_eq!(of(&alone, "err"), Ok("/wcs".to_owned()));
        let mixed = file(&format!("other: {SMALL}\ndata: {IMAGE}\nwcs: {beyond}"));
        assert_eq!(of(&mixed, "data"), Ok("/wcs".to_owned()));
        assert_eq!(of(&mixed, "other"), Err(NoWcs::OtherGrid(path("/wcs"))));
    }
}

#[test]
fn a_cutout_touches_no_other_grid_though_nodes_are_shared() {
    let file = file(&format!(
        "a: {{data: &image {IMAGE}, wcs: &wcs {}}}\nb: {{data: *image, wcs: *wcs}}",
        sized(10.0)
    ));
    let (part, arrays, notes) = cut(&file, "a/wcs");
    assert_eq!(arrays, ["/a/data"]);
    assert!(notes[0].contains("/b/data"), "{notes:?}");
    assert_eq!(part.array("a/data").unwrap().shape(), [2, 2]);
    assert_eq!(part.array("b/data").unwrap().shape(), [2, 3]);
    assert!((first(&part, "a/wcs") - 11.0).abs() < 1e-12);
    assert!((first(&part, "b/wcs") - 10.0).abs() < 1e-12);
    assert_eq!(of(&part, "b/data"), Ok("/b/wcs".to_owned()));
}

#[test]
fn a_cutout_of_one_of_two_names_of_an_exposure_leaves_the_other() {
    let file = file(&format!(
        "all: [&one {{data: {IMAGE}, wcs: {}}}]\nbest: *one",
        sized(10.0)
    ));
    let (part, _, _) = cut(&file, "all[0]/wcs");
    assert_eq!(part.array("all/0/data").unwrap().shape(), [2, 2]);
    assert_eq!(part.array("best/data").unwrap().shape(), [2, 3]);
    assert!((first(&part, "best/wcs") - 10.0).abs() < 1e-12);
}

#[test]
fn masks_are_cut_with_their_arrays_and_keywords_move_with_them() {
    let masked = "!core/ndarray-1.1.0 {data: [[1, 2, 3], [4, 5, 6]], datatype: int32, mask: !core/ndarray-1.1.0 {data: [[true, false, true], [false, false, true]], datatype: bool8}}";
    let header = "[[SIMPLE, true], [NAXIS1, 3], [CTYPE1, RA---TAN], [CRPIX1, 2.5], [CRPIX1A, 7], [LTM1_1, 0.5], [CHECKSUM, abc], [CRPIX2, 1.5]]";
    let file = file(&format!(
        "data: {masked}\nheader: {header}\nmeta: {{wcs: {}, wcsinfo: {{crpix1: 12.0, crpix2: 3.0, s_region: POLYGON ICRS 1 2}}, crpix1: text}}",
        sized(10.0)
    ));
    let (part, _, notes) = cut(&file, "meta/wcs");
    assert_eq!(part.array("data/mask").unwrap().shape(), [2, 2]);
    let number = |path: &str| part.node(path).unwrap().read::<f64>().unwrap();
    assert_eq!(number("header/3/1").to_bits(), 1.5_f64.to_bits());
    assert_eq!(number("header/4/1").to_bits(), 6.0_f64.to_bits());
    assert_eq!(number("header/1/1").to_bits(), 2.0_f64.to_bits());
    // What is not there is 0: the second axis of the alternative stays, LTV1 is new, the checksum is not known.
    let keywords: Vec<&str> = part
        .node("header")
        .unwrap()
        .as_seq()
        .unwrap()
        .iter()
        .filter_map(|card| card.at(0)?.text())
        .collect();
    assert_eq!(
        keywords,
        [
            "SIMPLE", "NAXIS1", "CTYPE1", "CRPIX1", "CRPIX1A", "LTM1_1", "CHECKSUM", "CRPIX2",
            "LTV1"
        ]
    );
    assert_eq!(part.node("header/6/1").unwrap().text(), Some(""));
    assert_eq!(number("header/8/1").to_bits(), (-1.0_f64).to_bits());
    assert_eq!(number("meta/wcsinfo/crpix1").to_bits(), 11.0_f64.to_bits());
    assert_eq!(number("meta/wcsinfo/crpix2").to_bits(), 3.0_f64.to_bits());
    assert!(part.node("meta/wcsinfo/s_region").is_err());
    assert!(
        notes.iter().any(|note| note.contains("s_region")),
        "{notes:?}"
    );
}

#[test]
fn headers_with_tables_of_distortions_lose_their_wcs_and_it_is_told() {
    let header = "[[SIMPLE, true], [CTYPE1, RA---TAN], [CRPIX1, 2.5], [CPDIS1, LOOKUP], [CD1_1, 1.0], [A_ORDER, 2], [OBJECT, CRAB]]";
    let file = file(&format!(
        "data: {IMAGE}\nheader: {header}\nwcs: {}",
        sized(10.0)
    ));
    let (part, _, notes) = cut(&file, "wcs");
    let left = part.node("header").unwrap().as_seq().unwrap().len();
    assert_eq!(left, 2);
    assert!(
        notes[0].contains("/header") && notes[0].contains("left out"),
        "{notes:?}"
    );
}

#[test]
fn the_header_of_an_hdu_in_the_tree_is_its_wcs() {
    let header = "[[XTENSION, IMAGE], [NAXIS, 2], [NAXIS1, 3], [NAXIS2, 2], [CTYPE1, RA---TAN], [CTYPE2, DEC--TAN], [CRPIX1, 2.0], [CRPIX2, 1.0], [CRVAL1, 30.0], [CRVAL2, 10.0], [CDELT1, -0.1], [CDELT2, 0.1]]";
    let file = file(&format!(
        "h: !<tag:astropy.org:astropy/fits/fits-1.2.0>\n- {{header: {header}, data: {IMAGE}}}\n- {{header: [[XTENSION, IMAGE], [EXTNAME, ERR]], data: {IMAGE}}}"
    ));
    assert_eq!(of(&file, "h[0]/data"), Ok("/h/0/wcs".to_owned()));
    assert_eq!(of(&file, "h[1]/data"), Err(NoWcs::Missing));
    let wcs = file.wcs("h/0/wcs").unwrap();
    let world = wcs.pixel_to_world(&[&[1.0], &[0.0]]).unwrap();
    assert!((world[0][0] - 30.0).abs() < 1e-9 && (world[1][0] - 10.0).abs() < 1e-9);
    let (part, arrays, _) = cut(&file, "h/0/wcs");
    assert_eq!(arrays, ["/h/0/data"]);
    let world = part
        .wcs("h/0/wcs")
        .unwrap()
        .pixel_to_world(&[&[0.0], &[0.0]])
        .unwrap();
    assert!((world[0][0] - 30.0).abs() < 1e-9, "{world:?}");
}
