//! `asdf table`: a row a file, typed columns, conditions, groups, and the formats.

use crate::many::{copy, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Six files with a time, a detector and other things that some lack.
fn night(folder: &Path) {
    let unit = "!unit/quantity-1.2.0 {unit: !unit/unit-1.0.0 s, value: 2.5}";
    for (name, rest) in [
        (
            "a",
            "t: 100\ndetector: WFI01\ngood: true\nstep: {x: done, y: 1}\n".to_owned(),
        ),
        (
            "b",
            "t: 50.5\ndetector: WFI02\ngood: false\nstep: {x: skipped}\n".to_owned(),
        ),
        ("c", "t: 100\ndetector: WFI01\nmixed: 5\n".to_owned()),
        (
            "d",
            format!("t: 10\ndetector: \"a,b <&> \\\"q\\\" é\"\nq: {unit}\nmixed: five\n"),
        ),
        ("e", "detector: WFI02\nt: .nan\nlist: [1, 2]\n".to_owned()),
        ("f", "other: 1\n".to_owned()),
    ] {
        let text = format!(
            "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n{rest}...\n"
        );
        fs::write(folder.join(format!("{name}.asdf")), text).unwrap();
    }
}

fn out(folder: &Path, words: &[&str]) -> String {
    let done = run(folder, &[&["table"], words].concat());
    assert_eq!(done.code, Some(0), "{words:?}: {}", done.err);
    done.out
}

#[test]
fn a_row_a_file_with_typed_columns() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let csv = out(
        folder.path(),
        &["-k", "t,det=detector,good", ".", "--to", "csv"],
    );
    assert_eq!(
        csv,
        "file,t,det,good\n./a.asdf,100.0,WFI01,true\n./b.asdf,50.5,WFI02,false\n./c.asdf,100.0,WFI01,\n\
         ./d.asdf,10.0,\"a,b <&> \"\"q\"\" é\",\n./e.asdf,nan,WFI02,\n./f.asdf,,,\n"
    );
    let lines = out(folder.path(), &["-k", "t,q,list", ".", "--to", "jsonl"]);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["t"], 100.0);
    assert_eq!(lines[3]["q"], 2.5);
    assert_eq!(lines[4]["t"]["$float"], "nan");
    assert_eq!(
        (&lines[4]["list"], &lines[5]["t"]),
        (&"[1,2]".into(), &Value::Null)
    );
    let text = out(folder.path(), &["-k", "t,q", "a.asdf", "d.asdf"]);
    assert_eq!(
        text,
        "file      t  q [s]\na.asdf  100\nd.asdf   10    2.5\n"
    );
}

#[test]
fn a_column_of_several_kinds_is_text_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let done = run(folder.path(), &["table", "-k", "mixed", ".", "--to", "csv"]);
    assert_eq!(
        done.err,
        "asdf: warning: column mixed: values of several kinds, so all are text\n"
    );
    assert!(
        done.out.contains("./c.asdf,5\n./d.asdf,five\n"),
        "{}",
        done.out
    );
}

#[test]
fn a_wildcard_is_a_column_for_each_node_that_is_found() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let csv = out(
        folder.path(),
        &["-k", "step.*", "a.asdf", "b.asdf", "--to", "csv"],
    );
    assert_eq!(
        csv,
        "file,/step/x,/step/y\na.asdf,done,1\nb.asdf,skipped,\n"
    );
}

#[test]
fn rows_are_taken_sorted_and_grouped() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let files = |words: &[&str]| -> String {
        let csv = out(
            folder.path(),
            &[words, &[".", "--to", "csv", "-k", "t"]].concat(),
        );
        csv.lines()
            .skip(1)
            .filter_map(|line| line.get(2..3))
            .collect()
    };
    assert_eq!(
        files(&["--where", "t > 20 and detector == \"WFI01\""]),
        "ac"
    );
    assert_eq!(files(&["--where", "detector ~ 'WFI' and not good"]), "b");
    assert_eq!(files(&["--where", "good is null"]), "cdef");
    assert_eq!(files(&["--sort", "t"]), "dbacef");
    assert_eq!(files(&["--sort", "-t,-file"]), "ecabdf");
    let csv = out(
        folder.path(),
        &[
            "-k",
            "t,detector",
            ".",
            "--group-by",
            "detector",
            "--to",
            "csv",
        ],
    );
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows[0], "detector,count,t_min,t_max,t_mean");
    assert_eq!(rows[1], "WFI01,2,100.0,100.0,100.0");
    assert_eq!(rows[2], "WFI02,2,50.5,50.5,50.5");
    assert_eq!(rows[4], ",1,,,");
}

#[test]
fn groups_are_sorted_by_their_own_columns() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let group = [
        "-k",
        "t,detector",
        ".",
        "--group-by",
        "detector",
        "--to",
        "csv",
    ];
    let sorted = |by: &str| {
        let csv = out(folder.path(), &[&group[..], &["--sort", by]].concat());
        let rows = csv
            .lines()
            .skip(1)
            .map(|row| row.split(',').next().unwrap().to_owned());
        rows.collect::<Vec<_>>().join(" ")
    };
    let csv = out(folder.path(), &group);
    let rows: Vec<&str> = csv.lines().collect();
    let by_name: Vec<&str> = rows[1..]
        .iter()
        .map(|row| row.split(',').next().unwrap())
        .collect();
    assert_eq!(sorted("-count,-t_mean").split(' ').next(), Some("WFI01"));
    assert_eq!(sorted("detector"), by_name.join(" "));
    let done = run(
        folder.path(),
        &[&["table"], &group[..], &["--sort", "t"]].concat(),
    );
    assert_eq!(done.code, Some(2));
    assert!(
        done.err
            .contains("the columns are detector, count, t_min, t_max, t_mean"),
        "{}",
        done.err
    );
}

#[test]
fn names_go_to_other_programs() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let names = out(folder.path(), &["--urls", "-0", "--where", "t == 100", "."]);
    assert_eq!(names, "./a.asdf\0./c.asdf\0");
    assert_eq!(
        out(
            folder.path(),
            &["--urls", "--sort", "-t", "a.asdf", "b.asdf"]
        ),
        "a.asdf\nb.asdf\n"
    );
}

#[test]
fn cards_and_arrays_are_columns_too() {
    let folder = tempfile::tempdir().unwrap();
    copy("test-data/fits/images.fits", &folder.path().join("i.fits"));
    copy(
        "test-data/made/roman_exposure.asdf",
        &folder.path().join("r.asdf"),
    );
    let keys = "0:BITPIX,naxis=1:NAXIS,NONE:X";
    let done = run(folder.path(), &["table", "-k", keys, ".", "--to", "csv"]);
    // No file has the last one.
    assert_eq!(done.code, Some(1), "{done:?}");
    let csv = done.out;
    assert!(
        csv.starts_with("file,0:BITPIX,naxis,NONE:X\n./i.fits,"),
        "{csv}"
    );
    assert!(csv.ends_with("./r.asdf,,,\n"), "{csv}");
    let words = [
        "--arrays",
        "r.asdf",
        "--where",
        "datatype == 'float32' and bytes > 10000",
        "--to",
        "csv",
    ];
    let csv = out(folder.path(), &words);
    assert_eq!(
        csv,
        "file,path,datatype,shape,bytes,storage,codec\nr.asdf,/roman/data,float32,64×64,16384,block 4,lz4\n"
    );
    // An element, and an array as a whole.
    let csv = out(
        folder.path(),
        &[
            "-k",
            "x=roman.data[0:1, 0:1],roman.dq",
            "r.asdf",
            "--to",
            "csv",
        ],
    );
    assert!(csv.ends_with("uint32 64×64\n"), "{csv}");
}

#[test]
fn what_cannot_be_asked_is_told() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    for (words, error) in [
        (&["."][..], "which columns?"),
        (&["-k", "t,t", "."], "two columns have the name `t`"),
        (&["-k", "a..b", "."], "bad path"),
        (
            &["-k", "t", "--where", "t = 3", "."],
            "equality is written ==",
        ),
    ] {
        let done = run(folder.path(), &[&["table"], words].concat());
        assert_eq!(done.code, Some(2), "{words:?}");
        assert!(done.err.contains(error), "{}", done.err);
    }
    let done = run(
        folder.path(),
        &["table", "-k", "t", "--where", "t > 1000", "."],
    );
    assert_eq!((done.code, done.err.as_str()), (Some(1), ""));
    fs::write(folder.path().join("z.asdf"), "nothing").unwrap();
    let done = run(folder.path(), &["table", "-k", "t", ".", "--to", "csv"]);
    assert_eq!(
        (done.code, done.out.lines().count()),
        (Some(2), 7),
        "{}",
        done.err
    );
}

#[test]
fn votable_and_ecsv_have_types_and_units() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let xml = out(
        folder.path(),
        &["-k", "t,q,good,detector,n=step.y", ".", "--to", "votable"],
    );
    for part in [
        "<FIELD name=\"t\" datatype=\"double\"/>",
        "<FIELD name=\"q\" datatype=\"double\" unit=\"s\"/>",
        "<FIELD name=\"good\" datatype=\"boolean\"/>",
        "<FIELD name=\"detector\" datatype=\"unicodeChar\" arraysize=\"*\"/>",
        "<FIELD name=\"n\" datatype=\"long\"/>",
        "<TR><TD>./a.asdf</TD><TD>100.0</TD><TD></TD><TD>true</TD><TD>WFI01</TD><TD>1</TD></TR>",
        "<TD>a,b &lt;&amp;&gt; &quot;q&quot; é</TD>",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    let ecsv = out(
        folder.path(),
        &["-k", "t,q,good,detector,n=step.y", ".", "--to", "ecsv"],
    );
    assert!(
        ecsv.starts_with(
            "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: \"file\", datatype: string}\n# - {name: \"t\", datatype: float64}\n\
             # - {name: \"q\", datatype: float64, unit: \"s\"}\n# - {name: \"good\", datatype: bool}\n"
        ),
        "{ecsv}"
    );
    assert!(ecsv.contains("\n./a.asdf,100.0,,True,WFI01,1\n"), "{ecsv}");
}

/// Two files of which one has more than the other.
fn two(folder: &Path) {
    let tree = |rest: &str| {
        format!(
            "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nmeta: {{exptime: 1, {rest}}}\n...\n"
        )
    };
    fs::write(folder.join("a.asdf"), tree("big: 9007199254740993")).unwrap();
    fs::write(
        folder.join("b.asdf"),
        tree("note: x, big: 9007199254740992.0"),
    )
    .unwrap();
}

#[test]
fn a_column_that_no_file_has_is_told() {
    let folder = tempfile::tempdir().unwrap();
    two(folder.path());
    for words in [
        ["--sort", "meta.exptme"],
        ["--group-by", "meta.exptme"],
        ["--where", "meta.exptme > 0"],
        ["--where", "meta.exptime > 0 or not meta.exptme == 1"],
    ] {
        let words = [
            &["table", "-k", "meta.exptime", "a.asdf", "b.asdf"],
            &words[..],
        ]
        .concat();
        let done = run(folder.path(), &words);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{words:?}");
        assert!(
            done.err.contains("no file has the column `meta.exptme`"),
            "{}",
            done.err
        );
        assert!(
            done.err.contains("did you mean `/meta/exptime`?"),
            "{}",
            done.err
        );
    }
    let done = run(
        folder.path(),
        &["table", "-k", "meta.exptime,meta.exptme", "a.asdf"],
    );
    assert_eq!(done.code, Some(1), "{done:?}");
    let quiet = ["table", "-q", "-k", "meta.exptme", "a.asdf"];
    let quiet = run(folder.path(), &quiet);
    assert_eq!(quiet.code, Some(1), "{quiet:?}");
    assert!(quiet.err.contains("no file has the column"), "{quiet:?}");
    assert!(
        done.err.contains("no file has the column `meta.exptme`"),
        "{}",
        done.err
    );
}

#[test]
fn what_some_files_have_or_may_be_missing_is_not_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    two(folder.path());
    for (words, rows) in [
        (["--sort", "meta.note"], 2),
        (["--where", "meta.note == \"x\""], 1),
        (["--where", "meta.none is null"], 2),
    ] {
        let words = [
            &[
                "table",
                "-k",
                "meta.exptime",
                "--to",
                "csv",
                "a.asdf",
                "b.asdf",
            ],
            &words[..],
        ]
        .concat();
        let done = run(folder.path(), &words);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{words:?}");
        assert_eq!(done.out.lines().count(), rows + 1, "{words:?}");
    }
}

#[test]
fn numbers_are_compared_and_shown_without_rounding() {
    let folder = tempfile::tempdir().unwrap();
    two(folder.path());
    let words = |condition: &'static str| {
        [
            "table",
            "-k",
            "big=meta.big",
            "--to",
            "csv",
            "a.asdf",
            "b.asdf",
            "--where",
            condition,
        ]
    };
    for (condition, found) in [
        ("big > 9007199254740992", "a.asdf"),
        ("big == 9007199254740992", "b.asdf"),
        ("big < 9223372036854775808", "a.asdf"),
        ("big == 9007199254740993", "a.asdf"),
    ] {
        let done = run(folder.path(), &words(condition));
        assert!(
            done.out.contains(&format!("\n{found},")),
            "{condition}: {done:?}"
        );
    }
    let done = run(
        folder.path(),
        &[
            "table",
            "-k",
            "big=meta.big",
            "--to",
            "csv",
            "a.asdf",
            "b.asdf",
        ],
    );
    assert!(done.out.contains("a.asdf,9007199254740993\n"), "{done:?}");
    assert!(done.err.contains("several kinds"), "{done:?}");
    let done = run(folder.path(), &words("big == 0x10"));
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("decimal"), "{done:?}");
}

#[test]
fn no_column_hides_another_and_an_empty_list_is_told() {
    let folder = tempfile::tempdir().unwrap();
    two(folder.path());
    for words in [
        ["table", "-k", "file=meta.exptime", "a.asdf"].as_slice(),
        &["table", "--arrays", "-k", "path=meta.exptime", "a.asdf"],
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}");
        assert!(done.err.contains("another one is needed"), "{}", done.err);
    }
    fs::write(folder.path().join("list"), "\n").unwrap();
    for words in [
        ["table", "-k", "meta.exptime", "@list"].as_slice(),
        &["info", "@list"],
        &["check", "@list"],
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
        assert!(
            format!("{}{}", done.out, done.err).contains("names no file"),
            "{done:?}"
        );
    }
}
