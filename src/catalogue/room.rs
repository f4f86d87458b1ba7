//! Whether there is room to write. A disk that is full in the middle of a write leaves the store closed to everything
//! until it is opened again, so what may not fit is not begun.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::batch::SyncBatch;
use super::store::StoreError;

/// What is always to be left: for the index, and for others who write where the store is.
const LEAST: u64 = 64 << 20;
/// What a record named in a batch may come to besides its own bytes: pages of the store are written whole.
const PER_RECORD: u64 = 32 << 10;
/// How much more the bytes of a step come to once they are unpacked.
const UNPACKED: u64 = 4;
/// How often the bytes of a record may be written: in the store, in the index, and while either moves things about.
const TIMES: u64 = 4;

/// The room on the volume that the catalogue is on.
pub(super) struct VolumeRoom {
    directory: Option<PathBuf>,
    /// A directory on that volume; none if the catalogue is in memory.
    volume: Option<PathBuf>,
    free: Box<FreeBytes>,
}

/// Tells how many bytes are free where a directory is.
pub(super) type FreeBytes = dyn Fn(&Path) -> io::Result<u64> + Send + Sync;

impl VolumeRoom {
    /// Of a directory; without one, of wherever the store then goes.
    pub(super) fn at(directory: Option<PathBuf>) -> Self {
        Self::told_by(directory, Box::new(|path: &Path| fs4::available_space(path)))
    }

    /// The same, told by somebody else.
    pub(super) fn told_by(directory: Option<PathBuf>, free: Box<FreeBytes>) -> Self {
        Self { volume: directory.clone(), directory, free }
    }

    /// Keeps nothing in the directory: all that is written takes room on this volume, or memory.
    pub(super) fn unkept(self, volume: Option<PathBuf>) -> Self {
        Self { directory: None, volume, ..self }
    }

    /// Returns the directory, or `None` if the catalogue is not kept when the gateway stops.
    pub(super) fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// Makes sure that these can be written.
    pub(super) fn for_batches(&self, batches: &[SyncBatch]) -> Result<(), StoreError> {
        self.for_more(|| batches.iter().map(most_bytes).fold(0, u64::saturating_add))
    }

    /// Makes sure that steps of so many bytes, as the journal holds them, can be taken.
    pub(super) fn for_bytes(&self, packed: usize) -> Result<(), StoreError> {
        self.for_more(|| (packed as u64).saturating_mul(UNPACKED * TIMES))
    }

    fn for_more(&self, bytes: impl FnOnce() -> u64) -> Result<(), StoreError> {
        let Some(path) = &self.volume else { return Ok(()) };
        // Where that cannot be told, writing itself will show.
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
