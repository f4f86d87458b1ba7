//! Tests that all varieties state the same facts: with the same seed, place and number, a service is the same in every
//! variety, except for what a dialect cannot express.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::demo::community::InventedCommunity;
use crate::demo::publication::world;
use crate::demo::publisher::{FeedPublisher, ServiceFact};
use crate::demo::tests::own_words::in_standard_words;
use crate::demo::{DemoPlace, FeedVariety};

/// The facts about a service that every dialect can express.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Gist {
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
    pub(super) fn of(record: &Value) -> Self {
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
            "minimum_age" => self.ages[0] = text.parse().unwrap_or_default(),
            "maximum_age" => self.ages[1] = text.parse().unwrap_or_default(),
            "opens_at" => self.opens.extend([text.chars().take(5).collect()]),
            "postal_code" if value.is_string() => {
                self.outcodes.extend(text.split(' ').next().map(str::to_owned))
            }
            "amount" => self.pence.push((text.parse::<f64>().unwrap() * 100.0).round() as u64),
            "number" => self.phones.extend([text.chars().filter(char::is_ascii_digit).collect()]),
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

impl Gist {
    /// Adds facts that are left out of the record. What it states of them must be true.
    pub(super) fn forgive(&mut self, left_out: &[ServiceFact], truth: &Self) {
        for fact in left_out {
            match fact {
                ServiceFact::Ages => {
                    let mut ages = self.ages.iter().zip(&truth.ages);
                    assert!(ages.all(|(told, age)| [0, *age].contains(told)), "{:?}", self.ages);
                    self.ages = truth.ages;
                }
                ServiceFact::OpeningTimes => complete(&mut self.opens, &truth.opens),
                ServiceFact::Postcodes => complete(&mut self.outcodes, &truth.outcodes),
                ServiceFact::Terms => complete(&mut self.terms, &truth.terms),
                ServiceFact::Prices => {
                    assert!(self.pence.iter().all(|price| truth.pence.contains(price)), "{:?}", self.pence);
                    self.pence.clone_from(&truth.pence);
                }
                ServiceFact::Phones => complete(&mut self.phones, &truth.phones),
            }
        }
    }
}

fn complete(told: &mut BTreeSet<String>, truth: &BTreeSet<String>) {
    assert!(told.is_subset(truth), "{told:?} is not of {truth:?}");
    told.clone_from(truth);
}

/// Checks that a system states the facts of every service, except for those that it leaves out.
pub(super) fn holds_the_truth(name: &str, publisher: &dyn FeedPublisher) {
    let community = InventedCommunity::invent(world(DemoPlace::named("dorset").unwrap(), 5), 250);
    for service in &community.services {
        let mut truth = Gist::of(&service.record);
        truth.name = truth.name.replace(" & ", " and ");
        let written = in_standard_words(publisher, publisher.service(service));
        // A variety that writes the wrong type may also write an age that the service does not state.
        if written["minimum_age"].is_string() && truth.ages[0] == 0 {
            continue;
        }
        let mut told = Gist::of(&written);
        told.forgive(publisher.leaves_out(), &truth);
        assert_eq!(told, truth, "{name}");
    }
}

#[test]
fn a_service_is_the_same_whoever_publishes_it() {
    for variety in FeedVariety::all() {
        holds_the_truth(variety.name(), variety.publisher());
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
