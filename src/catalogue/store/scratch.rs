//! A store that nobody asked to be kept: a file without a name, which goes when the gateway stops, however it stops.
//!
//! A catalogue is far larger than what is read of it at one time, so the system's cache of files serves it better than
//! memory of our own: the cache holds what is read often, and gives way.

use std::io;
use std::path::PathBuf;

use redb::StorageBackend;
use redb::backends::FileBackend;

/// What is to be free where the file is made: as in a container whose temporary files have a volume of their own.
const LEAST_ROOM: u64 = 1 << 30;

/// The file. Nobody waits for it to reach the disk: after a crash there would be nobody to open it.
#[derive(Debug)]
pub(super) struct ScratchFile(FileBackend);

impl ScratchFile {
    /// Makes the file where the system has its temporary files.
    ///
    /// # Errors
    /// When no file can be made there, or the room is so little that memory is likely to hold more.
    pub(super) fn new() -> io::Result<Self> {
        if fs4::available_space(Self::directory())? < LEAST_ROOM {
            return Err(io::ErrorKind::StorageFull.into());
        }
        FileBackend::new(tempfile::tempfile()?).map(Self).map_err(io::Error::other)
    }

    /// Where the file takes up room.
    pub(super) fn directory() -> PathBuf {
        tempfile::env::temp_dir()
    }
}

impl StorageBackend for ScratchFile {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.0.close()
    }
}
