//! One tile: which column it is in, its codec, and from what comes out to pixels as `ZBITPIX` says.

use super::Codec;
use super::MASK;
use super::Setting;
use super::Tiles;
use super::dither::Method;
use super::dither::Quantised;
use super::hcompress;
use super::plio;
use super::rice;
use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Scalar;
use crate::array::count;
use crate::error::Mismatch;
use crate::error::Result;
use crate::fits::scale::to_native;
use flate2::bufread::MultiGzDecoder;
use std::io::Read;

/// Pixels in a block of Rice codes of a mask.
const MASK_BLOCK: usize = 32;

/// What a codec gives.
enum Decoded {
    /// Pixels as integers.
    Numbers(Vec<i32>),
    /// Pixels as big-endian bytes, of a width that their number tells.
    Bytes(Vec<u8>),
}

impl Tiles<'_> {
    /// The pixels of a tile in the type of `ZBITPIX`, native.
    pub(super) fn decode(&self, tile: u64, shape: &[u64]) -> Result<Vec<u8>> {
        let pixels = count(shape)
            .and_then(|pixels| usize::try_from(pixels).ok())
            .ok_or_else(|| self.damaged(tile, self.codec.name(), "more pixels than memory has"))?;
        let mut bytes = self.pixels(tile, pixels, shape)?;
        if let Some(mask) = self.mask(tile, pixels, shape)? {
            self.blank_out(tile, &mask, &mut bytes)?;
        }
        Ok(bytes)
    }

    fn pixels(&self, tile: u64, pixels: usize, shape: &[u64]) -> Result<Vec<u8>> {
        let (codec, stored, fallback) = self.stored(tile)?;
        let bad = |detail: String| self.damaged(tile, codec.name(), detail);
        let decoded = self.run(codec, stored, pixels, shape).map_err(bad)?;
        let quantised = self.bitpix < 0 && self.scale.is_some() && !fallback;
        let numbers = match decoded {
            Decoded::Bytes(mut bytes) => {
                let width = bytes.len().checked_div(pixels).unwrap_or(0);
                if width == self.width() && !quantised {
                    to_native(&mut bytes, width, ByteOrder::Big);
                    return Ok(bytes);
                }
                if self.bitpix < 0 && !quantised {
                    return Err(bad(format!(
                        "{width} bytes a pixel, expected {}",
                        self.width()
                    )));
                }
                integers(&bytes, width).ok_or_else(|| bad(format!("{width} bytes a pixel")))?
            }
            Decoded::Numbers(numbers) => numbers,
        };
        if quantised {
            let quantised = self.quantised(tile)?;
            return Ok(self.floats(&numbers, quantised));
        }
        let narrow = |number: &i32| format!("pixel {number} does not fit ZBITPIX {}", self.bitpix);
        self.narrowed(&numbers)
            .map_err(|number| bad(narrow(&number)))
    }

    /// Bytes of a pixel.
    fn width(&self) -> usize {
        usize::try_from(self.bitpix.unsigned_abs() / 8).unwrap_or(1)
    }

    /// What `ZBITPIX` can hold; quantised floats are 32-bit integers.
    fn bounds(&self) -> std::ops::RangeInclusive<i64> {
        match self.bitpix {
            8 => 0..=255,
            16 => i16::MIN.into()..=i16::MAX.into(),
            _ => i32::MIN.into()..=i32::MAX.into(),
        }
    }

    /// The stored bytes of a tile and how; true for those of a column for what cannot be quantised.
    fn stored(&self, tile: u64) -> Result<(Codec, &[u8], bool)> {
        let columns = [
            ("COMPRESSED_DATA", self.codec, false),
            ("GZIP_COMPRESSED_DATA", Codec::Gzip, true),
            ("UNCOMPRESSED_DATA", Codec::Stored, true),
        ];
        let mut any = false;
        for (name, codec, fallback) in columns {
            let Some(column) = self.column(name) else {
                continue;
            };
            any = true;
            let bytes = column.cell_bytes(tile)?;
            if !bytes.is_empty() {
                return Ok((codec, bytes, fallback));
            }
        }
        let detail = if any {
            "no data in any column"
        } else {
            "no column COMPRESSED_DATA"
        };
        Err(self.damaged(tile, self.codec.name(), detail))
    }

    /// Which pixels have no value, where a lossy codec would lose that (section 10.2.2); `None` for a tile without a mask.
    fn mask(&self, tile: u64, pixels: usize, shape: &[u64]) -> Result<Option<Vec<bool>>> {
        let (Some(codec), Some(column)) = (self.mask, self.column(MASK)) else {
            return Ok(None);
        };
        let stored = column.cell_bytes(tile)?;
        if stored.is_empty() {
            return Ok(None);
        }
        let bad = |detail: String| self.damaged(tile, codec.name(), format!("{MASK}: {detail}"));
        let decoded = match codec {
            // Masks are bytes, whatever the pixels are.
            Codec::Rice => rice::decode(stored, pixels, 1, MASK_BLOCK).map(Decoded::Numbers),
            _ => self.run(codec, stored, pixels, shape),
        };
        Ok(Some(match decoded.map_err(bad)? {
            Decoded::Numbers(numbers) => numbers.iter().map(|number| *number != 0).collect(),
            Decoded::Bytes(bytes) => {
                let width = bytes.len().checked_div(pixels).unwrap_or(0).max(1);
                let elements = bytes.chunks_exact(width);
                elements
                    .map(|element| element.iter().any(|byte| *byte != 0))
                    .collect()
            }
        }))
    }

    /// Makes pixels NaN, or the number that stands for none in an image of integers.
    fn blank_out(&self, tile: u64, mask: &[bool], bytes: &mut [u8]) -> Result<()> {
        if !mask.contains(&true) {
            return Ok(());
        }
        let blank = match &self.blank {
            Some(blank) => Some(blank.integer(tile)?),
            None => self.hdu.header().integer("BLANK")?,
        };
        let value = match (self.bitpix, blank) {
            (-32, _) => f32::NAN.to_ne_bytes().to_vec(),
            (-64, _) => f64::NAN.to_ne_bytes().to_vec(),
            (bitpix, Some(blank)) => {
                let found = match bitpix {
                    8 => u8::try_from(blank)
                        .ok()
                        .map(|own| own.to_ne_bytes().to_vec()),
                    16 => i16::try_from(blank)
                        .ok()
                        .map(|own| own.to_ne_bytes().to_vec()),
                    32 => i32::try_from(blank)
                        .ok()
                        .map(|own| own.to_ne_bytes().to_vec()),
                    _ => Some(blank.to_ne_bytes().to_vec()),
                };
                let header = self.hdu.header();
                found.ok_or_else(|| header.wrong("ZBLANK", "a value that ZBITPIX can hold"))?
            }
            (_, None) => {
                let header = self.hdu.header();
                return Err(header.missing("BLANK", "pixels of integers are masked"));
            }
        };
        for (pixel, masked) in bytes.chunks_exact_mut(value.len()).zip(mask) {
            if *masked {
                pixel.copy_from_slice(&value);
            }
        }
        Ok(())
    }

    fn run(
        &self,
        codec: Codec,
        stored: &[u8],
        pixels: usize,
        shape: &[u64],
    ) -> Result<Decoded, String> {
        match codec {
            Codec::Rice => {
                rice::decode(stored, pixels, self.rice_width, self.rice_block).map(Decoded::Numbers)
            }
            Codec::Plio => {
                let words: Vec<u16> = stored
                    .chunks_exact(2)
                    .filter_map(|word| word.first_chunk().copied().map(u16::from_be_bytes))
                    .collect();
                plio::decode(&words, pixels).map(Decoded::Numbers)
            }
            Codec::Hcompress => {
                let (rows, columns) = plane(shape)?;
                hcompress::decode(stored, rows, columns, self.smooth, self.bounds())
                    .map(Decoded::Numbers)
            }
            Codec::Gzip => gunzip(stored, pixels).map(Decoded::Bytes),
            Codec::GzipShuffled => {
                let bytes = gunzip(stored, pixels)?;
                let width = bytes.len().checked_div(pixels).unwrap_or(0);
                Ok(Decoded::Bytes(unshuffled(&bytes, width, pixels)))
            }
            Codec::Stored => whole(stored.to_vec(), pixels).map(Decoded::Bytes),
        }
    }

    fn quantised(&self, tile: u64) -> Result<Quantised> {
        let scale = match &self.scale {
            Some(scale) => scale.float(tile)?,
            None => 1.0,
        };
        Ok(Quantised {
            method: self.method,
            scale,
            zero: self.zero.float(tile)?,
            blank: self
                .blank
                .as_ref()
                .map(|blank| blank.integer(tile))
                .transpose()?,
            row: match self.method {
                Method::None => 0,
                _ => tile.saturating_add(self.seed),
            },
        })
    }

    fn floats(&self, numbers: &[i32], quantised: Quantised) -> Vec<u8> {
        let mut out = Vec::with_capacity(numbers.len().saturating_mul(self.width()));
        if self.bitpix == -32 {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the image is single precision"
            )]
            quantised.restore(numbers, |value| out.extend((value as f32).to_ne_bytes()));
        } else {
            quantised.restore(numbers, |value| out.extend(value.to_ne_bytes()));
        }
        out
    }

    /// Integers in the type of `ZBITPIX`; the first that does not fit is the error.
    fn narrowed(&self, numbers: &[i32]) -> Result<Vec<u8>, i32> {
        let mut out = Vec::with_capacity(numbers.len().saturating_mul(self.width()));
        for number in numbers {
            let number = *number;
            match self.bitpix {
                8 => out.extend(u8::try_from(number).map_err(|_error| number)?.to_ne_bytes()),
                16 => out.extend(
                    i16::try_from(number)
                        .map_err(|_error| number)?
                        .to_ne_bytes(),
                ),
                32 => out.extend(number.to_ne_bytes()),
                64 => out.extend(i64::from(number).to_ne_bytes()),
                // Whole numbers of a float image without ZSCALE (spec-notes F-97).
                #[expect(clippy::cast_precision_loss, reason = "the image is single precision")]
                -32 => out.extend((number as f32).to_ne_bytes()),
                _ => out.extend(f64::from(number).to_ne_bytes()),
            }
        }
        Ok(out)
    }
}

impl<T: Copy> Setting<'_, T> {
    fn each<R>(
        &self,
        tile: u64,
        same: impl Fn(T) -> R,
        read: impl Fn(&ArrayData<'_>) -> Result<Option<R>>,
    ) -> Result<R> {
        match self {
            Self::PerImage(value) => Ok(same(*value)),
            Self::PerTile(column) => read(column)?.ok_or_else(|| {
                let fact = Mismatch::NoPart {
                    what: "tile",
                    asked: tile,
                    count: column.len() as u64,
                };
                fact.into()
            }),
        }
    }
}

impl Setting<'_, f64> {
    fn float(&self, tile: u64) -> Result<f64> {
        self.each(
            tile,
            |value| value,
            |column| {
                let single = column.datatype().scalar() == Some(Scalar::Float32);
                if single {
                    return Ok(column.view::<f32>()?.get(&[tile]).map(f64::from));
                }
                Ok(column.view::<f64>()?.get(&[tile]))
            },
        )
    }
}

impl Setting<'_, i64> {
    fn integer(&self, tile: u64) -> Result<i64> {
        self.each(
            tile,
            |value| value,
            |column| {
                Ok(match column.datatype().scalar() {
                    Some(Scalar::Uint8) => column.view::<u8>()?.get(&[tile]).map(i64::from),
                    Some(Scalar::Int16) => column.view::<i16>()?.get(&[tile]).map(i64::from),
                    Some(Scalar::Int64) => column.view::<i64>()?.get(&[tile]),
                    _ => column.view::<i32>()?.get(&[tile]).map(i64::from),
                })
            },
        )
    }
}

/// Rows and columns of a tile that is flat: all axes but two are of length 1.
fn plane(shape: &[u64]) -> Result<(usize, usize), String> {
    let mut long: Vec<usize> = Vec::new();
    for length in shape.iter().filter(|length| **length != 1) {
        long.push(usize::try_from(*length).map_err(|error| error.to_string())?);
    }
    match (long.as_slice(), shape) {
        ([rows, columns], _) => Ok((*rows, *columns)),
        // The edge of an image may have one row or column only.
        ([columns], [.., 1, _]) => Ok((1, *columns)),
        ([rows], _) => Ok((*rows, 1)),
        ([], _) => Ok((1, 1)),
        _ => Err(format!("a tile of shape {shape:?}, expected two axes")),
    }
}

/// Decompresses at most what the largest pixels need.
fn gunzip(stored: &[u8], pixels: usize) -> Result<Vec<u8>, String> {
    let most = (pixels as u64).saturating_mul(8);
    let mut out = Vec::new();
    let read = MultiGzDecoder::new(stored)
        .take(most.saturating_add(1))
        .read_to_end(&mut out);
    read.map_err(|error| error.to_string())?;
    whole(out, pixels)
}

/// Bytes that are pixels of 1, 2, 4 or 8 bytes.
fn whole(bytes: Vec<u8>, pixels: usize) -> Result<Vec<u8>, String> {
    let fits = [1, 2, 4, 8]
        .iter()
        .any(|width| pixels.checked_mul(*width) == Some(bytes.len()));
    if fits {
        return Ok(bytes);
    }
    Err(format!("{} bytes for {pixels} pixels", bytes.len()))
}

/// The bytes of each pixel together again.
pub(in crate::fits) fn unshuffled(bytes: &[u8], width: usize, pixels: usize) -> Vec<u8> {
    if width < 2 {
        return bytes.to_vec();
    }
    let mut out = vec![0; bytes.len()];
    for (plane, start) in bytes.chunks_exact(pixels.max(1)).zip(0_usize..) {
        for (place, byte) in out.iter_mut().skip(start).step_by(width).zip(plane) {
            *place = *byte;
        }
    }
    out
}

/// Big-endian integers; of one byte they are unsigned. Wider ones must fit 32 bits.
fn integers(bytes: &[u8], width: usize) -> Option<Vec<i32>> {
    let number = |bytes: &[u8]| match bytes {
        [byte] => Some(i32::from(*byte)),
        [_, _] => bytes
            .first_chunk()
            .map(|bytes| i16::from_be_bytes(*bytes).into()),
        [_, _, _, _] => bytes.first_chunk().map(|bytes| i32::from_be_bytes(*bytes)),
        _ => bytes
            .first_chunk()
            .and_then(|bytes| i32::try_from(i64::from_be_bytes(*bytes)).ok()),
    };
    if width == 0 {
        return None;
    }
    bytes.chunks_exact(width).map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffled_bytes_come_together_again() {
        assert_eq!(unshuffled(&[1, 3, 5, 2, 4, 6], 2, 3), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_tile_of_one_row_or_column_is_flat_as_well() {
        assert_eq!(plane(&[1, 3, 4]), Ok((3, 4)));
        assert_eq!(plane(&[1, 4]), Ok((1, 4)));
        assert_eq!(plane(&[4, 1]), Ok((4, 1)));
        assert!(plane(&[2, 3, 4]).is_err());
    }

    #[test]
    fn a_bomb_is_stopped_behind_what_the_pixels_need() {
        use std::io::Write;
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(&vec![0; 10 << 20]).unwrap();
        let error = gunzip(&bomb.finish().unwrap(), 100).unwrap_err();
        assert_eq!(error, "801 bytes for 100 pixels");
    }
}
