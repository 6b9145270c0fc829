//! `zstd`: one frame, with its content size in the header, or one for each chunk that is asked for.
//!
//! Of one frame the library cuts the data into jobs for threads of its own. Where it does so depends on level and
//! size, not on the number of threads, as long as there is one at all.

use super::PIECE;
use super::chunked;
use super::chunked::Cut;
use super::source::Source;
use crate::error::Result;
use std::io;
use std::io::Write;
use zstd::zstd_safe;
use zstd_safe::CCtx;
use zstd_safe::CParameter;
use zstd_safe::InBuffer;
use zstd_safe::OutBuffer;
use zstd_safe::zstd_sys::ZSTD_EndDirective as Directive;

/// The most threads that the library takes, on any machine.
const THREADS: usize = 64;

/// The first level for which the library would take larger windows than every decoder must accept.
const LARGE: i32 = 20;

/// That window, 8 MiB (RFC 8878, 3.1.1.1.2), as a power of two. Memory grows with the window, too.
const WINDOW: u32 = 23;

/// Writes a frame for each `chunk` bytes of the data, or one for all; `level` is 1 to 22.
pub(super) fn encode(
    level: i32,
    chunk: Option<usize>,
    source: &mut Source<'_>,
    sink: &mut impl Write,
) -> Result<()> {
    match chunk {
        // Without data there is one frame all the same.
        Some(chunk) if source.size > 0 => frames(level, chunk, source, sink),
        _ => frame(level, source, sink),
    }
}

/// Writes a frame for each `chunk` bytes.
fn frames(level: i32, chunk: usize, source: &mut Source<'_>, sink: &mut impl Write) -> Result<()> {
    chunked::run(
        Cut { chunk, before: 0 },
        source,
        |chunk, out| {
            let needed = zstd_safe::compress_bound(chunk.data.len());
            if out.len() < needed {
                out.resize(needed, 0);
            }
            let mut context = alone(level)?;
            let size = context.compress2(out.as_mut_slice(), chunk.data);
            Ok(size.map_err(refusal)?)
        },
        |out, size| Ok(sink.write_all(out.get(..size).unwrap_or_default())?),
    )
}

/// Writes one frame.
fn frame(level: i32, source: &mut Source<'_>, sink: &mut impl Write) -> Result<()> {
    let mut frame = Frame {
        context: context(level, source.size)?,
        out: vec![0; CCtx::out_size()],
    };
    let mut piece = vec![0; source.at_most(PIECE)];
    loop {
        let count = source.fill(&mut piece)?;
        if count == 0 {
            return frame.end(sink);
        }
        frame.add(piece.get(..count).unwrap_or_default(), sink)?;
    }
}

/// A context of a level, without threads of its own.
fn alone(level: i32) -> io::Result<CCtx<'static>> {
    let context = CCtx::try_create();
    let mut context = context.ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))?;
    let mut set = |parameter| context.set_parameter(parameter).map_err(refusal);
    set(CParameter::CompressionLevel(level))?;
    if level >= LARGE {
        set(CParameter::WindowLog(WINDOW))?;
    }
    Ok(context)
}

fn context(level: i32, size: u64) -> Result<CCtx<'static>> {
    let mut context = alone(level)?;
    let threads = rayon::current_num_threads().clamp(1, THREADS);
    let threads = u32::try_from(threads).unwrap_or(1);
    let workers = CParameter::NbWorkers(threads);
    context.set_parameter(workers).map_err(refusal)?;
    context.set_pledged_src_size(Some(size)).map_err(refusal)?;
    Ok(context)
}

/// A frame on its way.
struct Frame {
    context: CCtx<'static>,
    out: Vec<u8>,
}

impl Frame {
    fn add(&mut self, data: &[u8], sink: &mut impl Write) -> Result<()> {
        let mut input = InBuffer::around(data);
        while input.pos() < data.len() {
            self.turn(&mut input, Directive::ZSTD_e_continue, sink)?;
        }
        Ok(())
    }

    fn end(mut self, sink: &mut impl Write) -> Result<()> {
        let mut nothing = InBuffer::around(&[]);
        while self.turn(&mut nothing, Directive::ZSTD_e_end, sink)? > 0 {}
        Ok(())
    }

    /// Lets the library work and writes what it has ready; returns what is still to come.
    fn turn(
        &mut self,
        input: &mut InBuffer<'_>,
        directive: Directive,
        sink: &mut impl Write,
    ) -> Result<usize> {
        let mut output = OutBuffer::around(self.out.as_mut_slice());
        let left = self
            .context
            .compress_stream2(&mut output, input, directive)
            .map_err(refusal)?;
        sink.write_all(output.as_slice())?;
        Ok(left)
    }
}

fn refusal(code: usize) -> io::Error {
    io::Error::other(zstd_safe::get_error_name(code))
}
