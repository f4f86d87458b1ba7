//! Says what to write instead: turns the library's words about faulty queries into ours, with names that are near, and
//! the form of values with an example. It looks at a query only once the library has refused it, and changes no code.

mod asked;
mod book;
mod values;
mod words;

use std::sync::OnceLock;

use async_graphql::{Request, Response, ServerError};

use asked::Asked;
use book::Book;

/// The query an answer is given to, kept until it is known whether anything is wrong with it.
pub(super) struct Question {
    text: String,
    variables: async_graphql::Variables,
    operation: Option<String>,
}

impl Question {
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
pub(super) struct Lessons {
    sdl: String,
    book: OnceLock<Book>,
}

impl Lessons {
    /// About this schema.
    pub(super) fn new(sdl: String) -> Self {
        Self { sdl, book: OnceLock::new() }
    }

    /// Replaces the library's words in the errors of an answer.
    pub(super) fn teach(&self, question: &Question, response: &mut Response) {
        let mut untaught = response.errors.iter_mut().filter(|error| words::are_the_librarys(&error.message)).peekable();
        if untaught.peek().is_none() {
            return;
        }
        let book = self.book.get_or_init(|| Book::read(&self.sdl));
        let Some(asked) = Asked::read(question) else { return };
        untaught.for_each(|error| teach_one(book, &asked, error));
    }
}

fn teach_one(book: &Book, asked: &Asked<'_>, error: &mut ServerError) {
    let lesson = match words::is_of_a_value(&error.message) {
        true => values::lesson(book, asked, &error.locations),
        false => words::lesson(book, asked, &error.message),
    };
    if let Some(lesson) = lesson {
        error.message = lesson;
    } else if words::may_quote_a_value(&error.message) {
        "an argument has a value of another type than the schema says".clone_into(&mut error.message);
    }
}

#[cfg(test)]
mod tests;
