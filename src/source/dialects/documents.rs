//! What the documents of publishers' own systems have in common: places they withhold, annotations without the
//! standard's wrapping, places of delivery without an id.

mod annotations;
mod delivery;
mod links;
mod withheld;

pub(super) use annotations::{Vocabulary, annotate_flag, annotate_list, attend_by_referral, attribute};
pub(super) use delivery::{access_statements, identify};
pub(super) use links::links;
pub(super) use withheld::withhold;

use serde_json::{Map, Value};

use super::lenient::{Shaping, take_member};
use crate::model::IssueCode;

/// Gives a member of an object in a list, which stands at `path`, the standard's name, unless that is taken.
pub(super) fn rename(
    shaping: &Shaping<'_>,
    path: &str,
    members: &mut Map<String, Value>,
    from: &str,
    to: &str,
) {
    if members.get(to).is_some_and(|value| !value.is_null()) {
        return;
    }
    let Some((key, value)) = take_member(members, from) else { return };
    let (from, to_path) = (format!("{path}.{key}"), format!("{path}.{to}"));
    shaping.note(IssueCode::MisspelledMember, &from, &format!("is read as `{to}`"));
    shaping.moved(&from, &to_path);
    members.insert(to.to_owned(), value);
}
