use super::*;

fn read(text: &str) -> Result<Vec<CsvColumn>> {
    read_csv(text.as_bytes(), CsvHeader::Detect, &Limits::default())
}

fn shown(columns: &[CsvColumn]) -> Vec<String> {
    let one =
        |column: &CsvColumn| format!("{}: {} x {}", column.name, column.datatype, column.len());
    columns.iter().map(one).collect()
}

#[test]
fn the_narrowest_datatype_that_holds_every_cell_is_taken() {
    let columns = read(
        "i,u,f,b,t,w,e\n-1,18446744073709551615,1.5,True,x,12345678901234567890123,\n 2 ,0,-inf,false,\"a,\"\"b\",1,\n",
    )
    .unwrap();
    assert_eq!(
        shown(&columns),
        [
            "i: int64 x 2",
            "u: uint64 x 2",
            "f: float64 x 2",
            "b: bool8 x 2",
            "t: ucs4[4] x 2",
            "w: ucs4[23] x 2",
            "e: ucs4[1] x 2"
        ]
    );
    assert_eq!(
        columns[0].bytes,
        [(-1_i64).to_le_bytes(), 2_i64.to_le_bytes()].concat()
    );
    assert_eq!(
        columns[2].bytes,
        [1.5, f64::NEG_INFINITY].map(f64::to_le_bytes).concat()
    );
    assert_eq!(columns[3].bytes, [1, 0]);
    // numpy.array(['x', 'a,"b'], '<U4').tobytes().
    let text: Vec<u8> = "x\0\0\0a,\"b"
        .chars()
        .flat_map(|char| u32::from(char).to_le_bytes())
        .collect();
    assert_eq!(columns[4].bytes, text);
    assert!(columns.iter().all(|column| column.mask.is_none()));
}

#[test]
fn empty_cells_of_numbers_are_masked() {
    let columns = read("a,b\r\n1,\r\n,x\r\n3,y\r\n").unwrap();
    assert_eq!(columns[0].mask, Some(vec![false, true, false]));
    assert_eq!((columns[1].mask.clone(), columns[1].len()), (None, 3));
    // A cell in quotes is not a line without a cell.
    let columns = read("a\n1\n\"\"\n3\n").unwrap();
    assert_eq!(columns[0].mask, Some(vec![false, true, false]));
}

#[test]
fn a_line_of_names_is_seen() {
    assert_eq!(
        shown(&read("1,2\n3,4\n").unwrap()),
        ["col0: int64 x 2", "col1: int64 x 2"]
    );
    assert_eq!(
        shown(&read("\u{feff},b\n0,4\n").unwrap()),
        ["col0: int64 x 1", "b: int64 x 1"]
    );
    assert_eq!(
        shown(&read("a,b\n").unwrap()),
        ["a: ucs4[1] x 0", "b: ucs4[1] x 0"]
    );
    let limits = Limits::default();
    let columns = read_csv(b"1,2\n3,4\n", CsvHeader::Yes, &limits).unwrap();
    assert_eq!(shown(&columns), ["1: int64 x 1", "2: int64 x 1"]);
    let columns = read_csv(b"a\nb\n", CsvHeader::No, &limits).unwrap();
    assert_eq!(shown(&columns), ["col0: ucs4[1] x 2"]);
    assert!(read("").unwrap().is_empty());
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, wanted) in [
        ("a,b\n1,2\n3\n", "line 3: 1 cells, the first line has 2"),
        (
            "a,b\n\"x\ny\",2\n3,4,5\n",
            "line 4: 3 cells, the first line has 2",
        ),
        ("a,a\n1,2\n", "line 1: two columns of the name \"a\""),
    ] {
        assert_eq!(read(text).unwrap_err().to_string(), wanted);
    }
    let error = read_csv(b"a\nb\n\xff\n", CsvHeader::Yes, &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "line 3: byte 0xff is not UTF-8");
    let long = format!("a\n{}\n{}", "x".repeat(100_000), "y\n".repeat(1_000));
    assert!(read(&long).unwrap_err().is_limit());
}
