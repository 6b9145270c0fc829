//! The programs of `examples/`, each run over small files.

#[path = "../../examples/batch_update.rs"]
#[expect(dead_code, reason = "`main`")]
mod batch_update;
#[path = "../../examples/catalogue_to_sky.rs"]
#[expect(dead_code, reason = "`main`")]
mod catalogue_to_sky;
#[path = "../../examples/copy_wcs.rs"]
#[expect(dead_code, reason = "`main`")]
mod copy_wcs;
#[path = "../../examples/custom_tag.rs"]
#[expect(dead_code, reason = "`main`")]
mod custom_tag;
#[path = "../../examples/cutout.rs"]
#[expect(dead_code, reason = "`main`")]
mod cutout;
#[path = "../../examples/fits_to_asdf.rs"]
#[expect(dead_code, reason = "`main`")]
mod fits_to_asdf;
#[path = "../../examples/picture.rs"]
#[expect(dead_code, reason = "`main`")]
mod picture;
#[path = "../../examples/roman_statistics.rs"]
#[expect(dead_code, reason = "`main`")]
mod roman_statistics;
#[path = "../../examples/stream.rs"]
#[expect(dead_code, reason = "`main`")]
mod stream;
#[path = "../../examples/three_codecs.rs"]
#[expect(dead_code, reason = "`main`")]
mod three_codecs;

use asdf_core::block::Codec;
use asdf_core::tagged::{SkyCoord, Table, Time};
use asdf_core::{AsdfFile, Result};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const EXPOSURE: &str = "made/roman_exposure.asdf";

/// A file of `test-data`.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-data")
        .join(name)
}

/// A folder, with copies of files of `test-data` under the names given.
fn folder(files: &[(&str, &str)]) -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    for (from, to) in files {
        fs::copy(data(from), folder.path().join(to))?;
    }
    Ok(folder)
}

/// Runs a program; arguments that begin with `./` are in the folder.
fn run(program: fn(&[String]) -> Result<()>, folder: &TempDir, args: &[&str]) -> Result<()> {
    assert!(
        program(&[]).is_err(),
        "without arguments it tells its usage"
    );
    let args = args.iter().map(|arg| match arg.strip_prefix("./") {
        Some(name) => folder.path().join(name).display().to_string(),
        None => (*arg).to_owned(),
    });
    program(&args.collect::<Vec<_>>())
}

#[test]
fn batch_update_changes_all_files_and_names_the_one_that_it_cannot() -> Result<()> {
    let folder = folder(&[(EXPOSURE, "a.asdf"), (EXPOSURE, "b.asdf")])?;
    let files = [
        "roman.meta.exposure.type",
        "WFI_DARK",
        "./a.asdf",
        "./b.asdf",
    ];
    run(batch_update::run, &folder, &files)?;
    for name in ["a.asdf", "b.asdf"] {
        let file = AsdfFile::open(folder.path().join(name))?;
        assert_eq!(
            file.node("roman/meta/exposure/type")?.text(),
            Some("WFI_DARK")
        );
        assert!(
            file.history()
                .last()
                .is_some_and(|entry| entry.description.is_some())
        );
    }
    let missing = [
        "roman.meta.exposure.type",
        "WFI_DARK",
        "./a.asdf",
        "./no.asdf",
    ];
    let error = run(batch_update::run, &folder, &missing).unwrap_err();
    assert!(error.to_string().contains("no.asdf"), "{error}");
    Ok(())
}

#[test]
fn catalogue_to_sky_gives_the_positions_of_the_wcs() -> Result<()> {
    let folder = folder(&[(EXPOSURE, "obs.asdf")])?;
    fs::write(
        folder.path().join("sources.csv"),
        "id,x,y\n1,10,20\n2,30.5,40\n",
    )?;
    run(
        catalogue_to_sky::run,
        &folder,
        &["./obs.asdf", "./sources.csv", "./out.asdf"],
    )?;
    let wcs = AsdfFile::open(data(EXPOSURE))?.wcs("roman/meta/wcs")?;
    let world = wcs.pixel_to_world(&[&[10.0, 30.5], &[20.0, 40.0]])?;
    let out = AsdfFile::open(folder.path().join("out.asdf"))?;
    let table: Table<'_> = out.tagged("sources")?;
    let names: Vec<&str> = table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["x", "y", "ra", "dec"]);
    assert_eq!(out.column("sources", "dec")?.to_f64()?, world[1]);
    let sky: SkyCoord<'_> = out.tagged("sky")?;
    let first: Vec<f64> = sky.degrees()?.iter().map(|position| position[0]).collect();
    assert_eq!(first, world[0]);
    Ok(())
}

#[test]
fn copy_wcs_brings_the_other_wcs_and_nothing_else() -> Result<()> {
    let folder = folder(&[(EXPOSURE, "obs.asdf")])?;
    let args = ["./obs.asdf", "268.4988", "-29.2050", "1", "./part.asdf"];
    run(cutout::run, &folder, &args)?;
    run(copy_wcs::run, &folder, &["./part.asdf", "./obs.asdf"])?;
    let open = |name: &str| AsdfFile::open(folder.path().join(name));
    let (part, new, old) = (
        open("part.asdf")?,
        open("obs.asdf")?,
        AsdfFile::open(data(EXPOSURE))?,
    );
    let world = |file: &AsdfFile| {
        file.wcs("roman/meta/wcs")?
            .pixel_to_world(&[&[3.0], &[4.0]])
    };
    assert_eq!(world(&new)?, world(&part)?);
    assert_ne!(world(&new)?, world(&old)?);
    assert_eq!(
        new.array("roman/data")?.digest()?,
        old.array("roman/data")?.digest()?
    );
    Ok(())
}

#[test]
fn custom_tag_writes_what_it_reads() -> Result<()> {
    let folder = folder(&[])?;
    run(custom_tag::run, &folder, &["./out.asdf"])?;
    let out = AsdfFile::open(folder.path().join("out.asdf"))?;
    let tag = out.node("dither")?.tag().map(asdf_core::tree::Tag::as_str);
    assert_eq!(tag, Some("asdf://example.org/tags/dither-1.0.0"));
    assert_eq!(out.tagged::<Time<'_>>("start")?.mjd()?.len(), 1);
    Ok(())
}

#[test]
fn cutout_is_a_part_with_the_wcs_of_the_whole() -> Result<()> {
    let folder = folder(&[(EXPOSURE, "obs.asdf")])?;
    let args = ["./obs.asdf", "268.4988", "-29.2050", "1", "./part.asdf"];
    run(cutout::run, &folder, &args)?;
    let part = AsdfFile::open(folder.path().join("part.asdf"))?;
    let shape = part.array("roman/data")?.shape().to_vec();
    assert!(
        shape.iter().all(|length| (8..12).contains(length)),
        "{shape:?}"
    );
    let centre = part
        .wcs("roman/meta/wcs")?
        .world_to_pixel(&[&[268.4988], &[-29.2050]])?;
    assert!((centre[0][0] - 4.5).abs() < 1.0, "{centre:?}");
    Ok(())
}

#[test]
fn fits_to_asdf_has_every_hdu() -> Result<()> {
    let folder = folder(&[("fits/images.fits", "images.fits")])?;
    run(
        fits_to_asdf::run,
        &folder,
        &["./images.fits", "./images.asdf"],
    )?;
    let fits = asdf_core::fits::FitsFile::open(data("fits/images.fits"))?;
    let out = AsdfFile::open(folder.path().join("images.asdf"))?;
    let list = out.node("fits")?.as_seq().map(asdf_core::tree::Seq::len);
    assert_eq!(list, Some(fits.len()));
    Ok(())
}

#[test]
fn picture_is_a_graymap_of_the_image() -> Result<()> {
    let folder = folder(&[(EXPOSURE, "obs.asdf")])?;
    run(
        picture::run,
        &folder,
        &["./obs.asdf", "roman.data", "./obs.pgm"],
    )?;
    let bytes = fs::read(folder.path().join("obs.pgm"))?;
    assert!(bytes.starts_with(b"P5\n64 64\n255\n"));
    let levels = &bytes[bytes.len() - 64 * 64..];
    assert!(levels.contains(&0) && levels.contains(&255));
    Ok(())
}

#[test]
fn roman_statistics_reads_an_exposure() -> Result<()> {
    let folder = folder(&[(EXPOSURE, "obs.asdf")])?;
    run(roman_statistics::run, &folder, &["./obs.asdf"])
}

#[test]
fn stream_writes_as_much_as_it_is_told() -> Result<()> {
    let folder = folder(&[])?;
    run(stream::run, &folder, &["./out.asdf", "2"])?;
    let out = AsdfFile::open(folder.path().join("out.asdf"))?;
    let array = out.array("readings")?;
    assert_eq!(array.shape(), [512, 1024]);
    let rows = array.load_window(&[255..257, 0..1])?.to_f64()?;
    assert_eq!(rows, [0.0, 1.0]);
    Ok(())
}

#[test]
fn three_codecs_are_in_three_blocks() -> Result<()> {
    let folder = folder(&[])?;
    run(three_codecs::run, &folder, &["./out.asdf"])?;
    let out = AsdfFile::open(folder.path().join("out.asdf"))?;
    let codecs: Vec<Codec> = out.blocks().map(|block| block.header().codec()).collect();
    assert_eq!(codecs, [Codec::Zstd, Codec::Lz4, Codec::Bzip2]);
    let last = out.history().pop().and_then(|entry| entry.description);
    assert_eq!(last.as_deref(), Some("made with three codecs"));
    assert_eq!(out.array("err")?.digest()?, out.array("data")?.digest()?);
    Ok(())
}
