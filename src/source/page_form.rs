//! The parameters with which a feed accepts page requests. If it refuses a page size, smaller ones are tried, then
//! none.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::error::{SourceError, SourceErrorCode};
use super::feed::KnownFeed;
use crate::model::{ContentHash, RecordKind};

/// Which paging parameters the first page of a list is requested with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageForm {
    /// The number of records requested. `None` leaves it to the feed.
    pub size: Option<usize>,
    /// Whether the first page is requested by its number.
    pub is_numbered: bool,
}

/// What has been learnt about paging since the gateway started.
#[derive(Default)]
pub(crate) struct PageHabits {
    by_kind: Mutex<BTreeMap<RecordKind, PageHabit>>,
    winners: Mutex<BTreeMap<RecordKind, WinningRecords>>,
}

/// The content hashes of the records that were kept, by id, where several records had one id.
pub(crate) type WinningRecords = HashMap<Box<str>, ContentHash>;

/// What has been learnt about one list.
#[derive(Clone, Copy, Debug, Default)]
struct PageHabit {
    form: Option<PageForm>,
    /// When the feed last refused every form.
    refused_at: Option<Instant>,
    /// Whether pages are counted from 0.
    from_zero: Option<bool>,
    /// A hash of the ids that the list is known to contain more than once.
    repeats: Option<u64>,
}

/// The smallest page size that is tried before the parameter is left out.
const SMALL: usize = 10;
/// How long to wait before other forms are tried again, if the feed refused them all.
const REST: Duration = Duration::from_secs(3600);

impl PageForm {
    /// Requests the configured number of records by page number.
    pub(crate) fn of(size: usize) -> Self {
        Self { size: Some(size), is_numbered: true }
    }

    /// Returns the forms to try if this one is refused, in order.
    fn plainer(self) -> impl Iterator<Item = Self> {
        let size = self.size.unwrap_or(0);
        let smaller =
            [size / 2, size / 4, SMALL].into_iter().filter(move |smaller| (SMALL..size).contains(smaller));
        let mut sizes: Vec<usize> = smaller.collect();
        sizes.dedup();
        let without = [Self { size: None, is_numbered: true }, Self { size: None, is_numbered: false }];
        let smaller = sizes.into_iter().map(move |size| Self { size: Some(size), ..self });
        smaller.chain(without).filter(move |form| *form != self)
    }
}

impl PageHabits {
    /// Returns the form that the feed is known to accept for a list, or the default form for `size`.
    pub(crate) fn form(&self, kind: RecordKind, size: usize) -> PageForm {
        self.of(kind).form.unwrap_or_else(|| PageForm::of(size))
    }

    /// Returns whether pages of a list are counted from 0. Returns `None` if that is not known.
    pub(crate) fn counts_from_zero(&self, kind: RecordKind) -> Option<bool> {
        self.of(kind).from_zero
    }

    pub(crate) fn note_from_zero(&self, kind: RecordKind, from_zero: bool) {
        self.note(kind, |habit| habit.from_zero = Some(from_zero));
    }

    /// Returns a hash of the ids that the list is known to contain more than once.
    pub(crate) fn repeats(&self, kind: RecordKind) -> Option<u64> {
        self.of(kind).repeats
    }

    pub(crate) fn note_repeats(&self, kind: RecordKind, repeats: u64) {
        self.note(kind, |habit| habit.repeats = Some(repeats));
    }

    /// Returns which records the last walk kept where several had one id.
    pub(crate) fn winners(&self, kind: RecordKind) -> WinningRecords {
        self.winners.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned().unwrap_or_default()
    }

    pub(crate) fn note_winners(&self, kind: RecordKind, winners: WinningRecords) {
        self.winners.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, winners);
    }

    fn of(&self, kind: RecordKind) -> PageHabit {
        self.by_kind.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).copied().unwrap_or_default()
    }

    fn note(&self, kind: RecordKind, change: impl FnOnce(&mut PageHabit)) {
        change(self.by_kind.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default());
    }
}

/// Returns whether the feed refuses the parameters of a request, judging by the status.
pub(crate) fn is_refusal(error: &SourceError) -> bool {
    error.code == SourceErrorCode::HttpStatus && matches!(error.http_status, Some(400 | 413 | 416 | 422))
}

impl KnownFeed {
    /// Requests the first page of a list in the form that the feed is known to accept. If it is refused, tries smaller
    /// pages, then no size, then no number.
    ///
    /// # Errors
    /// The first refusal if every form is refused, or any other failure at once.
    pub(crate) async fn ask_for_first<T, F>(
        &self,
        kind: RecordKind,
        ask: impl Fn(PageForm) -> F,
    ) -> Result<T, SourceError>
    where
        F: Future<Output = Result<T, SourceError>>,
    {
        let form = self.habits.form(kind, self.limits.page_size);
        let refused = match ask(form).await {
            Err(error) if is_refusal(&error) => error,
            answered => return answered,
        };
        if self.habits.of(kind).refused_at.is_some_and(|at| at.elapsed() < REST) {
            return Err(refused);
        }
        for plainer in form.plainer() {
            match ask(plainer).await {
                Err(error) if is_refusal(&error) => {}
                Ok(answer) => {
                    tracing::info!(source = %self.key, kind = kind.type_name(), size = plainer.size, "the feed refuses this form of paging; trying another");
                    self.habits.note(kind, |habit| habit.form = Some(plainer));
                    return Ok(answer);
                }
                Err(error) => return Err(error),
            }
        }
        self.habits.note(kind, |habit| habit.refused_at = Some(Instant::now()));
        Err(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smaller_pages_are_asked_for_before_the_parameters_are_left_out() {
        let tried =
            |form: PageForm| form.plainer().map(|form| (form.size, form.is_numbered)).collect::<Vec<_>>();
        let none = [(None, true), (None, false)];
        assert_eq!(
            tried(PageForm::of(100)),
            [&[(Some(50), true), (Some(25), true), (Some(10), true)], &none[..]].concat()
        );
        assert_eq!(tried(PageForm::of(20)), [&[(Some(10), true)], &none[..]].concat());
        assert_eq!(tried(PageForm::of(5)), none);
        assert_eq!(tried(PageForm { size: None, is_numbered: true }), [(None, false)]);
    }
}
