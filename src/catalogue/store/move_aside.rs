//! Moves a broken store aside and keeps the newest three, so that an operator can find out what went wrong.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How many broken stores are kept: more could fill the disk.
const KEPT: u32 = 3;

/// Renames a file to `….broken`, and those moved aside earlier to `….broken.2` and `….broken.3`. A fourth is removed,
/// with a warning in the log. Returns the new path of the file.
pub(super) fn newest_first(path: &Path) -> io::Result<PathBuf> {
    let oldest = place(path, KEPT);
    if oldest.exists() {
        tracing::warn!(file = %oldest.display(), "removing the oldest broken store to make room for a newer one");
    }
    for number in (1..KEPT).rev() {
        let newer = place(path, number);
        if newer.exists() {
            fs::rename(newer, place(path, number + 1))?;
        }
    }
    let newest = place(path, 1);
    fs::rename(path, &newest)?;
    Ok(newest)
}

/// Returns every path that a store may have been moved to.
pub(super) fn places(path: &Path) -> Vec<PathBuf> {
    (1..=KEPT).map(|number| place(path, number)).collect()
}

fn place(path: &Path, number: u32) -> PathBuf {
    let mut place = OsString::from(path);
    place.push(".broken");
    if number > 1 {
        place.push(format!(".{number}"));
    }
    PathBuf::from(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_three_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("catalogue.redb");
        for content in ["1", "2", "3", "4"] {
            fs::write(&path, content).unwrap();
            assert_eq!(newest_first(&path).unwrap(), path.with_extension("redb.broken"));
        }
        let kept = ["redb.broken", "redb.broken.2", "redb.broken.3"];
        let kept = kept.map(|extension| fs::read_to_string(path.with_extension(extension)).unwrap());
        assert_eq!(kept, ["4", "3", "2"]);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 3);
    }
}
