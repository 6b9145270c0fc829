//! Planes of cubes with what all of their pixels have in common, cells of tables as pictures, compressed tables, comments of cards.

use crate::bench::asdf;

const WRAPPED: &str = "test-data/wcs/wrapped.asdf";
const COLUMNS: &str = "test-data/fits/wcs/columns.fits";
const ZTABLE: &str = "test-data/fits/ztable.fits";

/// What a command prints that goes well.
fn fine(arguments: &str) -> String {
    let done = asdf(arguments).run();
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{arguments}");
    done.out
}

fn last_line(text: &str) -> &str {
    text.trim_end().lines().last().unwrap_or_default()
}

#[test]
fn a_plane_of_a_cube_says_its_coordinate() {
    let out = fine(&format!("get {WRAPPED} header_radio.data[2]"));
    assert_eq!(last_line(&out), "uint8 7×8 (frequency 1422000000.0 Hz)");
    let out = fine(&format!("get {WRAPPED} header_radio.data[-2,1:3]"));
    assert_eq!(last_line(&out), "uint8 2×8 (frequency 1422000000.0 Hz)");
    let out = fine(&format!("get {WRAPPED} sliced_header.data[0]"));
    assert_eq!(last_line(&out), "uint8 5×5 (frequency 1418000000.0 Hz)");
    // Rows and columns of the sky have none of their own, ranges neither.
    let out = fine(&format!("get {WRAPPED} header_radio.data[0:2]"));
    assert_eq!(last_line(&out), "uint8 2×7×8");
    let out = fine(&format!("get {WRAPPED} header_radio.data[:,3,2]"));
    assert!(last_line(&out).starts_with("uint8 4 (lon "), "{out}");
    // A single element stays bare.
    assert_eq!(
        fine(&format!("get {WRAPPED} header_radio.data[0,0,0]")),
        "0\n"
    );
}

#[test]
fn a_sliced_wcs_says_what_the_slice_has_fixed() {
    let out = fine(&format!("wcs info {WRAPPED} sliced_radio_plane.wcs"));
    assert!(
        out.contains("  fixed        frequency 1422000000.0 Hz\n"),
        "{out}"
    );
    let out = fine(&format!("wcs info {WRAPPED} sliced_radio_plane.wcs --json"));
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    let fixed = &document[0]["fixed"][0];
    assert_eq!(fixed["value"].as_f64(), Some(1.422e9));
    assert_eq!(fixed["physical_type"], "em.freq");
    assert_eq!(fixed["unit"], "Hz");
}

#[test]
fn a_cell_of_a_table_is_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("cell.png");
    let command = format!("preview {COLUMNS} fits/4/data[1].FLUX -o {}", out.display());
    assert_eq!(fine(&command), "");
    let bytes = std::fs::read(&out).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(bytes.as_slice()));
    let reader = reader.read_info().unwrap();
    let info = reader.info();
    assert_eq!((info.width, info.height), (8, 6));
    let mut texts = info.uncompressed_latin1_text.iter();
    let source = texts.find(|text| text.keyword == "Source").unwrap();
    assert_eq!(source.text, "columns.fits /fits/4/data.FLUX");
    // All rows are a cube, of which one is shown.
    let all = format!(
        "preview {COLUMNS} fits/4/data.FLUX --plane 1 -f -o {}",
        out.display()
    );
    assert_eq!(fine(&all), "");
    let again = std::fs::read(&out).unwrap();
    let pixels = |bytes: &[u8]| {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
            .read_info()
            .unwrap();
        let mut out = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut out).unwrap();
        out
    };
    assert_eq!(pixels(&again), pixels(&bytes));
    let part = format!(
        "preview {COLUMNS} fits/4/data[1].FLUX[1:3,2:7] -f -o {}",
        out.display()
    );
    assert_eq!(fine(&part), "");
    let info = std::fs::read(&out).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(info))
        .read_info()
        .unwrap();
    assert_eq!((reader.info().width, reader.info().height), (5, 2));
    // Its WCS is that of the column.
    let grid = format!(
        "preview {COLUMNS} fits/4/data[1].FLUX --grid -f -o {}",
        out.display()
    );
    assert_eq!(fine(&grid), "");
    let done = asdf(&format!(
        "preview {COLUMNS} fits/4/data.TIME -f -o {}",
        out.display()
    ))
    .run();
    assert_eq!(done.code, Some(2));
    assert!(
        done.err.contains("a picture needs two axes"),
        "{}",
        done.err
    );
}

#[test]
fn a_compressed_table_is_read_as_the_table_that_it_stands_for() {
    let out = fine(&format!("info {ZTABLE}"));
    assert!(out.contains("compressed table"), "{out}");
    assert!(out.contains("23 rows, 14 columns"), "{out}");
    let out = fine(&format!("get {ZTABLE} fits/1/data.J[0:3]"));
    assert!(out.starts_with("[  -7  993 1993]"), "{out}");
    let out = fine(&format!("get {ZTABLE} fits/1/header/HELLO"));
    assert_eq!(out, "1.5\n");
    let folder = tempfile::tempdir().unwrap();
    let (tree, back) = (folder.path().join("z.asdf"), folder.path().join("z.fits"));
    assert_eq!(fine(&format!("convert {ZTABLE} {}", tree.display())), "");
    assert_eq!(
        fine(&format!("convert {} {}", tree.display(), back.display())),
        ""
    );
    let out = fine(&format!("info {}", back.display()));
    assert!(
        out.contains("binary table") && !out.contains("compressed"),
        "{out}"
    );
    let [one, two] = [ZTABLE.to_owned(), back.display().to_string()]
        .map(|file| fine(&format!("ls {file} --digest --json")));
    let digests = |text: &str| -> Vec<(String, String)> {
        let document: serde_json::Value = serde_json::from_str(text).unwrap();
        let rows = document
            .as_array()
            .cloned()
            .unwrap_or_else(|| document["arrays"].as_array().cloned().unwrap_or_default());
        rows.iter()
            .map(|row| (row["path"].to_string(), row["digest"].to_string()))
            .collect()
    };
    assert!(digests(&one).len() > 5, "{one}");
    assert_eq!(digests(&one), digests(&two));
}

#[test]
fn comments_of_cards_stand_after_their_values() {
    let out = fine("info --path fits/0/header test-data/fits/header.fits");
    assert!(out.contains("INT (int): -123456789 / an int\n"), "{out}");
    assert!(
        out.contains("ESO DET CHIP1 NAME (str): \"chip\" / hierarch\n"),
        "{out}"
    );
    let out = fine(&format!("info --path fits/1 {ZTABLE}"));
    assert!(
        out.contains("HELLO (float): 1.5 / [s] a card of its own\n"),
        "{out}"
    );
}
