//! A store on a disk that cannot be written to: the file is read, and what is written is held in memory.
//!
//! Walks and repairs therefore work as usual until the process ends. The memory used grows with what is written, up to
//! about the size of the store.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;

/// The size of a page of the overlay in bytes, the same as the store's.
const PAGE: u64 = 4096;

/// A file that is only read, under the pages written since it was opened.
#[derive(Debug)]
pub(super) struct FileOverlay(Mutex<Layers>);

#[derive(Debug)]
struct Layers {
    file: File,
    /// How many bytes at the beginning of the file still count: it may have been truncated since.
    visible: u64,
    len: u64,
    written: BTreeMap<u64, Vec<u8>>,
}

impl FileOverlay {
    /// Opens a file for reading, and locks it against writers.
    ///
    /// # Errors
    /// Returns `WouldBlock` if another process has it open for writing.
    pub(super) fn over(file: File) -> io::Result<Self> {
        file.try_lock_shared().map_err(io::Error::from)?;
        let len = file.metadata()?.len();
        Ok(Self(Mutex::new(Layers { file, visible: len, len, written: BTreeMap::new() })))
    }

    fn layers(&self) -> MutexGuard<'_, Layers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Layers {
    /// Fills `out` with the file's bytes from `offset`, and with zeros beyond its end.
    fn read_file(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let there = usize::try_from(self.visible.saturating_sub(offset)).unwrap_or(usize::MAX);
        let (from_file, behind) = out.split_at_mut(there.min(out.len()));
        behind.fill(0);
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read_exact(from_file)
    }

    fn read_page(&mut self, page: u64, within: usize, out: &mut [u8]) -> io::Result<()> {
        match self.written.get(&page).and_then(|bytes| bytes.get(within..)?.get(..out.len())) {
            Some(bytes) => out.copy_from_slice(bytes),
            None => self.read_file(page * PAGE + within as u64, out)?,
        }
        Ok(())
    }

    fn write_page(&mut self, page: u64, within: usize, data: &[u8]) -> io::Result<()> {
        if !self.written.contains_key(&page) {
            let mut bytes = vec![0; PAGE as usize];
            self.read_file(page * PAGE, &mut bytes)?;
            self.written.insert(page, bytes);
        }
        let bytes =
            self.written.get_mut(&page).and_then(|page| page.get_mut(within..)?.get_mut(..data.len()));
        bytes.ok_or(ErrorKind::UnexpectedEof)?.copy_from_slice(data);
        Ok(())
    }

    fn cut(&mut self, len: u64) -> io::Result<()> {
        let kept = len % PAGE;
        if len < self.len && kept > 0 {
            // Bytes beyond the end must read as zeros if the store grows again.
            self.write_page(len / PAGE, kept as usize, &vec![0; (PAGE - kept) as usize])?;
        }
        self.written.split_off(&len.div_ceil(PAGE));
        (self.visible, self.len) = (self.visible.min(len), len);
        Ok(())
    }
}

/// Returns the first page of a range of bytes, the offset within that page, and how many bytes of the page the range
/// covers.
fn first_stretch(offset: u64, len: usize) -> (u64, usize, usize) {
    let within = (offset % PAGE) as usize;
    (offset / PAGE, within, len.min(PAGE as usize - within))
}

impl StorageBackend for FileOverlay {
    fn len(&self) -> io::Result<u64> {
        Ok(self.layers().len)
    }

    fn read(&self, mut offset: u64, mut out: &mut [u8]) -> io::Result<()> {
        let mut layers = self.layers();
        if offset.saturating_add(out.len() as u64) > layers.len {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        while !out.is_empty() {
            let (page, within, count) = first_stretch(offset, out.len());
            let (now, later) = out.split_at_mut(count);
            layers.read_page(page, within, now)?;
            (offset, out) = (offset + count as u64, later);
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.layers().cut(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, mut offset: u64, mut data: &[u8]) -> io::Result<()> {
        let mut layers = self.layers();
        if offset.saturating_add(data.len() as u64) > layers.len {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        while !data.is_empty() {
            let (page, within, count) = first_stretch(offset, data.len());
            let (now, later) = data.split_at(count);
            layers.write_page(page, within, now)?;
            (offset, data) = (offset + count as u64, later);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Resize(u64),
        Write(u64, Vec<u8>),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..20_000_u64).prop_map(Step::Resize),
            (0..20_000_u64, prop::collection::vec(any::<u8>(), 0..9_000))
                .prop_map(|(at, bytes)| Step::Write(at, bytes)),
        ]
    }

    proptest! {
        #[test]
        fn it_reads_as_a_file_would(
            begun in prop::collection::vec(1..=255_u8, 0..12_000),
            steps in prop::collection::vec(step(), 0..12),
        ) {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&begun).unwrap();
            let overlay = FileOverlay::over(file.try_clone().unwrap()).unwrap();
            let mut expected = begun.clone();
            for step in steps {
                match step {
                    Step::Resize(len) => {
                        overlay.set_len(len).unwrap();
                        expected.resize(len as usize, 0);
                    }
                    Step::Write(at, bytes) => {
                        let fits = expected.get_mut(at as usize..).and_then(|rest| rest.get_mut(..bytes.len()));
                        assert_eq!(overlay.write(at, &bytes).is_ok(), fits.is_some());
                        fits.into_iter().for_each(|place| place.copy_from_slice(&bytes));
                    }
                }
                let mut read = vec![0xee; expected.len()];
                overlay.read(0, &mut read).unwrap();
                prop_assert!(read == expected && overlay.len().unwrap() == expected.len() as u64);
                prop_assert!(overlay.read(1, &mut read).is_err() || expected.is_empty());
            }
            prop_assert_eq!(file.metadata().unwrap().len(), begun.len() as u64);
        }
    }
}
