//! Reads what a register says about a feed's condition: why not to use it, and what is worth knowing.

use super::row::RegisterRow;

/// Words for feeds that nobody should rely on.
const OUT_OF_USE: [&str; 8] =
    ["rejected", "expired", "withdrawn", "suspended", "archived", "deleted", "inactive", "offline"];
/// Words for feeds that have not been verified.
const UNVERIFIED: [&str; 5] = ["pending", "unverified", "draft", "new", "submitted"];

const UP: [&str; 2] = ["statusisup", "isup"];
const VALID: [&str; 3] = ["statusisvalid", "isservicesvalid", "isvalid"];
const TESTED: [&str; 3] = ["lasttested", "lastchecked", "lastcheck"];

/// Returns why a feed should not be used for now. Returns `None` if it may be used.
pub(super) fn reason_to_wait(row: &RegisterRow) -> Option<String> {
    if let Some(reason) = row.text(&["disabled"]) {
        return Some(reason);
    }
    let status = row.text(&["status"]).map(|status| status.to_lowercase()).unwrap_or_default();
    if OUT_OF_USE.contains(&status.as_str()) {
        return Some(format!("the register has it as {status}"));
    }
    if UNVERIFIED.contains(&status.as_str()) {
        return Some(format!("not verified: the register has it as {status}"));
    }
    if row.truth(&["active"]) == Some(false) {
        return Some("the register has it as not active".to_owned());
    }
    match row.truth(&UP) {
        Some(false) => Some(format!("it was down when last tested{}", when(row))),
        None if row.text(&TESTED).is_none() && TESTED.iter().any(|name| row.is_null(name)) => {
            Some("not verified: the register has never tested it".to_owned())
        }
        _ => None,
    }
}

/// Returns notes on a feed, one a line.
pub(super) fn notes(row: &RegisterRow) -> Vec<String> {
    let about = row.text(&["description", "summary"]);
    let labelled = |label: &str, names: &[&str]| row.text(names).map(|text| format!("{label}: {text}"));
    let known = [
        about,
        row.text(&["comment"]),
        labelled("made by", &["developer", "developerlabel"]),
        labelled("declares version", &["schemaversion", "standard"]),
        labelled("state", &["state"]),
        labelled("the register notes", &["statusnote"]),
        labelled("last error", &["lasterror"]),
        verdict(row),
    ];
    known.into_iter().flatten().chain(row.texts("notes")).collect()
}

fn verdict(row: &RegisterRow) -> Option<String> {
    let count =
        row.count(&["validationerrors"]).map(|count| format!(", with {count} errors")).unwrap_or_default();
    match row.truth(&VALID) {
        Some(true) => Some(format!("the register found it valid{}", when(row))),
        Some(false) => Some(format!("the register found it invalid{}{count}", when(row))),
        None => row.text(&TESTED).map(|_| format!("tested{}", when(row))),
    }
}

fn when(row: &RegisterRow) -> String {
    row.text(&TESTED).map(|tested| format!(" ({tested})")).unwrap_or_default()
}
