//! Decompresses responses whose headers do not say that they are compressed. Some publishers serve a compressed file
//! from a server that does not know.

use std::io::Read;

use bytes::Bytes;
use flate2::read::{MultiGzDecoder, ZlibDecoder};

use crate::source::dialect::NotAPage;
use crate::source::patience::ReadingPatience;

/// How many layers of compression are removed.
const MOST_TIMES: usize = 2;
/// How many bytes are decompressed before the limit is checked again.
const PIECE: usize = 64 << 10;

/// Returns whether a body begins like compressed data. JSON never begins with these bytes.
pub(super) fn is_packed(body: &[u8]) -> bool {
    matches!(body, [0x1f, 0x8b, 8, ..] | [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..])
}

/// Decompresses a body if necessary. A truncated body is decompressed as far as possible.
///
/// # Errors
/// If the result exceeds `most` bytes, or nobody waits for it any more.
pub(super) fn unpacked(mut body: Bytes, most: usize, patience: &ReadingPatience) -> Result<Bytes, NotAPage> {
    for _ in 0..MOST_TIMES {
        if !is_packed(&body) {
            break;
        }
        let inside = match body.first() {
            Some(0x1f) => all(MultiGzDecoder::new(&*body), most, patience)?,
            _ => all(ZlibDecoder::new(&*body), most, patience)?,
        };
        if inside.is_empty() {
            break;
        }
        body = inside.into();
    }
    Ok(body)
}

fn all(mut reader: impl Read, most: usize, patience: &ReadingPatience) -> Result<Vec<u8>, NotAPage> {
    let mut out = Vec::new();
    loop {
        if patience.is_over() {
            return Err(NotAPage::GivenUp);
        }
        // Broken data ends here, too, and what came before it is kept.
        let read = reader.by_ref().take(PIECE as u64).read_to_end(&mut out);
        if out.len() > most {
            return Err(NotAPage::TooLong);
        }
        if !matches!(read, Ok(PIECE)) {
            return Ok(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(body: Vec<u8>, most: usize) -> Result<Bytes, NotAPage> {
        unpacked(body.into(), most, &ReadingPatience::default())
    }

    #[test]
    fn quirk_119_what_is_compressed_without_saying_so_is_unpacked() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"[1]").unwrap();
        for packed in
            [gzip(b"[1]"), gzip(&gzip(b"[1]")), zlib.finish().unwrap(), [gzip(b"["), gzip(b"1]")].concat()]
        {
            assert!(is_packed(&packed));
            assert_eq!(unpack(packed, 100).unwrap(), "[1]");
        }
        for plain in ["[1]", "", "x", "{\"x\": 1}"] {
            assert_eq!(unpack(plain.into(), 100).unwrap(), plain);
        }
    }

    #[test]
    fn what_breaks_off_is_unpacked_as_far_as_it_goes() {
        let page: String = (0..10_000).map(|n| format!("{{\"id\": {n}}},")).collect();
        let mut packed = gzip(page.as_bytes());
        packed.truncate(packed.len() / 2);
        let half = unpack(packed, 1 << 20).unwrap();
        assert!(half.len() > 1000 && page.as_bytes().starts_with(&half), "{}", half.len());
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused_early() {
        let bomb = gzip(&vec![b' '; 64 << 20]);
        assert_eq!(unpack(bomb.clone(), 1 << 20), Err(NotAPage::TooLong));
        let patience = ReadingPatience::default();
        drop(patience.while_waiting());
        assert_eq!(unpacked(bomb.into(), 1 << 30, &patience), Err(NotAPage::GivenUp));
    }
}
