//! What the index finds is what the rule on words says, whatever happened to the index.

use proptest::prelude::*;
use serde_json::json;

use super::{Candidate, Index, Narrow};
use crate::catalogue::batch::Batch;
use crate::catalogue::standin::{Sought, SoughtWord, Weight, fields, stem, words};
use crate::catalogue::store::Store;
use crate::catalogue::tests::{at, batch, rich, service, service_id, source};
use crate::model::Service;

fn sought(text: &str) -> Sought {
    let mut sought = Sought::default();
    for (number, piece) in text.split('"').enumerate() {
        match words(piece) {
            phrase if number % 2 == 1 && phrase.len() > 1 => sought.phrases.push(phrase),
            loose => sought.words.extend(loose.into_iter().map(|folded| SoughtWord {
                stem: stem(&folded),
                may_be_prefix: folded.chars().count() > 2,
                folded,
            })),
        }
    }
    sought
}

/// The rule, read off word by word.
fn score(sought: &Sought, service: &Service) -> Option<f32> {
    let texts = fields(service);
    let best = |value: &dyn Fn(&[Box<str>]) -> f32| {
        let scored = texts.iter().map(|(weight, words)| {
            value(words)
                * match weight {
                    Weight::Name => 5.0,
                    Weight::Term => 3.0,
                    Weight::Rest => 1.0,
                }
        });
        scored.fold(0.0, f32::max)
    };
    let of_word = |word: &SoughtWord| {
        best(&|words| {
            let form = |one: &Box<str>| match () {
                () if *one == word.folded => 1.0,
                () if stem(one) == word.stem => 0.8,
                () if word.may_be_prefix && one.starts_with(&*word.folded) => 0.6,
                () => 0.0,
            };
            words.iter().map(form).fold(0.0, f32::max)
        })
    };
    let of_phrase = |phrase: &Vec<Box<str>>| {
        best(&|words| {
            if words.windows(phrase.len()).any(|some| some == phrase) { phrase.len() as f32 } else { 0.0 }
        })
    };
    let scores: Vec<f32> =
        sought.words.iter().map(of_word).chain(sought.phrases.iter().map(of_phrase)).collect();
    scores.iter().all(|one| *one > 0.0).then(|| scores.iter().sum())
}

fn found(index: &Index, narrow: &Narrow) -> Vec<Candidate> {
    let mut found = index.searcher().candidates(narrow).unwrap();
    found.sort_by_key(|one| one.ordinal);
    found
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
        let store = Store::open(None).unwrap();
        store.write(&[batch(1, services.iter().cloned())], at(0)).unwrap();
        let mut index = Index::open(None).unwrap();
        index.catch_up(&store.read().unwrap()).unwrap();
        for text in asked {
            let sought = sought(&text);
            let found = found(&index, &Narrow::Text(sought.clone()));
            let expected = services.iter().zip(0..).filter_map(|(service, ordinal)| Some((ordinal, score(&sought, service)?)));
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
    let store = Store::open(None).unwrap();
    let services = ["Tea", "Talk", "Tea talk"].map(|name| service(name, name, at(0), json!({})));
    store.write(&[batch(1, services)], at(0)).unwrap();
    let mut index = Index::open(None).unwrap();
    index.catch_up(&store.read().unwrap()).unwrap();
    let text = |words| Narrow::Text(sought(words));
    let ours = || Narrow::Tag("source:elmshire".to_owned());
    let tags = |tags: &[&str]| Narrow::AnyTag(tags.iter().map(|tag| (*tag).to_owned()).collect());
    for (narrow, expected) in [
        (Narrow::All, vec![(0, 0.0), (1, 0.0), (2, 0.0)]),
        (Narrow::None, vec![]),
        (Narrow::And(vec![]), vec![(0, 0.0), (1, 0.0), (2, 0.0)]),
        (Narrow::Or(vec![]), vec![]),
        (Narrow::And(vec![ours(), text("tea")]), vec![(0, 5.0), (2, 5.0)]),
        (Narrow::And(vec![Narrow::None, text("tea")]), vec![]),
        (Narrow::Or(vec![text("tea"), text("talk")]), vec![(0, 5.0), (1, 5.0), (2, 10.0)]),
        (tags(&["source:elmshire", "source:ashford"]), vec![(0, 0.0), (1, 0.0), (2, 0.0)]),
        (tags(&["source:ash"]), vec![]),
        (tags(&[]), vec![]),
    ] {
        let found: Vec<_> = found(&index, &narrow).iter().map(|one| (one.ordinal, one.score)).collect();
        assert_eq!(found, expected, "{narrow:?}");
    }
}

#[test]
fn an_index_that_is_behind_or_broken_catches_up() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(Some(directory.path())).unwrap();
    let follow = || {
        let mut index = Index::open(Some(directory.path())).unwrap();
        let before = found(&index, &Narrow::All).len();
        index.catch_up(&store.read().unwrap()).unwrap();
        let after: Vec<_> = found(&index, &Narrow::All).iter().map(|one| one.ordinal).collect();
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
    drop(store);
    std::fs::remove_file(directory.path().join("catalogue.redb")).unwrap();
    let store = Store::open(Some(directory.path())).unwrap();
    store.write(&[Batch::new(source("elmshire"), 1)], at(0)).unwrap();
    let mut index = Index::open(Some(directory.path())).unwrap();
    index.catch_up(&store.read().unwrap()).unwrap();
    assert_eq!(found(&index, &Narrow::All), [], "another store is another catalogue");
}
