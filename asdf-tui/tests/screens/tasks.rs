//! Twenty tasks of astronomers: the keys that the page for users gives for them do what it says.

use crate::stage::listed;
use crate::stage::stage;
use asdf_tui::theme::ColorDepth;
use std::fmt::Write;

/// A task: what is wanted, the file, the keys, and what is on the screen then.
type Task = (&'static str, &'static str, &'static str, &'static str);

/// Files of the list that the last tasks are about.
const LIST: [&str; 3] = [
    "image/sky.asdf",
    "measure/errors.asdf",
    "made/roman_exposure.asdf",
];
const SKY: &str = "image/sky.asdf";
const ROMAN: &str = "made/roman_exposure.asdf";
const CUBE: &str = "image/matched.asdf";
const SOURCES: &str = "measure/errors.asdf";

/// The tasks; `<wait>` is the time that a person takes anyway, and does not stand on the page.
pub(crate) const TASKS: [Task; 20] = [
    (
        "How long was the exposure?",
        ROMAN,
        "/exposure_time<enter><wait>n",
        "107.52398",
    ),
    (
        "What does the schema say about that key?",
        ROMAN,
        "/exposure_time<enter><wait>n2",
        "detail",
    ),
    (
        "Which pixel is the brightest, and where on the sky?",
        SKY,
        "J3<wait>:peak<enter>",
        "RA 05:2",
    ),
    (
        "What is at 05:21:59.5 -69:29:56?",
        SKY,
        "J3<wait>:5:21:59.5 -69:29:56<enter>",
        "x=3",
    ),
    (
        "Which pixels are flagged, and why?",
        SKY,
        "J3<wait>d",
        "DO_NOT_USE",
    ),
    (
        "How bright is the star above its sky?",
        SKY,
        "J3<wait>:peak<enter><wait>aA",
        "FWHM",
    ),
    (
        "How sharp is it?",
        SKY,
        "J3<wait>:peak<enter><wait>au",
        "radi",
    ),
    (
        "What is the noise in an empty corner?",
        SKY,
        "J3<wait>:38, 2<enter>v<s-right><s-up>v",
        "std",
    ),
    (
        "A cut through the star",
        SKY,
        "J3<wait>:peak<enter><wait>p",
        "row y=",
    ),
    (
        "Isophotes, and the scale of the colours",
        SKY,
        "J3<wait>:contours auto<enter>g",
        "MJy/sr",
    ),
    (
        "The signal to noise: the image by its error",
        SKY,
        "J3<wait>:second roman.err<enter><wait>ee",
        "/roman/data / /roman/err",
    ),
    (
        "Where are the sources of the catalogue?",
        SKY,
        "J3<wait>:catalog ../test-data/measure/sources.ecsv<enter>",
        "4 of 5 sources of",
    ),
    (
        "A spectrum of the cube",
        CUBE,
        ":cube.data<enter>3<wait>xpppp",
        "um",
    ),
    (
        "The plane at 5.096 µm",
        CUBE,
        ":cube.data<enter>3<wait>:wave 5.096um<enter>",
        "[4, :, :]",
    ),
    (
        "The median of all planes",
        CUBE,
        ":cube.data<enter>3<wait>:collapse median<enter>",
        "median of",
    ),
    (
        "Where does the WCS take pixel 30, 20?",
        SKY,
        ":roman.meta.wcs<enter>7<wait>:30, 20<enter>",
        "80.4993",
    ),
    (
        "The sources north of -69.5, by declination",
        SOURCES,
        ":catalogue<enter>4<wait>&dec > -69.5<enter><wait>lls",
        "by dec ▲",
    ),
    (
        "How are the right ascensions spread?",
        SOURCES,
        ":catalogue<enter>4<wait>li",
        "median",
    ),
    ("Is the file intact?", ROMAN, "5C", "ok"),
    (
        "Which files of the night are of the detector?",
        "",
        "/roman_exp<enter><space>",
        "1 of 3 files, with roman_exp",
    ),
];

/// The tasks with their keys, as the page has them.
pub(crate) fn page() -> String {
    let mut out = "\n| task | file in test-data | keys |\n|---|---|---|\n".to_owned();
    for (task, file, keys, _) in TASKS {
        let files = if file.is_empty() {
            LIST.to_vec()
        } else {
            vec![file]
        };
        let files: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
        let files = files.join(", ");
        let keys = keys
            .replace("<wait>", "")
            .replace("../test-data/measure/", "");
        // Writing to a text does not fail.
        let _ = writeln!(out, "| {task} | {files} | `{keys}` |");
    }
    out.push_str("\nWhat the screen shows then:\n\n");
    for (number, (task, ..)) in (1..).zip(TASKS) {
        let _ = writeln!(out, "{task}\n\n![{task}](pictures/tasks/{number:02}.png)\n");
    }
    out
}

#[test]
fn the_keys_of_the_page_do_what_it_says() {
    let mut wrong = String::new();
    for (task, name, keys, wanted) in TASKS {
        for (width, height) in [(80, 24), (120, 40)] {
            let shown = match name {
                "" => listed(&LIST, width, height, ColorDepth::None),
                name => stage(name, width, height),
            };
            let text = shown.keys("<wait>").keys(keys).text();
            if !text.contains(wanted) {
                let _ = write!(wrong, "{task}: `{wanted}` is not in\n{text}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
