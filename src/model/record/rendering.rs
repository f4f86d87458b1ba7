//! Written forms of records. They can be sent again as long as the record is unchanged.

use std::mem::size_of;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwapOption;
use chrono::NaiveDate;
use smallvec::SmallVec;

/// Identifies how a record is written: the selection of one field of one plan, for example. Two shapes are never equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape(u64);

impl Shape {
    /// Returns a shape that differs from every other shape of this process.
    pub fn unique() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// The bytes written for one record. They depend on no other record, and not on the time of day.
#[derive(Clone, Debug)]
pub struct Rendering {
    /// How the record was written.
    pub shape: Shape,
    /// The day on which it is valid. `None` if it does not depend on the day.
    pub day: Option<NaiveDate>,
    /// The number of list elements in it, which the budget of an operation counts.
    pub nodes: usize,
    /// The bytes to send.
    pub bytes: Arc<[u8]>,
}

/// The renderings of one record, at most one for each shape. Clones share them, because a page clones hundreds of sets.
#[derive(Clone, Debug, Default)]
pub struct Renderings(Arc<[Rendering]>);

impl Renderings {
    /// Returns the rendering in `shape`, if it is valid today.
    pub fn find(&self, shape: Shape, today: NaiveDate) -> Option<&Rendering> {
        self.0.iter().find(|held| held.shape == shape && held.day.is_none_or(|day| day == today))
    }

    /// Adds a rendering, replacing one of the same shape. Drops the oldest if there are more than `most`.
    #[must_use]
    pub fn with(&self, new: Rendering, most: usize) -> Self {
        let others = self.0.iter().filter(|held| held.shape != new.shape).cloned();
        let mut held: SmallVec<[Rendering; 2]> = others.collect();
        if held.len() >= most {
            held.drain(..=held.len() - most);
        }
        held.push(new);
        Self(held.into_iter().collect())
    }

    /// Returns how many bytes the renderings take.
    pub fn weight(&self) -> usize {
        self.0.iter().map(|held| size_of::<Rendering>() + held.bytes.len()).sum()
    }
}

/// Renderings kept beside a record for as long as the record is in memory. Cloning yields an empty set, because the
/// copy of the record may be changed.
#[derive(Debug, Default)]
pub struct OwnRenderings(ArcSwapOption<Renderings>);

/// The most shapes that are kept beside a record.
const MOST_SHAPES: usize = 2;

/// A rendering may take at most this fraction of the record's own size: one eighth.
const MOST_OF_RECORD: usize = 8;

impl OwnRenderings {
    /// Returns the rendering in `shape`, if it is valid today.
    pub fn find(&self, shape: Shape, today: NaiveDate) -> Option<Rendering> {
        self.0.load().as_ref()?.find(shape, today).cloned()
    }

    /// Keeps a rendering, unless it is too large compared with the record. `record_weight` is in bytes.
    pub fn keep(&self, rendering: Rendering, record_weight: usize) {
        if rendering.bytes.len() <= record_weight / MOST_OF_RECORD {
            let before = self.0.load().as_deref().cloned().unwrap_or_default();
            self.0.store(Some(Arc::new(before.with(rendering, MOST_SHAPES))));
        }
    }
}

impl Clone for OwnRenderings {
    fn clone(&self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendering(shape: Shape, day: Option<NaiveDate>, bytes: &[u8]) -> Rendering {
        Rendering { shape, day, nodes: 0, bytes: bytes.into() }
    }

    #[test]
    fn the_newest_of_a_shape_is_found_on_its_day_and_the_oldest_shape_goes() {
        let [today, tomorrow] = [1, 2].map(|day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap());
        let [a, b, c] = [(); 3].map(|()| Shape::unique());
        let held = Renderings::default()
            .with(rendering(a, None, b"a"), 2)
            .with(rendering(b, Some(today), b"b"), 2)
            .with(rendering(a, None, b"again"), 2);
        let found = |held: &Renderings, shape, day| held.find(shape, day).map(|one| one.bytes.to_vec());
        assert_eq!(found(&held, a, tomorrow), Some(b"again".to_vec()));
        assert_eq!(found(&held, b, today), Some(b"b".to_vec()));
        assert_eq!(found(&held, b, tomorrow), None);
        let held = held.with(rendering(c, None, b"c"), 2);
        assert_eq!((found(&held, b, today), found(&held, a, today).is_some()), (None, true));
    }

    #[test]
    fn a_copy_of_a_record_has_nothing_of_what_was_written_of_it() {
        let (shape, today) = (Shape::unique(), NaiveDate::default());
        let own = OwnRenderings::default();
        own.keep(rendering(shape, None, &[7; 100]), 799);
        assert!(own.find(shape, today).is_none(), "it is too large beside its record");
        own.keep(rendering(shape, None, &[7; 100]), 800);
        assert!(own.find(shape, today).is_some());
        assert!(own.clone().find(shape, today).is_none());
    }
}
