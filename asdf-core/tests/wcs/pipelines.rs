//! Whole WCS: `cases`. What is found is written to `docs/wcs-cases.md` when `ASDF_WRITE_TABLES` is set.

use crate::expect::{Longitudes, columns, evaluate, worst};
use crate::folders;
use crate::sip;
use asdf_core::AsdfFile;
use asdf_core::transform::BoundingBox;
use asdf_core::wcs::{EvalOptions, Extent, Inverse, Wcs};
use serde_json::Value;
use std::fmt::Write;
use std::fs;

/// Forward and at intermediate frames: degrees on the sky, else relative.
const FORWARD: f64 = 1e-11;
/// At intermediate frames: arcseconds, mostly, where rounding is greater.
const BETWEEN: f64 = 1e-10;
/// Back: pixels.
const BACK: f64 = 1e-8;

/// Cases in which something differs from the reference, with the reason.
const DIFFERENT: &[(&str, &str)] = &[(
    "dkist_test_old_wcs_BRMQY",
    "the dkist package adds 1 to the Stokes table of such old files when it reads them; here the file's own table counts",
)];

/// Which world coordinates are longitudes, with their latitudes, and degrees in their unit.
fn longitudes(expected: &Value) -> (Longitudes, f64) {
    let frame = expected["frame_info"]
        .as_array()
        .and_then(|frames| frames.last());
    let texts = |key: &str| -> Vec<String> {
        let list = frame.and_then(|frame| frame[key].as_array().cloned());
        let list = list.unwrap_or_default();
        list.iter()
            .map(|text| text.as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let (types, units) = (texts("axis_physical_types"), texts("unit"));
    let ends = |end: [&str; 2]| {
        types
            .iter()
            .position(|kind| end.iter().any(|end| kind.ends_with(end)))
    };
    let pair = ends([".ra", ".lon"]).zip(ends([".dec", ".lat"]));
    let unit = pair
        .and_then(|pair| units.get(pair.0).cloned())
        .unwrap_or_default();
    let degrees = match unit.as_str() {
        "arcsec" => 1.0 / 3600.0,
        "rad" => 180.0 / std::f64::consts::PI,
        _ => 1.0,
    };
    (pair.into_iter().collect(), degrees)
}

/// Columns with the longitudes and latitudes in degrees.
fn in_degrees(columns: &[Vec<f64>], longitudes: &Longitudes, degrees: f64) -> Vec<Vec<f64>> {
    let mut columns = columns.to_vec();
    for (longitude, latitude) in longitudes {
        for place in [longitude, latitude] {
            for value in columns.get_mut(*place).into_iter().flatten() {
                *value *= degrees;
            }
        }
    }
    columns
}

fn points(rows: &Value) -> Result<Vec<Vec<f64>>, String> {
    columns(rows).ok_or_else(|| "points that are not numbers".to_owned())
}

fn say(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// What was found of a case.
#[derive(Debug, Default)]
struct Row {
    /// With the box, without it, at intermediate frames, at the corners.
    forward: [Option<f64>; 4],
    /// By the inverse of the transforms, and by iteration, in pixels.
    back: [Option<f64>; 2],
    sip: String,
    notes: Vec<String>,
}

/// Forward with and without the box.
fn forward(wcs: &Wcs, expected: &Value, row: &mut Row) -> Result<(), String> {
    let inputs = points(&expected["inputs"])?;
    let (longitudes, degrees) = longitudes(expected);
    for (place, (bounded, key)) in [(true, "forward"), (false, "forward_no_bbox")]
        .into_iter()
        .enumerate()
    {
        let mut program = wcs.program().map_err(say)?.clone();
        if !bounded {
            program = program.unbounded();
        }
        let found = evaluate(&program, &inputs)?;
        let mut wanted = points(&expected[key])?;
        // Beyond the edges of a mask the reference counts from its other end; there is nothing.
        let boxed = points(&expected["forward"])?;
        for (point, _) in inputs[0].iter().enumerate() {
            let outside = boxed.iter().all(|column| column[point].is_nan());
            if outside && found.iter().any(|column| column[point].is_nan()) {
                for (wanted, found) in wanted.iter_mut().zip(&found) {
                    wanted[point] = found[point];
                }
            }
        }
        let [found, wanted] =
            [found, wanted].map(|columns| in_degrees(&columns, &longitudes, degrees));
        row.forward[place] = Some(worst(&inputs, &found, &wanted, &longitudes));
    }
    Ok(())
}

/// Values at every frame, of the first points.
fn frames(wcs: &Wcs, expected: &Value, row: &mut Row) -> Result<(), String> {
    let Some(frames) = expected["per_frame_first6_no_bbox"].as_object() else {
        return Ok(());
    };
    let inputs = points(&expected["inputs"])?;
    let first = wcs.steps()[0].frame.name();
    let mut error: f64 = 0.0;
    for step in &wcs.steps()[1..] {
        let name = step.frame.name();
        let Some(rows) = frames.get(name).filter(|rows| rows.is_array()) else {
            continue;
        };
        let Some(mut wanted) = columns(rows) else {
            row.notes
                .push(format!("the reference stops at frame {name}"));
            continue;
        };
        let count = wanted[0].len();
        let inputs: Vec<Vec<f64>> = inputs
            .iter()
            .map(|column| column[..count].to_vec())
            .collect();
        let program = wcs.program_between(first, name).map_err(say)?.unbounded();
        let found = evaluate(&program, &inputs)?;
        for point in 0..count {
            if rows[point].as_array().is_none() {
                wanted
                    .iter_mut()
                    .zip(&found)
                    .for_each(|(wanted, found)| wanted[point] = found[point]);
            }
        }
        let last = wcs.steps().last().unwrap().frame.name() == name;
        let (longitudes, degrees) = if last {
            longitudes(expected)
        } else {
            (Longitudes::new(), 1.0)
        };
        let found = in_degrees(&found, &longitudes, degrees);
        wanted = in_degrees(&wanted, &longitudes, degrees);
        // Which of them are angles is known of the last frame only: 360 is as good as 0.
        for place in 0..wanted.len() {
            for (wanted, found) in wanted[place].iter_mut().zip(&found[place]) {
                if (*wanted - found).abs() > 359.0 && (*wanted - found).abs() < 361.0 {
                    *wanted -= 360.0 * (*wanted - found).signum();
                }
            }
        }
        error = error.max(worst(&inputs, &found, &wanted, &longitudes));
    }
    row.forward[2] = Some(error);
    Ok(())
}

fn footprint(wcs: &Wcs, expected: &Value, row: &mut Row) -> Result<(), String> {
    if !expected["footprint"].is_array() {
        return Ok(());
    }
    let (longitudes, degrees) = longitudes(expected);
    let corners = wcs.corners(Extent::Edges).map_err(say)?;
    let found = wcs.footprint(Extent::Edges).map_err(say)?;
    let wanted = points(&expected["footprint"])?;
    let [found, wanted] = [found, wanted].map(|columns| in_degrees(&columns, &longitudes, degrees));
    row.forward[3] = Some(worst(&corners, &found, &wanted, &longitudes));
    Ok(())
}

/// How far two points are apart, 0 when both have nothing.
fn apart(found: &[f64], wanted: &[f64]) -> f64 {
    let each = found.iter().zip(wanted).map(|(found, wanted)| {
        if found.is_nan() && wanted.is_nan() {
            0.0
        } else {
            (found - wanted).abs() / wanted.abs().max(1.0)
        }
    });
    each.fold(0.0, |worst: f64, error| {
        if error.is_nan() {
            f64::INFINITY
        } else {
            worst.max(error)
        }
    })
}

fn at(columns: &[Vec<f64>], point: usize) -> Vec<f64> {
    columns.iter().map(|column| column[point]).collect()
}

/// Back by the inverse of the transforms: what the reference gives, or what the points came from. Where
/// the reference stops there is nothing to compare.
fn backward(wcs: &Wcs, expected: &Value, row: &mut Row) -> Result<(), String> {
    let rows = &expected["inverse_of_forward_no_bbox"];
    let (Some(program), Some(list)) = (wcs.backward_program().map_err(say)?, rows.as_array())
    else {
        return Ok(());
    };
    let inputs = points(&expected["inputs"])?;
    let world = points(&expected["forward_no_bbox"])?;
    let found = evaluate(program, &world)?;
    let mut error: f64 = 0.0;
    let mut stops = 0;
    for (point, wanted) in list.iter().enumerate() {
        let Some(wanted) = wanted.as_array() else {
            stops += 1;
            continue;
        };
        let wanted: Option<Vec<f64>> = wanted.iter().map(crate::expect::number).collect();
        let (found, wanted) = (
            at(&found, point),
            wanted.ok_or("points that are not numbers")?,
        );
        let nowhere = at(&world, point).iter().any(|value| value.is_nan());
        let from = apart(&found, &at(&inputs, point));
        let off = apart(&found, &wanted).min(from);
        // Nothing comes of nothing; the reference gives something for some models.
        if !(nowhere && found.iter().any(|value| value.is_nan())) {
            error = error.max(off);
        }
    }
    if stops > 0 {
        row.notes
            .push(format!("the reference's inverse stops at {stops} points"));
    }
    row.back[0] = Some(error);
    Ok(())
}

/// Back by iteration, from the points inside of the box.
fn numerical(wcs: &Wcs, expected: &Value, row: &mut Row) -> Result<(), String> {
    let (inputs, world) = (
        points(&expected["inputs"])?,
        points(&expected["forward_no_bbox"])?,
    );
    let image = inputs.len() == 2 && !longitudes(expected).0.is_empty() && world.len() == 2;
    if !image {
        return Ok(());
    }
    let options = EvalOptions {
        bounds: false,
        inverse: Some(Inverse::Numerical),
        ..EvalOptions::default()
    };
    let borrowed: Vec<&[f64]> = world.iter().map(Vec::as_slice).collect();
    let found = wcs.eval(&borrowed, &options).map_err(say)?;
    let mut error: f64 = 0.0;
    for point in 0..inputs[0].len() {
        let inside = match wcs.bounding_box() {
            Some(BoundingBox::Simple(intervals)) => {
                intervals.iter().zip(&inputs).all(|(interval, column)| {
                    interval.is_none_or(|interval| interval.has(column[point]))
                })
            }
            _ => true,
        };
        let (from, to) = (at(&inputs, point), at(&world, point));
        if inside && to.iter().chain(&from).all(|value| value.is_finite()) {
            error = error.max(apart(&at(&found, point), &from));
        }
    }
    row.back[1] = Some(error);
    Ok(())
}

fn compare(wcs: &Wcs, expected: &Value) -> Result<Row, String> {
    let mut row = Row::default();
    forward(wcs, expected, &mut row)?;
    frames(wcs, expected, &mut row)?;
    footprint(wcs, expected, &mut row)?;
    backward(wcs, expected, &mut row)?;
    numerical(wcs, expected, &mut row)?;
    row.sip = sip::compare(wcs, &expected["to_fits_sip_default"])?;
    Ok(row)
}

impl Row {
    fn is_right(&self) -> bool {
        let [bounded, unbounded, between, corners] = self.forward;
        let ends = [bounded, unbounded, corners];
        ends.iter().flatten().all(|error| *error < FORWARD)
            && between.is_none_or(|error| error < BETWEEN)
            && self.back.iter().flatten().all(|error| *error < BACK)
            && !self.sip.starts_with("WRONG")
    }

    fn line(&self, name: &str) -> String {
        let mut line = format!("| {name} |");
        for error in self.forward.iter().chain(&self.back) {
            match error {
                Some(error) => write!(line, " {error:.0e} |").unwrap(),
                None => line.push_str(" |"),
            }
        }
        write!(line, " {} | {} |", self.sip, self.notes.join("; ")).unwrap();
        line
    }
}

const HEAD: &str = "# WCS cases

How far what this library finds is from what the reference finds (gwcs 1.0.3, astropy 8.0.2), the greatest error of about 50 points
of each case. Made by `ASDF_WRITE_TABLES=1 cargo test -p asdfkit-core --test wcs`.

- forward, with the bounding box and without; values at intermediate frames; the footprint: degrees on the sky, relative for other coordinates.
- inverse: that of the transforms, in pixels, from the reference's or from the pixel that the position came from (the reference is off by
  360 degrees for some projections). By iteration: from the pixel that the position came from, inside of the bounding box, for images of the sky.
- SIP: greatest difference of both headers over the image, in pixels.

| case | forward | no box | frames | footprint | inverse | iteration | SIP | notes |
|---|---|---|---|---|---|---|---|---|
";

#[test]
fn pipelines_give_what_the_reference_gives() {
    let Some(corpus) = folders::corpus() else {
        return;
    };
    let folder = corpus.join("../wcs/cases");
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    for path in folders::files(&folder, ".expected.json") {
        if path.parent() != Some(folder.as_path()) {
            continue;
        }
        let name = path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .replace(".expected.json", "");
        let expected: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let file = AsdfFile::open(folder.join(format!("{name}.asdf"))).unwrap();
        let place = expected["wcs_path"].as_str().unwrap_or("/wcs");
        let mut row = file
            .wcs(place)
            .map_err(say)
            .and_then(|wcs| compare(&wcs, &expected))
            .unwrap_or_else(|why| panic!("{name}: {why}"));
        let reason = DIFFERENT.iter().find(|case| case.0 == name);
        if let Some((_, reason)) = reason {
            row.notes.push((*reason).to_owned());
        } else if !row.is_right() {
            wrong.push(format!("{name}: {row:?}"));
        }
        lines.push(row.line(&name));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    crate::expect::table("docs/wcs-cases.md", HEAD, &lines);
}

#[test]
fn a_grid_at_once_is_its_batches_and_the_points() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../test-data/wcs/detector.asdf"
    );
    let file = AsdfFile::open(path).unwrap();
    let wcs = file.wcs("wcs").unwrap();
    let window = || wcs.grid([3..1003, 5..505]).unwrap();
    let whole = window().whole().unwrap();
    assert_eq!((whole.columns, whole.rows), (3..1003, 5..505));
    let batches: Vec<_> = window().collect();
    assert!(batches.len() > 1);
    for (place, all) in whole.world.iter().enumerate() {
        let parts: Vec<f64> = batches
            .iter()
            .flat_map(|batch| batch.world[place].iter().copied())
            .collect();
        assert_eq!(&parts, all);
    }
    let point = wcs.pixel_to_world(&[&[4.0], &[6.0]]).unwrap();
    assert_eq!(
        [point[0][0], point[1][0]].map(f64::to_bits),
        [whole.world[0][1001], whole.world[1][1001]].map(f64::to_bits)
    );
    let none = wcs.grid([3..3, 5..505]).unwrap().whole().unwrap();
    assert!(none.world.iter().all(Vec::is_empty));
    assert!(
        wcs.grid([0..u64::MAX, 0..u64::MAX])
            .unwrap()
            .whole()
            .is_err()
    );
}
