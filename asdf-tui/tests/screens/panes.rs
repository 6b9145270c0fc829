use crate::stage::data;
use crate::stage::stage;

#[test]
fn an_array_shows_its_cells() {
    stage("made/roman_exposure.asdf", 80, 24)
        .keys("J4")
        .shows("grid");
    stage("made/roman_exposure.asdf", 80, 24)
        .keys(":roman.data<enter>4<wait>G$")
        .shows("grid_end");
    stage("made/roman_exposure.asdf", 80, 24)
        .keys(":roman.data<enter>4<wait>:3, 5<enter>")
        .has("[3, 5] = ");
}

#[test]
fn slices_of_a_cube_are_walked_along() {
    stage("made/view_fortran.asdf", 80, 24)
        .keys("J<enter>")
        .shows("grid_of_a_view");
}

#[test]
fn a_record_array_is_a_table() {
    stage("made/record_simple.asdf", 80, 24)
        .keys("J<enter>")
        .shows("table");
    stage("made/record_simple.asdf", 80, 24)
        .keys("J<enter><wait>ss")
        .shows("table_sorted_down");
    stage("made/record_simple.asdf", 80, 24)
        .keys("J<enter><wait>&nonsense > 1<enter>")
        .has("no column `nonsense`");
}

#[test]
fn the_table_of_astropy_is_a_table() {
    stage("made/writer_astropy.asdf", 100, 24)
        .keys("J<enter>")
        .shows("array_of_astropy");
}

#[test]
fn statistics_are_computed() {
    stage("made/roman_exposure.asdf", 80, 24)
        .keys("J6")
        .shows("stats");
    stage("made/roman_exposure.asdf", 80, 24)
        .keys("6")
        .has("no array is selected");
}

#[test]
fn the_blocks_are_listed_and_checked() {
    stage("made/roman_exposure_zlib.asdf", 100, 24)
        .keys("5")
        .shows("blocks");
    stage("made/checksum_wrong.asdf", 100, 24)
        .keys("5C")
        .has("WRONG");
    stage("made/roman_exposure.asdf", 100, 24)
        .keys("5jc")
        .shows("blocks_one_checked");
    stage("made/roman_exposure.asdf", 100, 24)
        .keys("5<wait>a")
        .has("/roman/");
    stage("made/header_no_tree.asdf", 80, 24)
        .keys("5C<enter>ad")
        .has("blocks");
}

#[test]
fn the_bytes_of_a_block_are_shown() {
    stage("made/roman_exposure_zlib.asdf", 100, 20)
        .keys("5<enter>")
        .shows("hex");
    stage("made/roman_exposure_zlib.asdf", 100, 20)
        .keys("5<enter>d")
        .has("decoded bytes");
}

#[test]
fn problems_are_found_and_gone_to() {
    stage("made/checksum_match.asdf", 100, 24)
        .keys("8")
        .has("no problems");
    stage("bad/block_shorter_than_array.asdf", 100, 24)
        .keys("8")
        .shows("problems");
    stage("bad/block_shorter_than_array.asdf", 100, 24)
        .keys("8<wait><enter>")
        .has("tree");
}

#[test]
fn two_files_are_compared() {
    let other = data()
        .join("made/header_standard_1.5.0.asdf")
        .display()
        .to_string();
    let command = format!(":diff {other}<enter><wait>");
    let mut stage = stage("made/roman_exposure.asdf", 100, 24).keys(&command);
    let text = stage.text();
    assert!(
        text.contains("this file") && text.contains("other file"),
        "{text}"
    );
    stage.keys("<enter>").has("tree");
}

#[test]
fn a_file_is_opened_beside_the_first() {
    let other = data().join("made/record_simple.asdf").display().to_string();
    let command = format!(":open {other}<enter><wait>");
    let stage = stage("made/roman_exposure.asdf", 100, 24)
        .keys(&command)
        .has("2/2");
    let stage = stage.keys("<c-n>").has("1/2");
    stage.keys("<c-w>").has("record_simple.asdf");
}

#[test]
fn open_files_without_the_array_of_a_picture_are_passed() {
    let open = |name: &str| format!(":open {}<enter><wait>", data().join(name).display());
    let keys = format!(
        "{}{}<c-n>J3<wait>:40, 30<enter><wait>",
        open("made/record_simple.asdf"),
        open("image/sky.asdf")
    );
    let sky = |more: &str| stage("image/sky.asdf", 120, 40).keys(&format!("{keys}{more}<wait>"));
    sky("<c-n><wait>").has("this file has no such array");
    sky("<c-n><wait><c-n><wait>").has("x=40 y=30");
    // Once around.
    sky("<c-n><wait><c-n><wait><c-n><wait>").has("x=40 y=30");
}

#[test]
fn a_file_that_cannot_be_opened_is_told() {
    stage("made/roman_exposure.asdf", 100, 24)
        .keys(":open /nowhere.asdf<enter>")
        .has("nowhere.asdf");
}

#[test]
fn a_file_is_chosen_from_a_list() {
    let stage = stage("made/roman_exposure.asdf", 100, 24).keys("o<wait>record_sim<enter><wait>");
    stage.has("2/2");
}

#[test]
fn the_hdus_of_a_fits_file_are_listed() {
    let folder = data().join("fits");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    names.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "fits")
    });
    names.sort();
    let first = names.first().unwrap();
    let name = format!("fits/{}", first.file_name().unwrap().to_str().unwrap());
    stage(&name, 100, 24).keys("9").has("cards");
    stage(&name, 100, 24).keys("9<wait><enter>").has("SIMPLE");
    stage(&name, 100, 24)
        .keys("9<wait>/bitpix<enter>")
        .has("BITPIX");
    stage("made/roman_exposure.asdf", 100, 24)
        .keys("9")
        .has("not a FITS file");
}

#[test]
fn what_is_shown_of_an_hdu_is_shown_of_its_array() {
    // Without a tree of its own: the first screen lists the HDUs.
    let plain = "fits/tables.fits";
    stage(plain, 100, 24).keys("<wait>").has("PRIMARY");
    stage(plain, 100, 24).keys("<wait>4").has("/fits/1/data");
    stage(plain, 100, 24)
        .keys("<wait>j6")
        .has("stats of /fits/1/data");
    stage(plain, 100, 24)
        .keys("1zR/TTYPE1<enter><wait>")
        .has("path       /fits/1/header/TTYPE1");
    stage("fits/compressed_rice_1.fits", 100, 24)
        .keys("3")
        .has("image /fits/1/data");
    stage("fits/wcs/headers.fits.gz", 100, 24)
        .keys("3<wait>")
        .has("RA 09:57:23.76 Dec +03:08:13.7");
    // The array that the tree has for the HDU.
    stage("fits/embedded/product.fits", 100, 24)
        .keys("9<wait>jj6")
        .has("stats of /");
}

#[test]
fn the_help_shows_the_keys_of_the_screen_first() {
    stage("made/roman_exposure.asdf", 80, 24)
        .keys("?")
        .shows("help");
    stage("made/roman_exposure.asdf", 80, 24)
        .keys("?Gq")
        .has("1/4");
}
