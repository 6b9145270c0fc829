//! Random views of random blocks against a reader that takes one element at a time.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "a test"
)]

use asdf_core::ArrayRef;
use asdf_core::array::{
    ArraySpec, ByteOrder, DataSource, Datatype, Element, Scalar, Slice, Source,
};
use asdf_core::block::{Block, BlockTable};
use asdf_core::file::Input;
use asdf_core::{Limits, TreePath};
use proptest::prelude::*;
use std::fmt::Debug;
use std::io::Write;

/// What a view is made of.
#[derive(Debug, Clone)]
struct Case {
    data: Vec<u8>,
    compressed: bool,
    scalar: Scalar,
    order: ByteOrder,
    shape: Vec<u64>,
    strides: Option<Vec<i64>>,
    offset: u64,
    slices: Vec<Slice>,
}

fn scalar() -> impl Strategy<Value = Scalar> {
    prop::sample::select(vec![
        Scalar::Int8,
        Scalar::Uint16,
        Scalar::Int32,
        Scalar::Uint64,
        Scalar::Float16,
        Scalar::Float32,
        Scalar::Float64,
        Scalar::Complex64,
        Scalar::Complex128,
        Scalar::Bool8,
    ])
}

fn slice() -> impl Strategy<Value = Slice> {
    let at = || prop::option::of(-7_i64..7);
    let step = prop::sample::select(vec![-3_i64, -2, -1, 1, 2, 3]);
    prop_oneof![
        4 => (at(), at(), step).prop_map(|(start, stop, step)| Slice::Range { start, stop, step }),
        1 => (-6_i64..6).prop_map(Slice::Index),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let shape = prop::collection::vec(0_u64..6, 0..4);
    let order = prop::bool::ANY.prop_map(|big| {
        if big {
            ByteOrder::Big
        } else {
            ByteOrder::Little
        }
    });
    (shape, scalar(), order).prop_flat_map(|(shape, scalar, order)| {
        let axes = shape.len();
        let strides = prop::option::of(prop::collection::vec(-24_i64..25, axes));
        let data = prop::collection::vec(any::<u8>(), 0..900);
        let slices = prop::collection::vec(slice(), 0..=axes);
        (data, prop::bool::weighted(0.3), strides, 0_u64..400, slices).prop_map(
            move |(data, compressed, strides, offset, slices)| Case {
                data,
                compressed,
                scalar,
                order,
                shape: shape.clone(),
                strides,
                offset,
                slices,
            },
        )
    })
}

fn block_bytes(case: &Case) -> Vec<u8> {
    let (label, stored) = if case.compressed {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&case.data).unwrap();
        (*b"zlib", encoder.finish().unwrap())
    } else {
        ([0; 4], case.data.clone())
    };
    let size = (stored.len() as u64).to_be_bytes();
    let mut out = b"\xd3BLK\0\x30\0\0\0\0".to_vec();
    out.extend(label);
    out.extend([size, size, (case.data.len() as u64).to_be_bytes()].concat());
    out.extend([0; 16]);
    out.extend(stored);
    out
}

/// Where each element of a C-ordered walk starts, by the definition of strides.
fn positions(first: i128, axes: &[(i128, Vec<i128>)]) -> Vec<i128> {
    let mut all = vec![first];
    for (stride, indices) in axes {
        all = all
            .iter()
            .flat_map(|base| indices.iter().map(move |index| base + stride * index))
            .collect();
    }
    all
}

fn c_strides(case: &Case) -> Vec<i128> {
    let mut stride = i128::from(case.scalar.size());
    let mut out: Vec<i128> = Vec::new();
    for length in case.shape.iter().rev() {
        out.insert(0, stride);
        stride *= i128::from(*length);
    }
    out
}

/// The indices that Python's `range(length)[slice]` gives; `None` when an index is out of bounds.
fn indices(slice: Slice, length: u64) -> Option<Vec<i128>> {
    let length = i128::from(length);
    match slice {
        Slice::Index(at) => {
            let at = if at < 0 {
                i128::from(at) + length
            } else {
                i128::from(at)
            };
            (0..length).contains(&at).then(|| vec![at])
        }
        Slice::Range { start, stop, step } => {
            let wrap = |at: i64| {
                if at < 0 {
                    i128::from(at) + length
                } else {
                    i128::from(at)
                }
            };
            let step = i128::from(step);
            let (start, stop) = (start.map(wrap), stop.map(wrap));
            // A walk over every position that there could be, slow and plain.
            let mut at = match start {
                Some(at) if step > 0 => at.max(0),
                Some(at) => at.min(length - 1),
                None if step > 0 => 0,
                None => length - 1,
            };
            let mut out = Vec::new();
            while (0..length).contains(&at)
                && stop.is_none_or(|stop| if step > 0 { at < stop } else { at > stop })
            {
                out.push(at);
                at += step;
            }
            Some(out)
        }
    }
}

fn element(case: &Case, at: i128) -> &[u8] {
    let size = case.scalar.size() as usize;
    &case.data[at as usize..at as usize + size]
}

/// The bytes of an element as a little-endian machine has them.
fn little(case: &Case, at: i128) -> Vec<u8> {
    let unit = match case.scalar {
        Scalar::Complex64 | Scalar::Complex128 => case.scalar.size() / 2,
        _ => case.scalar.size(),
    };
    let mut bytes = element(case, at).to_vec();
    if case.order == ByteOrder::Big {
        bytes.chunks_mut(unit as usize).for_each(<[u8]>::reverse);
    }
    bytes
}

fn compare(case: &Case) -> Result<(), TestCaseError> {
    let input = Input::from(block_bytes(case));
    let limits = Limits::default();
    let table = BlockTable::scan(&input, 0, 0, &limits, &mut Vec::new()).unwrap();
    let block = Block::new(&input, &table.headers()[0], &limits);
    let spec = ArraySpec {
        datatype: Datatype::Scalar(case.scalar),
        byteorder: case.order,
        shape: case.shape.clone(),
        star: false,
        strides: case.strides.clone(),
        offset: case.offset,
        source: Source::Block(0),
    };
    let strides = match &case.strides {
        Some(strides) => strides.iter().map(|stride| i128::from(*stride)).collect(),
        None => c_strides(case),
    };
    let axes: Vec<(i128, Vec<i128>)> = strides
        .iter()
        .zip(&case.shape)
        .map(|(stride, length)| (*stride, (0..i128::from(*length)).collect()))
        .collect();
    let whole = positions(i128::from(case.offset), &axes);
    let (size, end) = (i128::from(case.scalar.size()), case.data.len() as i128);
    let inside = whole.iter().all(|at| *at >= 0 && at + size <= end);

    let array = ArrayRef::new(
        spec,
        DataSource::Block(block),
        None,
        TreePath::default(),
        &limits,
    );
    let array = match (inside, array) {
        (true, Ok(array)) => array,
        (false, Err(_)) => return Ok(()),
        (inside, found) => {
            return Err(TestCaseError::fail(format!(
                "every element inside: {inside}, but {found:?}"
            )));
        }
    };
    let mut streamed = Vec::new();
    array
        .stream_le(&mut |bytes| {
            streamed.extend_from_slice(bytes);
            Ok(())
        })
        .unwrap();
    let wanted: Vec<u8> = whole.iter().flat_map(|at| little(case, *at)).collect();
    prop_assert_eq!(&streamed, &wanted);
    check_data(case, &array, &[], &case.shape, &whole)?;

    let mut cut = Vec::new();
    let mut shape = Vec::new();
    for (axis, (stride, all)) in axes.iter().enumerate() {
        let slice = case.slices.get(axis).copied().unwrap_or(Slice::ALL);
        let Some(indices) = indices(slice, all.len() as u64) else {
            prop_assert!(array.load_slices(&case.slices).is_err());
            return Ok(());
        };
        if !matches!(slice, Slice::Index(_)) {
            shape.push(indices.len() as u64);
        }
        cut.push((*stride, indices));
    }
    check_data(
        case,
        &array,
        &case.slices,
        &shape,
        &positions(i128::from(case.offset), &cut),
    )
}

fn check_data(
    case: &Case,
    array: &ArrayRef<'_>,
    slices: &[Slice],
    shape: &[u64],
    wanted: &[i128],
) -> Result<(), TestCaseError> {
    use half::f16;
    use num_complex::Complex;
    let data = array.load_slices(slices).unwrap();
    prop_assert_eq!(data.shape(), shape);
    prop_assert_eq!(data.len(), wanted.len());
    match case.scalar {
        Scalar::Int8 => check::<i8>(case, &data, wanted),
        Scalar::Uint16 => check::<u16>(case, &data, wanted),
        Scalar::Int32 => check::<i32>(case, &data, wanted),
        Scalar::Uint64 => check::<u64>(case, &data, wanted),
        Scalar::Float16 => check::<f16>(case, &data, wanted),
        Scalar::Float32 => check::<f32>(case, &data, wanted),
        Scalar::Float64 => check::<f64>(case, &data, wanted),
        Scalar::Complex64 => check::<Complex<f32>>(case, &data, wanted),
        Scalar::Complex128 => check::<Complex<f64>>(case, &data, wanted),
        _ => check::<bool>(case, &data, wanted),
    }
}

/// Compares as text: NaN is then equal to NaN.
fn check<T: Element + Debug>(
    case: &Case,
    data: &asdf_core::ArrayData<'_>,
    wanted: &[i128],
) -> Result<(), TestCaseError> {
    let wanted: Vec<String> = wanted
        .iter()
        .map(|at| format!("{:?}", T::read(element(case, *at), case.order)))
        .collect();
    let text = |values: Vec<T>| -> Vec<String> {
        values.iter().map(|value| format!("{value:?}")).collect()
    };
    let view = data.view::<T>().unwrap();
    prop_assert_eq!(&text(view.iter().collect()), &wanted);
    prop_assert_eq!(&text(view.to_vec()), &wanted);
    let mut folded = Vec::new();
    view.iter().for_each(|value| folded.push(value));
    prop_assert_eq!(&text(folded), &wanted);
    if let Some(slice) = view.as_slice() {
        prop_assert_eq!(&text(slice.to_vec()), &wanted);
    }
    let mut index = vec![0; view.shape().len()];
    for wanted in &wanted {
        let found = view.get(&index).map(|value| format!("{value:?}"));
        prop_assert_eq!(found.as_ref(), Some(wanted));
        for axis in (0..index.len()).rev() {
            index[axis] += 1;
            if index[axis] < view.shape()[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_view_reads_what_its_strides_say(case in case()) {
        compare(&case)?;
    }
}
