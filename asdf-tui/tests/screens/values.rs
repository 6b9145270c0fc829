//! Contours and the bar of the colours.

use crate::stage::data;
use crate::stage::on;
use crate::stage::stage;
use asdf_tui::theme::ColorDepth;

const SKY: &str = "image/sky.asdf";
const KEYS: &str = "J<wait>3<wait>:contours 1.25 1.5 2.5<enter><wait>g<wait>";

#[test]
fn contours_and_colours_at_all_sizes() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let name = format!("contours_{width}x{height}");
        stage(SKY, width, height).keys(KEYS).shows(&name);
    }
    let mut colored = on(&data().join(SKY), 60, 12, ColorDepth::Indexed).keys(KEYS);
    insta::assert_snapshot!("contours_256_colours", colored.styles());
}

#[test]
fn levels_are_told_and_refused() {
    let sky = |keys: &str| stage(SKY, 80, 24).keys(&format!("J<wait>3<wait>{keys}<wait>"));
    sky(":contours 1.25 2<enter>").has("contours at 1.25, 2 MJy/sr");
    sky(":contours auto<enter>").has("contours at ");
    sky(":contours none<enter>").has("no contours");
    sky(":contours many<enter>").has("are not levels: auto");
    // There is no room for the bar beside so narrow a picture.
    stage(SKY, 30, 12)
        .keys("J<wait>3<wait>g<wait>")
        .has("image");
}
