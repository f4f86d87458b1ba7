//! What the index finds is what the rule on words says, whatever happened to the index.

use proptest::prelude::*;
use serde_json::json;

use super::Index;
use crate::catalogue::batch::Batch;
use crate::catalogue::find::Hit;
use crate::catalogue::store::Store;
use crate::catalogue::tests::{at, batch, rich, service, service_id, source};
use crate::model::{Narrowing, Postcodes, TextQuery};

fn sought(text: &str) -> TextQuery {
    TextQuery::parse(text).unwrap()
}

fn found(index: &Index, narrow: &Narrowing<'_>) -> Vec<Hit> {
    let mut found = index.searcher().candidates(narrow).unwrap();
    found.sort_by_key(|one| one.ordinal);
    found
}

/// Turns over some bytes of each file of an index that ends so.
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
        let store = Store::open(None, &Postcodes::default()).unwrap();
        store.write(&[batch(1, services.iter().cloned())], at(0)).unwrap();
        let index = Index::open(None, &store.read().unwrap()).unwrap();
        for text in asked {
            let sought = sought(&text);
            let found = found(&index, &Narrowing::Words(&sought));
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

#[test]
fn conditions_join_as_they_say() {
    let store = Store::open(None, &Postcodes::default()).unwrap();
    let services = ["Tea", "Talk", "Tea talk"].map(|name| service(name, name, at(0), json!({})));
    store.write(&[batch(1, services)], at(0)).unwrap();
    let index = Index::open(None, &store.read().unwrap()).unwrap();
    let (tea, talk) = (sought("tea"), sought("talk"));
    let tags = |tags: &[&str]| Narrowing::Tagged(tags.iter().map(|tag| (*tag).to_owned()).collect());
    let (ours, none) = (|| tags(&["s:elmshire"]), || tags(&[]));
    let all = vec![(0, 0.0), (1, 0.0), (2, 0.0)];
    let (tea, talk) = (|| Narrowing::Words(&tea), || Narrowing::Words(&talk));
    for (narrowing, expected) in [
        (Narrowing::All, all.clone()),
        (none(), vec![]),
        (Narrowing::Both(vec![]), all.clone()),
        (Narrowing::Either(vec![]), vec![]),
        (Narrowing::Both(vec![ours(), tea()]), vec![(0, 5.0), (2, 5.0)]),
        (Narrowing::Both(vec![tea(), talk()]), vec![(2, 10.0)]),
        (Narrowing::Both(vec![none(), tea()]), vec![]),
        (Narrowing::Either(vec![tea(), talk()]), all.clone()),
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
    let store = Store::open(Some(directory.path()), &Postcodes::default()).unwrap();
    let follow = || {
        // One that cannot be opened has nothing that could be told.
        let before = Index::at(&directory.path().join("index-v1"));
        let before = before.map_or(0, |index| found(&index, &Narrowing::All).len());
        let index = Index::open(Some(directory.path()), &store.read().unwrap()).unwrap();
        let after: Vec<_> = found(&index, &Narrowing::All).iter().map(|one| one.ordinal).collect();
        (before, after)
    };
    store.write(&[batch(1, ["a", "b", "c"].map(|one| rich(one, at(0))))], at(0)).unwrap();
    assert_eq!(follow(), (0, vec![0, 1, 2]), "made from nothing");
    store.write(&[Batch { removals: vec![service_id("b")], ..batch(1, [rich("d", at(0))]) }], at(0)).unwrap();
    assert_eq!(follow(), (3, vec![0, 2, 3]), "what changed since");
    let later = at(0) + chrono::TimeDelta::days(91);
    store.write(&[Batch { removals: vec![service_id("a")], ..batch(2, [rich("e", later)]) }], later).unwrap();
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
    let store = Store::open(Some(directory.path()), &Postcodes::default()).unwrap();
    store.write(&[Batch::new(source("elmshire"), 1)], at(0)).unwrap();
    let index = Index::open(Some(directory.path()), &store.read().unwrap()).unwrap();
    assert_eq!(found(&index, &Narrowing::All), [], "another store is another catalogue");
}
