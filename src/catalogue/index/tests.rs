//! Tests that the index finds what the model's rules say, whatever happened to the index.

use proptest::prelude::*;
use serde_json::json;

use super::CatalogueIndex;
use crate::catalogue::batch::SyncBatch;
use crate::catalogue::find::ServiceHit;
use crate::catalogue::store::RecordStore;
use crate::catalogue::tests::{at, batch, rich, service, service_id, source};
use crate::model::{
    AskLexicon, AskedPhrase, FilterNarrowing, PostcodePlaces, TextQuery, WordCounts, WordRarity as _,
};

fn sought(text: &str) -> TextQuery {
    TextQuery::parse(text).unwrap()
}

fn found(index: &CatalogueIndex, narrow: &FilterNarrowing<'_>) -> Vec<ServiceHit> {
    let mut found = index.searcher().candidates(narrow).unwrap();
    found.sort_by_key(|one| one.ordinal);
    found
}

fn found_by(index: &CatalogueIndex, narrow: &FilterNarrowing<'_>) -> Vec<(u32, f32)> {
    found(index, narrow).iter().map(|hit| (hit.ordinal, hit.score)).collect()
}

/// Inverts the first half of each file of an index that has this extension.
pub(in crate::catalogue) fn flip(index: &std::path::Path, ending: &str) {
    let files = std::fs::read_dir(index).unwrap().map(|file| file.unwrap().path());
    let files: Vec<_> = files.filter(|file| file.extension().is_some_and(|is| is == ending)).collect();
    assert!(!files.is_empty(), "no {ending} files");
    for file in files {
        let mut bytes = std::fs::read(&file).unwrap();
        let inner = bytes.len() / 2;
        bytes[..inner].iter_mut().for_each(|byte| *byte ^= 0xff);
        std::fs::write(&file, bytes).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn scores_are_those_of_the_rule(
        texts in prop::collection::vec(("((te|tea|teas|teapot|talk|talking|walks|émile) ){1,4}", "((tea|teapots|talked|walk) ){0,5}"), 1..12),
        asked in prop::collection::vec("((te|tea|teas|teap|talk|talks|walk|émi) ){1,2}(\"(tea|talk|te) (tea|walks|talk)\")?", 8),
    ) {
        let services: Vec<_> = texts.iter().enumerate().map(|(number, (name, description))| {
            service(&number.to_string(), name, at(0), json!({"description": {"raw": description}}))
        }).collect();
        let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
        store.write(&[batch(1, services.iter().cloned())], at(0)).unwrap();
        let index = CatalogueIndex::open(None, &store.read().unwrap()).unwrap();
        for text in asked {
            let sought = sought(&text);
            let found = found(&index, &FilterNarrowing::Words(&sought));
            let expected = services.iter().zip(0..).filter_map(|(service, ordinal)| Some((ordinal, sought.score(service.search_text())?)));
            let expected: Vec<(u32, f32)> = expected.collect();
            prop_assert_eq!(found.len(), expected.len(), "{}", text);
            for (candidate, (ordinal, score)) in found.iter().zip(expected) {
                prop_assert_eq!(candidate.ordinal, ordinal);
                prop_assert!((candidate.score - score).abs() < 1e-4, "{}: {} and {}", text, candidate.score, score);
            }
        }
    }
}

/// Generates descriptions in which some things are said in passing or denied.
fn some_description() -> impl Strategy<Value = String> {
    let sentence = prop::sample::select(vec![
        "Advice on debts and bills.",
        "We cannot give advice on debts.",
        "The venue is wheelchair accessible.",
        "We lend wheelchairs.",
        "A food bank for all.",
        "Stop smoking, or vaping, with us.",
        "This is a smoke-free site.",
        "Befriending for people who have no one to talk to.",
        "Money advice.",
        "Lunch.",
        "Debt, then advice much later.",
    ]);
    prop::collection::vec(sentence, 0..4).prop_map(|sentences| sentences.join(" "))
}

const ASKED: [&str; 10] = [
    "debts",
    "wheelchair",
    "no one to talk to",
    "quit smoking",
    "foodbank",
    "debt advise near me",
    "borow a wheelchiar",
    "someone for lunch",
    "monye",
    "advice on smoking and debt",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn phrases_are_answered_as_the_rule_says_whatever_was_written_before(
        texts in prop::collection::vec(("((debt|lunch|money|food|bank|advice|club) ){1,3}", some_description()), 1..16),
        gone in prop::collection::vec(any::<bool>(), 16),
    ) {
        let made = |number: usize, name: &str, description: &str| {
            service(&number.to_string(), name, at(0), json!({"description": {"raw": description}}))
        };
        let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
        let mut index = CatalogueIndex::open(None, &store.read().unwrap()).unwrap();
        // Removed services and earlier texts must not count.
        let before = texts.iter().enumerate().map(|(number, (name, _))| made(number, name, "Debts, smoking and lunch."));
        store.write(&[batch(1, before)], at(0)).unwrap();
        index.catch_up(&store.read().unwrap()).unwrap();
        let kept: Vec<_> = texts.iter().enumerate().filter(|(number, _)| !gone[*number])
            .map(|(number, (name, description))| (number, made(number, name, description))).collect();
        let removals = (0..texts.len()).filter(|number| gone[*number]).map(|number| service_id(&number.to_string()));
        let written = SyncBatch { removals: removals.collect(), ..batch(2, kept.iter().map(|(_, service)| service.clone())) };
        store.write(&[written], at(0)).unwrap();
        index.catch_up(&store.read().unwrap()).unwrap();
        let mut counts = WordCounts::default();
        kept.iter().for_each(|(_, service)| counts.add(service.ask_text()));
        let by_index = index.searcher().counts().unwrap();
        prop_assert_eq!(by_index.services(), counts.services());
        for phrase in ASKED {
            let ask = AskedPhrase::parse(phrase, &AskLexicon::built_in()).unwrap().counted(&counts);
            prop_assert_eq!(&ask, &ask.counted(&by_index), "{}", phrase);
            prop_assert!(by_index.failure().is_none());
            let found = found_by(&index, &FilterNarrowing::Asked(&ask));
            let tenths = kept.iter().filter_map(|(number, service)| Some((*number, ask.reading().tenths(service.ask_text())?)));
            let expected: Vec<(u32, f32)> = tenths.map(|(number, tenths)| (number as u32, tenths as f32 / 10.0)).collect();
            prop_assert_eq!(&found, &expected, "{}", phrase);
            // Also in combination with another condition that scores.
            let lunch = sought("lunch");
            let both = FilterNarrowing::Both(vec![FilterNarrowing::Asked(&ask), FilterNarrowing::Words(&lunch)]);
            let found: Vec<(u32, f32)> = found_by(&index, &both);
            let has_lunch = |ordinal: u32| kept.iter().find(|(number, _)| *number == ordinal as usize)
                .and_then(|(_, service)| lunch.score(service.search_text()));
            let expected: Vec<(u32, f32)> = expected.into_iter()
                .filter_map(|(ordinal, score)| Some((ordinal, ((score + has_lunch(ordinal)?) * 10.0).round() / 10.0))).collect();
            prop_assert_eq!(found, expected, "{}", phrase);
        }
    }
}

#[test]
fn what_is_remembered_of_a_segment_holds_whatever_is_written_later() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    let named = |id: &str, name: &str| service(id, name, at(0), json!({}));
    let mut index = CatalogueIndex::open(None, &store.read().unwrap()).unwrap();
    let (tea, talk) = (sought("tea"), sought("talk"));
    let ask = AskedPhrase::parse("somewhere to talk", &AskLexicon::built_in()).unwrap();
    let ours = || FilterNarrowing::Tagged(vec!["s:elmshire".to_owned(), "s:ashford".to_owned()]);
    let asked = [
        FilterNarrowing::All,
        ours(),
        FilterNarrowing::Words(&tea),
        FilterNarrowing::Asked(&ask),
        FilterNarrowing::Both(vec![ours(), FilterNarrowing::Words(&talk)]),
        FilterNarrowing::Both(vec![FilterNarrowing::Asked(&ask), FilterNarrowing::Words(&tea)]),
        FilterNarrowing::Either(vec![FilterNarrowing::Words(&tea), FilterNarrowing::Asked(&ask)]),
    ];
    let many = || (0..200).map(|number| named(&format!("other{number}"), "Lunch"));
    let writes = [
        batch(1, many().chain([named("a", "Tea"), named("b", "Talk"), named("c", "Tea and talk")])),
        batch(2, [named("b", "Tea"), named("d", "Talk")]),
        SyncBatch { removals: vec![service_id("a"), service_id("d")], ..batch(3, [named("e", "Talk")]) },
        SyncBatch::new(source("elmshire"), 4),
    ];
    for write in writes {
        store.write(&[write], at(0)).unwrap();
        let now = store.read().unwrap();
        index.catch_up(&now).unwrap();
        let anew = CatalogueIndex::open(None, &now).unwrap();
        for narrowing in &asked {
            let first = found_by(&index, narrowing);
            assert_eq!(first, found_by(&anew, narrowing), "{narrowing:?}");
            assert_eq!(first, found_by(&index, narrowing), "asked again: {narrowing:?}");
        }
    }
    let remembered = |index: &CatalogueIndex| index.searcher().remembers(&tea);
    assert!(remembered(&index));
    store.write(&[batch(5, [named("f", "Lunch")])], at(0)).unwrap();
    index.catch_up(&store.read().unwrap()).unwrap();
    assert!(remembered(&index), "another segment changes nothing of the first");
}

#[test]
fn conditions_join_as_they_say() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    let services = ["Tea", "Talk", "Tea talk"].map(|name| service(name, name, at(0), json!({})));
    store.write(&[batch(1, services)], at(0)).unwrap();
    let index = CatalogueIndex::open(None, &store.read().unwrap()).unwrap();
    let (tea, talk) = (sought("tea"), sought("talk"));
    let tags = |tags: &[&str]| FilterNarrowing::Tagged(tags.iter().map(|tag| (*tag).to_owned()).collect());
    let (ours, none) = (|| tags(&["s:elmshire"]), || tags(&[]));
    let all = vec![(0, 0.0), (1, 0.0), (2, 0.0)];
    let (tea, talk) = (|| FilterNarrowing::Words(&tea), || FilterNarrowing::Words(&talk));
    for (narrowing, expected) in [
        (FilterNarrowing::All, all.clone()),
        (none(), vec![]),
        (FilterNarrowing::Both(vec![]), all.clone()),
        (FilterNarrowing::Either(vec![]), vec![]),
        (FilterNarrowing::Both(vec![ours(), tea()]), vec![(0, 5.0), (2, 5.0)]),
        (FilterNarrowing::Both(vec![tea(), talk()]), vec![(2, 10.0)]),
        (FilterNarrowing::Both(vec![none(), tea()]), vec![]),
        (FilterNarrowing::Either(vec![tea(), talk()]), all.clone()),
        (tags(&["s:elmshire", "s:ashford"]), all),
        (tags(&["s:ash"]), vec![]),
    ] {
        let found: Vec<_> = found(&index, &narrowing).iter().map(|one| (one.ordinal, one.score)).collect();
        assert_eq!(found, expected, "{narrowing:?}");
    }
}

#[test]
fn an_index_that_is_behind_or_broken_catches_up() {
    let directory = tempfile::tempdir().unwrap();
    let store = RecordStore::open(Some(directory.path()), &PostcodePlaces::default()).unwrap();
    let follow = || {
        // An index that cannot be opened counts as empty.
        let before = CatalogueIndex::at(&directory.path().join("index-v1"));
        let before = before.map_or(0, |index| found(&index, &FilterNarrowing::All).len());
        let index = CatalogueIndex::open(Some(directory.path()), &store.read().unwrap()).unwrap();
        let after: Vec<_> = found(&index, &FilterNarrowing::All).iter().map(|one| one.ordinal).collect();
        (before, after)
    };
    store.write(&[batch(1, ["a", "b", "c"].map(|one| rich(one, at(0))))], at(0)).unwrap();
    assert_eq!(follow(), (0, vec![0, 1, 2]), "made from nothing");
    store
        .write(&[SyncBatch { removals: vec![service_id("b")], ..batch(1, [rich("d", at(0))]) }], at(0))
        .unwrap();
    assert_eq!(follow(), (3, vec![0, 2, 3]), "what changed since");
    let later = at(0) + chrono::TimeDelta::days(91);
    store
        .write(&[SyncBatch { removals: vec![service_id("a")], ..batch(2, [rich("e", later)]) }], later)
        .unwrap();
    let longer = later + chrono::TimeDelta::days(91);
    store.write(&[batch(3, [rich("f", longer)])], longer).unwrap();
    assert_eq!(follow(), (3, vec![2, 3, 4, 5]), "made again where what changed is forgotten");
    for file in std::fs::read_dir(directory.path().join("index-v1")).unwrap() {
        std::fs::write(file.unwrap().path(), b"broken").unwrap();
    }
    assert_eq!(follow(), (0, vec![2, 3, 4, 5]), "made again where it is broken");
    for ending in ["idx", "term", "fast", "pos", "store"] {
        flip(&directory.path().join("index-v1"), ending);
        assert_eq!(follow(), (0, vec![2, 3, 4, 5]), "made again where bytes of {ending} are others");
        assert_eq!(follow(), (4, vec![2, 3, 4, 5]), "and then it is in order");
    }
    drop(store);
    std::fs::remove_file(directory.path().join("catalogue.redb")).unwrap();
    let store = RecordStore::open(Some(directory.path()), &PostcodePlaces::default()).unwrap();
    store.write(&[SyncBatch::new(source("elmshire"), 1)], at(0)).unwrap();
    let index = CatalogueIndex::open(Some(directory.path()), &store.read().unwrap()).unwrap();
    assert_eq!(found(&index, &FilterNarrowing::All), [], "another store is another catalogue");
}
