//! The inline images of iTerm2: a PNG in one piece.
//!
//! Source: <https://iterm2.com/documentation-images.html>.

use super::png;
use crate::raster::Picture;
use asdf_core::Result;

/// Shows the picture over the cells, stretched to fill them.
pub(super) fn encode(picture: &Picture, [columns, rows]: [u16; 2]) -> Result<Vec<u8>> {
    let text = png(picture)?;
    let keys =
        format!("inline=1;width={columns};height={rows};preserveAspectRatio=0;doNotMoveCursor=1");
    Ok(format!("\x1b]1337;File={keys}:{text}\x07").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn the_picture_is_a_png_with_its_size_in_cells() {
        let picture = Picture::new(3, 2, [1, 2, 3]);
        let text = String::from_utf8(encode(&picture, [7, 5]).unwrap()).unwrap();
        let (keys, data) = text.split_once(':').unwrap();
        assert_eq!(
            keys,
            "\x1b]1337;File=inline=1;width=7;height=5;preserveAspectRatio=0;doNotMoveCursor=1"
        );
        let bytes = STANDARD.decode(data.trim_end_matches('\x07')).unwrap();
        assert!(bytes.starts_with(b"\x89PNG"));
    }
}
