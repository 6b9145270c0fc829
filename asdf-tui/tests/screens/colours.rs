//! Pictures in colours: three arrays, and arrays whose elements are colours.

use crate::stage::Stage;
use crate::stage::data;
use crate::stage::on;
use crate::stage::stage;
use asdf_tui::theme::ColorDepth;

const COLOURS: &str = "image/colours.asdf";

fn colours(keys: &str) -> Stage {
    stage(COLOURS, 120, 40).keys(&format!("{keys}<wait>"))
}

/// The three bands.
const BANDS: &str = ":bands.red<enter>3<wait>:rgb<enter><wait>";

fn bands(keys: &str) -> Stage {
    colours(&format!("{BANDS}{keys}"))
}

#[test]
fn bytes_are_colours_along_the_last_axis_or_the_first() {
    // R = 8 x, G = 10 y, B = 255 - 8 x.
    for (path, shown) in [("last", "/last[:, :, 0:3]"), ("first", "/first[0:3, :, :]")] {
        let stage = colours(&format!(":{path}<enter>3<wait>:11, 7<enter>"));
        stage
            .has("R 88  G 70  B 167")
            .has(shown)
            .has("colours of the file");
    }
    colours(":opacity<enter>3<wait>:20, 7<enter>").has("R 160  G 70  B 95  A 70");
    // What may be something else is not in colours.
    for path in ["cube", "flags.dq"] {
        colours(&format!(":{path}<enter>3<wait>:11, 7<enter>"))
            .has(&format!("/{}[1, :, :]", path.replace('.', "/")));
    }
    // Enter shows a picture, not cells.
    colours("/last<enter><wait><enter>").has("colours of the file");
}

#[test]
fn planes_of_an_image_in_colours_are_seen_too() {
    let last = |keys: &str| colours(&format!(":last<enter>3<wait>{keys}"));
    last(":rgb none<enter><wait>x").has("/last[:, :, 1]");
    last("]<wait>").has("/last[:, :, 2]");
    last("]<wait>:rgb<enter>").has("/last[:, :, 0:3]");
    last("s").has("the colours are those of the file: :rgb none shows one of its planes");
    last("}<wait>").has("/last[:, 16, :]");
}

#[test]
fn three_arrays_are_red_green_and_blue() {
    bands("").has("RGB of /bands/red, /bands/green, /bands/blue");
    bands(":rgb minimum 0.3 0.2 0.1<enter>:rgb stretch 1.5<enter>")
        .has("minimum 0.3,0.2,0.1  stretch 1.5  Q 8");
    bands(":rgb stretch 2<enter>><wait>").has("stretch 2.2  Q 8");
    bands(":rgb stretch 2<enter>:rgb minimum 0<enter>)<wait>").has("minimum 0.2  stretch 2  Q 8");
    bands("s").has("Q 20");
    bands(":rgb q 3<enter>R").has("Q 8");
    bands(":rgb q 0<enter>").has("Q 0");
    bands("m").has("the colours are those of three arrays");
    bands(":10, 10<enter>").has("R ").has("v=");
    bands("C").has("there is only one plane");
    bands(":rgb none<enter>").has("image /bands/red ");
    bands("e<wait>").has("/bands/red - /bands/");
}

#[test]
fn each_colour_is_chosen_by_line_palette_or_file() {
    let own = |keys: &str| colours(&format!(":bands.red<enter>3<wait>{keys}"));
    own(":rgb bands.blue - bands.red<enter>").has("RGB of /bands/blue, -, /bands/red");
    own(":rgb green=bands.blue<enter>").has("RGB of -, /bands/blue, -");
    own(":rgb<enter><wait>:rgb blue=bands.red<enter>")
        .has("RGB of /bands/red, /bands/green, /bands/red");
    own("<c-p>rgb green=/bands/blue<enter>").has("RGB of -, /bands/blue, -");
    own(":rgb bands.red bands.gr<tab>").has("rgb bands.red bands.green");
    own(":rgb bands.red nowhere bands.blue<enter>").has("nowhere");
    own(":rgb last first<enter>").has("are not colours: rgb RED GREEN BLUE");
    colours(":last<enter>3<wait>:rgb red=bands.red<enter>").has("pixels");
    stage("image/sky.asdf", 100, 30)
        .keys("J3<wait>:rgb<enter><wait>")
        .has("no arrays red, green and blue beside this one");
    // From another file, on the pixels of this one.
    let other = data().join(COLOURS).display().to_string();
    stage(COLOURS, 200, 40)
        .keys(&format!(":open {other}<enter><wait>:bands.red<enter>3<wait>:rgb red=colours.asdf bands.blue<enter>"))
        .has("RGB of colours.asdf /bands/blue, -, -");
}

#[test]
fn pictures_in_colours_at_every_size() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let keys = format!("{BANDS}:10, 10<enter><wait>");
        let name = format!("rgb_{width}x{height}");
        stage(COLOURS, width, height).keys(&keys).shows(&name);
        // A bar has no place beside three colours, and takes none.
        let with_bar = BANDS.replace(":rgb", "g:rgb");
        let with_bar = format!("{with_bar}:10, 10<enter><wait>");
        let mut without = stage(COLOURS, width, height).keys(&keys);
        let mut with = stage(COLOURS, width, height).keys(&with_bar);
        assert_eq!(with.text(), without.text());
        let name = format!("bytes_{width}x{height}");
        let keys = ":last<enter>3<wait>:11, 7<enter>";
        stage(COLOURS, width, height).keys(keys).shows(&name);
    }
}

#[test]
fn pictures_in_colours_with_colours() {
    for (name, keys) in [("rgb", BANDS), ("bytes", ":last<enter>3<wait>")] {
        for (depth, known) in [(ColorDepth::Indexed, "256"), (ColorDepth::True, "24_bit")] {
            let mut shown = on(&data().join(COLOURS), 40, 12, depth).keys(keys);
            insta::assert_snapshot!(format!("{name}_{known}"), shown.styles());
        }
    }
}

#[test]
fn a_session_has_second_image_regions_contours_and_colours() {
    let folder = tempfile::tempdir().unwrap();
    let session = folder.path().join("s.json");
    let save = format!(":session save {}<enter><wait>", session.display());
    let open = format!(":session open {}<enter><wait>", session.display());
    let again = |name: &str, keys: &str| {
        let _ = std::fs::remove_file(&session);
        stage(name, 120, 40).keys(&format!("{keys}<wait>{save}"));
        stage(name, 120, 40).keys(&open)
    };
    let rgb =
        ":rgb bands.blue bands.green bands.red<enter><wait>:rgb q 3<enter>:rgb stretch 2<enter>";
    let back = again(COLOURS, &format!(":bands.red<enter>3<wait>{rgb}"));
    back.has("RGB of /bands/blue, /bands/green, /bands/red")
        .has("stretch 2  Q 3");
    again(COLOURS, ":last<enter>3<wait>:rgb none<enter>").has("/last[:, :, 1]");
    again(COLOURS, ":last<enter>3<wait>").has("/last[:, :, 0:3]");
    let sky = "image/sky.asdf";
    let second = "J<wait>3<wait>:second roman.err<enter><wait>ee<wait>";
    again(sky, second).has("/roman/data / /roman/err");
    again(sky, &format!("{second}E<wait>"))
        .has("/roman/data / /roman/err")
        .has(" /roman/err  ");
    let other = data().join("image/matched.asdf").display().to_string();
    let matched = format!(
        "J<wait>3<wait>:second {other} second.data<enter><wait>:match nearest<enter><wait>e<wait>"
    );
    again(sky, &matched).has("matched.asdf /second/data (WCS, nearest)");
    // Regions and contours are on the picture as they were.
    let regions = data().join("measure/regions.reg").display().to_string();
    let drawn = format!(
        "J<wait>3<wait>:regions {regions}<enter><wait>:mark here<enter><wait>:contours 1.5,2<enter>"
    );
    let mut before = stage(sky, 120, 40).keys(&format!("{drawn}<wait>x"));
    let mut after = again(sky, &format!("{drawn}<wait>x"));
    let picture = |stage: &mut Stage| -> Vec<String> {
        let text = stage.text();
        text.lines().skip(2).take(32).map(str::to_owned).collect()
    };
    assert_eq!(picture(&mut before), picture(&mut after));
}
