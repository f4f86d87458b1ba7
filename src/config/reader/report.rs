//! Collects problems, and reads strings, which may cause some.

use std::ops::Range;

use toml::de::DeValue;

use super::FoundValue;
use crate::config::interpolate::{VariableLookup, asks, interpolate};
use crate::config::problem::{ConfigProblem, ValueRefusal};

/// Collects problems with their places.
pub(in crate::config) struct ProblemReport<'a> {
    text: &'a str,
    env: VariableLookup<'a>,
    /// The lines that are not TOML. Their content is lost, so no other problem is reported for them.
    broken: Vec<usize>,
    problems: Vec<ConfigProblem>,
}

impl<'a> ProblemReport<'a> {
    /// Creates a report that starts with the lines that are not TOML.
    pub(super) fn new(text: &'a str, env: VariableLookup<'a>, errors: &[toml::de::Error]) -> Self {
        let mut report = Self { text, env, broken: Vec::new(), problems: Vec::new() };
        for error in errors {
            report.push(String::new(), error.span(), ValueRefusal::new(error.message()));
        }
        report.broken = report.problems.iter().filter_map(|problem| problem.line).collect();
        report
    }

    /// Notes why a value is refused.
    pub(in crate::config) fn refuse(&mut self, found: &FoundValue<'_>, refusal: ValueRefusal) {
        self.push(found.key.clone(), Some(found.span.clone()), refusal);
    }

    /// Notes why a key, rather than its value, is refused.
    pub(in crate::config) fn refuse_key(&mut self, key: String, span: Range<usize>, refusal: ValueRefusal) {
        self.push(key, Some(span), refusal);
    }

    /// Notes an unknown key. After an invalid table header, the key may belong to the lost table.
    pub(super) fn unknown(&mut self, key: String, span: Range<usize>, refusal: ValueRefusal) {
        if !self.broken.iter().any(|line| self.is_header(*line)) {
            self.refuse_key(key, span, refusal);
        }
    }

    /// Notes a missing key of a table. If the text is invalid, it may only have been lost.
    pub(super) fn missing(&mut self, table: &FoundValue<'_>, name: &str) {
        if self.broken.is_empty() {
            let refusal = ValueRefusal::new("is missing").remedy(format!("write `{name} = …`"));
            self.push(table.path(name), Some(table.span.clone()), refusal);
        }
    }

    /// Notes a value of the wrong type; `wanted` is e.g. `a whole number`.
    pub(in crate::config) fn expected(&mut self, found: &FoundValue<'_>, wanted: &str) {
        let got = match found.value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.refuse(found, ValueRefusal::new(format!("expected {wanted}, found {got}")));
    }

    /// Returns a string with its variables replaced; any other value is a problem.
    pub(in crate::config) fn text(&mut self, found: &FoundValue<'_>) -> Option<String> {
        let DeValue::String(written) = found.value else {
            self.expected(found, "a string");
            return None;
        };
        self.interpolated(found, written)
    }

    /// Returns a string with its variables replaced, or `None`, without a problem, for any value without variables.
    ///
    /// This lets numbers and flags come from the environment, which only has strings.
    pub(in crate::config) fn variable(&mut self, found: &FoundValue<'_>) -> Option<Option<String>> {
        match found.value {
            DeValue::String(written) if asks(written) => Some(self.interpolated(found, written)),
            _ => None,
        }
    }

    /// Returns a string's value without reporting problems.
    pub(in crate::config) fn peek(&self, found: &FoundValue<'_>) -> Option<String> {
        found.value.as_str().and_then(|written| interpolate(written, self.env).ok())
    }

    /// Returns the number of problems so far.
    pub(in crate::config) fn count(&self) -> usize {
        self.problems.len()
    }

    /// Returns the line of a place in the text, counted from one.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        self.before(span).matches('\n').count().saturating_add(1)
    }

    /// Returns all problems, ordered by line, if there are any.
    pub(super) fn finish(mut self) -> Result<(), Vec<ConfigProblem>> {
        self.problems.sort_by_key(|problem| (problem.line, problem.column));
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }

    fn interpolated(&mut self, found: &FoundValue<'_>, written: &str) -> Option<String> {
        match interpolate(written, self.env) {
            Ok(text) => Some(text),
            Err(refusals) => {
                refusals.into_iter().for_each(|refusal| self.refuse(found, refusal));
                None
            }
        }
    }

    fn push(&mut self, key: String, span: Option<Range<usize>>, refusal: ValueRefusal) {
        let (line, column) = match &span {
            Some(span) => (Some(self.line(span)), Some(self.column(span))),
            None => (None, None),
        };
        if line.is_some_and(|line| self.broken.contains(&line)) {
            return;
        }
        self.problems.push(ConfigProblem {
            key,
            line,
            column,
            message: refusal.message,
            remedy: refusal.remedy,
        });
    }

    fn is_header(&self, line: usize) -> bool {
        let text = self.text.lines().nth(line.saturating_sub(1));
        text.is_some_and(|text| text.trim_start().starts_with('['))
    }

    fn column(&self, span: &Range<usize>) -> usize {
        let before = self.before(span);
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().count().saturating_add(1)
    }

    fn before(&self, span: &Range<usize>) -> &str {
        self.text.get(..span.start).unwrap_or(self.text)
    }
}
