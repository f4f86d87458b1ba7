//! Who a service is for.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::hsds3::attribute::attributes_named;
use super::super::hsds3::part::inside;
use super::super::lenient::{AgeLimits, ObjectMembers, PartKind, ages};
use super::coded::{CodeWord, ELIGIBILITY as WORDS, coded};
use crate::model::{Attribute, UnreadBounds};

const ELIGIBILITY: PartKind = PartKind {
    type_name: "Eligibility",
    member: None,
    names: &["eligibilitys", "eligibilities", "eligibility", "eligibility_collection"],
    bare: "eligibility",
    key: "eligibility_id",
};

/// What all rows say together.
#[derive(Default)]
pub(super) struct EligibilityRows {
    /// The lowest age of any row. `None` if a row has no lower bound.
    pub minimum_age: Option<f64>,
    /// The highest age of any row. `None` if a row has no upper bound.
    pub maximum_age: Option<f64>,
    /// The ranges of the rows that could be read, if they differ.
    pub age_bands: Vec<(Option<f64>, Option<f64>)>,
    /// Which bounds of any row could not be read.
    pub unread_ages: UnreadBounds,
    /// The texts of the rows.
    pub description: Option<String>,
    /// The terms and coded words of the rows.
    pub attributes: Vec<Arc<Attribute>>,
}

struct EligibilityRow {
    words: Vec<String>,
    ages: AgeLimits,
    attributes: Vec<Arc<Attribute>>,
}

/// Takes the rows. If their age ranges differ, the rows also stay in the record's extra, because the record has only
/// one range: 0 to 5 and 60 up is not 0 up.
pub(super) fn eligibility(m: &mut ObjectMembers<'_>) -> EligibilityRows {
    let key = m.spelled(ELIGIBILITY.names);
    let sent = m.peek(&key).cloned();
    let rows = m.list(None, ELIGIBILITY.names, ELIGIBILITY.bare, |outer, step, object| {
        let id = object.get("id").cloned();
        Some(inside(outer, step, object, &ELIGIBILITY, |m, _| {
            // An eligibility's id has no place in 3.0.
            id.into_iter().for_each(|id| m.keep("id", id));
            row(m)
        }))
    });
    if let Some(sent) = sent.filter(|_| bands_differ(&rows)) {
        m.put(&key, bands(sent));
    }
    together(m, &rows)
}

fn row(m: &mut ObjectMembers<'_>) -> EligibilityRow {
    let words = [m.name(&["eligibility"]), m.name(&["gender"])].into_iter().flatten().collect();
    let ages = ages(m, &["minimum_age", "min_age"], &["maximum_age", "max_age"]);
    let names = ["taxonomys", "taxonomies", "link_taxonomies", "link_taxonomy_collection"];
    let mut attributes = attributes_named(m, &names, Some(WORDS.link_type));
    for attribute in &mut attributes {
        // The terms move to the service, because 3.0 has no eligibility.
        Arc::make_mut(attribute).link_entity = Some("service".to_owned());
    }
    EligibilityRow { words, ages, attributes }
}

fn bands_differ(rows: &[Arc<EligibilityRow>]) -> bool {
    rows.windows(2).any(|pair| matches!(pair, [a, b] if a.ages != b.ages))
}

// Keeps only the rows' ages. The rest is in the record.
fn bands(sent: Value) -> Value {
    let Value::Array(rows) = sent else { return sent };
    let is_age = |key: &str| key.to_ascii_lowercase().replace('_', "").ends_with("age");
    let band = |row: Value| match row {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(key, _)| is_age(key)).collect::<Map<_, _>>())
        }
        other => other,
    };
    rows.into_iter().map(band).collect()
}

fn together(m: &ObjectMembers<'_>, rows: &[Arc<EligibilityRow>]) -> EligibilityRows {
    let mut words: Vec<&str> = Vec::new();
    for word in rows.iter().flat_map(|row| &row.words) {
        if !words.contains(&word.as_str()) {
            words.push(word);
        }
    }
    let coded = words.iter().filter_map(|word| coded(m, WORDS, &CodeWord { text: word, id: None }));
    let terms = rows.iter().flat_map(|row| row.attributes.iter().cloned());
    let are_different = bands_differ(rows);
    let bands = rows.iter().map(|row| row.ages).filter(|ages| are_different && ages.unread.is_empty());
    EligibilityRows {
        age_bands: bands.map(|ages| (ages.minimum, ages.maximum)).collect(),
        minimum_age: outermost(rows.iter().map(|row| row.ages.minimum), f64::min),
        maximum_age: outermost(rows.iter().map(|row| row.ages.maximum), f64::max),
        unread_ages: rows.iter().fold(UnreadBounds::default(), |unread, row| unread.or(row.ages.unread)),
        description: (!words.is_empty()).then(|| words.join("; ")),
        attributes: coded.chain(terms).collect(),
    }
}

// Returns `None` if any bound is missing.
fn outermost(
    mut bounds: impl Iterator<Item = Option<f64>>,
    further: impl Fn(f64, f64) -> f64,
) -> Option<f64> {
    let first = bounds.next()??;
    bounds.try_fold(first, |outermost, bound| Some(further(outermost, bound?)))
}

#[cfg(test)]
mod tests {
    use super::outermost;

    #[test]
    fn a_missing_bound_is_none_for_all() {
        let lowest = |bounds: &[Option<f64>]| outermost(bounds.iter().copied(), f64::min);
        assert_eq!(lowest(&[Some(60.0), Some(5.0)]), Some(5.0));
        assert_eq!(lowest(&[Some(60.0), None]), None);
        assert_eq!(lowest(&[]), None);
    }
}
