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

/// What the rows say together.
#[derive(Default)]
pub(super) struct EligibilityRows {
    /// Lowest age of any row; none where a row has no bound.
    pub minimum_age: Option<f64>,
    /// Highest age of any row, likewise.
    pub maximum_age: Option<f64>,
    /// The rows' own ranges, where they differ; those that could be read.
    pub age_bands: Vec<(Option<f64>, Option<f64>)>,
    /// Which bounds of any row could not be read.
    pub unread_ages: UnreadBounds,
    /// Their words.
    pub description: Option<String>,
    /// Their words and terms.
    pub attributes: Vec<Arc<Attribute>>,
}

struct EligibilityRow {
    words: Vec<String>,
    ages: AgeLimits,
    attributes: Vec<Arc<Attribute>>,
}

/// Takes the rows. Where their bands of ages differ, the rows stay in the record's extra too: 0 to 5 and 60 up is
/// not 0 up, and the record has one band.
pub(super) fn eligibility(m: &mut ObjectMembers<'_>) -> EligibilityRows {
    let key = m.spelled(ELIGIBILITY.names);
    let sent = m.peek(&key).cloned();
    let rows = m.list(None, ELIGIBILITY.names, ELIGIBILITY.bare, |outer, step, object| {
        let id = object.get("id").cloned();
        Some(inside(outer, step, object, &ELIGIBILITY, |m, _| {
            // 3.0 has no eligibility that could have an id.
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
        // They move to the service, since 3.0 has no eligibility to hang on.
        Arc::make_mut(attribute).link_entity = Some("service".to_owned());
    }
    EligibilityRow { words, ages, attributes }
}

fn bands_differ(rows: &[Arc<EligibilityRow>]) -> bool {
    rows.windows(2).any(|pair| matches!(pair, [a, b] if a.ages != b.ages))
}

// The rows' ages alone; all else in them is in the record.
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

// Of bounds of which none is missing.
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
