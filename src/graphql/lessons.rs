//! Says what to write instead: turns the library's words about faulty queries into ours, with names that are near, and
//! the form of values with an example. It looks at a query only once the library has refused it, and changes no code.

mod asked;
mod book;
mod values;
mod words;

use std::sync::OnceLock;

use async_graphql::{Request, Response, ServerError};

use asked::WrittenQuery;
use book::SchemaBook;

/// The query an answer is given to, kept until it is known whether anything is wrong with it.
pub(super) struct QueryText {
    text: String,
    variables: async_graphql::Variables,
    operation: Option<String>,
}

impl QueryText {
    /// Takes the text of a request that has been parsed, which nobody reads any more.
    pub(super) fn of(request: &mut Request) -> Self {
        Self {
            text: std::mem::take(&mut request.query),
            variables: request.variables.clone(),
            operation: request.operation_name.clone(),
        }
    }
}

/// What there is to be taught about the schema.
pub(super) struct QueryLessons {
    sdl: String,
    book: OnceLock<SchemaBook>,
}

impl QueryLessons {
    /// About this schema.
    pub(super) fn new(sdl: String) -> Self {
        Self { sdl, book: OnceLock::new() }
    }

    /// Replaces the library's words in the errors of an answer; in the first of them, if there are many.
    pub(super) fn teach(&self, question: &QueryText, response: &mut Response) {
        let is_theirs = |error: &&mut ServerError| words::are_the_librarys(&error.message);
        let mut untaught = response.errors.iter_mut().filter(is_theirs).peekable();
        if untaught.peek().is_none() {
            return;
        }
        let book = self.book.get_or_init(|| SchemaBook::read(&self.sdl));
        let asked = WrittenQuery::read(question);
        for (nth, error) in untaught.enumerate() {
            let lesson =
                asked.as_ref().filter(|_| nth < MOST_TAUGHT).and_then(|asked| lesson(book, asked, error));
            if let Some(lesson) = lesson {
                error.message = lesson;
            } else if words::may_quote_a_value(&error.message) {
                UNQUOTED.clone_into(&mut error.message);
            }
        }
    }
}

/// How many errors of one answer are looked into: each takes a walk through the query.
const MOST_TAUGHT: usize = 20;

/// What is told of a value if no more can be said: the library's words may quote it.
const UNQUOTED: &str = "an argument has a value of another type than the schema says";

fn lesson(book: &SchemaBook, asked: &WrittenQuery<'_>, error: &ServerError) -> Option<String> {
    match words::is_of_a_value(&error.message) {
        true => values::lesson(book, asked, &error.locations),
        false => words::lesson(book, asked, &error.message),
    }
}

#[cfg(test)]
mod tests;
