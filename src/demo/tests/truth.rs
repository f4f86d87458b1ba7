//! Tests that all varieties state the same facts: with the same seed, place and number, a service is the same in every
//! variety, except for what a dialect cannot express.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::demo::community::InventedCommunity;
use crate::demo::publication::world;
use crate::demo::tests::own_words::in_standard_words;
use crate::demo::{DemoPlace, FeedVariety};

/// The facts about a service that every dialect can express.
#[derive(Debug, Default, PartialEq)]
struct Gist {
    name: String,
    /// Minimum and maximum age; 0 means that none is stated.
    ages: [u64; 2],
    opens: BTreeSet<String>,
    /// The outward codes of postcodes, such as `DT1`.
    outcodes: BTreeSet<String>,
    terms: BTreeSet<String>,
    pence: Vec<u64>,
    phones: BTreeSet<String>,
}

impl Gist {
    fn of(record: &Value) -> Self {
        let mut gist = Self {
            name: record["name"].as_str().unwrap().replace("&amp;", "&").replace(" & ", " and "),
            ..Self::default()
        };
        gist.gather("", record);
        gist
    }

    fn gather(&mut self, name: &str, value: &Value) {
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        match name {
            "minimum_age" | "min_age" => self.ages[0] = text.parse().unwrap_or_default(),
            "maximum_age" | "max_age" => self.ages[1] = text.parse().unwrap_or_default(),
            "opens_at" => self.opens.extend([text.chars().take(5).collect()]),
            "postal_code" if value.is_string() => {
                self.outcodes.extend(text.split(' ').next().map(str::to_owned))
            }
            "amount" => self.pence.push((text.parse::<f64>().unwrap() * 100.0).round() as u64),
            "number" | "phone" => self.phones.extend([text.chars().filter(char::is_ascii_digit).collect()]),
            "taxonomy_term" | "taxonomy" | "taxonomies" | "suitabilities" if value.is_object() => {
                self.terms.extend([value["name"].as_str().unwrap().trim().to_owned()]);
                return;
            }
            _ => {}
        }
        match value {
            Value::Object(members) => members.iter().for_each(|(name, member)| self.gather(name, member)),
            Value::Array(list) => list.iter().for_each(|item| self.gather(name, item)),
            _ => {}
        }
    }
}

#[test]
fn a_service_is_the_same_whoever_publishes_it() {
    let community = InventedCommunity::invent(world(DemoPlace::named("dorset").unwrap(), 5), 250);
    for service in &community.services {
        let mut truth = Gist::of(&service.record);
        truth.name = truth.name.replace(" & ", " and ");
        for variety in FeedVariety::all() {
            let written = in_standard_words(*variety, variety.publisher().service(service));
            // A variety that writes the wrong type may also write an age that the service does not state.
            if written["minimum_age"].is_string() {
                continue;
            }
            let mut told = Gist::of(&written);
            if matches!(variety, FeedVariety::Oruk3 | FeedVariety::Clamp) {
                assert!(told.phones.is_subset(&truth.phones), "{variety}");
                told.phones.clone_from(&truth.phones);
            }
            assert_eq!(told, truth, "{variety}");
        }
    }
}

#[test]
fn the_truth_is_worth_telling() {
    let community = InventedCommunity::invent(world(DemoPlace::named("dorset").unwrap(), 5), 250);
    let gists: Vec<_> = community.services.iter().map(|service| Gist::of(&service.record)).collect();
    let share = |has: fn(&Gist) -> bool| gists.iter().filter(|gist| has(gist)).count();
    assert!(share(|gist| gist.ages[0] > 0) > 50 && share(|gist| gist.ages[1] > 0) > 20);
    assert!(share(|gist| !gist.opens.is_empty()) > 100 && share(|gist| !gist.outcodes.is_empty()) > 100);
    assert!(share(|gist| gist.terms.len() >= 3) > 200 && share(|gist| !gist.pence.is_empty()) > 50);
    assert_eq!(share(|gist| !gist.phones.is_empty()), 250);
}
