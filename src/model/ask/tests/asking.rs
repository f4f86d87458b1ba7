//! Phrases as people type them, held against realistic services: `tests/asking/` at the top of the project.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Deserialize)]
struct Written {
    kind: String,
    name: String,
    description: String,
    organization: String,
    terms: String,
    fees: String,
    eligibility: String,
    accessibility: String,
}

#[derive(Deserialize)]
struct Phrase {
    situation: String,
    phrase: String,
    right: String,
    wrong: String,
}

/// What came of some phrases.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    phrases: usize,
    first: usize,
    among_five: usize,
    wrong: usize,
    nothing: usize,
}

fn read<T: for<'de> Deserialize<'de>>(name: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/asking").join(name);
    csv::Reader::from_path(path).unwrap().into_deserialize().map(Result::unwrap).collect()
}

fn service(written: &Written) -> Service {
    let provenance = json!({
        "fetched_at": "2026-01-01T00:00:00Z", "fresh_until": "2026-01-01T00:00:00Z", "shallow": false,
        "content_hash": "00000000000000000000000000000000", "issues": [], "read_bytes": 1,
    });
    let attribute = |(nth, name): (usize, &str)| {
        let term = json!({
            "id": format!("TaxonomyTerm(elmshire/{nth})"), "provenance": provenance, "order_key": name, "carried": 0,
            "name": name, "metadata": [], "extra": {},
        });
        json!({ "id": format!("Attribute:elmshire:{nth}"), "taxonomy_term": term })
    };
    let terms = written.terms.split([';', '|']).map(str::trim).filter(|term| !term.is_empty()).enumerate();
    let mut service = sample::service(&json!({
        "name": written.name, "description": { "raw": format!("{} {}", written.description, written.accessibility) },
        "fees": written.fees, "eligibility_description": written.eligibility,
        "attributes": terms.map(attribute).collect::<Vec<_>>(),
    }));
    let organization = json!({
        "id": "Organization(elmshire/1)", "provenance": provenance, "order_key": "a", "carried": 0,
        "name": written.organization, "additional_websites": [], "locations": [], "phones": [], "contacts": [],
        "programs": [], "funding": [], "organization_identifiers": [], "attributes": [], "metadata": [], "extra": {},
    });
    service.organization = serde_json::from_value(organization).ok().map(Arc::new);
    service
}

/// The services found, the best first; of equals, the first by name.
fn found<'s>(ask: &Ask, services: &'s [(Written, Service)]) -> Vec<(u32, &'s Written)> {
    let scored = services.iter().filter_map(|(written, one)| Some((ask.reading().tenths(one.ask_text())?, written)));
    let mut scored: Vec<_> = scored.collect();
    scored.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.name.cmp(&other.name)));
    scored
}

fn is_among(kinds: &str, kind: &str) -> bool {
    kinds.split('|').any(|one| one.trim() == kind)
}

#[test]
fn phrases_of_every_situation_find_the_right_kind() {
    let services: Vec<(Written, Service)> =
        read::<Written>("services.csv").into_iter().map(|written| (service(&written), written)).map(|(a, b)| (b, a)).collect();
    let mut counts = WordCounts::default();
    services.iter().for_each(|(_, service)| counts.add(service.ask_text()));
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut all = Score::default();
    let verbose = std::env::var_os("ASKING_VERBOSE").is_some();
    for Phrase { situation, phrase, right, wrong } in read::<Phrase>("phrases.csv") {
        let ask = Ask::parse(&phrase, &lexicon()).unwrap().counted(&counts);
        let found = found(&ask, &services);
        let first = found.first().map(|(_, written)| &*written.kind);
        let is_right = |kind: &str| is_among(&right, kind);
        let one = Score {
            phrases: 1,
            first: usize::from(first.is_some_and(is_right)),
            among_five: usize::from(found.iter().take(5).any(|(_, written)| is_right(&written.kind))),
            wrong: usize::from(first.is_some_and(|kind| is_among(&wrong, kind))),
            nothing: usize::from(found.is_empty()),
        };
        if verbose && (one.first == 0 || one.wrong > 0) {
            println!("{} {phrase:?} wants {right}{}", if one.among_five == 0 { "MISSED" } else { "later" }, if one.wrong > 0 { " WRONG FIRST" } else { "" });
            for (tenths, written) in found.iter().take(5) {
                println!("    {tenths:4} {:24} {}", written.kind, written.name);
            }
            for want in &ask.reading().wants {
                let ways: Vec<_> = want.ways.iter().map(|way| format!("{}:{}", way.stems.join("+"), way.worth)).collect();
                println!("      {:?}: {}", want.asked, ways.join(" "));
            }
        }
        for score in [&mut all, scores.entry(situation).or_default()] {
            score.phrases += one.phrases;
            score.first += one.first;
            score.among_five += one.among_five;
            score.wrong += one.wrong;
            score.nothing += one.nothing;
        }
    }
    for (situation, score) in &scores {
        println!("{situation:24} {score:?}");
    }
    println!("all {all:?}");
    // What was reached, less a few: who adds rows and rules sees what they cost.
    assert!(all.among_five * 100 >= all.phrases * 94, "{all:?}");
    assert!(all.first * 100 >= all.phrases * 84, "{all:?}");
    assert!(all.wrong * 100 <= all.phrases * 2, "{all:?}");
    assert_eq!(all.nothing, 0);
}
