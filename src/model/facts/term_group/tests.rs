//! Tests with invented terms of which terms are the same.

use serde_json::{Map, Value, json};

use super::*;
use crate::model::SourceKey;

/// Returns a term with these members and no others.
fn term(said: Value) -> TaxonomyTerm {
    let Value::Object(said) = said else { panic!("{said}") };
    let provenance = json!({
        "fetched_at": "2026-01-01T00:00:00Z", "fresh_until": "2026-01-01T00:00:00Z", "shallow": false,
        "content_hash": "00000000000000000000000000000000", "issues": [], "read_bytes": 1,
    });
    let mut written = json!({
        "id": "TaxonomyTerm(elmshire/1)", "order_key": "a", "carried": 0, "name": UNNAMED, "metadata": [], "extra": {},
        "provenance": provenance,
    });
    if let Some(carried) = said.get("taxonomy").cloned() {
        let mut taxonomy = json!({
            "id": "Taxonomy(elmshire/x)", "order_key": "a", "carried": 0, "name": UNNAMED, "terms": [], "metadata": [],
            "extra": {}, "provenance": provenance,
        });
        taxonomy.as_object_mut().unwrap().extend(carried.as_object().unwrap().clone());
        written["taxonomy"] = taxonomy;
    }
    let others: Map<String, Value> = said.into_iter().filter(|(name, _)| name != "taxonomy").collect();
    written.as_object_mut().unwrap().extend(others);
    serde_json::from_value(written).unwrap()
}

fn key(said: Value) -> String {
    TermGroup::of(&term(said), None).to_string()
}

#[test]
fn one_code_of_a_shared_vocabulary_is_one_term_however_it_is_written() {
    let ways = [
        json!({ "term_uri": "http://id.esd.org.uk/service/298", "name": "Carers' groups" }),
        json!({ "term_uri": "https://id.esd.org.uk/service/298/", "code": "A local one", "taxonomy_name": "Ours" }),
        json!({ "code": "esdServiceType:298" }),
        json!({ "code": "ESDSERVICETYPES:298", "term_uri": "https://vocabulary.example/esdServiceType/298" }),
        json!({ "code": "298", "taxonomy_name": "esdServiceTypes" }),
        json!({ "code": " 298 ", "taxonomy_name": "ESD service types" }),
        json!({ "code": "298", "taxonomy": { "uri": "http://id.esd.org.uk/list/serviceTypes" } }),
        json!({ "code": "298", "taxonomy": { "name": "LGA Services list" } }),
        json!({ "id": "TaxonomyTerm(elmshire/esdServiceType:298)", "name": "Something" }),
        json!({ "code": "http://id.esd.org.uk/service/298" }),
    ];
    for said in ways {
        assert_eq!(key(said.clone()), "code:esd-service-types:298", "{said}");
    }
}

#[test]
fn the_address_comes_first_then_the_code_then_the_name() {
    let cases = [
        (
            json!({ "term_uri": "https://www.Vocabulary.example/Tea/", "code": "1" }),
            "uri:vocabulary.example/Tea",
        ),
        (json!({ "term_uri": "http://vocabulary.example/Tea" }), "uri:vocabulary.example/Tea"),
        (json!({ "code": "T1", "taxonomy_name": "Léisure & more" }), "code:leisure-more:t1"),
        (json!({ "code": "leisure:T1", "taxonomy": { "name": "LEISURE — more" } }), "code:leisure-more:t1"),
        (json!({ "code": "bccservicetype:78" }), "code:bccservicetype:78"),
        (json!({ "name": "Cafés & Clubs", "taxonomy_name": "Leisure" }), "name:leisure:cafes-clubs"),
        (json!({ "name": "cafes/clubs", "taxonomy_name": "leisure" }), "name:leisure:cafes-clubs"),
        (
            json!({ "name": "Lunch clubs", "taxonomy_name": "ESD service types" }),
            "name:esd-service-types:lunch-clubs",
        ),
        (json!({ "name": "Tea" }), "name::tea"),
        // A code means nothing without a vocabulary.
        (json!({ "name": "Tea", "code": "12" }), "name::tea"),
        // A UUID is a feed's own id.
        (
            json!({ "name": "Tea", "taxonomy_name": "Leisure", "code": "5f0a64f1-6c25-4a1a-9b0e-3d2d0f6a7c11" }),
            "name:leisure:tea",
        ),
        // A website, or the vocabulary's own address, is not the address of a term.
        (json!({ "name": "Tea", "term_uri": "https://council.example/" }), "name::tea"),
        (
            json!({ "name": "Tea", "term_uri": "https://v.example/x", "taxonomy": { "uri": "http://v.example/x/" } }),
            "name:v-example-x:tea",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(key(said.clone()), expected, "{said}");
    }
}

#[test]
fn a_term_that_says_nothing_is_a_group_of_its_own() {
    let id =
        RecordId::new(crate::model::RecordKind::TaxonomyTerm, &SourceKey::parse("elmshire").unwrap(), "1");
    for said in [json!({}), json!({ "name": "…" }), json!({ "code": "12" })] {
        assert_eq!(TermGroup::of(&term(said.clone()), None), TermGroup::of_id(&id), "{said}");
    }
}

#[test]
fn a_vocabularys_own_record_speaks_for_terms_that_only_name_it_by_its_id() {
    let said = json!({ "code": "298", "name": "Carers' groups", "taxonomy_id": "Taxonomy(elmshire/17)" });
    assert_eq!(key(said.clone()), "name::carers-groups");
    let names = |name: &str| VocabularyNames { name: name.into(), uri: None };
    let listed = |name| TermGroup::of(&term(said.clone()), Some(&names(name))).to_string();
    assert_eq!(listed("esdServiceTypes"), "code:esd-service-types:298");
    assert_eq!(listed("Ours"), "code:ours:298");
    assert_eq!(listed(UNNAMED), "name::carers-groups");
}

#[test]
fn keys_are_read_as_they_are_written_and_nothing_else_is() {
    for text in ["code:esd-service-types:298", "uri:vocabulary.example/Tea", "name::tea", "id:abc"] {
        assert_eq!(TermGroup::parse(&format!(" {text} ")).unwrap().as_str(), text);
    }
    for text in ["", "Tea", "code:", "https://vocabulary.example/Tea", "CODE:a:b"] {
        assert_eq!(TermGroup::parse(text), Err(TermGroupError), "{text}");
    }
}
