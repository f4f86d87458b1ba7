//! Services: what Outpost puts beside them rather than inside, or names differently.

use serde_json::{Map, Value, json};

use super::super::documents::{PublisherVocabulary, annotate_flag, annotate_list, attribute, links, rename};
use super::super::lenient::{MovedObject, ShapedMembers, id_text, is_nothing, member, take_member, truth};
use super::{schedules, vocabulary};
use crate::model::IssueCode;

const TAXONOMIES: PublisherVocabulary =
    PublisherVocabulary { id: "outpost", name: "Outpost", link_type: None, plain_ids: true };
const LISTS: [(&str, PublisherVocabulary); 4] = [
    ("send_needs", vocabulary("send_need", "Outpost SEND needs")),
    ("suitabilities", vocabulary("suitability", "Outpost suitabilities")),
    ("directories", vocabulary("directory", "Outpost directories")),
    ("target_directories", vocabulary("directory", "Outpost directories")),
];
const AGE_BAND: PublisherVocabulary = vocabulary("age_band", "Outpost age bands");
const AGE_BANDS: [(&str, &str, &str); 6] = [
    ("age_band_under_2", "under_2", "Under 2"),
    ("age_band_2", "2", "2"),
    ("age_band_3_4", "3_4", "3 to 4"),
    ("age_band_5_7", "5_7", "5 to 7"),
    ("age_band_8_plus", "8_plus", "8 and over"),
    ("age_band_all", "all", "All ages"),
];
// ORUK 1.0's own vocabulary for this.
const ATTENDING_ACCESS: PublisherVocabulary = vocabulary("attending_access", "ORUK v1 attending access");
const MASKED: &str = "mask_exact_address";
const META: PublisherVocabulary = vocabulary("meta", "Outpost meta");

/// Merges the places beside a service into its services at locations. This comes first, because only the former say
/// whether a place is masked.
pub(super) fn join_places(shaping: &mut ShapedMembers<'_>) {
    for MovedObject { members: place, .. } in shaping.take_objects("locations") {
        let mut is_joined = false;
        shaping.each("service_at_locations", |path, delivery, shaping| {
            if is_at(delivery, &place) {
                is_joined = true;
                fill_place(&format!("{path}.location"), delivery, place.clone(), shaping);
            }
        });
        if !is_joined {
            shaping.push("service_at_locations", json!({"location": place}), None);
        }
    }
}

fn is_at(delivery: &Map<String, Value>, place: &Map<String, Value>) -> bool {
    let nested = member(delivery, "location").and_then(|location| member(location.as_object()?, "id"));
    let given = nested.or_else(|| member(delivery, "location_id")).and_then(id_text);
    given.is_some() && given == member(place, "id").and_then(id_text)
}

fn fill_place(
    path: &str,
    delivery: &mut Map<String, Value>,
    mut place: Map<String, Value>,
    shaping: &ShapedMembers<'_>,
) {
    if let Some((_, Value::Object(stub))) = take_member(delivery, "location") {
        // A place that either of the two masks stays masked.
        let is_masked = member(&stub, MASKED).is_some_and(|flag| truth(flag) != Some(false));
        for (key, value) in stub {
            let said = place.entry(key.clone()).or_insert_with(|| value.clone());
            if *said != value && key != MASKED && !is_nothing(&value) {
                // It is not known yet which of the two may be shown, so neither is quoted.
                let message = "contradicts the place with this id beside it";
                shaping.note(IssueCode::Conflict, &format!("{path}.{key}"), message);
            }
        }
        if is_masked {
            place.insert(MASKED.to_owned(), json!(true));
        }
    }
    delivery.insert("location".to_owned(), Value::Object(place));
}

/// Brings a service to the standard's shape.
pub(super) fn shape(shaping: &mut ShapedMembers<'_>) {
    name_provider(shaping);
    annotate_list(shaping, "service", "taxonomies", &TAXONOMIES);
    for (list, vocabulary) in &LISTS {
        annotate_list(shaping, "service", list, vocabulary);
    }
    for (flag, id, name) in AGE_BANDS {
        annotate_flag(shaping, flag, id, name, &AGE_BAND);
    }
    annotate_flag(shaping, "needs_referral", "referral", "referral", &ATTENDING_ACCESS);
    annotate_meta(shaping);
    shaping.each("contacts", flat_phone);
    shaping.each("cost_options", |path, price, shaping| {
        rename(shaping, path, price, "cost_type", "amount_description");
    });
    say_free(shaping);
    links(shaping);
    schedules::shape(shaping);
}

// An organisation that is one person often has no name of its own.
fn name_provider(shaping: &mut ShapedMembers<'_>) {
    let Some(name) = shaping.peek("name").cloned() else { return };
    let Some((key, mut provider)) = shaping.take("organisation") else { return };
    if let Value::Object(provider) = &mut provider
        && member(provider, "name").is_none()
        && member(provider, "id").is_some()
    {
        provider.insert("name".to_owned(), name);
        let message = "is required by the standard but missing; the service's was used";
        shaping.note(IssueCode::MissingRequired, &format!("{key}.name"), message);
    }
    shaping.put(&key, provider);
}

fn annotate_meta(shaping: &mut ShapedMembers<'_>) {
    for MovedObject { from, mut members } in shaping.take_objects("meta") {
        if member(&members, "key").is_some_and(|key| id_text(key).is_none()) {
            shaping.note(IssueCode::Unreadable, &format!("{from}.key"), "is neither a string nor a number");
        }
        let Some(key) = ["key", "label"].iter().find_map(|name| id_text(member(&members, name)?)) else {
            shaping.push("meta", Value::Object(members), None);
            continue;
        };
        let name = member(&members, "label").cloned().unwrap_or_else(|| key.clone().into());
        let term = json!({
            "id": format!("{}/{key}", META.id), "name": name, "code": key, "taxonomy": META.name,
            "taxonomy_detail": {"id": META.id, "name": META.name},
        });
        take_member(&mut members, "key");
        let Value::Object(mut attribute) =
            attribute(shaping, "service", &META, term.as_object().cloned().unwrap_or_default())
        else {
            continue;
        };
        // The record's own id, label and value take precedence.
        attribute.extend(members);
        shaping.push("attributes", Value::Object(attribute), Some(&from));
    }
}

fn flat_phone(path: &str, contact: &mut Map<String, Value>, shaping: &ShapedMembers<'_>) {
    if !member(contact, "phone").is_some_and(|phone| phone.is_string() || phone.is_number()) {
        return;
    }
    let Some((key, number)) = take_member(contact, "phone") else { return };
    let from = format!("{path}.{key}");
    shaping.note(IssueCode::MisspelledMember, &from, "was read as the number in `phones`");
    shaping.moved(&from, &format!("{path}.phones[0]"));
    shaping.moved(&from, &format!("{path}.phones[0].number"));
    let mut phone = Map::from_iter([("number".to_owned(), number)]);
    phone.extend(member(contact, "id").and_then(id_text).map(|id| ("id".to_owned(), id.into())));
    contact.insert("phones".to_owned(), json!([phone]));
}

fn say_free(shaping: &mut ShapedMembers<'_>) {
    let says_more =
        ["cost_options", "fees", "fees_description"].iter().any(|name| shaping.peek(name).is_some());
    if !says_more && shaping.peek("free").and_then(truth) == Some(true) {
        shaping.put("fees_description", "Free".into());
    }
}
