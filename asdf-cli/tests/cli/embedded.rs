//! FITS files that carry a tree: what the commands show, and `embed` and `strip`.

use crate::bench::{asdf, workspace};
use crate::many::run;
use insta::assert_snapshot;
use std::fs;

const PRODUCT: &str = "test-data/fits/embedded/product.fits";
const EXPOSURE: &str = "test-data/made/roman_exposure.asdf";

#[test]
fn info_shows_the_hdus_before_the_tree() {
    assert_snapshot!("info", asdf(&format!("info {PRODUCT}")).screen());
    assert_snapshot!(
        "info_without_tree",
        asdf("info test-data/fits/tables.fits").screen()
    );
    assert_snapshot!(
        "info_cut",
        asdf("info test-data/fits/truncated.fits.bad").screen()
    );
    assert_snapshot!(
        "info_edited",
        asdf("info test-data/fits/embedded/edited.fits --depth 1").screen()
    );
}

#[test]
fn arrays_in_hdus_are_listed_read_and_summed_up_like_others() {
    let lines: Vec<String> = ["ls", "ls --digest", "stats"]
        .iter()
        .map(|command| asdf(&format!("{command} {PRODUCT}")).columns(120).screen())
        .collect();
    assert_snapshot!("arrays", lines.join("\n"));
    assert_snapshot!(
        "window",
        asdf(&format!("get {PRODUCT} data[1:3,2:5]")).screen()
    );
}

#[test]
fn a_source_that_leads_nowhere_is_told_with_its_path() {
    let lines: Vec<String> = ["missing", "bad_source", "differs", "in_heap"]
        .iter()
        .map(|name| asdf(&format!("ls test-data/fits/embedded/{name}.fits")).screen())
        .collect();
    assert_snapshot!("sources", lines.concat());
}

#[test]
fn verify_checks_every_hdu() {
    let bytes = fs::read(workspace().join("test-data/fits/checksum.fits")).unwrap();
    let mut broken = bytes.clone();
    // A byte of the data of HDU 1.
    broken[5760 + 3] ^= 0x40;
    let codes = [
        asdf("verify test-data/fits/checksum.fits").screen(),
        asdf(&format!("verify {PRODUCT}")).screen(),
        asdf("verify test-data/fits/truncated.fits.bad").screen(),
        asdf("verify test-data/fits/compressed_rice_1.fits").screen(),
        asdf("verify -").stdin(broken.clone()).screen(),
        asdf("verify --json -").stdin(broken).screen(),
    ];
    assert_snapshot!("verify", codes.join("\n"));
}

#[test]
fn embed_moves_arrays_and_strip_takes_the_tree_away_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_string_lossy().into_owned();
    let chosen = format!(
        "embed {EXPOSURE} {place}/x.fits --move roman.data=SCI --move roman.dq=DQ,2 --checksum"
    );
    let run = asdf(&chosen).run();
    assert_eq!(run.code, Some(0), "{run:?}");
    let shown = asdf(&format!("info {place}/x.fits --depth 1")).run().out;
    assert_snapshot!("embedded", shown.replace(&place, "FOLDER"));
    assert_snapshot!(
        "embedded_twice",
        asdf(&chosen).screen().replace(&place, "FOLDER")
    );
    let sums = asdf(&format!("verify {place}/x.fits")).run();
    assert_eq!(sums.code, Some(0), "{sums:?}");
    for command in [
        format!("strip {place}/x.fits {place}/plain.fits"),
        format!("strip --force {place}/x.fits {place}/x.fits"),
    ] {
        let run = asdf(&command).run();
        assert_eq!(run.code, Some(0), "{run:?}");
    }
    let plain = fs::read(folder.path().join("plain.fits")).unwrap();
    assert!(plain == fs::read(folder.path().join("x.fits")).unwrap());
    let again = asdf(&format!("strip {place}/plain.fits {place}/none.fits"));
    assert_snapshot!("stripped_twice", again.screen().replace(&place, "FOLDER"));
}

/// What is moved, and the HDUs that the data of the four slits are in.
const MOVED: &[(&[&str], &str)] = &[
    (&["slits[*].data=SCI"], "SCI,1 SCI,2 SCI,3 SCI,4"),
    (&["slits[*].*=SCI,3"], "SCI,3 SCI,4 SCI,5 SCI,6"),
    (
        &["slits[1:3].data=SCI", "slits[-1].data=LAST,9"],
        "- SCI,1 SCI,2 LAST,9",
    ),
    (&["**.data=SCI"], "SCI,1 SCI,2 SCI,3 SCI,4"),
    (
        &["slits[0:2].data=SCI", "slits[2:].data=SCI,3"],
        "SCI,1 SCI,2 SCI,3 SCI,4",
    ),
    (&["shared[*]=A", "slits[0].data=SCI"], "SCI,1 - - -"),
];
/// What cannot be moved, and what is told.
const NOT_MOVED: &[(&[&str], &str)] = &[
    (&["slits[*].data=SCI", "slits[1].data=X"], "twice"),
    (&["slits[*].data=SCI", "shared[0]=SCI,2"], "SCI"),
    (
        &["slits[*].nothing=SCI"],
        "no array fits `slits[*].nothing`",
    ),
    (&["slits[0].data[0:1]=SCI"], "names elements of an array"),
    (&["slits[0].name=SCI"], "/slits/0/name"),
];

/// Four slits with an array and a name each, and an array that has two paths.
fn slits() -> String {
    let slit =
        |number: i32| format!("{{data: !core/ndarray-1.1.0 [{number}, 2], name: n{number}}}");
    let slits: Vec<String> = (0..4).map(slit).collect();
    format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nslits: [{}]\n\
         shared: [&a !core/ndarray-1.1.0 [7], *a]\n...\n",
        slits.join(", ")
    )
}

/// A path that names several arrays gives them versions in the order of the file.
#[test]
fn embed_moves_all_arrays_that_fit() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("x.asdf");
    fs::write(&place, slits()).unwrap();
    let embed = |moves: &[&str]| {
        let mut command = asdf("embed x.asdf x.fits --force");
        command.command.current_dir(folder.path());
        for one in moves {
            command.command.args(["--move", one]);
        }
        command.run()
    };
    // What stands at /slits/N/data is in the HDU of this name and version, for N from 0 on.
    for (moves, hdus) in MOVED {
        let done = embed(moves);
        assert_eq!(done.code, Some(0), "{moves:?}: {}", done.err);
        let listed = run(folder.path(), &["ls", "x.fits", "--json"]);
        let list: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
        let name = |number: usize| {
            let path = format!("/slits/{number}/data");
            let found = list
                .as_array()
                .unwrap()
                .iter()
                .find(|one| one["path"] == path);
            let source = found.unwrap()["source"].as_str().unwrap().to_owned();
            match source.strip_prefix("fits:") {
                Some(name) => name.to_owned(),
                None => "-".to_owned(),
            }
        };
        let found: Vec<String> = (0..4).map(name).collect();
        assert_eq!(found.join(" "), *hdus, "{moves:?}: {}", listed.out);
        for number in 0..4 {
            let path = format!("slits[{number}].data");
            let values = run(folder.path(), &["get", "x.fits", &path, "--json"]);
            assert_eq!(values.out, format!("[{number},2]\n"));
        }
    }
    for (moves, told) in NOT_MOVED {
        let done = embed(moves);
        assert_eq!(done.code, Some(2), "{moves:?}");
        assert!(done.err.contains(told), "{moves:?}: {}", done.err);
    }
}

#[test]
fn embed_refuses_what_it_cannot_mean() {
    let lines: Vec<String> = [
        "--move roman.nothing=SCI",
        "--move roman.data=SCI --move roman.dq=SCI",
        "--move roman.data",
        "--move roman.data=ASDF",
        "--move roman.meta=SCI",
        "--base test-data/fits/embedded/missing.asdf",
    ]
    .iter()
    .map(|options| asdf(&format!("embed {EXPOSURE} - {options}")).screen())
    .collect();
    assert_snapshot!("embed_refused", lines.concat());
}

#[test]
fn a_changed_copy_of_a_fits_file_has_all_its_hdus() {
    let beside = "test-data/fits/embedded/beside.fits";
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let done = |command: &str| {
        let done = asdf(command).run();
        assert_eq!(done.code, Some(0), "{command}: {}", done.err);
    };
    // All but the tree.
    let rest = |file: &str| {
        let bare = place("bare.fits");
        done(&format!("strip {file} {bare} --force"));
        fs::read(bare).unwrap()
    };
    let original = rest(beside);
    for (command, name) in [
        ("set {} about new", "x.fits"),
        ("set {} about new", "x.fits.gz"),
        ("rm {} sci", "x.fit"),
        ("mv {} sci image", "x.fts"),
        ("cp {}:sci {}:again", "x.fits"),
    ] {
        let out = place(name);
        done(&format!(
            "{} -o {out} --force",
            command.replace("{}", beside)
        ));
        assert!(rest(&out) == original, "{command} {name}");
        let differ = asdf(&format!("diff {beside} {out}")).run();
        assert_eq!(differ.code, Some(1), "{command}: nothing has changed");
    }
    // The file itself may be OUT.
    let own = place("own.fits");
    fs::copy(workspace().join(beside), &own).unwrap();
    done(&format!("set {own} about new -o {own} --force"));
    assert!(rest(&own) == original);
    // What becomes an ASDF file brings the HDUs along.
    for command in ["implode", "explode"] {
        let out = place("parts.asdf");
        done(&format!("{command} {beside} -o {out} --force"));
        done(&format!("diff {beside} {out}"));
    }
}

#[test]
fn an_output_is_what_its_name_says_or_refused() {
    let beside = "test-data/fits/embedded/beside.fits";
    let folder = tempfile::tempdir().unwrap();
    for (command, name) in [
        (format!("set {EXPOSURE} about new"), "x.yaml"),
        (format!("rm {EXPOSURE} roman.meta"), "x.fits"),
        (format!("implode {EXPOSURE}"), "x.json"),
        (format!("explode {EXPOSURE}"), "x.fits"),
        (format!("repair {EXPOSURE}"), "x.npy"),
        (format!("set {beside} about new"), "x.asdf"),
        (format!("set {beside} SCI:OBJECT M51"), "x.asdf"),
        (format!("implode {beside}"), "x.fits"),
        // A FITS file without a tree has nothing that could be brought together.
        ("implode test-data/fits/images.fits".to_owned(), "x.asdf"),
    ] {
        let out = folder.path().join(name);
        let done = asdf(&format!("{command} -o {}", out.display())).run();
        assert_eq!(done.code, Some(2), "{command} {name}");
        assert!(!out.exists(), "{command} {name}");
    }
}

#[test]
fn a_fits_file_cut_within_a_header_is_not_sound() {
    let bytes = fs::read(workspace().join("test-data/fits/checksum.fits")).unwrap();
    assert_eq!(
        asdf("verify -").stdin(bytes[..2880].to_vec()).run().code,
        Some(0)
    );
    // HDU 1 starts here.
    for length in [1, 4, 8, 9, 100, 2879] {
        let done = asdf("verify -")
            .stdin(bytes[..2880 + length].to_vec())
            .run();
        assert_ne!(done.code, Some(0), "{length} bytes of the header");
    }
}
