//! Apertures, markers, region files and catalogues on the picture.

use crate::stage::Stage;
use crate::stage::data;
use crate::stage::on;
use crate::stage::stage;
use asdf_tui::theme::ColorDepth;
use std::fs;

const SKY: &str = "image/sky.asdf";
const OPEN: &str = "J<wait>3<wait>";

fn picture(keys: &str) -> Stage {
    stage(SKY, 120, 40).keys(&format!("{OPEN}{keys}<wait>"))
}

fn file(name: &str) -> String {
    data().join("measure").join(name).display().to_string()
}

#[test]
fn an_aperture_is_measured_and_centred() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let name = format!("aperture_{width}x{height}");
        stage(SKY, width, height)
            .keys(&format!("{OPEN}:15, 10<enter>:aper 4 6 9<enter><wait>"))
            .shows(&name);
    }
    // The sum of photutils for these radii.
    picture(":15, 10<enter>:aper 4 6 9<enter>")
        .has("6.0721757e2")
        .has("1.2009084e0")
        .has("15.003, 10.001");
    // From beside the star to its middle.
    picture(":16, 11<enter>a<wait>A<wait>A<wait>A<wait>").has("x=15 y=10");
    picture(":15, 10<enter>a<wait><esc>").has("x=15 y=10");
    picture(":aper 4 9 6<enter>").has("is not an aperture");
    picture(":aper 4\" 6\" 9\"<enter>").has("1.984");
}

#[test]
fn the_panel_is_copied() {
    let stage = picture(":15, 10<enter>:aper 4 6 9<enter><wait>y");
    let copied = stage.0.copied.clone().unwrap();
    assert!(copied.contains("sum\t6.0721757e2"), "{copied}");
}

#[test]
fn a_radial_profile_stands_below() {
    picture(":15, 10<enter>u").shows("radial_profile");
    picture(":15, 10<enter>u<wait>u").has("net");
}

#[test]
fn regions_markers_and_catalogues_are_drawn() {
    let keys = format!(
        ":regions {}<enter><wait>:catalog {}<enter>",
        file("regions.reg"),
        file("sources.ecsv")
    );
    picture(&keys).shows("regions_and_catalog");
    picture(&format!(":regions {}<enter>", file("regions.reg"))).has("12 regions of");
    for name in ["sources.csv", "sources.ecsv", "sources.vot"] {
        picture(&format!(":catalog {}<enter>", file(name))).has("4 of 5 sources of");
    }
    picture(":catalog /nowhere.csv<enter>").has("/nowhere.csv");
    picture(&format!(":catalog {}<enter>", file("expected.json"))).has("expected.json:");
    picture(":5, 5<enter>:mark here it is<enter>").has("here it is");
    picture(":mark one<enter><wait>:clear<enter>").has("1 regions and markers taken away");
}

#[test]
fn tables_of_other_files_are_catalogues() {
    // It has several columns of positions, none of which is the one.
    let table = data().join("fits/astropy_table.asdf");
    picture(&format!(":catalog {}<enter>", table.display())).has("several columns of positions");
    let table = data().join("fits/astropy_table.fits");
    picture(&format!(":catalog {}<enter>", table.display())).has("several columns of positions");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.parquet");
    fs::write(&path, b"PAR1\xff\xfe\x00 and more").unwrap();
    picture(&format!(":catalog {}<enter>", path.display())).has("VOTable");
}

#[test]
fn rows_without_a_position_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.csv");
    fs::write(&path, "x,y\n1,2\n,\nnan,nan\n").unwrap();
    picture(&format!(":catalog {}<enter>", path.display())).has("2 rows have no position");
}

#[test]
fn lines_of_a_region_file_that_cannot_be_drawn_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.reg");
    fs::write(&path, "image\ncircle(5,5,2)\nspiral(1,2)\n").unwrap();
    picture(&format!(":regions {}<enter>", path.display())).has("line 3 is not drawn");
}

#[test]
fn a_table_of_the_tree_is_a_catalogue() {
    // The table lies in a file without a WCS: its positions are told to have no place.
    let path = data().join("measure/errors.asdf");
    on(&path, 120, 40, ColorDepth::None)
        .keys(":errors<enter>3<wait>:catalog catalogue<enter><wait>")
        .has("no WCS for the pixels");
}

#[test]
fn columns_of_a_qtable_have_their_names() {
    let path = data().join("measure/errors.asdf");
    on(&path, 120, 40, ColorDepth::None)
        .keys(":catalogue<enter>4<wait>")
        .has("ra");
}

#[test]
fn regions_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.reg");
    let name = path.display().to_string();
    let keys = format!(":15, 10<enter>a<wait>:mark star<enter><wait>:regions save {name}<enter>");
    picture(&keys).has("wrote 3 regions");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "# Region file format: DS9\nimage\npoint(16,11) # text={star}\ncircle(16,11,5)\nannulus(16,11,8,12)\n"
    );
    // It is not written over.
    picture(&keys).has("own.reg:");
    picture(":regions save x.reg<enter>").has("no regions, markers or aperture");
}
