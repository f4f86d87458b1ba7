//! Walks over what is at hand and writes it down at once; what has to be waited for leaves a gap that is filled later.
//!
//! Where a value that must not be null cannot be had, what was written is taken back to the nearest value that may be, as
//! section 6.4.4 of the specification says: [`WalkStop::Raised`] goes up to there.

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

/// Whether something was written.
pub(crate) type WriteResult = Result<(), WalkStop>;

/// Why something was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WalkStop {
    /// It cannot be had and may not be null: what it stands in is null.
    Raised,
    /// The operation has used up what it may, or its time, and ends.
    Ended,
}

/// What is told of an argument that cannot be read.
const MISREAD: &str = "an argument has a value of another type than the schema says";

/// After how many elements of a list the clock is looked at.
const LOOKED_AT_THE_CLOCK: usize = 16;

/// How long a walk may hold up others that wait for its thread.
const HELD_UP: Duration = Duration::from_millis(1);

/// What the answer's data is written after.
pub(crate) const DATA: &[u8] = b"{\"data\":";

/// A step on the way to a value of the answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PathStep<'r> {
    Field(&'r str),
    Index(usize),
}

/// One walk over values that need not be waited for.
pub(crate) struct OutputWalk<'r> {
    operation: &'r RunningOperation,
    out: Vec<u8>,
    path: Vec<PathStep<'r>>,
    /// What went wrong, and how much had been written by then.
    errors: Vec<(usize, ServerError)>,
    gaps: Vec<WalkGap<'r>>,
    frames: Vec<NullableFrame>,
    /// How many values are waited for already.
    resolving: usize,
    /// Bytes that the budget knows of.
    counted: usize,
    /// Elements of lists, and whatever else is counted like them.
    nodes: usize,
    /// How far fields have reached beyond the record that is being written.
    reached: Reached,
    began: Instant,
    /// Whether nobody else waits for the thread that it is on.
    is_apart: bool,
}

impl<'r> OutputWalk<'r> {
    /// Begins at a place of the answer.
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

    /// What a field may know and reach.
    pub(crate) fn context<'w>(&'w self, field: &'w FieldPlan) -> FieldContext<'w> {
        FieldContext::new(self.operation, field, &self.path, &self.reached)
    }

    /// Reads an argument by its place among those that the field declares.
    ///
    /// # Errors
    /// If it has another form than its type.
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
            // Documents and variables are held against the schema beforehand; the library's words may quote the value.
            (given, _) => T::parse(given).map_err(|_| ErrorCode::BadUserInput.error(MISREAD)),
        }
    }

    /// Takes what a value costs beyond being written from the operation's budget.
    ///
    /// # Errors
    /// If less is left: the operation ends.
    pub(crate) fn spend_nodes(&mut self, count: usize) -> WriteResult {
        self.nodes += count;
        self.operation.budget().spend_nodes(count, &self.path)
    }

    /// Notes an error of a field.
    ///
    /// # Errors
    /// If the answer has too many.
    pub(crate) fn note(&mut self, error: ServerError, field: &FieldPlan) -> WriteResult {
        let path = self.path.iter().map(PathStep::segment).collect();
        let locations = self.operation.spelling().places(&field.tokens);
        self.errors.push((self.out.len(), ServerError { path, locations, ..error }));
        self.operation.budget().spend_error(&self.path)
    }

    /// Writes an object: the fields that are selected, in their order.
    ///
    /// # Errors
    /// As `write_field`.
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

    /// Writes a list. If that takes long, the rest of it is written where nobody else waits for the thread.
    ///
    /// # Errors
    /// As its elements, and if there are more than the operation may have.
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

    /// Writes elements of a list, and returns whether those were all: it stops once the walk has kept others waiting.
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

    /// Writes a value that may be null: null where it raises.
    ///
    /// # Errors
    /// If the operation has to end.
    pub(crate) fn nullable(&mut self, write: impl FnOnce(&mut Self) -> WriteResult) -> WriteResult {
        let (start, depth, gaps) = (self.out.len(), self.path.len(), self.gaps.len());
        let errors = self.errors.len();
        match write(self) {
            Ok(()) => {
                self.close_frame(start, gaps);
                Ok(())
            }
            // What is waited for stands before it, and may be the first that cannot be had.
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

    /// What a type's code does with a field that is not its own: introspection, which only the root has.
    ///
    /// # Errors
    /// As [`super::output::FieldOutput::write`].
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

    /// Takes what has been written since the last time from the operation's budget.
    fn count_bytes(&mut self) -> WriteResult {
        let new = self.out.len().saturating_sub(self.counted);
        self.counted = self.counted.max(self.out.len());
        self.operation.budget().spend_bytes(new, &self.path)
    }
}

impl PathStep<'_> {
    /// As an error tells it.
    pub(super) fn segment(&self) -> PathSegment {
        match self {
            Self::Field(name) => PathSegment::Field((*name).to_owned()),
            Self::Index(index) => PathSegment::Index(*index),
        }
    }
}

#[cfg(test)]
mod tests;
