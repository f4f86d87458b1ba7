//! Invents telephone numbers and contacts. Every number is in a range that Ofcom reserves for drama.

use serde_json::{Value, json};

use super::draw::SeededDraw;
use super::identity::IdNamespace;
use super::place::DemoPlace;

/// What a telephone number is used for.
#[derive(Clone, Copy)]
pub(super) enum PhoneChannel {
    Voice,
    Text,
}

/// Returns a new telephone record. `key` identifies what the telephone belongs to and determines its id.
pub(super) fn phone(
    ids: IdNamespace,
    draw: &mut SeededDraw,
    place: &DemoPlace,
    channel: PhoneChannel,
    key: &str,
) -> Value {
    let id = ids.id("phone", key);
    let (number, kind) = match channel {
        PhoneChannel::Voice => (voice(draw, place), "voice"),
        PhoneChannel::Text => (format!("07700 900{}", three_digits(draw)), "text"),
    };
    json!({
        "id": id,
        "number": number,
        "extension": draw.percent(6).then(|| draw.between(100, 499)),
        "type": kind,
        "description": draw.percent(25).then(|| *draw.pick(LINES)),
        "languages": draw.percent(5).then(|| json!([{
            "id": ids.id("language", &format!("phone/{key}")),
            "phone_id": id,
            "name": "British Sign Language",
            "code": "bfi",
            "note": "By video relay",
        }])),
    })
}

/// Returns the contacts of a service. A contact is a desk or a role, never a person.
pub(super) fn contacts(
    ids: IdNamespace,
    draw: &mut SeededDraw,
    place: &DemoPlace,
    service: &str,
    host: &str,
) -> Value {
    let count = if draw.percent(20) { 2 } else { 1 };
    let contact = |n: i64, draw: &mut SeededDraw| {
        let key = format!("{service}/{n}");
        let (name, title, mailbox) = *draw.pick(ROLES);
        let mut phones = vec![phone(ids, draw, place, PhoneChannel::Voice, &key)];
        if draw.percent(15) {
            phones.push(phone(ids, draw, place, PhoneChannel::Text, &format!("{key}/text")));
        }
        json!({
            "id": ids.id("contact", &key),
            "service_id": service,
            "name": name,
            "title": title,
            "department": draw.percent(15).then_some("Community services"),
            "email": draw.percent(70).then(|| format!("{mailbox}@{host}")),
            "phones": phones,
        })
    };
    (0..count).map(|n| contact(n, draw)).collect()
}

fn voice(draw: &mut SeededDraw, place: &DemoPlace) -> String {
    let prefix = match draw.between(0, 99) {
        0..=69 => place.landline,
        70..=79 => "01632 960",
        80..=89 => "07700 900",
        _ => "0808 157 0",
    };
    format!("{prefix}{}", three_digits(draw))
}

fn three_digits(draw: &mut SeededDraw) -> String {
    format!("{:03}", draw.between(0, 999))
}

const ROLES: &[(&str, Option<&str>, &str)] = &[
    ("Booking line", None, "bookings"),
    ("Duty worker", Some("Duty worker"), "duty"),
    ("Volunteer coordinator", Some("Coordinator"), "volunteers"),
    ("Enquiries", None, "enquiries"),
    ("Group leader", Some("Group leader"), "groups"),
    ("Referrals team", None, "referrals"),
];

const LINES: &[&str] = &[
    "Weekdays, 9am to 5pm",
    "Leave a message and we will ring back within two working days",
    "Out of hours",
    "Answered by volunteers",
];
