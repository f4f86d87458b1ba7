//! Code that the imitations of Placecube's older and newer services share.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use super::members::text;

/// Returns a description as the product's editor leaves it: always with markup, sometimes with headings and no-break
/// spaces.
pub(super) fn html(description: &str, dice: u64) -> String {
    let marked_up = if description.starts_with('<') {
        description.to_owned()
    } else {
        let paragraphs = description.replace('&', "&amp;").replace("\n\n", "</p>\n\n<p>");
        format!("<p>{paragraphs}</p>")
    };
    match dice % 20 {
        0 => format!("<h1>About us</h1>\n\n{marked_up}"),
        1 => marked_up.replacen(". ", ".&nbsp;", 1),
        _ => marked_up,
    }
}

/// Returns when a record was created, changed and checked, and who checked it.
pub(super) fn curation(record: &Value, dice: u64) -> Value {
    let assured = text(record, "assured_date");
    let age = i64::try_from(dice % 1500).unwrap_or_default();
    let created = assured.parse::<NaiveDate>().map(|date| (date - Duration::days(age)).to_string());
    let modified = text(record, "last_modified").split('T').next().unwrap_or_default();
    json!({
        "assured_by": record.get("assurer_email").cloned().unwrap_or_default(),
        "date_assured": assured,
        "date_created": created.unwrap_or_default(),
        "date_modified": modified,
    })
}

/// Returns a group of people that a service is for.
pub(super) fn audience(code: u16, label: &str, dice: u64) -> Value {
    let id = if dice.is_multiple_of(4) { label.to_owned() } else { format!("80{code}") };
    json!({ "audienceType": label, "id": id })
}
