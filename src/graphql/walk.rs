//! Writes the response from values that are ready. A value that must be waited for leaves a gap that is filled later.
//!
//! If a non-null value is not available, what was written is undone up to the nearest nullable value, as section 6.4.4
//! of the GraphQL specification requires. [`WalkStop::Raised`] propagates up to there.

mod gaps;
mod rendering;
mod writing;

use std::time::{Duration, Instant};

use async_graphql::{PathSegment, ServerError};

use super::context::FieldContext;
use super::operation::RunningOperation;
use super::plan::{FieldPlan, INTROSPECTION, SelectedFields, TYPENAME};
use super::{ErrorCode, introspection};
pub(crate) use gaps::{FinishedWalk, WrittenFragment};
use gaps::{NullableFrame, WalkGap};
pub(crate) use rendering::{Reach, Reached};

/// The result of writing a value.
pub(crate) type WriteResult = Result<(), WalkStop>;

/// Why a value was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WalkStop {
    /// A non-null value is not available, so the value that contains it becomes null.
    Raised,
    /// The operation has exceeded its budget or its time, and ends.
    Ended,
}

/// The message for an argument that cannot be read.
const MISREAD: &str = "an argument has a value of another type than the schema says";

/// The number of list elements between two looks at the clock.
const LOOKED_AT_THE_CLOCK: usize = 16;

/// How long a walk may occupy its thread while other tasks wait for it.
const HELD_UP: Duration = Duration::from_millis(1);

/// The prefix of the response's data.
pub(crate) const DATA: &[u8] = b"{\"data\":";

/// A step of the path to a value in the response.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PathStep<'r> {
    Field(&'r str),
    Index(usize),
}

/// A walk over values that are ready, writing each.
pub(crate) struct OutputWalk<'r> {
    operation: &'r RunningOperation,
    out: Vec<u8>,
    path: Vec<PathStep<'r>>,
    /// Errors, each with the length of the output when it occurred.
    errors: Vec<(usize, ServerError)>,
    gaps: Vec<WalkGap<'r>>,
    frames: Vec<NullableFrame>,
    /// The number of gaps whose futures have been started.
    resolving: usize,
    /// The number of bytes already taken from the budget.
    counted: usize,
    /// The number of list elements, and of anything else that counts like one.
    nodes: usize,
    /// What the record that is being written depends on, beyond itself.
    reached: Reached,
    began: Instant,
    /// Whether the walk runs where no other tasks wait for its thread.
    is_apart: bool,
}

impl<'r> OutputWalk<'r> {
    /// Creates a walk that starts at a place in the response.
    pub(super) fn new(operation: &'r RunningOperation, path: Vec<PathStep<'r>>) -> Self {
        let (out, errors, gaps, frames) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (resolving, counted, nodes, is_apart) = (0, 0, 0, false);
        Self {
            operation,
            out,
            path,
            errors,
            gaps,
            frames,
            resolving,
            counted,
            nodes,
            reached: Reached::default(),
            began: Instant::now(),
            is_apart,
        }
    }

    /// Returns the context of a field.
    pub(crate) fn context<'w>(&'w self, field: &'w FieldPlan) -> FieldContext<'w> {
        FieldContext::new(self.operation, field, &self.path, &self.reached)
    }

    /// Reads the argument with this index among those that the field declares.
    ///
    /// # Errors
    /// Returns an error if the value does not fit the argument's type.
    pub(crate) fn argument<T: async_graphql::InputType>(
        &self,
        field: &FieldPlan,
        place: usize,
        default: Option<impl FnOnce() -> T>,
    ) -> Result<T, ServerError> {
        let given = field.arguments.get(place);
        if given.is_some_and(|given| !given.is_constant()) {
            self.reached.note(Reach::Anything);
        }
        let given = given.and_then(|given| given.value(self.operation.variables()));
        match (given, default) {
            (None, Some(default)) => Ok(default()),
            // Documents and variables have been validated. The library's message may quote the value, so it is not
            // shown.
            (given, _) => T::parse(given).map_err(|_| ErrorCode::BadUserInput.error(MISREAD)),
        }
    }

    /// Takes the cost of `count` elements from the operation's budget.
    ///
    /// # Errors
    /// Returns [`WalkStop::Ended`] if the budget is exhausted.
    pub(crate) fn spend_nodes(&mut self, count: usize) -> WriteResult {
        self.nodes += count;
        self.operation.budget().spend_nodes(count, &self.path)
    }

    /// Records an error of a field.
    ///
    /// # Errors
    /// Returns [`WalkStop::Ended`] if the response has too many errors.
    pub(crate) fn note(&mut self, error: ServerError, field: &FieldPlan) -> WriteResult {
        let path = self.path.iter().map(PathStep::segment).collect();
        let locations = self.operation.spelling().places(&field.tokens);
        self.errors.push((self.out.len(), ServerError { path, locations, ..error }));
        self.operation.budget().spend_error(&self.path)
    }

    /// Writes an object: the selected fields, in order.
    ///
    /// # Errors
    /// Returns the first error of `write_field`.
    pub(crate) fn object(
        &mut self,
        selected: &'r SelectedFields,
        mut write_field: impl FnMut(&'r FieldPlan, &mut Self) -> WriteResult,
    ) -> WriteResult {
        self.out.push(b'{');
        let mut is_first = true;
        for field in &selected.fields {
            self.member(field, is_first);
            is_first = false;
            if field.number == TYPENAME {
                self.name(&selected.type_name);
                continue;
            }
            self.path.push(PathStep::Field(&field.response_name));
            write_field(field, self)?;
            self.path.pop();
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Writes a list. If that takes long, the rest is written where no other tasks wait for the thread.
    ///
    /// # Errors
    /// Returns the first error of an element, or [`WalkStop::Ended`] if there are more elements than the operation may
    /// have.
    pub(crate) fn list<'v, T: super::output::FieldOutput + ?Sized + 'v>(
        &mut self,
        count: usize,
        elements: impl Iterator<Item = &'v T>,
        field: &'r FieldPlan,
    ) -> WriteResult {
        self.spend_nodes(count)?;
        self.out.push(b'[');
        let mut elements = elements.enumerate();
        if !self.elements(&mut elements, field)? {
            self.is_apart = true;
            let operation = self.operation;
            operation.apart(|| self.elements(&mut elements, field))?;
            self.is_apart = false;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Writes elements of a list. Returns `false` if elements are left because the walk has occupied its thread for too
    /// long.
    fn elements<'v, T: super::output::FieldOutput + ?Sized + 'v>(
        &mut self,
        elements: &mut impl Iterator<Item = (usize, &'v T)>,
        field: &'r FieldPlan,
    ) -> Result<bool, WalkStop> {
        for (index, element) in elements {
            if index > 0 {
                self.out.push(b',');
            }
            self.path.push(PathStep::Index(index));
            element.write(field, self)?;
            self.count_bytes()?;
            self.path.pop();
            if index % LOOKED_AT_THE_CLOCK == 0 {
                let now = Instant::now();
                if self.operation.is_late_at(now) {
                    return Err(WalkStop::Ended);
                }
                if !self.is_apart && now.duration_since(self.began) > HELD_UP {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Writes a nullable value. If `write` raises, writes null.
    ///
    /// # Errors
    /// Returns [`WalkStop::Ended`] if the operation must end.
    pub(crate) fn nullable(&mut self, write: impl FnOnce(&mut Self) -> WriteResult) -> WriteResult {
        let (start, depth, gaps) = (self.out.len(), self.path.len(), self.gaps.len());
        let errors = self.errors.len();
        match write(self) {
            Ok(()) => {
                self.close_frame(start, gaps);
                Ok(())
            }
            // A gap before this value may turn out to be the first unavailable value.
            Err(WalkStop::Raised) if self.gaps.len() > gaps => {
                self.raise_later();
                self.path.truncate(depth);
                self.close_frame(start, gaps);
                Ok(())
            }
            Err(WalkStop::Raised) => {
                self.out.truncate(start);
                self.path.truncate(depth);
                let within = self.errors.iter_mut().skip(errors);
                within.for_each(|(at, _)| *at = start);
                self.null();
                Ok(())
            }
            Err(WalkStop::Ended) => Err(WalkStop::Ended),
        }
    }

    /// Handles a field that the type's code does not know: introspection, which only the root has.
    ///
    /// # Errors
    /// The same as [`super::output::FieldOutput::write`].
    pub(crate) fn no_field(&mut self, field: &'r FieldPlan) -> WriteResult {
        match field.number {
            INTROSPECTION => introspection::write(self.operation.introspected(), field, self),
            _ => {
                tracing::error!(field = &*field.name, "a plan names a field that its type does not have");
                self.note(ErrorCode::InternalServerError.error(super::error::MASKED), field)?;
                Err(WalkStop::Raised)
            }
        }
    }

    /// Takes the bytes written since the last call from the operation's budget.
    fn count_bytes(&mut self) -> WriteResult {
        let new = self.out.len().saturating_sub(self.counted);
        self.counted = self.counted.max(self.out.len());
        self.operation.budget().spend_bytes(new, &self.path)
    }
}

impl PathStep<'_> {
    /// Returns the step as errors show it.
    pub(super) fn segment(&self) -> PathSegment {
        match self {
            Self::Field(name) => PathSegment::Field((*name).to_owned()),
            Self::Index(index) => PathSegment::Index(*index),
        }
    }
}

#[cfg(test)]
mod tests;
