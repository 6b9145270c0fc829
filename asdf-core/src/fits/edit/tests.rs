use super::*;
use crate::fits::FitsFile;
use crate::limits::Limits;

const PRIMARY: [&str; 3] = [
    "SIMPLE  =                    T",
    "BITPIX  =                    8",
    "NAXIS   =                    0",
];

fn card(line: &str) -> String {
    format!("{line:80}")
}

/// A primary HDU without data.
fn file(more: &[&str]) -> FitsFile {
    let lines = PRIMARY.iter().chain(more).chain(&["END"]);
    let mut bytes = lines
        .map(|line| card(line))
        .collect::<String>()
        .into_bytes();
    bytes.resize(bytes.len().next_multiple_of(2880), b' ');
    FitsFile::new(bytes.into(), &Limits::default()).unwrap()
}

fn edit(file: &FitsFile) -> HeaderEdit {
    HeaderEdit::new(file.hdu(0).unwrap())
}

/// The cards after those of the structure, up to `END`.
fn lines(edit: &HeaderEdit) -> Vec<String> {
    let bytes = edit.bytes().unwrap();
    let lines = bytes
        .chunks(80)
        .map(|card| String::from_utf8(card.to_vec()).unwrap());
    let lines = lines.map(|line| line.trim_end().to_owned());
    lines.skip(3).take_while(|line| line != "END").collect()
}

fn text(text: &str) -> CardValue {
    CardValue::Text(text.to_owned())
}

#[test]
fn a_value_takes_the_place_of_the_old_one_and_the_comment_keeps_its_column() {
    let file = file(&[
        "EXPTIME =                107.5 / exposure time",
        "FREE    = 7/ free",
        "OBJECT  = 'M 31 / b'    / with '/' in it",
        "HIERARCH ESO DET ID=5 / id",
        "BARE    = 1",
        "lower   =                    1 / not standard",
    ]);
    let mut header = edit(&file);
    let set = |header: &mut HeaderEdit, keyword, value| {
        header.set(keyword, None, &value, None).unwrap();
    };
    set(&mut header, "exptime", CardValue::Integer(5));
    set(&mut header, "FREE", CardValue::Float(0.25));
    set(&mut header, "OBJECT", text("O'Meara"));
    set(&mut header, "ESO DET ID", CardValue::Integer(-6));
    set(&mut header, "BARE", CardValue::Logical(true));
    set(&mut header, "lower", CardValue::Complex(1.0, -2.0));
    assert_eq!(
        lines(&header),
        [
            "EXPTIME =                    5 / exposure time",
            "FREE    =                 0.25 / free",
            "OBJECT  = 'O''Meara'    / with '/' in it",
            "HIERARCH ESO DET ID= -6 / id",
            "BARE    =                    T",
            "lower   =          (1.0, -2.0) / not standard",
        ]
    );
}

#[test]
fn what_says_the_same_stays_byte_for_byte() {
    let odd = ["A       =107.50 /x", "B       = 1.0D0/", "S       = 'x  '"];
    let file = file(&odd);
    let mut header = edit(&file);
    header.set("B", None, &CardValue::Float(1.0), None).unwrap();
    header.set("S", None, &text("x"), None).unwrap();
    assert_eq!(header.bytes().unwrap(), header.old());
}

#[test]
fn new_cards_take_the_place_of_blank_ones_and_stand_behind_the_last_other() {
    let file = file(&["A       = 1", "HISTORY one", "B       = 2", "", "", ""]);
    let mut header = edit(&file);
    header
        .set("new", None, &CardValue::Undefined, Some("[s] none"))
        .unwrap();
    header
        .set("HISTORY", None, &text(&"h".repeat(73)), None)
        .unwrap();
    let found = lines(&header);
    assert_eq!(found.len(), 6);
    assert_eq!(found.first().unwrap(), "A       = 1");
    assert_eq!(found.get(1).unwrap(), "HISTORY one");
    assert_eq!(found.get(3).unwrap(), "HISTORY h");
    assert_eq!(found.get(5).unwrap(), "NEW     =  / [s] none");
}

#[test]
fn a_header_grows_by_blocks_and_never_shrinks() {
    let file = file(&[]);
    let mut header = edit(&file);
    for number in 0..33 {
        header
            .set(&format!("K{number}"), None, &CardValue::Integer(1), None)
            .unwrap();
    }
    assert_eq!(header.bytes().unwrap().len(), 5760);
    let bytes = header.bytes().unwrap();
    let file = FitsFile::new(bytes.into(), &Limits::default()).unwrap();
    let mut header = edit(&file);
    for number in 0..33 {
        header.remove(&format!("K{number}"), None).unwrap();
    }
    let bytes = header.bytes().unwrap();
    assert_eq!(bytes.len(), 5760);
    let file = FitsFile::new(bytes.into(), &Limits::default()).unwrap();
    assert_eq!(file.hdu(0).unwrap().data_span().start, 5760);
}

#[test]
fn long_strings_go_on_in_more_cards_and_come_back_to_one() {
    let file = file(&["S       = 'short'           / a comment", "T       = 1"]);
    let mut header = edit(&file);
    let long = "it's ".repeat(40);
    header.set("S", None, &text(&long), None).unwrap();
    let read = FitsHeader::of_cards(header.cards.concat());
    assert_eq!(read.value("S"), Some(text(long.trim_end())));
    assert_eq!(read.get("S").unwrap().comment(), "a comment");
    header.set("S", None, &text("short"), None).unwrap();
    assert_eq!(
        lines(&header),
        ["S       = 'short   '           / a comment", "T       = 1"]
    );
}

#[test]
fn a_keyword_that_stands_twice_needs_a_number() {
    let file = file(&["D       = 1", "D       = 2", "COMMENT a", "COMMENT b"]);
    let mut header = edit(&file);
    let error = header
        .set("D", None, &CardValue::Integer(3), None)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "HDU 0: `D` stands 2 times in the header, name one card: D/0 to D/1"
    );
    assert!(header.remove("D", None).is_err());
    assert!(
        header
            .set("D", Some(2), &CardValue::Integer(3), None)
            .is_err()
    );
    header
        .set("D", Some(1), &CardValue::Integer(3), None)
        .unwrap();
    header.remove("D", Some(0)).unwrap();
    header.set("COMMENT", Some(0), &text("c"), None).unwrap();
    header.set("COMMENT", Some(2), &text("d"), None).unwrap();
    assert!(header.set("COMMENT", Some(4), &text("d"), None).is_err());
    assert_eq!(
        lines(&header),
        ["D       = 3", "COMMENT c", "COMMENT b", "COMMENT d"].map(|line| {
            if line.starts_with('D') {
                "D       =                    3"
            } else {
                line
            }
        })
    );
    header.remove("COMMENT", None).unwrap();
    assert_eq!(lines(&header).len(), 1);
    assert!(header.remove("COMMENT", None).is_err());
}

#[test]
fn keywords_of_structure_and_meaning_are_refused() {
    let file = file(&["BSCALE  = 2.0", "ZIMAGE  = F"]);
    let mut header = edit(&file);
    for keyword in [
        "SIMPLE", "bitpix", "NAXIS", "NAXIS1", "PCOUNT", "GROUPS", "TFIELDS", "TFORM3", "TDIM1",
        "THEAP", "BSCALE", "BLANK", "TZERO12", "TNULL1", "ZIMAGE", "ZTILE1", "END", "CONTINUE",
        "CHECKSUM", "EXTNAME",
    ] {
        let before = header.clone().bytes().unwrap();
        let set = header.set(keyword, None, &CardValue::Integer(1), None);
        assert!(set.is_err(), "{keyword}");
        assert_eq!(header.bytes().unwrap(), before);
    }
    assert!(header.remove("BSCALE", None).is_err());
    // Names that only begin like one of those.
    for keyword in ["NAXISX", "BLANKET", "TFORM", "ZSCALE2"] {
        header
            .set(keyword, None, &CardValue::Integer(1), None)
            .unwrap();
    }
}

#[test]
fn what_no_card_can_hold_is_refused_and_nothing_is_cut() {
    let long = format!("A       =                    1 / {}", "c".repeat(47));
    let file = file(&[&long, "HIERARCH LONG NAME = 'x'"]);
    let mut header = edit(&file);
    let refused: [(&str, CardValue, Option<&str>); 6] = [
        ("A", CardValue::Float(1.234_567_890_123_456_7e-100), None),
        ("A", CardValue::Float(f64::NAN), None),
        ("A", text("\u{e9}"), None),
        ("NEW", CardValue::Integer(1), Some("\u{e9}")),
        ("LONG NAME", text(&"x".repeat(80)), None),
        ("HISTORY", text("x"), Some("beside it")),
    ];
    for (keyword, value, comment) in refused {
        assert!(
            header.set(keyword, None, &value, comment).is_err(),
            "{keyword} {value}"
        );
    }
    assert_eq!(header.bytes().unwrap(), header.old());
    header.set("A", None, &CardValue::Float(1.5), None).unwrap();
    let shorter = Some("short");
    header
        .set(
            "A",
            None,
            &CardValue::Float(1.234_567_890_123_456_7e-100),
            shorter,
        )
        .unwrap();
}

proptest::proptest! {
    #[test]
    fn a_checksum_is_as_right_as_it_was(
        values in proptest::collection::vec(proptest::prelude::any::<i64>(), 1..50),
        recorded in "[0-9A-Za-z]{16}",
    ) {
        let file = file(&["A       = 1", &format!("CHECKSUM= '{recorded}'   / made")]);
        let mut before = Sum::default();
        before.add(file.input().whole().unwrap());
        let mut header = edit(&file);
        for (number, value) in (0..).zip(values) {
            header.set(&format!("K{number}"), None, &CardValue::Integer(value.into()), None).unwrap();
        }
        let mut after = Sum::default();
        after.add(&header.bytes().unwrap());
        let zero = |sum: u32| if sum == u32::MAX { 0 } else { sum };
        proptest::prop_assert_eq!(zero(before.value()), zero(after.value()));
    }
}
