//! Tiles in FITS files: opened when a window needs them, a few of them kept open.

use super::subslice::Cut;
use crate::array::ByteOrder;
use crate::array::{ArrayData, Datatype, HduPart, HduValues, Scalar, count};
use crate::error::{Error, ErrorKind, Locate, Malformed, Mismatch, Result};
use crate::file::AsdfFile;
use crate::file::sibling::{Surroundings, percent_encode};
use crate::fits::{FitsFile, Hdu};
use crate::memory::Buffer;
use rayon::prelude::*;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Files that stay open.
const OPEN: usize = 8;

/// The HDU of a file.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// From 0; negative numbers count from the end.
    Number(i64),
    /// `EXTNAME`.
    Name(Box<str>),
}

/// Which files there are, and what is in each.
#[derive(Debug)]
pub(super) struct Layout {
    /// In C order of the axes along which they lie.
    pub(super) names: Vec<Box<str>>,
    /// The lengths of these axes.
    pub(super) grid: Vec<u64>,
    /// How many there are as the node has them, for `subslice`.
    pub(super) grid_axes: usize,
    /// Lengths of the axes in a file.
    pub(super) tile: Vec<u64>,
    pub(super) target: Target,
    pub(super) scalar: Scalar,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            grid: Vec::new(),
            grid_axes: 0,
            tile: Vec::new(),
            target: Target::Number(0),
            scalar: Scalar::Float64,
        }
    }
}

impl Layout {
    /// The axes along which files lie; a single file lies along none.
    fn outer(&self) -> &[u64] {
        if self.names.len() == 1 {
            &[]
        } else {
            &self.grid
        }
    }

    /// The axes of a file that the array has: a first one of length 1 is left out.
    fn inner(&self) -> &[u64] {
        match self.tile.as_slice() {
            [1, rest @ ..] => rest,
            all => all,
        }
    }

    /// The lengths of the axes of all elements.
    pub(super) fn shape(&self) -> Vec<u64> {
        [self.outer(), self.inner()].concat()
    }
}

/// An array in many files.
#[derive(Debug)]
pub(in crate::file) struct TileSet {
    layout: Layout,
    cut: Cut,
    surroundings: Surroundings,
    /// The files that are not there.
    missing: OnceLock<Vec<bool>>,
    open: Mutex<VecDeque<(usize, Arc<AsdfFile>)>>,
}

impl TileSet {
    pub(super) fn new(layout: Layout, cut: Cut, surroundings: Surroundings) -> Self {
        Self {
            layout,
            cut,
            surroundings,
            missing: OnceLock::new(),
            open: Mutex::default(),
        }
    }

    /// How many files there should be.
    pub(super) fn len(&self) -> usize {
        self.layout.names.len()
    }

    pub(super) fn shape(&self) -> Vec<u64> {
        self.cut.shape()
    }

    pub(super) fn scalar(&self) -> Scalar {
        self.layout.scalar
    }

    /// The names of the files that are not there.
    pub(super) fn missing(&self) -> Vec<&str> {
        let names = self.layout.names.iter().zip(self.absent());
        let missing = names.filter(|(_, is_missing)| **is_missing);
        missing.map(|(name, _)| &**name).collect()
    }

    /// For lists: the first file, and how many more.
    pub(super) fn describe(&self) -> String {
        let first = self.layout.names.first().map_or("", |name| name);
        match self.len() {
            1 => first.to_owned(),
            count => format!("{count} files, {first} …"),
        }
    }

    fn absent(&self) -> &[bool] {
        self.missing.get_or_init(|| {
            let names = self.layout.names.par_iter();
            names.map(|name| self.is_absent(name)).collect()
        })
    }

    /// Whether there is nothing of that name; what may not be opened is told when it is needed.
    fn is_absent(&self, name: &str) -> bool {
        let found = self.surroundings.around().look_for(&percent_encode(name));
        found.is_err_and(|error| is_missing(&error))
    }

    /// A file, opened or kept open.
    fn file(&self, number: usize) -> Result<Arc<AsdfFile>> {
        let lock = || self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().iter().find(|(known, _)| *known == number).cloned();
        if let Some((_, file)) = known {
            return Ok(file);
        }
        let name = self.name(number);
        let file = Arc::new(self.surroundings.around().open(&percent_encode(name))?);
        let mut open = lock();
        open.push_back((number, Arc::clone(&file)));
        if open.len() > OPEN {
            open.pop_front();
        }
        Ok(file)
    }

    fn name(&self, number: usize) -> &str {
        self.layout.names.get(number).map_or("", |name| name)
    }

    /// The HDU of a file, which must be as the node says.
    fn hdu<'a>(&self, file: &'a AsdfFile) -> Result<(&'a FitsFile, Hdu<'a>)> {
        let Some(fits) = file.fits() else {
            return Err(Malformed::NotFits.into());
        };
        let count = i64::try_from(fits.len()).unwrap_or(i64::MAX);
        let found = match &self.layout.target {
            Target::Number(number) => {
                let number = if *number < 0 {
                    number.saturating_add(count)
                } else {
                    *number
                };
                usize::try_from(number)
                    .ok()
                    .and_then(|number| fits.hdu(number).ok())
            }
            Target::Name(name) => fits.find(name, None),
        };
        let Some(hdu) = found else {
            let uri = match &self.layout.target {
                Target::Number(number) => number.to_string(),
                Target::Name(name) => name.escape_debug().to_string(),
            };
            let count = fits.len();
            return Err(Mismatch::NoLinkedHdu {
                uri: uri.into(),
                count,
            }
            .into());
        };
        let elements = hdu.part_elements(HduPart::Whole)?;
        if elements.datatype != Datatype::Scalar(self.layout.scalar)
            || elements.shape != self.layout.tile
        {
            let fact = Mismatch::Tile {
                found: format!("{} {:?}", elements.datatype, elements.shape).into(),
                wanted: format!("{} {:?}", self.layout.scalar.name(), self.layout.tile).into(),
            };
            return Err(Error::from(fact).in_hdu(hdu.index()));
        }
        hdu.check_stored()?;
        Ok((fits, hdu))
    }

    /// The elements of a window of one file, in this machine's order.
    fn read(&self, number: usize, window: &[Range<u64>], out: &mut [u8]) -> Result<()> {
        let file = match self.file(number) {
            Ok(file) => file,
            // What lies elsewhere is looked for when it is needed.
            Err(error) if is_missing(&error) && is_float(self.layout.scalar) => {
                self.fill(out);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let read = || {
            let (fits, hdu) = self.hdu(&file)?;
            let data = HduValues::window(fits, hdu.index(), HduPart::Whole, window)?;
            data.into_native()
        };
        let data = read().map_err(|error: Error| file.name_in(error))?;
        let packed = data.packed();
        if packed.len() != out.len() {
            let shape = self.layout.tile.as_slice().into();
            return Err(file.name_in(Malformed::ShapeOverflow { shape }.into()));
        }
        out.copy_from_slice(&packed);
        Ok(())
    }

    /// What stands for elements that are not there.
    fn fill(&self, out: &mut [u8]) {
        match self.layout.scalar {
            Scalar::Float32 => {
                let nan = f32::NAN.to_ne_bytes();
                out.chunks_exact_mut(4)
                    .for_each(|out| out.copy_from_slice(&nan));
            }
            Scalar::Float64 => {
                let nan = f64::NAN.to_ne_bytes();
                out.chunks_exact_mut(8)
                    .for_each(|out| out.copy_from_slice(&nan));
            }
            _ => out.fill(0),
        }
    }

    /// A window of all elements, in C order.
    fn all(&self, window: &[Range<u64>], part: HduPart, size: u64) -> Result<Buffer> {
        let (outer, inner) = window
            .split_at_checked(self.layout.outer().len())
            .unwrap_or((window, &[]));
        let length = |range: &Range<u64>| range.end.saturating_sub(range.start);
        let lengths = |ranges: &[Range<u64>]| ranges.iter().map(length).collect::<Vec<u64>>();
        let overflow = || Malformed::ShapeOverflow {
            shape: lengths(window).into(),
        };
        let tiles = count(&lengths(outer)).ok_or_else(overflow)?;
        let bytes = count(&lengths(inner)).and_then(|count| count.checked_mul(size));
        let bytes = bytes
            .and_then(|bytes| usize::try_from(bytes).ok())
            .ok_or_else(overflow)?;
        let total = usize::try_from(tiles)
            .ok()
            .and_then(|tiles| tiles.checked_mul(bytes));
        let mut out = Buffer::zeroed(total.ok_or_else(overflow)?)?;
        if bytes == 0 {
            return Ok(out);
        }
        let mut within = inner.to_vec();
        if self.layout.inner().len() < self.layout.tile.len() {
            within.insert(0, 0..1);
        }
        let absent = self.absent();
        let jobs = out.par_chunks_mut(bytes).enumerate();
        jobs.try_for_each(|(place, out)| {
            let number = self.number(outer, place as u64);
            let is_absent = absent.get(number).copied().unwrap_or(true);
            match part {
                HduPart::Mask(_) => out.fill(u8::from(is_absent)),
                _ if is_absent => self.fill(out),
                _ => self.read(number, &within, out)?,
            }
            Ok::<_, Error>(())
        })?;
        Ok(out)
    }

    /// The number of the file at a place of a window of the axes along which they lie.
    fn number(&self, window: &[Range<u64>], place: u64) -> usize {
        let (mut left, mut number, mut stride) = (place, 0_u64, 1_u64);
        for (range, length) in window.iter().zip(self.layout.outer()).rev() {
            let count = range.end.saturating_sub(range.start).max(1);
            let at = range
                .start
                .saturating_add(left.checked_rem(count).unwrap_or(0));
            left = left.checked_div(count).unwrap_or(0);
            number = number.saturating_add(at.saturating_mul(stride));
            stride = stride.saturating_mul(*length);
        }
        usize::try_from(number).unwrap_or(usize::MAX)
    }
}

/// True for types of which NaN stands for no value.
pub(super) fn is_float(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Float32 | Scalar::Float64)
}

/// True when there is no file of that name.
fn is_missing(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Io(fact) if fact.kind() == std::io::ErrorKind::NotFound)
}

impl HduValues for TileSet {
    fn window(&self, _: usize, part: HduPart, window: &[Range<u64>]) -> Result<ArrayData<'_>> {
        let scalar = match part {
            HduPart::Mask(_) => Scalar::Bool8,
            _ => self.layout.scalar,
        };
        let datatype = Datatype::Scalar(scalar);
        let size = datatype.size();
        let around = self.cut.around(window);
        let bytes = self.all(&around, part, size)?;
        let (first, shape, strides) = self.cut.within(window, &around, size);
        ArrayData::from_parts(
            bytes,
            first,
            datatype,
            ByteOrder::NATIVE,
            shape,
            Some(strides),
        )
    }

    fn rows_together(&self, _: usize, _: usize) -> u64 {
        1
    }

    fn vouch(&self, _: usize) -> Result<()> {
        for (number, is_absent) in self.absent().iter().enumerate() {
            if !is_absent {
                let file = self.file(number)?;
                let vouched = self
                    .hdu(&file)
                    .and_then(|(fits, hdu)| fits.vouch(hdu.index()));
                vouched.map_err(|error| file.name_in(error))?;
            }
        }
        Ok(())
    }

    fn compression(&self, _: usize) -> Option<&'static str> {
        None
    }

    fn stored_bytes(&self, _: usize, _: HduPart) -> u64 {
        let elements = count(&self.shape()).unwrap_or(u64::MAX);
        elements.saturating_mul(Datatype::Scalar(self.layout.scalar).size())
    }
}
