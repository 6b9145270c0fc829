//! What a catalogue says, and what is asked of it.

use crate::bench::{contents, night, run, runs};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn rows(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let arguments = [&["table", "--from", "cat", "--to", "jsonl"], arguments].concat();
    let done = run(folder, &arguments);
    assert!(done.code < Some(2), "{arguments:?}: {}", done.err);
    done.out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_file_is_a_row_with_what_it_is() {
    let folder = night(3);
    let at = folder.path();
    let files = fs::read_dir(at.join("night")).unwrap().count();
    let done = run(at, &["index", "night", "-o", "cat"]);
    assert_eq!(done.code, Some(2), "{}", done.err);
    assert!(done.err.contains("bad.asdf"), "{}", done.err);
    let all = rows(at, &["-k", "status,message,n_arrays,access_format"]);
    assert_eq!(all.len(), files);
    let bad = all.iter().find(|row| row["status"] == "error").unwrap();
    assert!(bad["file"].as_str().unwrap().ends_with("/night/bad.asdf"));
    assert_eq!(bad["message"], "byte 0xff is not UTF-8");
    let columns = "obs_id,t_min,t_max,t_exptime,calib_level,filters,em_min,s_ra,s_dec,s_region,s_xel1,s_pixel_scale,n_blocks";
    let romans = rows(
        at,
        &[
            "-k",
            columns,
            "--where",
            "facility_name == \"ROMAN\"",
            "--sort",
            "t_exptime",
        ],
    );
    assert_eq!(romans.len(), 3);
    let first = &romans[0];
    assert_eq!(first["obs_id"], "00032010010010000040001");
    assert_eq!(
        (&first["t_exptime"], &first["calib_level"]),
        (&Value::from(100.0), &Value::from(2))
    );
    assert_eq!(
        (&first["filters"], &first["n_blocks"]),
        (&Value::from("F158"), &Value::from(20))
    );
    // By `astropy.time.Time(...).mjd` of start and end.
    let near = |name: &str, wanted: f64, slack: f64| {
        let found = first[name].as_f64().unwrap();
        assert!(
            (found - wanted).abs() < slack,
            "{name}: {found}, {wanted} expected"
        );
    };
    near("t_min", 61_478.631_557_118_06, 1e-9);
    near("t_max", 61_478.632_807_118_06, 1e-9);
    near("em_min", 1.38e-6, 1e-12);
    near("s_ra", 268.500_2, 0.01);
    near("s_pixel_scale", 0.11, 1e-3);
    let region = runs(at, &["wcs", "footprint", "--s-region", "night/r0000.asdf"]);
    assert_eq!(first["s_region"], region.trim());
    assert_eq!(first["s_xel1"], 64);
}

#[test]
fn values_of_trees_are_columns_with_types_and_units() {
    let folder = night(2);
    let at = folder.path();
    run(at, &["index", "night", "-o", "cat"]);
    let keys = "roman.meta.exposure.type,roman.meta.exposure.hga_move,roman.meta.exposure.nresultants,roman.meta.visit.dither.executed_pattern,x=roman.meta.exposure.start_time";
    let found = rows(
        at,
        &[
            "-k",
            keys,
            "--where",
            "roman.meta.exposure.exposure_time > 100.5",
        ],
    );
    assert_eq!(found.len(), 1);
    let row = &found[0];
    assert_eq!(row["roman.meta.exposure.type"], "WFI_IMAGE");
    assert_eq!(row["roman.meta.exposure.hga_move"], false);
    assert_eq!(row["roman.meta.exposure.nresultants"], 6);
    assert_eq!(
        row["roman.meta.visit.dither.executed_pattern"],
        "[0.0, 0.0, 1.2, -0.4]"
    );
    assert_eq!(row["x"], "2027-03-14T15:09:26.535");
    // Files and catalogue give the same numbers.
    let keys = "t=roman.meta.exposure.exposure_time,roman.meta.pointing.target_ra";
    let of_files = runs(
        at,
        &[
            "table",
            "-k",
            keys,
            "night/r0000.asdf",
            "night/r0001.asdf",
            "--to",
            "csv",
        ],
    );
    let of_rows = runs(
        at,
        &[
            "table", "--from", "cat", "-k", keys, "--where", "t > 0", "--sort", "file", "--to",
            "csv",
        ],
    );
    let values = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .map(|line| line.split_once(',').unwrap().1.to_owned());
        lines.collect()
    };
    assert_eq!(values(&of_files), values(&of_rows));
    let described: Value =
        serde_json::from_slice(&fs::read(at.join("cat/catalogue.json")).unwrap()).unwrap();
    assert_eq!(described["schema"], 1);
    assert_eq!(
        described["columns"]["m.roman.meta.exposure.type"],
        "/roman/meta/exposure/type"
    );
}

#[test]
fn places_and_times_take_rows() {
    let folder = night(2);
    let at = folder.path();
    run(at, &["index", "night", "-o", "cat"]);
    let count = |arguments: &[&str]| rows(at, &[&["-k", "obs_id"], arguments].concat()).len();
    assert_eq!(count(&["--cone", "268.5,-29.2,0.01"]), 2);
    assert_eq!(count(&["--cone", "268.5,-20,0.01"]), 0);
    assert_eq!(count(&["--cone", "268.5,-20,15"]), 2);
    assert_eq!(
        count(&["--region", "POLYGON ICRS 268 -30 268 -29 269 -29 269 -30"]),
        2
    );
    assert_eq!(
        count(&["--region", "POLYGON ICRS 270 -30 270 -29 271 -29 271 -30"]),
        0
    );
    assert_eq!(count(&["--time", "2027-03-14..2027-03-15"]), 2);
    assert_eq!(count(&["--time", "..2027-03-14"]), 0);
    let done = run(at, &["table", "--from", "cat", "-k", "x", "--sort", "x"]);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err.contains("no file has the column `x`"),
        "{}",
        done.err
    );
    let done = run(at, &["table", "--from", "night", "-k", "x"]);
    assert_eq!(done.code, Some(2));
    let urls = runs(
        at,
        &[
            "table",
            "--from",
            "cat",
            "--urls",
            "--where",
            "filters == \"F158\"",
        ],
    );
    assert_eq!(urls.lines().count(), 2);
    assert!(urls.lines().all(|line| Path::new(line).is_file()), "{urls}");
}

#[test]
fn a_second_run_reads_only_what_has_changed() {
    let folder = night(4);
    let at = folder.path();
    run(at, &["index", "night", "-o", "cat"]);
    let before = contents(&at.join("cat"));
    let done = run(at, &["index", "night", "-o", "cat"]);
    // What could not be read is tried again.
    assert!(
        done.out.starts_with("1 read, 1 cannot be read, "),
        "{}",
        done.out
    );
    fs::remove_file(at.join("night/bad.asdf")).unwrap();
    let done = runs(at, &["index", "night", "-o", "cat"]);
    assert!(
        done.starts_with("0 read, ") && done.contains("1 gone"),
        "{done}"
    );
    assert!(rows(at, &["-k", "status", "--where", "status == \"error\""]).is_empty());
    let settled = contents(&at.join("cat"));
    assert!(before != settled);
    let done = runs(at, &["index", "night", "-o", "cat"]);
    assert!(done.contains("nothing to write"), "{done}");
    assert!(contents(&at.join("cat")) == settled);
    let changed = fs::read(at.join("night/small.asdf")).unwrap();
    fs::write(at.join("night/r0001.asdf"), changed).unwrap();
    let done = runs(at, &["index", "night", "-o", "cat"]);
    assert!(done.starts_with("1 read, "), "{done}");
    assert_eq!(
        rows(
            at,
            &["-k", "status", "--where", "facility_name == \"ROMAN\""]
        )
        .len(),
        3
    );
    // Without a merge there are two rows, of which the newer one is seen.
    fs::copy(at.join("night/r0002.asdf"), at.join("night/r0001.asdf")).unwrap();
    let done = runs(at, &["index", "night", "-o", "cat", "--no-merge"]);
    assert!(done.starts_with("1 read, "), "{done}");
    assert_eq!(fs::read_dir(at.join("cat/files")).unwrap().count(), 2);
    let all = rows(at, &["-k", "facility_name"]);
    assert_eq!(
        all.iter()
            .filter(|row| row["facility_name"] == "ROMAN")
            .count(),
        4
    );
    runs(at, &["index", "--merge", "-o", "cat"]);
    assert_eq!(fs::read_dir(at.join("cat/files")).unwrap().count(), 1);
    assert_eq!(rows(at, &["-k", "facility_name"]).len(), all.len());
}

#[test]
fn what_is_expected_is_compared() {
    let folder = night(3);
    let at = folder.path();
    run(at, &["index", "night", "-o", "cat"]);
    let size = |name: &str| fs::metadata(at.join("night").join(name)).unwrap().len();
    let manifest = format!(
        "name,size\nr0000.asdf,{}\nnight/r0001.asdf,{}\nr0002.asdf,{}\nmissing.asdf,12\nbad.asdf,\n",
        size("r0000.asdf"),
        size("r0001.asdf"),
        size("r0002.asdf") + 1
    );
    fs::write(at.join("expected.csv"), manifest).unwrap();
    let done = run(at, &["index", "--check", "expected.csv", "-o", "cat"]);
    assert_eq!(done.code, Some(1), "{}", done.err);
    for line in [
        "missing: missing.asdf:",
        "size: r0002.asdf:",
        "unreadable: bad.asdf:",
        "extra: ",
    ] {
        assert!(done.out.contains(line), "{line}: {}", done.out);
    }
    assert!(!done.out.contains("r0001"), "{}", done.out);
    let done = run(at, &["index", "--check", "cat", "-o", "cat"]);
    let kinds: Vec<&str> = done
        .out
        .lines()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(kinds.first(), Some(&"unreadable"), "{}", done.out);
    fs::write(at.join("list"), "night/r0000.asdf\nnight/other.asdf\n").unwrap();
    let done = run(at, &["index", "--missing", "@list", "-o", "cat"]);
    assert_eq!(
        (done.code, done.out.as_str()),
        (Some(1), "night/other.asdf\n")
    );
}

#[test]
fn profiles_are_data() {
    let folder = night(1);
    let at = folder.path();
    let profile = "name = 'own'\nunder = ['roman.meta.pointing']\n[when]\npath = 'roman.meta.telescope'\n[columns.obs_title]\nvalue = 'mine'\n[columns.t_exptime]\npaths = ['roman.meta.exposure.frame_time']\nfactor = 2\n";
    fs::write(at.join("own.toml"), profile).unwrap();
    runs(
        at,
        &[
            "index",
            "night/r0000.asdf",
            "-o",
            "cat",
            "--profile",
            "own.toml",
        ],
    );
    let row = &rows(at, &["-k", "profile,obs_title,t_exptime"])[0];
    assert_eq!(
        (&row["profile"], &row["obs_title"]),
        (&"own".into(), &"mine".into())
    );
    assert!((row["t_exptime"].as_f64().unwrap() - 6.32494).abs() < 1e-9);
    let described = fs::read_to_string(at.join("cat/catalogue.json")).unwrap();
    assert!(
        !described.contains("exposure") && described.contains("target_dec"),
        "{described}"
    );
    fs::write(at.join("own.toml"), "name = 1").unwrap();
    let done = run(
        at,
        &[
            "index",
            "night/r0000.asdf",
            "-o",
            "other",
            "--profile",
            "own.toml",
        ],
    );
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("own.toml"), "{}", done.err);
}

#[test]
fn a_catalogue_can_be_one_file_and_a_table_parquet() {
    let folder = night(2);
    let at = folder.path();
    runs(
        at,
        &[
            "index",
            "night/r0000.asdf",
            "night/r0001.asdf",
            "-o",
            "cat.parquet",
        ],
    );
    let out = runs(
        at,
        &[
            "table",
            "--from",
            "cat.parquet",
            "-k",
            "filters",
            "--to",
            "csv",
        ],
    );
    assert_eq!(out.lines().count(), 3);
    let done = run(at, &["index", "night/r0000.asdf", "-o", "cat.parquet"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("--force overwrites it"), "{}", done.err);
}

/// Puts twelve faults into an archive, after writing down what should be there.
fn plant(at: &Path) {
    let place = |number: usize| at.join(format!("night/r{number:04}.asdf"));
    fs::remove_file(at.join("night/bad.asdf")).unwrap();
    let mut manifest = String::from("name,size\n");
    let mut names: Vec<_> = fs::read_dir(at.join("night"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    let extra = [place(31), place(63)];
    for path in names.iter().filter(|path| !extra.contains(path)) {
        let name = path.file_name().unwrap().to_str().unwrap();
        manifest += &format!("{name},{}\n", fs::metadata(path).unwrap().len());
    }
    fs::write(at.join("manifest.csv"), manifest).unwrap();
    for number in [2, 101, 239] {
        fs::remove_file(place(number)).unwrap();
    }
    let change = |number: usize, edit: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = fs::read(place(number)).unwrap();
        edit(&mut bytes);
        fs::write(place(number), bytes).unwrap();
    };
    change(5, &|bytes| bytes.push(b' '));
    change(77, &|bytes| {
        bytes.pop();
    });
    change(200, &|bytes| bytes.extend([b'\n'; 500]));
    change(9, &|bytes| bytes[0] = 0xff);
    change(150, &|bytes| bytes[3000] = 0xff);
    let first = b"'00032010010010000040008'";
    for (number, own) in [(120_usize, 40_121_u32), (180, 40_181)] {
        let own = format!("'000320100100100{own:08}'");
        change(number, &|bytes| {
            let at = bytes
                .windows(own.len())
                .position(|part| part == own.as_bytes());
            let at = at.unwrap();
            bytes[at..at + own.len()].copy_from_slice(first);
        });
    }
}

/// Twelve things that are wrong with an archive, found exactly.
#[test]
fn planted_faults_are_found_and_nothing_else() {
    let folder = night(240);
    let at = folder.path();
    plant(at);
    assert_eq!(run(at, &["index", "night", "-o", "cat"]).code, Some(2));
    let done = run(at, &["index", "--check", "manifest.csv", "-o", "cat"]);
    assert_eq!(done.code, Some(1), "{}", done.err);
    let mut found: Vec<String> = done
        .out
        .lines()
        .filter_map(|line| {
            let mut parts = line.splitn(3, ": ");
            let (kind, name) = (parts.next()?, parts.next()?);
            Some(format!("{kind} {}", name.rsplit('/').next()?))
        })
        .collect();
    found.sort();
    let mut planted = [
        "missing r0002.asdf",
        "missing r0101.asdf",
        "missing r0239.asdf",
        "extra r0031.asdf",
        "extra r0063.asdf",
        "size r0005.asdf",
        "size r0077.asdf",
        "size r0200.asdf",
        "unreadable r0009.asdf",
        "unreadable r0150.asdf",
        "duplicate r0120.asdf",
        "duplicate r0180.asdf",
    ];
    planted.sort_unstable();
    assert_eq!(found, planted, "{}", done.out);
}

#[test]
fn folders_of_a_catalogue_that_is_not_made_go_again() {
    let folder = night(1);
    let at = folder.path();
    fs::create_dir(at.join("own")).unwrap();
    for out in ["new/cat", "own"] {
        let words = ["index", "night", "-o", out, "--profile", "missing.toml"];
        let done = run(at, &words);
        assert_eq!(done.code, Some(2), "{out}: {}", done.err);
        assert_eq!(fs::read_dir(at.join("own")).unwrap().count(), 0, "{out}");
        assert!(!at.join("new").exists(), "{out}");
    }
}

/// A row that only says that a file was not there, or could not be read as it was then, is none.
#[test]
fn files_that_come_later_are_missing() {
    let folder = night(1);
    let at = folder.path();
    fs::write(at.join("list"), "night/r0000.asdf\nnight/late.asdf\n").unwrap();
    run(at, &["index", "@list", "-o", "cat"]);
    let missing = || run(at, &["index", "--missing", "@list", "-o", "cat"]).out;
    assert_eq!(missing(), "night/late.asdf\n");
    fs::copy(at.join("night/r0000.asdf"), at.join("night/late.asdf")).unwrap();
    assert_eq!(missing(), "night/late.asdf\n");
    run(at, &["index", "@list", "-o", "cat"]);
    assert_eq!(missing(), "");
}

/// Quantities of several units in one column keep what they are, whether they come in one part or in two.
#[test]
fn units_are_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("q")).unwrap();
    let write = |name: &str, unit: &str, value: f64| {
        let text = format!(
            "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n--- !<tag:stsci.org:asdf/core/asdf-1.1.0>\nq: !<tag:stsci.org:asdf/unit/quantity-1.2.0> {{value: {value:?}, unit: {unit}}}\n...\n"
        );
        fs::write(at.join("q").join(name), text).unwrap();
    };
    write("a.asdf", "m", 3.0);
    write("b.asdf", "m", 5.0);
    run(at, &["index", "q", "-o", "cat"]);
    let values = || {
        let found = rows(at, &["-k", "q", "--sort", "file"]);
        found
            .into_iter()
            .map(|row| row["q"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(values(), [3.0, 5.0]);
    write("c.asdf", "km", 4.0);
    let done = run(at, &["index", "q", "-o", "cat"]);
    assert!(
        done.err.contains("m.q: quantities of several units"),
        "{}",
        done.err
    );
    assert_eq!(values(), ["3.0 m", "5.0 m", "4.0 km"]);
    fs::remove_dir_all(at.join("cat")).unwrap();
    let done = run(at, &["index", "q", "-o", "cat"]);
    assert!(
        done.err.contains("m.q: quantities of several units"),
        "{}",
        done.err
    );
    assert_eq!(values(), ["3.0 m", "5.0 m", "4.0 km"]);
}

/// Images of one field in other systems of the sky: positions by `astropy`.
#[test]
fn positions_are_of_icrs() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("sky")).unwrap();
    let write = |name: &str, [x, y]: [&str; 2], [lon, lat]: [f64; 2], more: &str| {
        let cards = format!(
            "SIMPLE  = T\nBITPIX  = 8\nNAXIS   = 2\nNAXIS1  = 100\nNAXIS2  = 100\nCTYPE1  = '{x}'\nCTYPE2  = '{y}'\nCRVAL1  = {lon:?}\nCRVAL2  = {lat:?}\nCRPIX1  = 50.5\nCRPIX2  = 50.5\nCDELT1  = -0.001\nCDELT2  = 0.001\n{more}END"
        );
        let mut bytes = Vec::new();
        for card in cards.lines() {
            bytes.extend(format!("{card:80}").bytes());
        }
        bytes.resize(2880, b' ');
        bytes.resize(2880 * 5, 0);
        fs::write(at.join("sky").join(name), bytes).unwrap();
    };
    let equatorial = ["RA---TAN", "DEC--TAN"];
    write(
        "fk5.fits",
        equatorial,
        [150.0, 2.0],
        "RADESYS = 'FK5'\nEQUINOX = 2000.0\n",
    );
    write(
        "gal.fits",
        ["GLON-TAN", "GLAT-TAN"],
        [236.1203, 42.1206],
        "",
    );
    write("sun.fits", ["HPLN-TAN", "HPLT-TAN"], [0.0, 0.0], "");
    let done = run(at, &["index", "sky", "-o", "cat"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(
        done.err.contains("images without a position in ICRS"),
        "{}",
        done.err
    );
    assert!(done.out.contains("1 without a position"), "{}", done.out);
    let found = rows(at, &["-k", "s_ra,s_dec,s_region", "--sort", "file"]);
    for (row, wanted) in found
        .iter()
        .zip([[149.999_993_8, 2.000_005], [149.817_574_5, 2.630_430_7]])
    {
        for (name, wanted) in ["s_ra", "s_dec"].into_iter().zip(wanted) {
            let own = row[name].as_f64().unwrap();
            assert!(
                (own - wanted).abs() < 1e-6,
                "{name}: {own}, {wanted} expected"
            );
        }
        assert!(
            row["s_region"]
                .as_str()
                .unwrap()
                .starts_with("POLYGON ICRS ")
        );
    }
    assert_eq!(rows(at, &["-k", "s_ra", "--cone", "150,2,0.01"]).len(), 1);
}
