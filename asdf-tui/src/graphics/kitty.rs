//! The graphics protocol of kitty: a PNG in pieces, placed below the text.
//!
//! Source: <https://sw.kovidgoyal.net/kitty/graphics-protocol/>.

use super::png;
use crate::raster::Picture;
use asdf_core::Result;

/// Characters of a piece at most, as the protocol has it.
const PIECE: usize = 4096;

/// Deletes our picture with its data, without an answer.
pub(super) const ERASE: &[u8] = b"\x1b_Ga=d,d=I,i=1,q=2\x1b\\";

/// Transmits the picture under our number and shows it over the cells; an older one is replaced. The cursor stays.
pub(super) fn encode(picture: &Picture, [columns, rows]: [u16; 2]) -> Result<Vec<u8>> {
    let text = png(picture)?;
    let mut out = Vec::with_capacity(text.len() + text.len() / PIECE * 16 + 128);
    let mut pieces = text.as_bytes().chunks(PIECE).peekable();
    let first = format!("a=T,f=100,i=1,p=1,q=2,C=1,z=-1,c={columns},r={rows}");
    let mut keys = first.as_str();
    while let Some(piece) = pieces.next() {
        let more = u8::from(pieces.peek().is_some());
        out.extend_from_slice(format!("\x1b_G{keys},m={more};").as_bytes());
        out.extend_from_slice(piece);
        out.extend_from_slice(b"\x1b\\");
        keys = "q=2";
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn the_pieces_make_the_png_again() {
        let mut picture = Picture::new(90, 70, [0; 3]);
        let mut state = 1_u32;
        for pixel in &mut picture.pixels {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [_, red, green, blue] = state.to_be_bytes();
            *pixel = [red, green, blue];
        }
        let text = String::from_utf8(encode(&picture, [9, 4]).unwrap()).unwrap();
        let pieces: Vec<&str> = text.split_terminator("\x1b\\").collect();
        assert!(pieces.len() > 2);
        assert!(pieces[0].starts_with("\x1b_Ga=T,f=100,i=1,p=1,q=2,C=1,z=-1,c=9,r=4,m=1;"));
        let mut joined = String::new();
        for (index, piece) in pieces.iter().enumerate() {
            let (keys, data) = piece.split_once(';').unwrap();
            let more = if index + 1 < pieces.len() {
                "m=1"
            } else {
                "m=0"
            };
            assert!(keys.starts_with("\x1b_G") && keys.ends_with(more), "{keys}");
            assert!(data.len() <= PIECE);
            joined.push_str(data);
        }
        let bytes = STANDARD.decode(joined).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels, picture.pixels.as_flattened());
    }
}
