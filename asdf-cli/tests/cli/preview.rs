//! Pictures: what is written, and what is refused.

use crate::bench::{asdf, workspace};
use insta::assert_snapshot;
use serde_json::Value;
use std::path::Path;

const IMAGES: &str = "test-data/zscale/images.asdf";
const ROMAN: &str = "test-data/made/roman_exposure.asdf";

/// A PNG with its texts and pixels.
struct Png {
    size: [u32; 2],
    texts: Vec<(String, String)>,
    pixels: Vec<[u8; 3]>,
}

fn decoded(bytes: &[u8]) -> Png {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let info = reader.info();
    let texts = info.uncompressed_latin1_text.iter();
    Png {
        size: [info.width, info.height],
        texts: texts
            .map(|chunk| (chunk.keyword.clone(), chunk.text.clone()))
            .collect(),
        pixels: pixels.as_chunks().0.to_vec(),
    }
}

/// Runs a command that writes to `OUT` and gives what it wrote.
fn written(arguments: &str, name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join(name);
    let done = asdf(&arguments.replace("OUT", out.to_str().unwrap())).run();
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{arguments}");
    assert_eq!(done.out, "", "{arguments}");
    std::fs::read(out).unwrap()
}

fn expected() -> Value {
    let path = workspace().join("test-data/zscale/expected.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn the_help_shows_everything() {
    assert_snapshot!(asdf("preview --help").screen());
}

#[test]
fn pixels_are_those_that_astropy_gives() {
    let expected = expected();
    for name in [
        "stars_f4",
        "stars_f8_be",
        "holes_f4_be",
        "stars_u2",
        "signed_i2_be",
        "large_i8",
        "bool",
        "constant_f4",
        "cube_f4",
    ] {
        let picture = &expected["images"][name]["picture"];
        for (stretch, key) in [("asinh", "asinh"), ("log", "log")] {
            let arguments = format!(
                "preview {IMAGES} {name} -o OUT --size 16 --stretch {stretch} --nan-color 010203"
            );
            let found = decoded(&written(&arguments, "out.png"));
            assert_eq!(
                Some(u64::from(found.size[0])),
                picture["width"].as_u64(),
                "{name}"
            );
            let wanted = picture[key].as_array().unwrap().iter();
            let wanted: Vec<[u8; 3]> = wanted
                .map(|level| match level.as_u64() {
                    Some(level) => [u8::try_from(level).unwrap(); 3],
                    None => [1, 2, 3],
                })
                .collect();
            assert_eq!(found.pixels, wanted, "{name} {stretch}");
        }
    }
}

#[test]
fn a_png_says_what_it_shows() {
    let picture = decoded(&written(
        &format!("preview {IMAGES} cube_f4 -o OUT --plane 1 --limits 95,120.5"),
        "out.png",
    ));
    let texts: Vec<_> = picture
        .texts
        .iter()
        .map(|(key, text)| (key.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        texts,
        [
            ("Software", concat!("asdf ", env!("CARGO_PKG_VERSION"))),
            ("Source", "images.asdf /cube_f4 plane 1"),
            ("Limits", "95,120.5 (95,120.5, asinh:0.1)"),
        ]
    );
    assert_eq!(picture.size, [24, 20]);
}

#[test]
fn a_jpeg_has_the_size_of_the_picture() {
    let bytes = written(
        &format!("preview {IMAGES} wide_f4 -o OUT --size 100"),
        "out.JPG",
    );
    assert!(bytes.starts_with(b"\xff\xd8\xff") && bytes.ends_with(b"\xff\xd9"));
    let frame = bytes
        .windows(2)
        .position(|marker| marker == b"\xff\xc0")
        .unwrap();
    assert_eq!(bytes[frame + 5..frame + 9], [0, 1, 0, 100]);
}

#[test]
fn masks_origin_and_reduction_change_the_picture() {
    let run = |options: &str| {
        let arguments = format!(
            "preview {IMAGES} stars_f4 -o OUT --limits 90,110 --stretch linear --nan-color ff0000 {options}"
        );
        decoded(&written(arguments.trim_end(), "out.png"))
    };
    let (plain, masked) = (run(""), run("--mask dq_u4:0x401"));
    let red = |picture: &Png| {
        picture
            .pixels
            .iter()
            .filter(|pixel| **pixel == [255, 0, 0])
            .count()
    };
    assert_eq!(red(&plain), 0);
    // Two of the six values that are equally frequent have bit 1 or bit 1024.
    assert!((900..1500).contains(&red(&masked)), "{}", red(&masked));
    let upper = run("--origin upper");
    let rows: Vec<_> = plain.pixels.chunks(60).rev().flatten().copied().collect();
    assert_eq!(upper.pixels, rows);
    let inverted = run("--invert");
    assert!(
        inverted
            .pixels
            .iter()
            .zip(&plain.pixels)
            .all(|(a, b)| a[0] == 255 - b[0])
    );
    let (mean, greatest) = (run("--size 20"), run("--size 20 --reduce max"));
    assert!(
        mean.pixels
            .iter()
            .zip(&greatest.pixels)
            .all(|(mean, max)| mean[0] <= max[0])
    );
}

#[test]
fn presets_grid_compass_and_colour_bar_are_drawn() {
    let run = |options: &str| {
        decoded(&written(
            &format!("preview {ROMAN} -o OUT {options}"),
            "out.png",
        ))
    };
    let plain = run("--size 64");
    assert_eq!(plain.size, [64, 64]);
    assert!(
        plain
            .pixels
            .iter()
            .all(|[red, green, blue]| red == green && green == blue
                || [*red, *green, *blue] == [0x3b, 0x1f, 0x4f])
    );
    let colored = |picture: &Png, color: [u8; 3]| picture.pixels.contains(&color);
    assert!(colored(&run("--compass"), [0xff, 0xd7, 0x5f]));
    assert!(colored(&run("--preset roman"), [0xff, 0xd7, 0x5f]));
    let grid = run("--grid").pixels;
    assert!(
        grid.iter()
            .zip(&plain.pixels)
            .filter(|(a, b)| a != b)
            .count()
            > 200
    );
    let bar = run("--colorbar");
    assert!(bar.size[0] > 64 && bar.size[1] >= 64);
    // The upper end has the colour of the upper limit.
    assert_eq!(run("--preset jwql").size, [64, 64]);
    assert_eq!(run("--preset dq").size, [64, 64]);
}

#[test]
fn a_terminal_is_told_of_pixels_by_its_protocol() {
    let shown = |how: &str| {
        let run = asdf(&format!(
            "preview test-data/image/sky.asdf --term --graphics {how}"
        ))
        .run();
        assert_eq!(run.code, Some(0), "{}", run.err);
        run.out
    };
    // Three rows of cells are made free, drawn over, and left behind.
    for (how, begins) in [
        ("sixel", "\x1bP0;1;0q\"1;1;60;40#"),
        ("kitty", "\x1b_Ga=T,f=100,i=1,p=1,q=2,C=1,z=-1,c=8,r=3,m="),
        ("iterm2", "\x1b]1337;File=inline=1;width=8;height=3;"),
    ] {
        let text = shown(how);
        assert!(
            text.starts_with(&format!("\n\n\n\x1b[3A\x1b7{begins}")),
            "{how}"
        );
        assert!(text.ends_with("\x1b8\x1b[3B\r"), "{how}");
    }
    assert!(!shown("none").contains('\x1b'));
    let refused = asdf("preview test-data/image/sky.asdf -o x.png --graphics sixel").run();
    assert_eq!(refused.code, Some(2));
}

#[test]
fn a_terminal_shows_letters_without_colour_and_half_blocks_with() {
    assert_snapshot!(
        "preview_plain",
        asdf(&format!("preview {IMAGES} stars_f4 --term")).screen()
    );
    assert_snapshot!(
        "preview_narrow",
        asdf(&format!("preview {IMAGES} holes_f4_be --term"))
            .columns(30)
            .screen()
    );
    let colors = |colors: &str| {
        let done = asdf(&format!(
            "preview {IMAGES} one_f4 --term={colors} --cmap viridis --stretch linear"
        ))
        .run();
        done.out.escape_debug().to_string()
    };
    assert_eq!(colors("24bit"), r"\u{1b}[38;2;32;144;140;49m▀\u{1b}[0m\n");
    assert_eq!(colors("256"), r"\u{1b}[38;5;30;49m▀\u{1b}[0m\n");
}

#[test]
fn what_cannot_be_shown_is_explained() {
    let made = "test-data/made";
    let commands = [
        format!("preview {IMAGES} -o out.gif"),
        format!("preview {IMAGES} nosuch -o no-such-folder/out.png"),
        format!("preview {IMAGES} cube_f4 -o no-such-folder/out.png --plane 9"),
        format!("preview {IMAGES} stars_f4 -o no-such-folder/out.png --plane 1"),
        format!("preview {IMAGES} stars_f4 -o no-such-folder/out.png --mask cube_f4:1"),
        format!("preview {IMAGES} stars_f4 -o no-such-folder/out.png --mask stars_u2:x"),
        format!("preview {IMAGES} stars_f4 -o no-such-folder/out.png --grid"),
        format!("preview {ROMAN} roman.amp33 -o no-such-folder/out.png --compass"),
        format!("preview {IMAGES} stars_f4 -o no-such-folder/out.png --limits 3,2"),
        format!("preview {IMAGES} stars_f4 -o no-such-folder/out.png --stretch wide"),
        format!("preview {IMAGES} stars_f4"),
        format!("preview {made}/yaml_recursive.asdf --term"),
        format!("preview {made}/record_nested.asdf t --term"),
        format!("preview {IMAGES} stars_f4 -o README.md.png/x.png"),
    ];
    let mut screens = String::new();
    for command in commands {
        let done = asdf(&command).run();
        assert_eq!(done.code, Some(2), "{command}");
        screens.push_str(&format!("$ asdf {command}\n{}{}\n", done.out, done.err));
    }
    assert_snapshot!(screens);
}

#[test]
fn a_file_is_not_overwritten_unless_forced_and_dashes_are_streams() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.png");
    std::fs::write(&out, "mine").unwrap();
    let command = format!("preview {IMAGES} one_f4 -o {}", out.display());
    let done = asdf(&command).run();
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("--force"), "{}", done.err);
    assert_eq!(std::fs::read(&out).unwrap(), b"mine");
    assert_eq!(asdf(&format!("{command} --force")).run().code, Some(0));
    assert_eq!(decoded(&std::fs::read(&out).unwrap()).size, [1, 1]);
    let piped = std::fs::File::open(workspace().join(IMAGES)).unwrap();
    let mut command = asdf("preview - one_f4 -o -").command();
    let done = command.stdin(piped).output().unwrap();
    assert_eq!(done.status.code(), Some(0));
    assert_eq!(decoded(&done.stdout).size, [1, 1]);
    assert!(!Path::new("-").exists());
}

#[test]
fn convert_makes_the_same_picture() {
    let preview = written(&format!("preview {IMAGES} stars_f4 -o OUT"), "out.png");
    let convert = written(
        &format!("convert {IMAGES} OUT --path stars_f4"),
        "other.png",
    );
    assert!(preview == convert);
    let jpeg = written(&format!("convert {ROMAN} OUT --to jpg"), "out.dat");
    assert!(jpeg == written(&format!("preview {ROMAN} -o OUT"), "out.jpeg"));
    // An image of astropy's, which has no tree: the array has a path none the less.
    let name = "test-data/fits/compressed_rice_1.fits";
    let fits = written(&format!("convert {name} OUT"), "out.png");
    assert!(fits == written(&format!("preview {name} -o OUT"), "out.png"));
    let refused = [
        "convert x.png x.asdf".to_owned(),
        format!("convert {ROMAN} - --to png --compress lz4"),
        format!("convert {ROMAN} - --to npy --standard 1.6.0"),
        format!("convert {ROMAN} - --to yaml --no-checksum"),
        format!("convert {ROMAN} - --to fits --explode"),
        format!("convert {ROMAN} - --to jpg --path roman.meta"),
    ];
    let lines = refused.map(|command| asdf(&command).run().err);
    assert_snapshot!("refused_conversions", lines.concat());
}

const MATCHED: &str = "test-data/image/matched.asdf";
const SKY: &str = "test-data/image/sky.asdf";

fn has_color(picture: &Png, color: [u8; 3]) -> bool {
    picture.pixels.contains(&color)
}

#[test]
fn colours_of_three_arrays_are_those_of_astropy() {
    let picture = decoded(&written(
        &format!(
            "preview {MATCHED} -o OUT --rgb rgb.red,rgb.green,rgb.blue --rgb-minimum 0.1,0,-0.1 --rgb-stretch 2 --rgb-q 5 --origin upper"
        ),
        "out.png",
    ));
    let file = asdf_core::AsdfFile::open(workspace().join(MATCHED)).unwrap();
    let wanted = file
        .array("rgb/colors")
        .unwrap()
        .load()
        .unwrap()
        .to_f64()
        .unwrap();
    let found: Vec<f64> = picture
        .pixels
        .iter()
        .flatten()
        .map(|level| f64::from(*level))
        .collect();
    assert_eq!(picture.size, [15, 12]);
    assert_eq!(found, wanted);
    assert_eq!(
        picture.texts[1].1,
        "matched.asdf rgb.red rgb.green rgb.blue"
    );
    for (more, reason) in [
        ("--limits minmax", "--limits is of no use with --rgb"),
        (
            "--rgb-minimum 1,2",
            "--rgb-minimum takes one value or three",
        ),
        ("--rgb-stretch 0", "--rgb-stretch is more than 0"),
    ] {
        let done = asdf(&format!(
            "preview {MATCHED} -o - --rgb rgb.red,rgb.green,rgb.blue {more}"
        ))
        .run();
        assert_eq!(done.code, Some(2), "{more}");
        assert!(done.err.contains(reason), "{more}: {}", done.err);
    }
    let done = asdf(&format!(
        "preview {MATCHED} -o - --rgb rgb.red,rgb.green,second.data"
    ))
    .run();
    assert!(
        done.err.contains("arrays of 15×12, 15×12, 55×50"),
        "{}",
        done.err
    );
}

#[test]
fn a_picture_is_enlarged_and_made_small_by_whole_factors() {
    let size = |zoom: &str| {
        decoded(&written(
            &format!("preview {SKY} roman.data -o OUT --zoom {zoom}"),
            "out.png",
        ))
        .size
    };
    assert_eq!(
        (size("3"), size("1/4"), size("1")),
        ([180, 120], [15, 10], [60, 40])
    );
    for zoom in ["0", "2/3", "x", "1/0"] {
        let done = asdf(&format!("preview {SKY} roman.data -o - --zoom {zoom}")).run();
        assert_eq!(done.code, Some(2), "{zoom}");
    }
}

#[test]
fn regions_and_sources_are_drawn_where_they_are() {
    let arguments = format!(
        "preview {SKY} roman.data -o OUT --zoom 8 --regions test-data/measure/regions.reg --catalog test-data/measure/sources.ecsv"
    );
    let picture = decoded(&written(&arguments, "out.png"));
    assert_eq!(picture.size, [480, 320]);
    // A red circle, a cyan one, and the green of regions without a colour.
    for color in [[255, 60, 60], [0, 230, 230], [0, 230, 0]] {
        assert!(has_color(&picture, color), "{color:?}");
    }
    // A source at 15, 10 of 40 rows, the first of which is at the bottom.
    let near = (228..245).flat_map(|y| (116..133).map(move |x| y * 480 + x));
    let yellow = near
        .filter(|at| picture.pixels[*at] == [255, 255, 0])
        .count();
    assert!(yellow > 4, "{yellow}");
    let plain = decoded(&written(
        &format!("preview {SKY} roman.data -o OUT --zoom 8"),
        "out.png",
    ));
    assert!(!has_color(&plain, [255, 255, 0]));
    let missing = asdf(&format!(
        "preview {SKY} roman.data -o - --regions nowhere.reg"
    ))
    .run();
    assert_eq!(missing.code, Some(2));
    assert!(missing.err.contains("nowhere.reg"), "{}", missing.err);
    let placeless = asdf(&format!(
        "preview {MATCHED} rgb.red -o - --catalog test-data/measure/sources.csv"
    ))
    .run();
    assert!(
        placeless.err.contains("0 of 5 have a place"),
        "{}",
        placeless.err
    );
}

#[test]
fn lines_of_regions_that_are_not_drawn_are_findings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.reg");
    let text = "image\ncircle(16,11,6) # color=red\npanda(16,11,0,90,1,0,5,1)\n";
    std::fs::write(&path, text).unwrap();
    let done = asdf(&format!(
        "preview {SKY} roman.data -o {} --regions {}",
        folder.path().join("out.png").display(),
        path.display()
    ))
    .run();
    assert_eq!(done.code, Some(1), "{}", done.err);
    let told = "some.reg: line 3 is not drawn: `panda` is not a shape that is known";
    assert!(done.err.contains(told), "{}", done.err);
}

#[test]
fn planes_of_a_cube_have_a_grid_and_a_compass() {
    let picture = decoded(&written(
        &format!("preview {MATCHED} cube.data -o OUT --plane 2 --zoom 20 --grid --compass"),
        "out.png",
    ));
    assert_eq!(picture.size, [320, 240]);
    assert!(has_color(&picture, [0xff, 0xd7, 0x5f]));
}

#[test]
fn an_array_with_one_axis_is_a_line() {
    let arguments = format!("preview {MATCHED} line.data -o OUT --log y --size 500");
    let picture = decoded(&written(&arguments, "out.png"));
    assert_eq!(picture.size, [500, 300]);
    assert_eq!(picture.texts[1].1, "matched.asdf /line/data");
    assert!(has_color(&picture, [0x5f, 0xd7, 0xff]));
    for (arguments, reason) in [
        (
            format!("preview {MATCHED} line.data -o - --grid"),
            "--grid is of no use for an array with one axis",
        ),
        (
            format!("preview {MATCHED} line.data --term"),
            "--term is of no use",
        ),
        (
            format!("preview {SKY} roman.data -o - --log x"),
            "--log is for lines",
        ),
    ] {
        let done = asdf(&arguments).run();
        assert_eq!(done.code, Some(2), "{arguments}");
        assert!(done.err.contains(reason), "{arguments}: {}", done.err);
    }
}

const COLOURS: &str = "test-data/image/colours.asdf";

#[test]
fn bytes_with_an_axis_of_colours_are_in_colours() {
    // R = 8 x, G = 10 y, B = 255 - 8 x, of 24 rows and 32 columns.
    for (path, rows) in [("last", 24), ("first", 24), ("last[4:10]", 6)] {
        let arguments = format!("preview {COLOURS} {path} -o OUT --origin upper");
        let picture = decoded(&written(&arguments, "out.png"));
        assert_eq!(picture.size, [32, rows], "{path}");
        let first = if rows == 6 { 4 } else { 0 };
        for (at, pixel) in (0_u8..).zip(picture.pixels.iter().take(96)) {
            let (x, y) = (at % 32, at / 32 + first);
            assert_eq!(*pixel, [x * 8, y * 10, 255 - x * 8], "{path} {x} {y}");
        }
    }
    let seen = decoded(&written(
        &format!("preview {COLOURS} opacity -o OUT --origin upper"),
        "out.png",
    ));
    // Opaque at the left; at the right the opacity is 10 y: at 20, 5 it is 50 of 255.
    assert_eq!(seen.pixels[5 * 32 + 10], [80, 50, 175]);
    let mixed = [160_u32, 50, 95].map(|level| (level * 50 + 127) / 255);
    assert_eq!(seen.pixels[5 * 32 + 20].map(u32::from), mixed);
    // One of its planes, a cube and flags are gray.
    for path in ["last[:,:,0]", "cube", "flags.dq"] {
        let gray = decoded(&written(
            &format!("preview {COLOURS} {path} -o OUT"),
            "out.png",
        ));
        assert!(
            gray.pixels.iter().all(|[r, g, b]| r == g && g == b),
            "{path}"
        );
    }
    for option in [
        "--cmap viridis",
        "--colorbar",
        "--contours auto",
        "--limits minmax",
    ] {
        let done = asdf(&format!("preview {COLOURS} last -o - {option}")).run();
        assert_eq!(done.code, Some(2), "{option}");
        assert!(
            done.err.contains("whose elements are colours"),
            "{}",
            done.err
        );
    }
    let done = asdf(&format!("preview {COLOURS} last --term=plain")).run();
    assert_eq!(done.out.lines().count(), 12, "{}", done.out);
    let done = asdf(&format!(
        "preview {COLOURS} --rgb bands.red,bands.green,bands.blue --term=plain"
    ))
    .run();
    assert_eq!(
        (done.code, done.out.lines().count()),
        (Some(0), 24),
        "{}",
        done.err
    );
}

#[test]
fn svg_and_pdf_have_what_is_drawn_as_lines_and_text() {
    let options = "--zoom 6 --grid --compass --colorbar --contours auto:3";
    let svg = written(&format!("preview {ROMAN} -o OUT {options}"), "out.svg");
    let svg = String::from_utf8(svg).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    // Lines of the grid with their labels, arrows with their letters, contours, the bar with its unit.
    for text in [
        "<path ",
        "<text ",
        "<rect ",
        ">N</text>",
        ">E</text>",
        "h",
        "stroke-opacity",
    ] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(svg.contains("<title>Source: roman_exposure.asdf /roman/data</title>"));
    let pdf = written(&format!("preview {ROMAN} -o OUT {options}"), "out.pdf");
    assert!(pdf.starts_with(b"%PDF-1.4") && pdf.ends_with(b"%%EOF\n"));
    let line = written(&format!("preview {MATCHED} line.data -o OUT"), "out.svg");
    let line = String::from_utf8(line).unwrap();
    assert!(
        line.contains("<path ") && line.contains(">wavelength"),
        "{line}"
    );
    let sheet = tempfile::tempdir().unwrap();
    let out = sheet.path().join("sheet.svg");
    let done = asdf(&format!("preview --sheet {} {ROMAN} {SKY}", out.display())).run();
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(std::fs::read_to_string(out).unwrap().contains(">2</text>"));
    let done = asdf(&format!("preview {ROMAN} -o out.eps")).run();
    assert!(done.err.contains(".svg or .pdf"), "{}", done.err);
}
