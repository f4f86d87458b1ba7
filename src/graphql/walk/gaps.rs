//! Gaps: places in the output for values that must be waited for. All gaps of a walk are filled concurrently.

use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

use async_graphql::ServerError;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, StreamExt as _};
use tokio::task::coop::consume_budget;

use super::{DATA, OutputWalk, PathStep, Reach, Reached, WalkStop, WriteResult};
use crate::graphql::context::FieldContext;
use crate::graphql::operation::RunningOperation;
use crate::graphql::output::{FieldOutput, GraphObject};
use crate::graphql::plan::{FieldPlan, SelectedFields};

/// The most gaps of a walk that are filled at once. Their requests to feeds run together. Further gaps take little
/// memory until they start.
const AT_ONCE: usize = 100;

/// The most bytes reserved for a response, given the size of the last response to the same document.
const MOST_RESERVED: usize = 256 << 10;

/// A place where a value is still to be written.
pub(super) struct WalkGap<'r> {
    at: usize,
    /// The index of the frame that becomes null if a non-null value is not available for the gap. `None` until the
    /// frame is known, and in the end if null propagates beyond the walk.
    frame: Option<usize>,
    fill: Fill<'r>,
}

/// The future of a field's value, and where to write it.
pub(crate) type ResolvingField<'r, T> = BoxFuture<'r, (GapPlace<'r>, T)>;

/// Fills a gap. Takes little memory until it is called.
type Fill<'r> = Box<dyn FnOnce() -> BoxFuture<'r, WrittenFragment> + Send + 'r>;

/// The byte range of a nullable value that contains gaps.
pub(super) struct NullableFrame {
    start: usize,
    end: usize,
    /// Whether the value has become null.
    is_null: bool,
}

/// The output of one value.
#[derive(Debug, Default)]
pub(crate) struct WrittenFragment {
    pub(crate) bytes: Vec<u8>,
    /// Errors, each with its offset in the bytes.
    pub(crate) errors: Vec<(usize, ServerError)>,
    /// Whether a non-null value is not available.
    pub(crate) raised: bool,
}

/// The place where a field's value will be written.
pub(crate) struct GapPlace<'r> {
    operation: &'r RunningOperation,
    field: &'r FieldPlan,
    path: Vec<PathStep<'r>>,
    reached: Reached,
}

/// A walk that has written all ready values, or was stopped. Filling its gaps completes it.
pub(crate) struct FinishedWalk<'r>(OutputWalk<'r>, WriteResult);

impl<'r> GapPlace<'r> {
    /// Returns the context of the field.
    pub(crate) fn context(&self) -> FieldContext<'_> {
        FieldContext::new(self.operation, self.field, &self.path, &self.reached)
    }

    /// Writes the value, leaving gaps for parts that must be waited for.
    pub(crate) fn write<T: FieldOutput + ?Sized>(self, value: &T) -> FinishedWalk<'r> {
        let mut walk = OutputWalk::new(self.operation, self.path);
        let written = value.write(self.field, &mut walk).and_then(|()| walk.count_bytes());
        FinishedWalk(walk, written)
    }
}

impl<'r> OutputWalk<'r> {
    /// Writes the value of a field if it is ready, and leaves a gap otherwise.
    ///
    /// # Errors
    /// The same as [`FieldOutput::write`].
    pub(crate) fn resolve<T: FieldOutput + 'r>(
        &mut self,
        field: &'r FieldPlan,
        resolve: impl FnOnce(GapPlace<'r>) -> ResolvingField<'r, T> + Send + 'r,
    ) -> WriteResult {
        self.reached.note(Reach::Anything);
        let (path, reached) = (self.path.clone(), Reached::default());
        let place = GapPlace { operation: self.operation, field, path, reached };
        if self.resolving == AT_ONCE {
            self.leave_gap(Box::new(move || Box::pin(fill_gap(resolve(place)))));
            return Ok(());
        }
        let mut resolving = resolve(place);
        // Polling once with a no-op waker is safe: filling the gap polls again with a real one.
        match resolving.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready((_, value)) => value.write(field, self),
            Poll::Pending => {
                self.resolving += 1;
                self.leave_gap(Box::new(move || Box::pin(fill_gap(resolving))));
                Ok(())
            }
        }
    }

    fn leave_gap(&mut self, fill: Fill<'r>) {
        self.gaps.push(WalkGap { at: self.out.len(), frame: None, fill });
    }

    /// Leaves a gap that raises when it is filled, so that null propagates once everything before it is known.
    pub(super) fn raise_later(&mut self) {
        let raised = || WrittenFragment { raised: true, ..WrittenFragment::default() };
        self.leave_gap(Box::new(move || Box::pin(std::future::ready(raised()))));
    }

    /// Ends a nullable value: if one of its gaps raises, it becomes null, unless a nullable value inside it does.
    pub(super) fn close_frame(&mut self, start: usize, first_gap: usize) {
        let within = self.gaps.get_mut(first_gap..).unwrap_or_default();
        let mut within = within.iter_mut().filter(|gap| gap.frame.is_none()).peekable();
        if within.peek().is_some() {
            let frame = self.frames.len();
            within.for_each(|gap| gap.frame = Some(frame));
            self.frames.push(NullableFrame { start, end: self.out.len(), is_null: false });
        }
    }
}

impl OutputWalk<'_> {
    /// Fills the gaps and joins the output.
    async fn fill(mut self) -> WrittenFragment {
        consume_budget().await;
        let mut places = Vec::with_capacity(self.gaps.len());
        let mut fills = Vec::with_capacity(self.gaps.len());
        for WalkGap { at, frame, fill } in self.gaps.drain(..) {
            places.push((at, frame));
            fills.push(fill);
        }
        let filled = fill_all(fills).await;
        Joining::new(self).join(places.into_iter().zip(filled))
    }
}

impl<'r> FinishedWalk<'r> {
    /// Writes the root of the graph.
    pub(crate) fn of_root(
        operation: &'r RunningOperation,
        plan: &'r SelectedFields,
        root: &impl GraphObject,
    ) -> Self {
        let mut walk = OutputWalk::new(operation, Vec::new());
        walk.out.reserve(plan.bytes.load(Ordering::Relaxed).min(MOST_RESERVED));
        walk.out.extend_from_slice(DATA);
        let written = walk.object(plan, |field, walk| root.write_field(field, walk));
        let written = written.and_then(|()| walk.count_bytes());
        // A little more than the last response, because most responses to one document are about the same size.
        plan.bytes.store(walk.out.len() + walk.out.len() / 8, Ordering::Relaxed);
        Self(walk, written)
    }

    /// Fills the gaps. Never completes if the operation has ended: the future is then dropped.
    pub(crate) async fn finish(self) -> WrittenFragment {
        let Self(mut walk, written) = self;
        // The memory of the output is accounted for until all of its parts are there.
        walk.operation.asking().hold(walk.out.len()).await;
        match written {
            Err(WalkStop::Ended) => std::future::pending().await,
            Err(WalkStop::Raised) if !walk.gaps.is_empty() => {
                walk.raise_later();
                walk.fill().await
            }
            Err(WalkStop::Raised) => {
                WrittenFragment { errors: walk.errors, raised: true, ..WrittenFragment::default() }
            }
            Ok(()) if walk.gaps.is_empty() => {
                WrittenFragment { bytes: walk.out, errors: walk.errors, raised: false }
            }
            Ok(()) => walk.fill().await,
        }
    }
}

async fn fill_gap<T: FieldOutput>(resolving: ResolvingField<'_, T>) -> WrittenFragment {
    let walked = {
        let (place, value) = resolving.await;
        place.write(&value)
    };
    walked.finish().await
}

/// Fills gaps, several at once, in their order.
async fn fill_all(fills: Vec<Fill<'_>>) -> Vec<WrittenFragment> {
    let (mut fills, mut under_way) = (fills.into_iter(), FuturesOrdered::new());
    let mut filled = Vec::with_capacity(fills.len());
    under_way.extend(fills.by_ref().take(AT_ONCE).map(|fill| fill()));
    while let Some(fragment) = under_way.next().await {
        filled.push(fragment);
        under_way.extend(fills.next().map(|fill| fill()));
    }
    filled
}

/// Joins the output with what fills its gaps.
struct Joining {
    written: Vec<u8>,
    errors: std::vec::IntoIter<(usize, ServerError)>,
    frames: Vec<NullableFrame>,
    /// How much of `written` has been copied.
    taken: usize,
    joined: WrittenFragment,
    /// Positions after each insertion: in `written`, and in the joined output.
    passed: Vec<(usize, usize)>,
}

impl Joining {
    fn new(walk: OutputWalk<'_>) -> Self {
        let OutputWalk { out, errors, frames, .. } = walk;
        let joined =
            WrittenFragment { bytes: Vec::with_capacity(out.len() * 2), ..WrittenFragment::default() };
        Self { written: out, errors: errors.into_iter(), frames, taken: 0, joined, passed: Vec::new() }
    }

    fn join(
        mut self,
        filled: impl Iterator<Item = ((usize, Option<usize>), WrittenFragment)>,
    ) -> WrittenFragment {
        for ((at, frame), fragment) in filled {
            // The value that contains the gap has become null.
            if at < self.taken {
                continue;
            }
            self.take_until(at);
            let base = self.joined.bytes.len();
            self.joined
                .errors
                .extend(fragment.errors.into_iter().map(|(within, error)| (base + within, error)));
            if !fragment.raised {
                self.joined.bytes.extend_from_slice(&fragment.bytes);
                self.passed.push((at, self.joined.bytes.len()));
                continue;
            }
            match frame.and_then(|frame| self.frames.get_mut(frame)) {
                Some(NullableFrame { is_null: true, .. }) => {}
                Some(frame) => {
                    frame.is_null = true;
                    let (start, end) = (frame.start, frame.end);
                    self.take_back(start, end);
                }
                None => {
                    return WrittenFragment { raised: true, bytes: Vec::new(), errors: self.joined.errors };
                }
            }
        }
        self.take_until(self.written.len());
        self.joined
    }

    /// Copies `written` up to a position, with its errors.
    fn take_until(&mut self, at: usize) {
        let (from, base) = (self.taken, self.joined.bytes.len());
        self.joined.bytes.extend_from_slice(self.written.get(from..at).unwrap_or_default());
        let errors = self.errors.as_slice().iter().take_while(|(place, _)| *place <= at).count();
        let errors = self.errors.by_ref().take(errors);
        self.joined.errors.extend(errors.map(|(place, error)| (base + place.saturating_sub(from), error)));
        self.taken = at.max(from);
    }

    /// Replaces the range between two positions of `written` with null. Drops the errors after the first unavailable
    /// value, because sequential execution would not have reached them.
    fn take_back(&mut self, start: usize, end: usize) {
        let (written, joined) =
            self.passed.iter().rev().find(|(written, _)| *written < start).copied().unwrap_or_default();
        self.joined.bytes.truncate(joined + (start - written));
        self.joined.bytes.extend_from_slice(b"null");
        let dropped = self.errors.as_slice().iter().take_while(|(place, _)| *place <= end).count();
        self.errors.by_ref().take(dropped).for_each(drop);
        self.taken = end;
        self.passed.retain(|(written, _)| *written < start);
        self.passed.push((end, self.joined.bytes.len()));
    }
}
