//! A second image beside the first, cubes as one plane, and what a comparison tells of elements.

use crate::stage::Stage;
use crate::stage::data;
use crate::stage::on;
use crate::stage::stage;
use asdf_tui::mouse::Mouse;
use asdf_tui::msg::Msg;
use asdf_tui::theme::ColorDepth;

const SKY: &str = "image/sky.asdf";
const MATCHED: &str = "image/matched.asdf";
const OPEN: &str = "J<wait>3<wait>";

fn sky(keys: &str) -> Stage {
    stage(SKY, 120, 40).keys(&format!("{OPEN}{keys}<wait>"))
}

/// `:second` with another file.
fn second(name: &str, path: &str) -> String {
    let file = data().join(name).display().to_string();
    format!(":second {file} {path}<enter><wait>")
}

fn cube(keys: &str) -> Stage {
    stage(MATCHED, 100, 30).keys(&format!(":cube.data<enter>3<wait>{keys}<wait>"))
}

#[test]
fn an_array_beside_it_is_subtracted_and_divided_by() {
    // numpy: data[20, 30] = 1.4000009, err = sqrt(data).
    let difference = || sky(":second roman.err<enter><wait>e<wait>x");
    difference().shows("difference");
    difference().has("v=0.2167846 MJy/sr");
    difference().has("of 1.400001, 1.183216");
    difference().has("/roman/data - /roman/err");
    sky(":second roman.err<enter><wait>ee<wait>x").has("/roman/data / /roman/err");
    sky(":second roman.err<enter><wait>eee<wait>x").has("v=1.4000009 MJy/sr");
    sky(":second /nowhere<enter>").has("/nowhere");
    sky(":second<enter>").has("second FILE PATH");
}

#[test]
fn an_image_of_another_size_is_matched_by_the_sky() {
    let named = second(MATCHED, "second.data");
    // reproject's bilinear value of this pixel.
    sky(&format!("{named}e<wait>:20, 25<enter>")).has("(WCS, linear)");
    sky(&format!("{named}e<wait>:20, 25<enter>")).has("v=-1.377134");
    // Of another size it cannot be taken pixel by pixel.
    sky(&format!("{named}eM<wait>")).has("(WCS, nearest)");
    for (width, height) in [(80, 24), (120, 40)] {
        let keys = format!("{OPEN}{named}E<wait>:20, 25<enter><wait>");
        let name = format!("beside_{width}x{height}");
        stage(SKY, width, height).keys(&keys).shows(&name);
    }
    sky(&format!("{named}b<wait>")).has("matched.asdf /second/data (WCS, linear)");
    sky(&format!("{named}b<wait>b<wait>:20, 25<enter>")).has("image /roman/data");
    sky(&format!("{named}:match nearest<enter><wait>e")).has("(WCS, nearest)");
    sky(&format!("{named}e<wait>:second none<enter><wait>")).has("image /roman/data ");
}

#[test]
fn the_same_array_of_the_next_file_is_the_second_image() {
    let other = data().join(SKY).display().to_string();
    let keys = format!(":open {other}<enter><wait><c-n><wait>{OPEN}e<wait>x<wait>");
    stage(SKY, 120, 40)
        .keys(&keys)
        .has("- sky.asdf /roman/data");
    stage(SKY, 120, 40).keys(&keys).has("v=0.0 MJy/sr");
    stage("image/odd.asdf", 80, 24)
        .keys(":big<enter>3<wait>e<wait>")
        .has("no second image");
}

#[test]
fn two_pictures_have_one_pointer() {
    let keys = format!("{OPEN}:second roman.err<enter><wait>E<wait>");
    let mut stage = stage(SKY, 100, 30).keys(&keys);
    let mut pixels = Vec::new();
    // Cells at the same place of the left and of the right picture, which begins behind 48 columns and one between.
    for x in [20, 20 + 49] {
        stage.0.send(Msg::Mouse(Mouse::Hover, x, 12));
        let text = stage.text();
        let line = text.lines().find(|line| line.contains("(0-based)"));
        pixels.push(line.unwrap().to_owned());
    }
    assert_eq!(pixels[0], pixels[1]);
    stage.has("of ");
}

#[test]
fn colours_of_two_pictures() {
    let keys = format!("{OPEN}:second roman.err<enter><wait>E<wait>");
    let mut coloured = on(&data().join(SKY), 40, 12, ColorDepth::Indexed).keys(&keys);
    insta::assert_snapshot!("beside_256_colours", coloured.styles());
}

#[test]
fn planes_are_made_one() {
    // numpy's mean and moment of pixel 8, 6.
    cube("CC<wait>x").shows("collapsed_median");
    cube(":collapse mean 2..4<enter><wait>").has("mean of /cube/data[2:5, :, :]");
    cube(":collapse moment1<enter><wait>x<wait>").has(" um");
    cube("C]<wait>").has("[4, :, :]");
    cube(":collapse none<enter>").has("[3, :, :]");
    cube(":collapse mean 4..9<enter>").has("planes are from 0 to 6");
    cube(":collapse most<enter>").has("is none of mean, median");
    sky("C").has("there is only one plane");
}

#[test]
fn planes_are_played_and_leapt_over() {
    // Once around.
    cube(".<wait>").has("[3, :, :]");
    cube("<pagedown><wait>").has("[6, :, :]");
    cube("<a-2>]<wait>").has("[5, :, :]");
    sky(".").has("there is only one plane");
}

#[test]
fn wavelengths_are_told_and_stand_below_spectra() {
    cube("x<wait>").has("wavelength=5.069 um");
    cube("pppp<wait>").shows("spectrum_by_wavelength");
    cube("ppppX<wait>").has("index of axis 0");
    cube("v<right><right><up><up>v<wait>pppp<wait>").has("mean of 3×3");
    cube("pppp<wait>T<right><right><wait>^").shows("spectra_kept");
    cube("^").has("there is no chart");
}

#[test]
fn a_comparison_tells_where_elements_differ_and_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.asdf");
    let mut bytes = std::fs::read(data().join(SKY)).unwrap();
    // The last element but some of the last block.
    let at = bytes.len() - 4 * 60;
    let place = bytes[..at]
        .windows(4)
        .rposition(|four| four == b"\xd3BLK")
        .unwrap();
    assert!(place < at);
    bytes[at + 1] ^= 0x40;
    std::fs::write(&other, bytes).unwrap();
    let keys = format!(":diff {}<enter><wait>", other.display());
    let compared = |more: &str| stage(SKY, 120, 40).keys(&format!("{keys}{more}<wait>"));
    compared("").has("1 of 2400 elements differ");
    compared("").has("most by ");
    let shown = compared("3").text();
    assert!(shown.contains("- other.asdf /roman/"), "{shown}");
    // Both are of one size: element by element.
    assert!(!shown.contains("(WCS"), "{shown}");
    // So is one of the same size after one of another.
    let named = second(MATCHED, "second.data");
    let mut stage = sky(&format!("{named}:second roman.err<enter><wait>e<wait>x"));
    let text = stage.text();
    assert!(text.contains("v=0.2167846"), "{text}");
    let asked = format!("M{named}:second roman.err<enter><wait>e<wait>x");
    sky(&asked).has("(WCS, nearest)");
}

#[test]
fn the_plane_of_a_wavelength_is_gone_to() {
    cube(":wave 5.096um<enter><wait>").has("[4, :, :]");
    cube(":wave 5022 nm<enter><wait>").has("[1, :, :]");
    cube(":λ 5.12<enter><wait>").has("[5, :, :]");
    cube(":wave 9um<enter><wait>").has("9 um is outside of 5 … 5.156 um");
    cube(":wave 5 Jy<enter><wait>").has("Jy does not convert into um");
    sky(":wave 5um<enter><wait>").has("no such coordinate in the world of this array");
}

/// A header of a FITS file, filled up.
fn header(cards: &[String]) -> Vec<u8> {
    let mut text: String = cards.iter().map(|card| format!("{card:<80}")).collect();
    text.push_str(&format!("{:<80}", "END"));
    let length = text.len().div_ceil(2880) * 2880;
    format!("{text:<length$}").into_bytes()
}

#[test]
fn flags_of_a_plain_fits_file_are_those_of_the_same_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plain.fits");
    let card = |name: &str, value: &str| format!("{name:<8}= {value:>20}");
    let mut bytes = header(&[card("SIMPLE", "T"), card("BITPIX", "8"), card("NAXIS", "0")]);
    // Two images and the flags of each, which differ.
    for (name, version, flag) in [("SCI", 1, 0), ("DQ", 1, 2_i16), ("SCI", 2, 0), ("DQ", 2, 9)] {
        bytes.extend(header(&[
            format!("{:<8}= {:<20}", "XTENSION", "'IMAGE   '"),
            card("BITPIX", "16"),
            card("NAXIS", "2"),
            card("NAXIS1", "20"),
            card("NAXIS2", "18"),
            card("PCOUNT", "0"),
            card("GCOUNT", "1"),
            format!("{:<8}= {:<20}", "EXTNAME", format!("'{name:<8}'")),
            card("EXTVER", &version.to_string()),
        ]));
        let values: Vec<i16> = (0..360)
            .map(|at| if at == 9 * 20 + 10 { flag } else { 0 })
            .collect();
        bytes.extend(values.iter().flat_map(|value| value.to_be_bytes()));
        bytes.resize(bytes.len().div_ceil(2880) * 2880, 0);
    }
    std::fs::write(&path, bytes).unwrap();
    let pixel = |hdu: usize| {
        let keys = format!("<wait>1:fits[{hdu}].data<enter>3<wait>x<wait>");
        on(&path, 120, 40, ColorDepth::None).keys(&keys)
    };
    pixel(1).has("x=10 y=09 (0-based) v=0  DQ: 2 bit 1");
    pixel(3).has("DQ: 9 bit 0+bit 3");
    pixel(3).keys("d<wait>").has("bit 3 1");
    // Flags are told by their own bits.
    pixel(4).has("v=9  DQ: 9 bit 0+bit 3");
}
