//! Checks that there is room before writing. After a failed write on a full disk, the store refuses all work until it
//! is opened again, so nothing is begun that may not fit.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::batch::SyncBatch;
use super::store::StoreError;

/// The bytes that always stay free: for the index, and for other programs on the same volume.
const LEAST: u64 = 64 << 20;
/// The most bytes that a record in a batch takes besides its own: the store writes whole pages.
const PER_RECORD: u64 = 32 << 10;
/// How many times larger a step is once it is decompressed.
const UNPACKED: u64 = 4;
/// How often the bytes of a record may be written: to the store, to the index, and again when either reorganises its
/// files.
const TIMES: u64 = 4;

/// Watches the free space on the catalogue's volume.
pub(super) struct VolumeRoom {
    directory: Option<PathBuf>,
    /// A directory on that volume. `None` if the catalogue is in memory.
    volume: Option<PathBuf>,
    free: Box<FreeBytes>,
}

/// Returns the number of free bytes on the volume of a directory.
pub(super) type FreeBytes = dyn Fn(&Path) -> io::Result<u64> + Send + Sync;

impl VolumeRoom {
    /// Watches the volume of a directory. Without one, watches nothing until [`Self::unkept`] names a volume.
    pub(super) fn at(directory: Option<PathBuf>) -> Self {
        Self::told_by(directory, Box::new(|path: &Path| fs4::available_space(path)))
    }

    /// Like [`Self::at`], but gets the free space from `free`.
    pub(super) fn told_by(directory: Option<PathBuf>, free: Box<FreeBytes>) -> Self {
        Self { volume: directory.clone(), directory, free }
    }

    /// Notes that nothing is kept in the directory: what is written takes up this volume, or memory if there is none.
    pub(super) fn unkept(self, volume: Option<PathBuf>) -> Self {
        Self { directory: None, volume, ..self }
    }

    /// Returns the directory. `None` if the catalogue is not kept when the gateway stops.
    pub(super) fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// Checks that there is room to write these batches.
    pub(super) fn for_batches(&self, batches: &[SyncBatch]) -> Result<(), StoreError> {
        self.for_more(|| batches.iter().map(most_bytes).fold(0, u64::saturating_add))
    }

    /// Checks that there is room to apply steps of this many bytes, compressed as in the journal.
    pub(super) fn for_bytes(&self, packed: usize) -> Result<(), StoreError> {
        self.for_more(|| (packed as u64).saturating_mul(UNPACKED * TIMES))
    }

    fn for_more(&self, bytes: impl FnOnce() -> u64) -> Result<(), StoreError> {
        let Some(path) = &self.volume else { return Ok(()) };
        // If the free space is unknown, writing will show whether there is room.
        let Ok(free) = (self.free)(path) else { return Ok(()) };
        let wanted = LEAST.saturating_add(bytes());
        if free >= wanted {
            return Ok(());
        }
        Err(StoreError::NoRoom { path: path.clone(), free, wanted })
    }
}

fn most_bytes(batch: &SyncBatch) -> u64 {
    let records = batch.upserts.iter().map(|upsert| upsert.record.weight());
    let notes = batch.notes.iter().filter_map(|(_, note)| Some(note.as_ref()?.len()));
    let bytes = records.chain(notes).chain(batch.state.as_ref().map(Vec::len)).sum::<usize>() as u64;
    PER_RECORD.saturating_mul(batch.len() as u64).saturating_add(bytes.saturating_mul(TIMES))
}

impl fmt::Debug for VolumeRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VolumeRoom").field("directory", &self.directory).finish_non_exhaustive()
    }
}
