//! Plain query parameters (`?search=…&page=2`). Each is declared once, with its form, bounds and description.
//!
//! [`GivenParameters::read`] is strict: it refuses a parameter that the address does not have, that is repeated, or
//! whose value does not fit. The error names the parameter and what would be right. The OpenAPI description is
//! generated from the same declarations.

mod conditions;
mod forms;
mod tables;

#[cfg(test)]
mod tests;

use poem::http::StatusCode;
use url::form_urlencoded;

use super::errors::RequestFault;
use crate::graphql::ErrorCode;
use crate::model::near_names;

pub(super) use conditions::{modified_since, refuse_unknown_terms, service_filter, text_query};
pub(super) use forms::{ParameterForm, ParameterValue};
pub(super) use tables::{
    MODIFIED_AFTER, PAGE, PAGING, PER_PAGE, SEARCH, SERVICE_CONDITIONS, TAXONOMY_TERM_ID,
};

/// A query parameter as it is declared.
#[derive(Debug)]
pub(super) struct QueryParameter {
    pub(super) name: &'static str,
    pub(super) form: ParameterForm,
    /// Markdown, for the OpenAPI description.
    pub(super) description: &'static str,
    /// A value that could be sent.
    pub(super) example: &'static str,
}

/// The parameters of a request, read.
#[derive(Clone, Debug, Default)]
pub(super) struct GivenParameters(Vec<(&'static QueryParameter, ParameterValue)>);

/// The most characters of a client's text that an error repeats.
const LONGEST_ECHO: usize = 60;

impl GivenParameters {
    /// Reads the query part of a URL. Parameters with an empty value, as forms send them, count as left out.
    ///
    /// # Errors
    /// If a parameter is not among those `declared`, is repeated, or has a value that does not fit.
    pub(super) fn read(query: &str, declared: &[&'static QueryParameter]) -> Result<Self, RequestFault> {
        let mut given = Self::default();
        for (name, text) in form_urlencoded::parse(query.as_bytes()) {
            let parameter = declared.iter().find(|parameter| parameter.name == name);
            let parameter = *parameter.ok_or_else(|| unknown(&name, declared))?;
            if given.value(parameter).is_some() {
                return Err(parameter.refuse("is given more than once; give it once"));
            }
            if !text.trim().is_empty() {
                given.0.push((parameter, parameter.read(text.trim())?));
            }
        }
        Ok(given)
    }

    /// Returns the value of a parameter, or `None` if it is left out.
    pub(super) fn value(&self, parameter: &QueryParameter) -> Option<&ParameterValue> {
        self.0.iter().find(|(given, _)| given.name == parameter.name).map(|(_, value)| value)
    }

    /// Returns the text of a parameter. `None` if it is left out, or is not a text.
    pub(super) fn text(&self, parameter: &QueryParameter) -> Option<&str> {
        match self.value(parameter)? {
            ParameterValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the whole number of a parameter, or its default. `None` if it has neither.
    pub(super) fn whole(&self, parameter: &QueryParameter) -> Option<u32> {
        match (self.value(parameter), &parameter.form) {
            (Some(ParameterValue::Whole(number)), _) => Some(*number),
            (None, ParameterForm::Whole { default, .. }) => *default,
            _ => None,
        }
    }
}

impl QueryParameter {
    /// Refuses the parameter. `because` continues a sentence that begins with its name.
    pub(super) fn refuse(&self, because: impl AsRef<str>) -> RequestFault {
        RequestFault::bad_parameter(self.name, format!("`{}` {}", self.name, because.as_ref()))
    }

    fn read(&self, text: &str) -> Result<ParameterValue, RequestFault> {
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return Err(self.refuse("is not percent-encoded UTF-8"));
        }
        self.form.read(text).map_err(|expected| {
            // What someone searches for, and where, is not repeated.
            let is_private = !self.form.is_closed();
            let said = if is_private { String::new() } else { format!("is `{}`; it ", echoed(text)) };
            self.refuse(format!("{said}{expected}, such as `{}`", self.example))
        })
    }
}

impl RequestFault {
    /// A bad query parameter. `extensions.argument` names it.
    fn bad_parameter(name: &str, message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message).about(name)
    }
}

/// Suggests names that are near to one that does not exist.
pub(super) fn did_you_mean(near: &[impl AsRef<str>]) -> String {
    let near: Vec<String> = near.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match near.as_slice() {
        [others @ .., one, last] if !others.is_empty() => {
            format!("did you mean {}, {one} or {last}?", others.join(", "))
        }
        few => format!("did you mean {}?", few.join(" or ")),
    }
}

fn unknown(name: &str, declared: &[&'static QueryParameter]) -> RequestFault {
    let names = || declared.iter().map(|parameter| parameter.name);
    let name = echoed(name);
    let hint = match near_names(&name, names(), 1).first() {
        Some(near) => did_you_mean(&[near]),
        None if declared.is_empty() => "it takes none".to_owned(),
        None => format!("it takes `{}`", names().collect::<Vec<_>>().join("`, `")),
    };
    let message = format!("`{name}` is not a parameter of this address; {hint}");
    RequestFault::bad_parameter(&name, message)
}

/// Returns the beginning of a client's text, without characters that would upset a terminal.
fn echoed(text: &str) -> String {
    let shown = text.chars().map(|c| if c.is_control() || c == '`' { '\u{FFFD}' } else { c });
    let mut shown: String = shown.take(LONGEST_ECHO + 1).collect();
    if let Some((end, _)) = shown.char_indices().nth(LONGEST_ECHO) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}
