//! Opening times: slots that are listed twice or belong to one place, and days without a rule.

use chrono::Datelike as _;
use chrono_tz::Europe::London;
use serde_json::{Map, Value};

use super::super::lenient::{MovedObject, ShapedMembers, id_text, instant_of, member, take_member, truth};
use crate::model::{DayOfWeek, IssueCode};

const LIST: &str = "regular_schedules";
const FUNDED: &str = "ey_funded";

/// Brings a service's opening times to the standard's shape.
pub(super) fn shape(shaping: &mut ShapedMembers<'_>) {
    for MovedObject { from, mut members } in merged(shaping) {
        single_day(&from, &mut members, shaping);
        repeated_day(&mut members);
        if is_funded(&members) && member(&members, "notes").is_none() {
            members.insert("notes".to_owned(), "Early years funded".into());
        }
        if let Some(members) = put_at_place(members, shaping) {
            shaping.push(LIST, Value::Object(members), Some(&from));
        }
    }
}

// Outpost lists a slot once with funded places and once without.
fn merged(shaping: &mut ShapedMembers<'_>) -> Vec<MovedObject> {
    let mut kept: Vec<MovedObject> = Vec::new();
    for slot in shaping.take_objects(LIST) {
        if member(&slot.members, FUNDED).is_some_and(|flag| truth(flag).is_none()) {
            let path = format!("{}.{FUNDED}", slot.from);
            shaping.note(IssueCode::Unreadable, &path, "is neither true nor false");
        }
        match kept.iter_mut().find(|other| is_same_slot(&other.members, &slot.members)) {
            None => kept.push(slot),
            Some(same) => {
                let message = "differs from an earlier one only in its funding, and was merged with it";
                shaping.note_with(
                    IssueCode::Repaired,
                    &slot.from,
                    message,
                    Value::Object(slot.members.clone()),
                );
                if is_funded(&slot.members) {
                    same.members.insert(FUNDED.to_owned(), Value::Bool(true));
                }
            }
        }
    }
    kept
}

fn is_funded(slot: &Map<String, Value>) -> bool {
    member(slot, FUNDED).and_then(truth) == Some(true)
}

fn is_same_slot(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let says = |slot: &Map<String, Value>| {
        let mut slot = slot.clone();
        slot.retain(|key, value| !value.is_null() && key != "id" && key != FUNDED);
        slot
    };
    says(one) == says(other)
}

// A first date without a rule means that single day. A weekday beside it is redundant.
fn single_day(path: &str, slot: &mut Map<String, Value>, shaping: &ShapedMembers<'_>) {
    let has_rule = ["freq", "byday", "bymonthday"].iter().any(|name| member(slot, name).is_some());
    let Some(start) = member(slot, "dtstart").and_then(instant_of).filter(|_| !has_rule) else { return };
    let weekday = member(slot, "weekday").and_then(|day| DayOfWeek::parse(day.as_str()?).ok());
    let starts_on = DayOfWeek::parse(&start.with_timezone(&London).weekday().to_string()).ok();
    if weekday.is_some() && weekday != starts_on {
        return;
    }
    take_member(slot, "weekday");
    let path = format!("{path}.dtstart");
    shaping.note(IssueCode::NonStandardFormat, &path, "has no rule, and was read as that one day");
}

fn repeated_day(slot: &mut Map<String, Value>) {
    let day = |name: &str| DayOfWeek::parse(member(slot, name)?.as_str()?).ok();
    if day("weekday").is_some_and(|weekday| day("byday") == Some(weekday)) {
        take_member(slot, "weekday");
    }
}

// In the standard, slots of one place belong to that place. Returns the slot if its place is not known.
fn put_at_place(slot: Map<String, Value>, shaping: &mut ShapedMembers<'_>) -> Option<Map<String, Value>> {
    let wanted = member(&slot, "service_at_location").and_then(|place| match place {
        Value::Object(place) => id_text(member(place, "id")?),
        id => id_text(id),
    });
    let mut slot = Some(slot);
    shaping.each("service_at_locations", |_, delivery, _| {
        if wanted.is_some()
            && member(delivery, "id").and_then(id_text) == wanted
            && let Some(mut slot) = slot.take()
        {
            // Whatever else the slot says about the place stays.
            let says_more = |place: &Value| place.as_object().is_some_and(|place| place.len() > 1);
            if !member(&slot, "service_at_location").is_some_and(says_more) {
                take_member(&mut slot, "service_at_location");
            }
            add(delivery, slot);
        }
    });
    slot
}

fn add(delivery: &mut Map<String, Value>, slot: Map<String, Value>) {
    let mut slots = match take_member(delivery, "regular_schedule") {
        Some((_, Value::Array(slots))) => slots,
        Some((_, one)) => vec![one],
        None => Vec::new(),
    };
    slots.push(Value::Object(slot));
    delivery.insert("regular_schedule".to_owned(), Value::Array(slots));
}
