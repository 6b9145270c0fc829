//! The WCS and the transforms of a tree, with and without an array.

use crate::stage::stage;

const SKY: &str = "image/sky.asdf";
const ROMAN: &str = "made/roman_exposure.asdf";

#[test]
fn a_wcs_shows_its_frames_and_its_footprint() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let name = format!("world_{width}x{height}");
        stage(SKY, width, height)
            .keys(":roman.meta.wcs<enter>7<wait>")
            .shows(&name);
    }
}

#[test]
fn a_point_is_followed_through_the_frames() {
    // The values that gwcs gives for the pixel 30, 20.
    let keys = ":roman.meta.wcs<enter>7<wait>:30, 20<enter><wait>";
    stage(SKY, 120, 40)
        .keys(keys)
        .has("pixel 30, 20")
        .has("RA 05:21:59.83 Dec -69:29:58.9  (80.499306 -69.499687)");
    // A position leads back to it.
    let keys = ":roman.meta.wcs<enter>7<wait>:80.499306 -69.499687<enter><wait>";
    stage(SKY, 120, 40)
        .keys(keys)
        .has("RA 05:21:59.83 Dec -69:29:58.9");
    let keys = ":roman.meta.wcs<enter>7<wait>:1 2 3<enter><wait>";
    stage(SKY, 120, 40)
        .keys(keys)
        .has("3 numbers were typed, a pixel has 2");
    let keys = ":roman.meta.wcs<enter>7<wait>:nonsense<enter><wait>";
    stage(SKY, 120, 40).keys(keys).has("no node /nonsense");
}

#[test]
fn the_wcs_of_what_shows_is_shown() {
    stage(SKY, 120, 40)
        .keys("J<wait>3<wait>7<wait>")
        .has("wcs /roman/meta/wcs");
    // Of a node within a WCS, and of a file without anything selected.
    stage(ROMAN, 120, 40)
        .keys(":roman.meta.wcs.steps[0].frame<enter>7<wait>")
        .has("wcs /roman/meta/wcs");
    stage(ROMAN, 120, 40)
        .keys("7<wait>")
        .has("wcs /roman/meta/wcs");
    stage("made/record_simple.asdf", 120, 40)
        .keys("7<wait>")
        .has("no WCS in this file, and no transform at this node");
}

#[test]
fn a_transform_shows_inputs_outputs_and_models() {
    let keys = ":roman.meta.wcs.steps[0].transform<enter>7<wait>:10, 20<enter><wait>";
    stage(SKY, 100, 30)
        .keys(keys)
        .has("wcs /roman/meta/wcs/steps/0/transform")
        .has("in ")
        .has("out ")
        .has("inverse is off by")
        .shows("transform");
    let keys = ":roman.meta.wcs.steps[0].transform<enter>7<wait>:10<enter><wait>";
    stage(SKY, 100, 30)
        .keys(keys)
        .has("1 numbers were typed, the transform has 2 inputs");
}
