//! Arrays with nothing, or with too much, to show.

use crate::expect::{file_of, floats, image, part, test_data};
use asdf_core::AsdfFile;
use asdf_core::array::Slice;
use asdf_tui::raster::{
    Blank, Image, Layer, LimitRule, Operation, Plane, Reduction, Second, ZScale, factor,
    percentiles_of, reduce,
};

fn limits(image: &Image<'_>, rule: LimitRule) -> [f64; 2] {
    let survey = reduce(image, [1, 1], Reduction::Mean).unwrap().1;
    rule.find(image, &survey).unwrap()
}

#[test]
fn limits_are_never_equal() {
    let flat = floats(&[2, 3], [4.0; 6]);
    for rule in ["zscale", "minmax", "pct:90"] {
        assert_eq!(
            limits(&image(&flat, "data"), rule.parse().unwrap()),
            [3.5, 4.5],
            "{rule}"
        );
    }
    let huge = floats(&[1, 2], [1e300; 2]);
    let [low, high] = limits(&image(&huge, "data"), LimitRule::MinMax);
    assert!(low < 1e300 && 1e300 < high);
    let nothing = floats(&[2, 2], [f64::NAN, f64::INFINITY, f64::NAN, f64::NAN]);
    assert_eq!(
        limits(&image(&nothing, "data"), LimitRule::default()),
        [0.0, 1.0]
    );
    // Zscale says 0 to 0 here.
    let mostly = floats(
        &[10, 10],
        (0..100).map(|index| f64::from(u8::from(index > 95))),
    );
    assert_eq!(
        limits(&image(&mostly, "data"), LimitRule::default()),
        [0.0, 1.0]
    );
}

#[test]
fn masked_elements_do_not_count() {
    let file = AsdfFile::open(test_data("made/mask_array.asdf")).unwrap();
    let path = &file.arrays().unwrap()[0].0;
    let array = file.array(path).unwrap();
    let loaded = array.load().unwrap();
    let masked = loaded
        .mask()
        .unwrap()
        .iter()
        .filter(|masked| **masked)
        .count();
    assert!(masked > 0);
    if array.shape().len() == 2 {
        let image = Image::from(Plane::new(array, &[], &Layer::Middle).unwrap());
        let survey = reduce(&image, [2, 2], Reduction::Mean).unwrap().1;
        assert_eq!(survey.finite, (loaded.len() - masked) as u64);
    }
}

#[test]
fn what_is_no_picture_says_why() {
    let line = floats(&[4], [1.0; 4]);
    let empty = floats(&[0, 5], []);
    let cube = floats(&[3, 2, 2], [0.0; 12]);
    let record = file_of("[int16, int16]", "little", &[2, 2], &[0; 16]);
    let wrong = |file, layer: &Layer| part(file, "data", &[], layer).unwrap_err().to_string();
    assert_eq!(
        wrong(&line, &Layer::Middle),
        "/data: a picture needs two axes, and of the shape (4) 1 is left"
    );
    assert_eq!(
        wrong(&empty, &Layer::Middle),
        "/data: 0 rows of 5 elements leave nothing to show"
    );
    assert_eq!(
        wrong(&cube, &Layer::At(vec![3])),
        "/data: there is no plane 3: that axis has 3, counted from 0"
    );
    assert_eq!(
        wrong(&cube, &Layer::At(vec![1, 1])),
        "/data: a plane of 2 numbers, and the axes beside those of the picture are 1"
    );
    let text = wrong(&record, &Layer::Middle);
    assert!(
        text.starts_with("/data: element type is ") && text.ends_with("asked for numbers"),
        "{text}"
    );
}

#[test]
fn layers_and_slices_choose_a_plane() {
    let cube = floats(&[4, 2, 3], (0..24).map(f64::from));
    let first = |slices: &str, layer: &Layer| {
        let slices = if slices.is_empty() {
            Vec::new()
        } else {
            Slice::parse_list(slices).unwrap()
        };
        let image = part(&cube, "data", &slices, layer).unwrap();
        let [rows, columns] = image.shape();
        image.values(&(0..rows), &(0..columns)).unwrap()
    };
    assert_eq!(first("", &Layer::Middle)[0], 12.0);
    assert_eq!(first("", &Layer::At(vec![-1]))[0], 18.0);
    assert_eq!(first("", &Layer::Last)[0], 18.0);
    assert_eq!(first("1", &Layer::Middle), [6.0, 7.0, 8.0, 9.0, 10.0, 11.0]);
    assert_eq!(first("1, ::-1, ::2", &Layer::Middle), [9.0, 11.0, 6.0, 8.0]);
    assert_eq!(
        first("::-1, 1, ::-1", &Layer::Middle)[..4],
        [23.0, 22.0, 21.0, 17.0]
    );
    assert_eq!(first("::2", &Layer::At(vec![1]))[0], 12.0);
}

#[test]
fn elements_are_left_out_by_bits_and_errors() {
    let dq = file_of("uint8", "little", &[2, 2], &[0, 1, 4, 5]);
    let errors = floats(&[2, 2], [1.0, 0.0, f64::NAN, 2.0]);
    let data = floats(&[2, 2], [10.0, 20.0, 30.0, 40.0]);
    let plane =
        |file, path| Plane::new(AsdfFile::array(file, path).unwrap(), &[], &Layer::Middle).unwrap();
    let seen = |blank| {
        let image = image(&data, "data").without(blank).unwrap();
        let values = image.values(&(0..2), &(0..2)).unwrap();
        values
            .iter()
            .map(|value| value.is_finite())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        seen(Blank::Bits(plane(&dq, "data"), 1)),
        [true, false, true, false]
    );
    assert_eq!(
        seen(Blank::Bits(plane(&dq, "data"), 6)),
        [true, true, false, false]
    );
    assert_eq!(
        seen(Blank::NotPositive(plane(&errors, "data"))),
        [true, false, false, true]
    );
    // Floats have no bits.
    let image = image(&data, "data")
        .without(Blank::Bits(plane(&errors, "data"), 1))
        .unwrap();
    assert!(image.values(&(0..1), &(0..1)).is_err());
    let small = floats(&[1, 2], [0.0; 2]);
    let error = Image::from(plane(&data, "data"))
        .with(Operation::Difference, Second::Plane(plane(&small, "data")))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "/data: 1×2 elements for an image of 2×2 (/data)"
    );
}

#[test]
fn complex_numbers_are_shown_by_their_size() {
    let bytes: Vec<u8> = [3.0_f32, -4.0]
        .iter()
        .flat_map(|part| part.to_be_bytes())
        .collect();
    let file = file_of("complex64", "big", &[1, 1], &bytes);
    assert_eq!(
        image(&file, "data").values(&(0..1), &(0..1)).unwrap(),
        [5.0]
    );
}

#[test]
fn a_long_row_and_a_long_column_are_read_in_pieces() {
    let long = 400_000_u32;
    let values = || (0..long).map(f64::from);
    for shape in [
        [1, u64::from(long)],
        [u64::from(long), 1],
        [2, u64::from(long) / 2],
    ] {
        let file = floats(&shape, values());
        let image = image(&file, "data");
        let size = factor(shape, 100);
        let (mean, survey) = reduce(&image, size, Reduction::Mean).unwrap();
        let (greatest, _) = reduce(&image, size, Reduction::Max).unwrap();
        assert_eq!(survey.finite, u64::from(long));
        assert_eq!((survey.min, survey.max), (0.0, f64::from(long - 1)));
        let longest = mean.width.max(mean.height);
        assert_eq!(longest, 100, "{shape:?}");
        assert_eq!(greatest.values.last(), Some(&f64::from(long - 1)));
        let whole: f64 = mean.values.iter().sum::<f64>() / 100.0;
        assert!(
            (whole - f64::from(long - 1) / 2.0).abs() < 1e-6,
            "{shape:?}: {whole}"
        );
        // The sample is that of the whole array, wherever its pieces begin.
        let all: Vec<f64> = values().collect();
        let zscale = ZScale::default();
        let wanted = zscale
            .limits_of(&all, asdf_tui::raster::Precision::Double)
            .unwrap();
        assert_eq!(
            LimitRule::ZScale(zscale).find(&image, &survey).unwrap(),
            wanted
        );
        let percents: LimitRule = "pct:2.5,80".parse().unwrap();
        let wanted = percentiles_of(&all, &[2.5, 80.0]).unwrap();
        assert_eq!(percents.find(&image, &survey).unwrap().to_vec(), wanted);
    }
}
