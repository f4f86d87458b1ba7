//! Invents one whole service in the terms of the standard (HSDS 3.1). Varieties decide how it is written.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use super::draw::SeededDraw;
use super::identity::{IdNamespace, slug};
use super::kinds::{self, InventedCost, ServiceTemplate};
use super::organization::InventedOrganization;
use super::place::{DemoPlace, InventedNeighbourhood};
use super::{nested, schedule, vocabulary};

/// What all records of a feed have in common.
#[derive(Clone, Copy)]
pub(super) struct InventedWorld {
    pub(super) seed: u64,
    pub(super) ids: IdNamespace,
    pub(super) place: &'static DemoPlace,
    /// The day on which the feed is set. Dates in the feed are not later, except for future dates such as the end of a
    /// schedule.
    pub(super) today: NaiveDate,
}

/// An invented service, with properties that varieties need and the record does not state.
pub(super) struct InventedService {
    /// The position in the feed, starting at 0.
    pub(super) number: usize,
    /// The whole record. Its nested organisation has no lists.
    pub(super) record: Value,
    /// The codes and labels of the groups of people that the service is for.
    pub(super) audience: Vec<(u16, &'static str)>,
    /// Random bits. Varieties use them to decide which records are irregular.
    pub(super) dice: u64,
}

/// Invents the service with this number. The content depends only on the seed and the number.
pub(super) fn invent(
    world: InventedWorld,
    number: usize,
    organization: &InventedOrganization,
) -> InventedService {
    let mut draw = SeededDraw::new(world.seed, number as u64);
    let dice = draw.bits();
    let kind = *draw.pick(&kinds::of(organization.theme));
    let hood = if draw.percent(50) { organization.home } else { draw.pick(world.place.neighbourhoods) };
    let id = world.ids.id("service", &number.to_string());
    let online = kind.may_be_online() && draw.percent(15);
    let timetable = schedule::invent(world.ids, &mut draw, kind, (&id, online), world.today);
    let wording = TemplateWords { place: world.place, hood, day: timetable.day };
    let mut record = scalars(world, &mut draw, kind, &wording, (&id, organization));
    let nested = nested::invent(world, &mut draw, (kind, online), hood, (&id, organization));
    merge(&mut record, json!({ "schedules": timetable.schedules }));
    merge(&mut record, nested);
    prune(&mut record);
    let circumstances = kind.circumstances.iter();
    let audience = circumstances.filter_map(|code| Some((*code, vocabulary::circumstance(*code)?))).collect();
    InventedService { number, record, audience, dice }
}

/// Removes members that are null or empty lists, as publishers of whole records do.
pub(super) fn prune(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(prune);
            members.retain(|_, member| {
                !member.is_null() && member.as_array().is_none_or(|list| !list.is_empty())
            });
        }
        Value::Array(list) => list.iter_mut().for_each(prune),
        _ => {}
    }
}

/// The words that replace the placeholders in a template.
struct TemplateWords {
    place: &'static DemoPlace,
    hood: &'static InventedNeighbourhood,
    day: &'static str,
}

impl TemplateWords {
    fn fill(&self, pattern: impl AsRef<str>) -> String {
        let named = pattern.as_ref().replace("{hood}", self.hood.name).replace("{area}", self.place.name);
        named.replace("{day}", self.day)
    }

    fn description(&self, draw: &mut SeededDraw, kind: &ServiceTemplate) -> String {
        let opening = self.fill(draw.pick(kind.openings));
        let detail = self.fill(draw.pick(kind.details));
        let closing = draw.pick(CLOSINGS);
        match draw.between(0, 9) {
            0..=2 => format!("<p>{opening}</p>\n<p>{detail}</p>\n<ul><li>{closing}</li></ul>"),
            3..=5 => format!("{opening}\n\n{detail} {closing}"),
            _ => format!("{opening} {detail}"),
        }
    }
}

fn scalars(
    world: InventedWorld,
    draw: &mut SeededDraw,
    kind: &ServiceTemplate,
    wording: &TemplateWords,
    (id, organization): (&str, &InventedOrganization),
) -> Value {
    let host = &organization.host;
    let (minimum_age, maximum_age) = *draw.pick(kind.ages);
    let fees = fees(draw, kind.cost);
    let assured = world.today - Duration::days(draw.between(0, 730));
    let modified = (assured + Duration::days(draw.between(0, 40))).min(world.today);
    let (hour, minute, second) = (draw.between(8, 18), draw.between(0, 59), draw.between(0, 59));
    let name = wording.fill(draw.pick(kind.names));
    let page = format!("https://{host}/{}", slug(&name));
    json!({
        "id": id,
        "organization_id": organization.id,
        "name": name,
        "alternate_name": draw.percent(6).then(|| format!("{} group", wording.hood.name)),
        "description": wording.description(draw, kind),
        "url": draw.percent(92).then(|| page.clone()),
        "additional_urls": draw.percent(14).then(|| json!([{
            "id": world.ids.id("url", id), "label": "Book a place", "url": format!("{page}/book"), "service_id": id,
        }])),
        "email": draw.percent(88).then(|| format!("{}@{host}", draw.pick(MAILBOXES))),
        "status": status(draw),
        "interpretation_services": draw.percent(10).then_some("Interpreters can be booked with a week's notice."),
        "application_process": draw.percent(45).then(|| *draw.pick(APPLYING)),
        "fees_description": fees.clone(),
        "fees": fees,
        "wait_time": draw.percent(8).then(|| *draw.pick(&["About two weeks", "4 to 6 weeks", "No wait"])),
        "accreditations": draw.percent(12).then(|| *draw.pick(MARKS)),
        "eligibility_description": draw.percent(35).then(|| eligibility(kind)),
        "minimum_age": minimum_age,
        "maximum_age": maximum_age,
        "assured_date": assured.to_string(),
        "assurer_email": draw.percent(70).then_some("directory.team@council.example"),
        "alert": draw.percent(4).then(|| *draw.pick(ALERTS)),
        "last_modified": format!("{modified}T{hour:02}:{minute:02}:{second:02}Z"),
    })
}

fn fees(draw: &mut SeededDraw, cost: InventedCost) -> Option<&'static str> {
    let words: &[&str] = match cost {
        InventedCost::Free => &["Free", "No charge", "Free of charge to residents"],
        InventedCost::Donation => &["Donations welcome", "Pay what you can", "Suggested donation of £2"],
        InventedCost::Session(..) => {
            &["A small charge for each session", "Pay on the door", "First visit free"]
        }
        InventedCost::Meal(..) => &["A charge covers the meal", "Pay on the day, cash or card"],
        InventedCost::Hour(..) => {
            &["Charged by the hour; ask for a quotation", "Sliding scale according to income"]
        }
    };
    draw.percent(65).then(|| *draw.pick(words))
}

fn status(draw: &mut SeededDraw) -> &'static str {
    match draw.between(0, 99) {
        0..=91 => "active",
        92..=94 => "inactive",
        95..=97 => "temporarily closed",
        _ => "defunct",
    }
}

fn eligibility(kind: &ServiceTemplate) -> String {
    let labels: Vec<_> =
        kind.circumstances.iter().filter_map(|code| vocabulary::circumstance(*code)).collect();
    format!("For: {}.", labels.join("; ").to_lowercase())
}

fn merge(record: &mut Value, more: Value) {
    if let (Value::Object(record), Value::Object(more)) = (record, more) {
        record.extend(more);
    }
}

const CLOSINGS: &[&str] = &[
    "Ring before your first visit.",
    "Just turn up.",
    "Wheelchair users welcome.",
    "Volunteers needed, too.",
    "Run entirely by volunteers.",
];
const MAILBOXES: &[&str] = &["enquiries", "info", "hello", "bookings", "team"];
const APPLYING: &[&str] = &[
    "Just turn up",
    "Ring to book a place",
    "Ask your GP or social worker to refer you",
    "Fill in the form on our website",
    "Self-referral or referral by a professional",
];
const MARKS: &[&str] = &[
    "Dementia Friendly",
    "Advice Quality Standard",
    "Trusted Charity Mark",
    "Registered with the regulator",
];
const ALERTS: &[&str] = &[
    "Closed for refurbishment until further notice; sessions have moved next door.",
    "No sessions between Christmas and New Year.",
    "Waiting list open again from January.",
];
