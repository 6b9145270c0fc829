//! Statistics of 300 001 pseudo-random numbers of each type against numpy's.
#![expect(clippy::unwrap_used, reason = "a test")]

use asdf_core::ArrayRef;
use asdf_core::array::{
    ArraySpec, ArrayStats, ByteOrder, DataSource, Datatype, Extreme, Scalar, Source,
};
use asdf_core::block::{Block, BlockTable};
use asdf_core::file::Input;
use asdf_core::{Limits, TreePath};
use half::f16;

/// More than one slice of the work, and more than the quantiles keep in memory.
const COUNT: usize = 300_001;

/// The same sequence as in the script that gave the expected values.
fn states() -> impl Iterator<Item = u32> {
    let mut state = 1_u32;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state
    })
    .take(COUNT)
}

fn float(state: u32) -> f64 {
    (f64::from(state) / 65_536.0 - 20_000.0) * 1.37
}

fn spoiled() -> impl Iterator<Item = f64> {
    states().enumerate().map(|(index, state)| match index {
        _ if index % 50_021 == 11 => f64::INFINITY,
        _ if index % 97 == 5 => f64::NAN,
        _ => float(state),
    })
}

/// The bytes of the numbers, little-endian.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the numbers of each type are cut out of 32 random bits"
)]
fn numbers(name: &str) -> (Scalar, Vec<u8>) {
    let int64 = |state: u32| (i64::from(state) - (1 << 31)) * 1_000_003;
    match name {
        "float64" => (
            Scalar::Float64,
            states().flat_map(|s| float(s).to_le_bytes()).collect(),
        ),
        "float64_nan" => (
            Scalar::Float64,
            spoiled().flat_map(f64::to_le_bytes).collect(),
        ),
        "float32" => (
            Scalar::Float32,
            states()
                .flat_map(|s| (float(s) as f32).to_le_bytes())
                .collect(),
        ),
        "float32_steps" => (
            Scalar::Float32,
            states()
                .flat_map(|s| ((s >> 28) as f32).to_le_bytes())
                .collect(),
        ),
        "int32" => (Scalar::Int32, states().flat_map(u32::to_le_bytes).collect()),
        "int64" => (
            Scalar::Int64,
            states().flat_map(|s| int64(s).to_le_bytes()).collect(),
        ),
        "uint64" => (
            Scalar::Uint64,
            states()
                .flat_map(|s| (u64::from(s) * 4_294_967_297).to_le_bytes())
                .collect(),
        ),
        "float16" => {
            let half = |s: u32| f16::from_f64(f64::from(s >> 16) / 7.0);
            (
                Scalar::Float16,
                states().flat_map(|s| half(s).to_le_bytes()).collect(),
            )
        }
        "int16" => (
            Scalar::Int16,
            states()
                .flat_map(|s| ((s >> 16) as i16).to_le_bytes())
                .collect(),
        ),
        "uint8" => (Scalar::Uint8, states().map(|s| (s >> 24) as u8).collect()),
        _ => (Scalar::Bool8, states().map(|s| (s >> 31) as u8).collect()),
    }
}

/// Statistics of the numbers, or of a view that goes over them backwards.
fn stats(scalar: Scalar, order: ByteOrder, mut data: Vec<u8>, backwards: bool) -> ArrayStats {
    let offset = if backwards {
        data.len() as u64 - scalar.size()
    } else {
        0
    };
    let strides = backwards.then(|| vec![-i64::try_from(scalar.size()).unwrap()]);
    if order == ByteOrder::Big {
        data.chunks_mut(usize::try_from(scalar.size()).unwrap())
            .for_each(<[u8]>::reverse);
    }
    let size = (data.len() as u64).to_be_bytes();
    let mut bytes = b"\xd3BLK\0\x30\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend([size, size, size].concat());
    bytes.extend([0; 16]);
    bytes.extend(data);
    let (input, limits) = (Input::from(bytes), Limits::default());
    let table = BlockTable::scan(&input, 0, 0, &limits, &mut Vec::new()).unwrap();
    let spec = ArraySpec {
        datatype: Datatype::Scalar(scalar),
        byteorder: order,
        shape: vec![COUNT as u64],
        star: false,
        strides,
        offset,
        source: Source::Block(0),
    };
    let data = DataSource::Block(Block::new(&input, &table.headers()[0], &limits));
    ArrayRef::new(spec, data, None, TreePath::default(), &limits)
        .unwrap()
        .stats()
        .unwrap()
}

struct Wanted {
    name: &'static str,
    nan: u64,
    infinite: u64,
    min: f64,
    max: f64,
    mean: f64,
    std: f64,
    percentiles: [f64; 7],
}

fn near(found: f64, wanted: f64) -> bool {
    found.to_bits() == wanted.to_bits()
        || (found.is_nan() && wanted.is_nan())
        || (found - wanted).abs() <= 1e-12 * wanted.abs()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numpy's extremes were printed as floats"
)]
fn extreme(value: Extreme) -> f64 {
    match value {
        Extreme::Int(value) => value as f64,
        Extreme::Float(value) => value,
    }
}

fn check(stats: &ArrayStats, wanted: &Wanted) {
    let column = &stats.columns[0];
    let numbers = column.numbers.as_ref().unwrap();
    let name = wanted.name;
    assert_eq!(
        (column.counts.nan, column.counts.infinite),
        (wanted.nan, wanted.infinite),
        "{name}"
    );
    let mut pairs = vec![
        (extreme(numbers.min), wanted.min),
        (extreme(numbers.max), wanted.max),
        (numbers.mean, wanted.mean),
        (numbers.std, wanted.std),
        (numbers.median, wanted.percentiles[3]),
    ];
    pairs.extend(
        numbers
            .percentiles
            .iter()
            .map(|found| found.1)
            .zip(wanted.percentiles),
    );
    for (found, wanted) in pairs {
        assert!(
            near(found, wanted),
            "{name}: {found} for {wanted} in {numbers:?}"
        );
    }
}

// Python: numpy 2, sums of integers by Python's own integers, the rest in float64 of the elements
// that are not NaN: mean, std (population), percentile.
#[expect(clippy::unreadable_literal, reason = "as Python printed them")]
const WANTED: [Wanted; 11] = [
    Wanted {
        name: "float64",
        nan: 0,
        infinite: 0,
        min: -27399.72412277222,
        max: 62383.93351684571,
        mean: 17456.649194919362,
        std: 25942.45320351661,
        percentiles: [
            -26509.726312561037,
            -22967.144687042237,
            -5020.620704345703,
            17425.686695251465,
            39987.22352050782,
            57916.37112609864,
            61460.15166885377,
        ],
    },
    Wanted {
        name: "float64_nan",
        nan: 3093,
        infinite: 6,
        min: -27399.72412277222,
        max: f64::INFINITY,
        mean: f64::INFINITY,
        std: f64::NAN,
        percentiles: [
            -26509.9616485672,
            -22962.715470520023,
            -5009.132002372742,
            17446.67252357483,
            39991.369925766,
            57920.11306298061,
            61460.898305892944,
        ],
    },
    Wanted {
        name: "float32",
        nan: 0,
        infinite: 0,
        min: -27399.724609375,
        max: 62383.93359375,
        mean: 17456.649192712808,
        std: 25942.453200667707,
        percentiles: [
            -26509.7265625,
            -22967.14453125,
            -5020.62060546875,
            17425.6875,
            39987.22265625,
            57916.37109375,
            61460.15234375,
        ],
    },
    Wanted {
        name: "float32_steps",
        nan: 0,
        infinite: 0,
        min: 0.0,
        max: 15.0,
        mean: 7.494288352372159,
        std: 4.61516383362302,
        percentiles: [0.0, 0.0, 3.0, 7.0, 12.0, 15.0, 15.0],
    },
    Wanted {
        name: "int32",
        nan: 0,
        infinite: 0,
        min: -2147475704.0,
        max: 2147460785.0,
        mean: 1486710.9621501262,
        std: 1238574254.6829262,
        percentiles: [
            -2104179703.0,
            -1931104248.0,
            -1068343228.0,
            3069677.0,
            1074005006.0,
            1930565819.0,
            2104619452.0,
        ],
    },
    Wanted {
        name: "int64",
        nan: 0,
        infinite: 0,
        min: -2147476893411353.0,
        max: 2147471602395480.0,
        mean: -1698717593775.8342,
        std: 1240999790977739.8,
        percentiles: [
            -2104902388688222.0,
            -1935437187294143.0,
            -1076935782797656.0,
            -3179859539550.0,
            1076088252255072.0,
            1933758429257884.0,
            2103280982824019.0,
        ],
    },
    Wanted {
        name: "uint64",
        nan: 0,
        infinite: 0,
        min: 56680683418509.0,
        max: 1.8446664672649132e+19,
        mean: 9.216076124377898e+18,
        std: 5.330037527720646e+18,
        percentiles: [
            1.829122375885675e+17,
            9.107575520197123e+17,
            4.5979819470875075e+18,
            9.209714687242894e+18,
            1.384512202587372e+19,
            1.7528776336750066e+19,
            1.825686797614563e+19,
        ],
    },
    Wanted {
        name: "float16",
        nan: 0,
        infinite: 0,
        min: 0.0,
        max: 9360.0,
        mean: 4677.372202792527,
        std: 2705.1602894214147,
        percentiles: [92.6875, 462.25, 2334.0, 4676.0, 7028.0, 8896.0, 9264.0],
    },
    Wanted {
        name: "int16",
        nan: 0,
        infinite: 0,
        min: -32768.0,
        max: 32767.0,
        mean: 22.185459381802062,
        std: 18899.142807840828,
        percentiles: [
            -32108.0, -29467.0, -16302.0, 46.0, 16388.0, 29458.0, 32113.0,
        ],
    },
    Wanted {
        name: "uint8",
        nan: 0,
        infinite: 0,
        min: 0.0,
        max: 255.0,
        mean: 127.39798867337109,
        std: 73.96845834573759,
        percentiles: [2.0, 12.0, 63.0, 127.0, 192.0, 243.0, 253.0],
    },
    Wanted {
        name: "bool8",
        nan: 0,
        infinite: 0,
        min: 0.0,
        max: 1.0,
        mean: 0.4992583358055473,
        std: 0.4999994499339201,
        percentiles: [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
    },
];

#[test]
fn statistics_are_those_of_numpy() {
    for wanted in &WANTED {
        let (scalar, data) = numbers(wanted.name);
        check(
            &stats(scalar, ByteOrder::Little, data.clone(), false),
            wanted,
        );
        check(&stats(scalar, ByteOrder::Big, data.clone(), false), wanted);
        check(&stats(scalar, ByteOrder::Little, data, true), wanted);
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let (scalar, data) = numbers("float64");
    let of = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| stats(scalar, ByteOrder::Little, data.clone(), false))
    };
    assert_eq!(of(1), of(3));
}
