//! The WCS of a Roman exposure: grids, single points, inverses, opening.

use asdf_core::AsdfFile;
use asdf_core::wcs::Wcs;
use divan::Bencher;
use divan::black_box;

/// The side of the detector.
const SIDE: u64 = 4088;

fn main() {
    divan::main();
}

fn file() -> AsdfFile {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../test-data/wcs/detector.asdf"
    );
    AsdfFile::open(path).expect("the test data are there")
}

fn wcs() -> Wcs {
    let wcs = file().wcs("wcs").expect("it has a WCS");
    wcs.pixel_to_world(&[&[1.0], &[1.0]])
        .expect("it can be evaluated");
    wcs
}

/// Pixels spread over the detector, and where they are on the sky.
fn scattered(count: u32) -> ([Vec<f64>; 2], Vec<Vec<f64>>) {
    let side = f64::from(u32::try_from(SIDE).expect("it is small")) - 1.0;
    let spread = |step: f64| {
        (0..count)
            .map(|point| (f64::from(point) * step).fract() * side)
            .collect()
    };
    let pixels: [Vec<f64>; 2] = [spread(0.618_033_988_75), spread(0.754_877_666_25)];
    let world = wcs()
        .program()
        .expect("it can be evaluated")
        .clone()
        .unbounded()
        .eval(&[&pixels[0], &pixels[1]]);
    (pixels, world.expect("columns are equal"))
}

/// All pixels, with the bounding box.
#[divan::bench(sample_count = 5, args = [1, 2])]
fn grid(bencher: Bencher<'_, '_>, threads: usize) {
    let wcs = wcs();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads start");
    bencher.bench(|| {
        pool.install(|| {
            let rows = wcs.grid([0..SIDE, 0..SIDE]).expect("two pixel coordinates");
            rows.map(|rows| rows.world.len()).sum::<usize>()
        })
    });
}

/// All pixels at once.
#[divan::bench(sample_count = 5)]
fn whole_grid(bencher: Bencher<'_, '_>) {
    let wcs = wcs();
    bencher.bench(|| {
        let grid = wcs.grid([0..SIDE, 0..SIDE]).expect("two pixel coordinates");
        grid.whole().expect("there is memory")
    });
}

/// What memory for the same takes that is only written to.
#[divan::bench(sample_count = 5)]
fn fresh_pages() -> Vec<Vec<f64>> {
    let count = usize::try_from(SIDE * SIDE).expect("it is small");
    vec![vec![black_box(1.0); count]; 2]
}

/// All pixels from columns in memory, without the bounding box.
#[divan::bench(sample_count = 3)]
fn columns(bencher: Bencher<'_, '_>) {
    let program = wcs()
        .program()
        .expect("it can be evaluated")
        .clone()
        .unbounded();
    let (pixels, _) = scattered(4_000_000);
    bencher.bench(|| program.eval(&[&pixels[0], &pixels[1]]));
}

/// One pixel.
#[divan::bench]
fn one_point(bencher: Bencher<'_, '_>) {
    let wcs = wcs();
    bencher.bench(|| wcs.pixel_to_world(black_box(&[&[100.0], &[200.0]])));
}

/// A million positions by the inverse of the file, with the bounding box.
#[divan::bench(sample_count = 5)]
fn invert_million(bencher: Bencher<'_, '_>) {
    let wcs = wcs();
    let (_, world) = scattered(1_000_000);
    bencher.bench(|| wcs.world_to_pixel(&[&world[0], &world[1]]));
}

/// A hundred thousand positions to 1e-8 pixels.
#[divan::bench(sample_count = 5)]
fn iterate_hundred_thousand(bencher: Bencher<'_, '_>) {
    let wcs = wcs();
    let (_, world) = scattered(100_000);
    bencher.bench(|| wcs.world_to_pixel_numerical(&[&world[0], &world[1]]));
}

/// Opening the file and making the program.
#[divan::bench]
fn open() -> Wcs {
    wcs()
}
