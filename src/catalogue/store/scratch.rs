//! A store without a directory: an unnamed file, which disappears when the gateway stops, however it stops.
//!
//! A catalogue is far larger than what is read of it at one time. The system's page cache holds what is read often and
//! gives way when memory is short, so it serves better than memory of our own.

use std::io;
use std::path::PathBuf;

use redb::StorageBackend;
use redb::backends::FileBackend;

/// The least free space for the file, in bytes. The temporary directory of a container may be a small volume of its
/// own.
const LEAST_ROOM: u64 = 1 << 30;

/// The file. Writes are never synced: nobody opens it after a crash.
#[derive(Debug)]
pub(super) struct ScratchFile(FileBackend);

impl ScratchFile {
    /// Creates the file in the system's temporary directory.
    ///
    /// # Errors
    /// If no file can be created there, or less than 1 GiB is free, so that memory is likely to hold more.
    pub(super) fn new() -> io::Result<Self> {
        if fs4::available_space(Self::directory())? < LEAST_ROOM {
            return Err(io::ErrorKind::StorageFull.into());
        }
        FileBackend::new(tempfile::tempfile()?).map(Self).map_err(io::Error::other)
    }

    /// Returns the directory in which the file takes up space.
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
