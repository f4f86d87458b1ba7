//! Tests of phrases against services.

mod asking;

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::model::{Service, sample};

fn lexicon() -> Arc<AskLexicon> {
    AskLexicon::built_in()
}

fn service(name: &str, description: &str) -> Service {
    sample::service(&json!({ "name": name, "description": { "raw": description } }))
}

fn ranked<'s>(phrase: &str, services: &'s [Service]) -> Vec<&'s str> {
    let mut counts = WordCounts::default();
    services.iter().for_each(|service| counts.add(service.ask_text()));
    let ask = AskedPhrase::parse(phrase, &lexicon()).unwrap().counted(&counts);
    let scored =
        services.iter().filter_map(|one| Some((ask.reading().tenths(one.ask_text())?, one.name.as_str())));
    let mut scored: Vec<_> = scored.collect();
    scored.sort_by(|a, b| b.cmp(a));
    scored.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn phrases_find_what_is_meant() {
    let services = [
        service("Elm Friends", "Befriending for older people who live alone."),
        service("Breathe Easy", "Stop smoking advice and patches."),
        service("Tenancy help", "Advice if you get a notice to quit. This is a smoke-free site."),
        service("Money Matters", "Free debt advice."),
        service("Homes First", "Housing advice. We cannot give advice on debts."),
        service("Wheels", "Wheelchair loans for a few weeks."),
        service("Lunch club", "Lunch on Tuesdays. The venue is fully wheelchair accessible."),
        service("Elm Foodbank", "Food parcels."),
    ];
    for (phrase, first) in [
        ("no one to talk to", "Elm Friends"),
        ("quit smoking", "Breathe Easy"),
        ("pack in smoking", "Breathe Easy"),
        ("help with my debts", "Money Matters"),
        ("wheelchair", "Wheels"),
        ("borow a wheelchiar", "Wheels"),
        ("food bank near me", "Elm Foodbank"),
    ] {
        assert_eq!(
            ranked(phrase, &services).first(),
            Some(&first),
            "{phrase}: {:?}",
            ranked(phrase, &services)
        );
    }
    assert!(!ranked("debts", &services).contains(&"Homes First"));
    assert!(!ranked("wheelchair", &services).contains(&"Lunch club"));
}

#[test]
fn danger_is_heard_where_it_is_spoken_of_and_nowhere_else() {
    let speaks = |phrase: &str| PhraseReading::of(phrase, &lexicon(), &UncountedWords).speaks_of_danger();
    for phrase in [
        "took a load of tablets",
        "i cant go on any more",
        "cant carry on",
        "thinking of ending it all",
        "my dad hits me",
        "he hit my mum again",
        "next doors kids always filthy and crying for food",
        "carer slapped my gran",
        "touched me when i was wee",
    ] {
        assert!(speaks(phrase), "{phrase}");
    }
    for phrase in [
        "help mum take her tablets",
        "cant go on the bus alone",
        "cant carry my messages home",
        "thinking of ending my tenancy",
        "end of life care",
        "dad is at the end of his life",
        "he hit his head playing football",
        "mum hurt her hip",
        "my kids have left home",
        "nothing to live on",
        "no point in a bus pass",
        "dying for company",
        "my back is killing me",
        "panick attacks",
    ] {
        assert!(!speaks(phrase), "{phrase}");
    }
}
