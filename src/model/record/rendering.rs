//! What readers write of records: it can be sent again for as long as its record is as it was.

use std::mem::size_of;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwapOption;
use chrono::NaiveDate;
use smallvec::SmallVec;

/// What is written of a record and how: the selection of one field of one plan, for example. Two shapes are never equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape(u64);

impl Shape {
    /// Returns a shape that none of this process is equal to.
    pub fn unique() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// What was written of one record, and of nothing else: no other record went into it, nor the time of day.
#[derive(Clone, Debug)]
pub struct Rendering {
    /// What it shows.
    pub shape: Shape,
    /// The day for which it holds. `None` if it does not depend on the day.
    pub day: Option<NaiveDate>,
    /// How many elements of lists it has, for the budget of an operation.
    pub nodes: usize,
    /// What was written.
    pub bytes: Arc<[u8]>,
}

/// What was written of one record in several shapes.
#[derive(Debug, Default)]
pub struct Renderings(SmallVec<[Rendering; 1]>);

impl Clone for Renderings {
    // Pages look up hundreds, nearly all of one shape, which is copied faster than a list.
    fn clone(&self) -> Self {
        match self.0.as_slice() {
            [one] => Self(SmallVec::from_buf([one.clone()])),
            several => Self(several.iter().cloned().collect()),
        }
    }
}

impl Renderings {
    /// Returns what was written in a shape, if it holds today.
    pub fn find(&self, shape: Shape, today: NaiveDate) -> Option<&Rendering> {
        self.0.iter().find(|held| held.shape == shape && held.day.is_none_or(|day| day == today))
    }

    /// Returns them with one more, but without the oldest if there are more than `most` then.
    #[must_use]
    pub fn with(mut self, new: Rendering, most: usize) -> Self {
        self.0.retain(|held| held.shape != new.shape);
        if self.0.len() >= most {
            self.0.drain(..=self.0.len() - most);
        }
        self.0.push(new);
        self
    }

    /// Returns how many bytes they take.
    pub fn weight(&self) -> usize {
        self.0.iter().map(|held| size_of::<Rendering>() + held.bytes.len()).sum()
    }
}

/// What was written of a record, kept beside it for as long as it is in memory. A copy of the record begins without any,
/// since it may be changed.
#[derive(Debug, Default)]
pub struct OwnRenderings(ArcSwapOption<Renderings>);

/// The most shapes that are kept beside a record.
const MOST_SHAPES: usize = 2;

/// What these may take: a share of what the record takes.
const MOST_OF_RECORD: usize = 8;

impl OwnRenderings {
    /// Returns what was written in a shape, if it holds today.
    pub fn find(&self, shape: Shape, today: NaiveDate) -> Option<Rendering> {
        self.0.load().as_ref()?.find(shape, today).cloned()
    }

    /// Keeps what was written of the record, unless it is large beside it.
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
