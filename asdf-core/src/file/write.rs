//! A draft as bytes: header lines, tree, blocks, index.

mod grains;
mod plan;

#[cfg(feature = "fits")]
use super::AsdfFile;
use super::Draft;
use super::carry::Part;
use super::draft::{Destination, Fresh, NewBlock};
use super::storage::WriteOptions;
use crate::array::{ArrayBytes, Patch};
use crate::block::{Block, Codec, Compression, Grain, Verdict};
use crate::block::{
    CopyChecks, NewHeader, Room, Sink, can_recode, copy_block, digest, index_text, mismatch,
    put_checksum, write_encoded, write_raw,
};
use crate::error::ArrayFault;
use crate::error::Locate;
use crate::error::Result;
use crate::limits::Limits;
pub(super) use plan::{FilePlan, ReadTree, old_sources};
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Parts that are kept open until all are complete, so that no other writer takes them for left over.
const MAX_OPEN: usize = 200;

impl Draft<'_> {
    /// Writes the file. Data that come from a stream are gone afterwards.
    ///
    /// `sink` must be at its start and empty; it is read only where a codec goes back in its output.
    ///
    /// # Errors
    /// A block of the open file has a wrong checksum (see [`WriteOptions::keep_corrupt`]) or cannot
    /// be decoded; the sink fails; the draft holds arrays in other files, which need [`Draft::save`].
    pub fn write(
        &self,
        sink: &mut (impl Read + Write + Seek + Send),
        options: &WriteOptions,
    ) -> Result<()> {
        let whole = self.for_stream()?;
        whole.as_ref().unwrap_or(self).write_linked(sink, options)
    }

    /// The draft as it can stand without a name: what it needs is in it; `None` when it is so already.
    fn for_stream(&self) -> Result<Option<Self>> {
        let moved = self.moved(&self.output)?;
        let draft = moved.as_ref().unwrap_or(self);
        if let Some(sibling) = draft.siblings.first() {
            let uri = sibling.uri.clone();
            return Err(ArrayFault::NeedsFile { uri }.into());
        }
        #[cfg(feature = "fits")]
        if let Some(draft) = draft.without_hdus()? {
            return Ok(Some(draft));
        }
        Ok(moved)
    }

    /// Writes the file; arrays in HDUs stay there.
    pub(super) fn write_linked(&self, sink: &mut dyn Sink, options: &WriteOptions) -> Result<()> {
        let plan = FilePlan::of(self, options)?;
        self.write_plan(&plan, sink, options)
    }

    /// Writes the file under that name, all of it or nothing: what is there already is replaced
    /// only by the complete new file. Arrays in other files are written first, beside it.
    ///
    /// The name may be that of the file that was opened.
    ///
    /// # Errors
    /// As [`Draft::write`]; the file that was opened has that name, and another program has changed it meanwhile.
    pub fn save(&self, path: impl AsRef<Path>, options: &WriteOptions) -> Result<()> {
        let path = path.as_ref();
        let draft = self.for_file(path)?;
        let draft = draft.as_ref().unwrap_or(self);
        if let Some(file) = self.source {
            super::update::check_own(file, path).in_file(path)?;
        }
        let plan = FilePlan::of(draft, options)?;
        draft.save_plan(&plan, path, options)
    }

    /// The draft as it can stand under a name: what it needs is in it or within reach; `None` when it is so already.
    pub(super) fn for_file(&self, path: &Path) -> Result<Option<Self>> {
        let moved = self.moved(&Destination::File(path.to_path_buf()))?;
        #[cfg(feature = "fits")]
        if let Some(draft) = moved.as_ref().unwrap_or(self).without_hdus()? {
            return Ok(Some(draft));
        }
        Ok(moved)
    }

    /// The draft with arrays in HDUs brought into blocks; `None` when there are none to bring.
    #[cfg(feature = "fits")]
    fn without_hdus(&self) -> Result<Option<Self>> {
        let is_done = self.has_own_data || !self.source.is_some_and(AsdfFile::is_carried);
        if is_done {
            return Ok(None);
        }
        let mut draft = self.clone();
        draft.take_hdus()?;
        Ok(Some(draft))
    }

    pub(super) fn save_plan(
        &self,
        plan: &FilePlan<'_>,
        path: &Path,
        options: &WriteOptions,
    ) -> Result<()> {
        let folder = path.parent().unwrap_or(Path::new(""));
        // Nothing gets its name before all are complete: a name may be that of a file which is still to be read.
        let mut complete = Vec::with_capacity(self.siblings.len().saturating_add(1));
        for sibling in &self.siblings {
            let target = folder.join(super::sibling::relative_path(&sibling.uri)?);
            let write = |sink: &mut File| {
                let written = write_sibling(sink, &sibling.block, options);
                match self.source {
                    Some(file) => written.in_file(file.name()),
                    None => written,
                }
            };
            let mut file = super::replace::complete(&target, write)?;
            if complete.len() >= MAX_OPEN {
                file.close();
            }
            complete.push(file);
        }
        let write = |file: &mut File| self.write_plan(plan, file, options);
        complete.push(super::replace::complete(path, write)?);
        for file in complete {
            let told = file.finish()?;
            if let Some(source) = self.source {
                for warning in told {
                    source.warn(warning);
                }
            }
        }
        Ok(())
    }

    /// The file in memory, with its tree where that has been read already. Nothing is hashed: it is not kept.
    pub(super) fn write_to_memory(&self, limits: &Limits) -> Result<(Vec<u8>, Option<ReadTree>)> {
        let mut bytes = Cursor::new(Vec::new());
        let options = WriteOptions::default().checksums(false);
        let whole = self.for_stream()?;
        let draft = whole.as_ref().unwrap_or(self);
        let (plan, tree) = FilePlan::with_tree(draft, &options, limits)?;
        draft.write_plan(&plan, &mut bytes, &options)?;
        Ok((bytes.into_inner(), tree))
    }

    fn write_plan(
        &self,
        plan: &FilePlan<'_>,
        sink: &mut dyn Sink,
        options: &WriteOptions,
    ) -> Result<()> {
        let written = plan.write(sink, options);
        match self.source {
            Some(file) => written
                .in_file(file.name())
                .and_then(|()| file.check_unchanged()),
            None => written,
        }
    }
}

/// Writes one block, header and all.
pub(super) fn write_block(
    sink: &mut dyn Sink,
    block: &NewBlock<'_>,
    options: &WriteOptions,
) -> Result<()> {
    let job = match job(block, options) {
        Job::Raw(bytes) => {
            let start = write_raw(sink, bytes, options.room_rule())?;
            let end = sink.stream_position()?;
            if options.checksums {
                put_checksum(sink, start, digest(bytes))?;
                sink.seek(SeekFrom::Start(end))?;
            }
            return Ok(());
        }
        job => job,
    };
    job.write(sink, Grain::of_element(1), options)
}

/// A file with nothing but a block.
fn write_sibling(sink: &mut dyn Sink, block: &NewBlock<'_>, options: &WriteOptions) -> Result<()> {
    let plan = FilePlan::of_block(block.clone());
    plan.write(sink, options)
}

/// What is done with one block.
enum Job<'p, 'f> {
    /// Data in memory that is stored as it is.
    Raw(&'p [u8]),
    /// Data that goes through a reader or a codec.
    Fresh(&'p Fresh<'f>, Compression),
    /// Data that goes on to the end of the file.
    Streamed(&'p Fresh<'f>),
    Stored(Block<'f>),
    Part(&'p Part<'f>),
    /// Data of a block that is decoded, changed and encoded on the way.
    Patched(Block<'f>, &'p [Arc<Patch>], usize),
    Empty,
}

impl FilePlan<'_> {
    fn write(&self, sink: &mut dyn Sink, options: &WriteOptions) -> Result<()> {
        let endless = self.is_endless();
        let offsets = self.write_blocks(sink, options)?;
        if options.index && !endless && !offsets.is_empty() {
            sink.write_all(index_text(&offsets).as_bytes())?;
        }
        Ok(sink.flush()?)
    }

    /// Writes everything in front of the index; gives where the blocks are.
    pub(super) fn write_blocks(
        &self,
        sink: &mut dyn Sink,
        options: &WriteOptions,
    ) -> Result<Vec<u64>> {
        sink.write_all(&self.head)?;
        self.gap.write(sink, self.head.len() as u64)?;
        let jobs: Vec<Job<'_, '_>> = self
            .blocks
            .iter()
            .map(|block| job(block, options))
            .collect();
        let mut offsets = Vec::with_capacity(jobs.len());
        // Data in memory is hashed by other threads while the blocks before it are written.
        let digests: Vec<OnceLock<[u8; 16]>> = jobs.iter().map(|_| OnceLock::new()).collect();
        rayon::in_place_scope_fifo(|scope| -> Result<()> {
            for (job, slot) in jobs.iter().zip(&digests).filter(|_| options.checksums) {
                if let Job::Raw(bytes) = *job {
                    scope.spawn_fifo(move |_| {
                        let _ = slot.set(digest(bytes));
                    });
                }
            }
            for (index, job) in jobs.into_iter().enumerate() {
                offsets.push(sink.stream_position()?);
                let grain = self.grains.get(index).copied();
                let grain = grain.unwrap_or(Grain::of_element(1));
                job.write(sink, grain, options).in_block(index)?;
            }
            Ok(())
        })?;
        let end = sink.stream_position()?;
        for (start, slot) in offsets.iter().zip(&digests) {
            if let Some(digest) = slot.get() {
                put_checksum(sink, *start, *digest)?;
            }
        }
        sink.seek(SeekFrom::Start(end))?;
        Ok(offsets)
    }
}

fn job<'p, 'f>(block: &'p NewBlock<'f>, options: &WriteOptions) -> Job<'p, 'f> {
    match block {
        NewBlock::Stored(block) => Job::Stored(*block),
        NewBlock::Part(part) => Job::Part(part),
        NewBlock::Empty => Job::Empty,
        NewBlock::Patched {
            block,
            patches,
            element_size,
        } => Job::Patched(*block, patches, *element_size),
        NewBlock::Streamed(fresh) => Job::Streamed(fresh),
        NewBlock::Fresh(fresh) => {
            let compression = options.of_new(fresh.compression);
            match &fresh.data {
                ArrayBytes::Memory(bytes) if compression.codec() == Codec::None => Job::Raw(bytes),
                _ => Job::Fresh(fresh, compression),
            }
        }
    }
}

impl Job<'_, '_> {
    fn write(self, sink: &mut dyn Sink, grain: Grain, options: &WriteOptions) -> Result<()> {
        let room = options.room_rule();
        match self {
            Self::Raw(bytes) => write_raw(sink, bytes, room).map(drop),
            Self::Empty => Ok(sink.write_all(&NewHeader::default().bytes())?),
            Self::Stored(block) => stored(sink, block, grain, options),
            Self::Part(part) => part.with_block(|block| {
                if part.is_cut_to_length() {
                    let (size, checksum) = (block.decoded_size(), options.checksums);
                    let compression = options.compression.unwrap_or(Compression::NONE);
                    let data = &mut *block.reader()?;
                    write_encoded(sink, compression, grain, size, data, checksum, room)
                } else {
                    stored(sink, block, grain, options)
                }
            }),
            Self::Patched(block, patches, size) => patched(sink, block, patches, size, options),
            Self::Fresh(fresh, compression) => {
                let (size, element) = (fresh.size, fresh.element_size);
                let grain = Grain { element, ..grain };
                let checksum = options.checksums;
                with_reader(&fresh.data, options, |data| {
                    write_encoded(sink, compression, grain, size, data, checksum, room)
                })
            }
            Self::Streamed(fresh) => {
                let header = NewHeader {
                    streamed: true,
                    ..NewHeader::default()
                };
                sink.write_all(&header.bytes())?;
                let size = fresh.size;
                with_reader(&fresh.data, options, |data| copy_exactly(data, sink, size))
            }
        }
    }
}

/// Hands the data to `work` as a stream.
fn with_reader(
    data: &ArrayBytes<'_>,
    options: &WriteOptions,
    work: impl FnOnce(&mut (dyn Read + Send)) -> Result<()>,
) -> Result<()> {
    match data {
        ArrayBytes::Memory(bytes) => work(&mut bytes.as_ref()),
        ArrayBytes::Stream(stream) => work(&mut *stream.take()?),
        ArrayBytes::Block(block) => {
            if !options.keep_corrupt {
                block.vouch()?;
            }
            work(&mut *block.reader()?)
        }
        ArrayBytes::Array(array, slices) => {
            if !options.keep_corrupt {
                array.vouch()?;
            }
            array.with_packed(slices, work)
        }
    }
}

fn copy_exactly(data: &mut dyn Read, sink: &mut dyn Sink, size: u64) -> Result<()> {
    let found = std::io::copy(&mut data.take(size.saturating_add(1)), sink)?;
    if found == size {
        return Ok(());
    }
    Err(ArrayFault::DataSize { found, size }.into())
}

/// A block of an open file: as it is, or with another codec.
fn stored(
    sink: &mut dyn Sink,
    block: Block<'_>,
    grain: Grain,
    options: &WriteOptions,
) -> Result<()> {
    let checks = CopyChecks {
        verify: options.verify && !options.keep_corrupt,
        checksum: options.checksums,
    };
    let header = block.header();
    let own = Compression::as_is(header.codec());
    let wanted = options.compression.unwrap_or(own);
    let wanted = Some(wanted).filter(|wanted| {
        // A block with the right codec may have other chunks than are asked for.
        can_recode(header) && (*wanted != own || grain.chunk.is_some())
    });
    let room = options.room.map(|_| options.room_rule());
    let Some(compression) = wanted else {
        return copy_block(sink, block, checks, room);
    };
    if options.keep_corrupt && !is_sound(block) {
        return copy_block(sink, block, checks, room);
    }
    recode(sink, block, compression, grain, options)
}

/// A block of an open file with other elements, and the codec that it has.
fn patched(
    sink: &mut dyn Sink,
    block: Block<'_>,
    patches: &[Arc<Patch>],
    element_size: usize,
    options: &WriteOptions,
) -> Result<()> {
    let header = block.header();
    let mut data = super::elements::patched(block, patches)?;
    if header.is_streamed() {
        let header = NewHeader {
            streamed: true,
            ..NewHeader::default()
        };
        sink.write_all(&header.bytes())?;
        return copy_exactly(&mut *data, sink, block.decoded_size());
    }
    let compression = options.compression.filter(|_| can_recode(header));
    let compression = compression.unwrap_or(Compression::as_is(header.codec()));
    let (size, room) = (block.decoded_size(), options.room_rule());
    let checksum = options.checksums;
    write_encoded(
        sink,
        compression,
        Grain::of_element(element_size),
        size,
        &mut *data,
        checksum,
        room,
    )
}

/// True when a block's data is what its checksum says, and can be decoded.
fn is_sound(block: Block<'_>) -> bool {
    let fine = |verdict: Verdict| !matches!(verdict, Verdict::Mismatch { .. });
    block.verify().is_ok_and(fine) && block.problems().is_ok()
}

/// Decodes and encodes; what is stored is checked at the same time.
fn recode(
    sink: &mut dyn Sink,
    block: Block<'_>,
    compression: Compression,
    grain: Grain,
    options: &WriteOptions,
) -> Result<()> {
    let size = block.decoded_size();
    let (verdict, written) = std::thread::scope(|scope| {
        let verdict = scope.spawn(move || block.verify());
        let written = block.as_it_is().reader().and_then(|mut data| {
            let (checksum, room) = (options.checksums, options.room_rule());
            write_encoded(sink, compression, grain, size, &mut *data, checksum, room)
        });
        (verdict.join(), written)
    });
    // A wrong checksum explains data that cannot be decoded, so it is told first.
    match verdict {
        Ok(Ok(Verdict::Mismatch { computed, .. })) => Err(mismatch(block, computed)),
        Ok(Err(error)) => Err(error),
        _ => written,
    }
}

impl WriteOptions {
    pub(super) fn room_rule(&self) -> Room {
        let percent = self.room.unwrap_or(0.0);
        Room { percent }
    }
}
