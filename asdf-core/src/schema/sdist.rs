//! The files of a source distribution: a tar archive, compressed by gzip.

use crate::error::{Error, Malformed, Result};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::Read;

/// The unit of tar archives.
const BLOCK: usize = 512;
/// Bytes of an archive at most, unpacked: most of it is passed over.
const LARGEST: u64 = 4 << 30;
/// Bytes of a name that is written as a file of its own, at most.
const LONGEST_NAME: u64 = 1 << 16;

/// Hands each regular file with its name to `take`, which reads what it wants of it.
pub(super) fn each_file(
    file: File,
    take: &mut dyn FnMut(&str, &mut dyn Read) -> Result<()>,
) -> Result<()> {
    let mut archive = MultiGzDecoder::new(file).take(LARGEST);
    // A name that does not fit in a header stands in front of it.
    let mut long_name: Option<String> = None;
    loop {
        let mut header = [0; BLOCK];
        archive
            .read_exact(&mut header)
            .map_err(|error| not_tar(&error))?;
        if header.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        let field = |start: usize, end: usize| {
            let bytes = header.get(start..end).unwrap_or_default();
            let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
            String::from_utf8_lossy(text).trim().to_owned()
        };
        let Ok(size) = u64::from_str_radix(&field(124, 136), 8) else {
            let found = "a header without a size";
            return Err(not_tar(&std::io::Error::other(found)));
        };
        let mut content = (&mut archive).take(size);
        match header.get(156) {
            Some(b'L') => long_name = Some(name_of(&mut content, None)?),
            Some(b'x') => long_name = Some(name_of(&mut content, Some("path"))?),
            Some(b'0' | 0) => {
                let prefix = field(345, 500);
                let short = field(0, 100);
                let joined = if prefix.is_empty() {
                    short
                } else {
                    format!("{prefix}/{short}")
                };
                let name = long_name.take().filter(|name| !name.is_empty());
                take(&name.unwrap_or(joined), &mut content)?;
            }
            // Folders, links and what is said of all files.
            Some(b'g') => {}
            _ => long_name = None,
        }
        let left = content.limit();
        let padding = size.next_multiple_of(BLOCK as u64).saturating_sub(size);
        let passed = std::io::copy(
            &mut (&mut archive).take(left.saturating_add(padding)),
            &mut std::io::sink(),
        );
        passed.map_err(|error| not_tar(&error))?;
    }
}

/// A name that is the content of a file; of a list of `LENGTH KEY=VALUE` lines the value of a key.
fn name_of(content: &mut dyn Read, key: Option<&str>) -> Result<String> {
    let mut text = Vec::new();
    let read = content.take(LONGEST_NAME).read_to_end(&mut text);
    read.map_err(|error| not_tar(&error))?;
    let text = String::from_utf8_lossy(&text);
    let text = text.trim_end_matches('\0');
    let Some(key) = key else {
        return Ok(text.to_owned());
    };
    let value = |line: &str| {
        let (_, pair) = line.split_once(' ')?;
        let (name, value) = pair.split_once('=')?;
        (name == key).then(|| value.to_owned())
    };
    Ok(text.lines().find_map(value).unwrap_or_default())
}

fn not_tar(error: &std::io::Error) -> Error {
    let detail = format!("not a whole .tar.gz archive: {error}").into();
    Malformed::Wheel { detail }.into()
}
