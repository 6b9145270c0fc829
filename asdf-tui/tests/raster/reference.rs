//! The images of `test-data/zscale`.

use crate::expect::{assert_near, image, json, numbers, pair, test_data};
use asdf_core::AsdfFile;
use asdf_tui::raster::{
    Colormap, Compass, Levels, LimitRule, NAN_COLOR, Origin, Pixels, Reduction, Stretch, ZScale,
    factor, reduce,
};
use serde_json::Value;

fn images() -> (AsdfFile, Value) {
    let folder = test_data("zscale");
    let file = AsdfFile::open(folder.join("images.asdf")).unwrap();
    (file, json(&folder.join("expected.json")))
}

/// Runs a check on each image with what is expected of it.
fn each(check: impl Fn(&AsdfFile, &str, &Value)) {
    let (file, expected) = images();
    let entries = expected["images"].as_object().unwrap();
    assert!(entries.len() > 10);
    for (name, entry) in entries {
        check(&file, name, entry);
    }
}

#[test]
fn zscale_is_that_of_astropy() {
    let mut checked = 0;
    let (file, expected) = images();
    for (name, entry) in expected["images"].as_object().unwrap() {
        let image = image(&file, name);
        let survey = reduce(&image, [1, 1], Reduction::Mean).unwrap().1;
        for (case, wanted) in entry["zscale"].as_object().into_iter().flatten() {
            let wanted_limits = pair(&wanted["limits"]);
            let number = |key: &str| wanted["parameters"][key].as_f64();
            let default = ZScale::default();
            let zscale = ZScale {
                contrast: number("contrast").unwrap_or(default.contrast),
                reject: number("krej").unwrap_or(default.reject),
                samples: wanted["parameters"]["n_samples"]
                    .as_u64()
                    .map_or(default.samples, |count| usize::try_from(count).unwrap()),
                ..default
            };
            if wanted_limits[0] >= wanted_limits[1] {
                continue;
            }
            let found = LimitRule::ZScale(zscale).find(&image, &survey).unwrap();
            assert_near(&found, &wanted_limits, 1e-12, &format!("{name} {case}"));
            checked += 1;
        }
    }
    assert!(checked > 25, "{checked}");
}

#[test]
fn extremes_and_percentiles_are_those_of_astropy() {
    each(|file, name, entry| {
        if entry["minmax"].is_null() {
            return;
        }
        let image = image(file, name);
        let survey = reduce(&image, [3, 5], Reduction::Mean).unwrap().1;
        assert_near(
            &[survey.min, survey.max],
            &pair(&entry["minmax"]),
            0.0,
            name,
        );
        for (percent, wanted) in entry["percentiles"].as_object().unwrap() {
            let rule: LimitRule = format!("pct:{percent}").parse().unwrap();
            let wanted = pair(wanted);
            if wanted[0] < wanted[1] {
                let found = rule.find(&image, &survey).unwrap();
                assert_near(&found, &wanted, 1e-13, &format!("{name} {percent}"));
            }
        }
    });
}

#[test]
fn means_of_squares_are_those_of_numpy() {
    each(|file, name, entry| {
        for case in entry["means"].as_array().unwrap() {
            let [rows, columns] = pair(&case["factor"]);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "small"
            )]
            let factor = [rows as u64, columns as u64];
            let reduced = reduce(&image(file, name), factor, Reduction::Mean)
                .unwrap()
                .0;
            let wanted = numbers(&case["values"]);
            assert_near(
                &reduced.values,
                &wanted,
                1e-14,
                &format!("{name} {factor:?}"),
            );
        }
    });
}

#[test]
fn pictures_are_those_of_astropy_pixel_by_pixel() {
    let mut pixels = 0;
    let (file, expected) = images();
    for (name, entry) in expected["images"].as_object().unwrap() {
        let wanted = &entry["picture"];
        if wanted.is_null() {
            continue;
        }
        let image = image(&file, name);
        let size = wanted["size"].as_u64().unwrap();
        let (reduced, survey) =
            reduce(&image, factor(image.shape(), size), Reduction::Mean).unwrap();
        let rule = match entry["zscale"].as_object() {
            Some(cases) if !cases.is_empty() => LimitRule::default(),
            _ => LimitRule::MinMax,
        };
        let limits = rule.find(&image, &survey).unwrap();
        assert_near(&limits, &pair(&wanted["limits"]), 1e-12, name);
        for (stretch, key) in [("asinh", "asinh"), ("log:1000", "log")] {
            let levels = Levels::new(&reduced, limits, stretch.parse().unwrap(), Origin::Lower);
            let found: Vec<f64> = levels
                .levels
                .iter()
                .map(|level| level.map_or(f64::NAN, f64::from))
                .collect();
            assert_near(
                &found,
                &numbers(&wanted[key]),
                0.0,
                &format!("{name} {key}"),
            );
            let picture = levels.paint(&Colormap::default(), NAN_COLOR);
            let gray = levels
                .levels
                .iter()
                .map(|level| level.map_or(NAN_COLOR, |gray| [gray; 3]));
            assert!(gray.eq(picture.pixels), "{name}");
            pixels += found.len();
        }
    }
    assert!(pixels > 4000, "{pixels}");
}

#[test]
fn stretches_are_those_of_astropy() {
    let (_, expected) = images();
    let x = numbers(&expected["stretch"]["x"]);
    for (name, wanted) in expected["stretch"]["values"].as_object().unwrap() {
        let stretch: Stretch = name.parse().unwrap();
        let found: Vec<f64> = x.iter().map(|x| stretch.apply(*x, [0.0, 1.0])).collect();
        // x is in thousandths and less, so each is compared by itself.
        for (found, wanted) in found.iter().zip(numbers(wanted)) {
            assert_near(&[*found], &[wanted], 1e-9, name);
        }
        for brightness in [0.1, 0.5, 0.9] {
            let value = stretch.value_at(brightness, [-3.0, 8.0]);
            assert_near(
                &[stretch.apply(value, [-3.0, 8.0])],
                &[brightness],
                1e-9,
                name,
            );
        }
    }
}

#[test]
fn the_compass_points_north_and_east() {
    let (_, expected) = images();
    let file = AsdfFile::open(test_data("made/roman_exposure.asdf")).unwrap();
    let wcs = file.wcs("roman/meta/wcs").unwrap();
    let image = image(&file, "roman/data");
    let (reduced, _) = reduce(&image, [2, 2], Reduction::Mean).unwrap();
    let scale = wcs.pixel_scale(Some([31.5, 31.5])).unwrap();
    let (north, east) = (
        pair(&expected["compass"]["north"]),
        pair(&expected["compass"]["east"]),
    );
    for (origin, up) in [(Origin::Lower, -1.0), (Origin::Upper, 1.0)] {
        let pixels = Pixels::new(image.plane(), &reduced, origin);
        let compass = Compass::new(&scale, &pixels);
        // The axes are not quite at right angles, which a compass does not show.
        assert_near(&compass.north, &[north[0], north[1] * up], 2e-3, "north");
        assert_near(&compass.east, &[east[0], east[1] * up], 2e-3, "east");
    }
}
