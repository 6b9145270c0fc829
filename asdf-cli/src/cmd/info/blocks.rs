//! The blocks of `asdf info`.

use crate::context::{Context, Failure};
use crate::palette::paint;
use crate::render::{Align, Table};
use crate::size;
use asdf_core::AsdfFile;
use asdf_core::block::{BlockHeader, hex};
use std::fmt::Write as _;
use std::io::Write;

/// `10 blocks, 66.9 MB decoded, 21.3 MB stored (8 lz4, 2 raw); index valid`
pub(super) fn summary(context: &mut Context, file: &AsdfFile) -> Result<(), Failure> {
    let headers = file.block_table().headers();
    if headers.is_empty() {
        return Ok(());
    }
    let stored: u64 = headers
        .iter()
        .map(|header| header.available)
        .fold(0, u64::saturating_add);
    let decoded: u64 = headers
        .iter()
        .map(BlockHeader::decoded_size)
        .fold(0, u64::saturating_add);
    let mut counts: Vec<(String, usize)> = Vec::new();
    for header in headers {
        let name = codec(header).unwrap_or_else(|| "raw".to_owned());
        match counts.iter_mut().find(|known| known.0 == name) {
            Some(known) => known.1 += 1,
            None => counts.push((name, 1)),
        }
    }
    let mut line = format!(
        "{} block{}",
        headers.len(),
        if headers.len() == 1 { "" } else { "s" }
    );
    if let [(name, _)] = counts.as_slice() {
        let _ = write!(line, ", {name}");
    } else {
        let parts: Vec<_> = counts
            .iter()
            .map(|(name, count)| format!("{count} {name}"))
            .collect();
        let _ = write!(line, " ({})", parts.join(", "));
    }
    let _ = if stored == decoded {
        write!(line, ", {}", size::human(stored))
    } else {
        write!(line, ", {} → {}", size::human(decoded), size::human(stored))
    };
    let _ = write!(line, ", index {}", file.block_table().index().name());
    writeln!(context.out, "{}", paint(context.palette.faint, line))?;
    Ok(())
}

/// The block table of `--blocks`.
pub(super) fn table(context: &mut Context, file: &AsdfFile, columns: usize) -> Result<(), Failure> {
    let palette = context.palette;
    let mut table = Table::new(&[
        ("block", Align::Right),
        ("offset", Align::Right),
        ("header", Align::Right),
        ("codec", Align::Left),
        ("allocated", Align::Right),
        ("used", Align::Right),
        ("decoded", Align::Right),
        ("md5", Align::Left),
    ]);
    for header in file.block_table().headers() {
        let streamed = header.is_streamed();
        let number = |value: u64| {
            if streamed {
                "stream".to_owned()
            } else {
                value.to_string()
            }
        };
        let cells = [
            header.index.to_string(),
            format!("{:#x}", header.offset),
            header.header_size.to_string(),
            codec(header).unwrap_or_else(|| "-".to_owned()),
            number(header.allocated),
            number(header.used),
            header.decoded_size().to_string(),
            checksum(header).unwrap_or_else(|| "-".to_owned()),
        ];
        let styles = [
            palette.key,
            palette.faint,
            palette.faint,
            palette.kind,
            palette.number,
            palette.number,
            palette.number,
            palette.faint,
        ];
        table.push(styles.into_iter().zip(cells).collect());
    }
    for line in table.lines(&palette, columns) {
        writeln!(context.out, "{line}")?;
    }
    let line = format!("index {}", file.block_table().index().name());
    writeln!(context.out, "{}", paint(palette.faint, line))?;
    Ok(())
}

/// The compression label, `None` for raw blocks.
pub(super) fn codec(header: &BlockHeader) -> Option<String> {
    header
        .label_text()
        .map(|label| asdf_core::inspect::escape(&label).into_owned())
}

/// The recorded MD5 in hex, `None` when there is none.
pub(super) fn checksum(header: &BlockHeader) -> Option<String> {
    let digest = header.checksum;
    (digest != [0; 16]).then(|| hex(&digest))
}
