//! Tests that the pages of every publishing system hold every record once, whatever way they are turned.

use std::collections::HashSet;

use serde_json::Value;

use super::own_words::{around_rows, id_of, services_of};
use super::texts;
use crate::demo::community::InventedCommunity;
use crate::demo::paging::{PagingStep, start_at};
use crate::demo::publication::{RenderedFeed, world};
use crate::demo::publisher::{FeedCollection, FeedPublisher};
use crate::demo::{DemoPlace, FeedVariety};

/// Returns the ids on all pages of services, until a page has no new ids or leads nowhere.
pub(super) fn walk(feed: &RenderedFeed) -> Vec<String> {
    let (publisher, mut seen) = (feed.publisher, Vec::new());
    let size = format!("{}=60", publisher.paging().size);
    let mut target = Some((services_of(publisher).to_owned(), size.clone()));
    for number in 2..500 {
        let Some((path, query)) = target else { return seen };
        let (around, rows) = around_rows(publisher, page(feed, &path, &query));
        let ids: Vec<_> = rows.iter().filter_map(|row| id_of(publisher, row)).collect();
        if ids.iter().all(|id| seen.contains(id)) {
            return seen;
        }
        seen.extend(ids);
        target = next(publisher.paging().step, &around, number, seen.len())
            .map(|(parameter, value)| (path, format!("{size}&{parameter}={value}")));
    }
    panic!("the pages never end");
}

fn page(feed: &RenderedFeed, path: &str, query: &str) -> Value {
    let answer = feed.answer(path, query);
    assert_eq!(answer.status, 200, "{path} {query}");
    let text = String::from_utf8(answer.body.to_vec()).unwrap().replace('\n', " ");
    serde_json::from_str(&text).unwrap()
}

/// Returns the parameter that requests the next page, with its value. Links and tokens are found in the members around
/// the list, whatever their names.
fn next(step: PagingStep, around: &Value, number: usize, seen: usize) -> Option<(&'static str, String)> {
    let mut found = Vec::new();
    texts(around, &mut found);
    let parameter = step.parameter();
    let value = match step {
        PagingStep::Number(_) | PagingStep::Clamped(_) => Some(number.to_string()),
        PagingStep::Offset(_) => Some(seen.to_string()),
        PagingStep::Link(_) => found.iter().find_map(|link| {
            let (_, query) = link.split_once('?')?;
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(name, _)| *name == parameter).map(|(_, value)| value.to_owned())
        }),
        PagingStep::Token(_) => {
            found.iter().find(|text| start_at(text).is_some()).map(|token| (*token).to_owned())
        }
    };
    value.map(|value| (parameter, value))
}

/// Checks that pages hold every service once, and that every service has a single record.
pub(super) fn holds_every_record(name: &str, publisher: &'static dyn FeedPublisher, services: usize) {
    let place = &DemoPlace::all()[1];
    let feed = RenderedFeed::new(publisher, place, 3, services);
    let seen = walk(&feed);
    let distinct: HashSet<_> = seen.iter().collect();
    assert_eq!(seen.len(), services, "{name}");
    // An unsteady page repeats the last record of the page before it, so another record is lost.
    let lost = services - distinct.len();
    assert_eq!(lost > 0, publisher.paging().unsteady, "{name} loses {lost}");
    let mut failures = 0;
    let records = publisher.paths(FeedCollection::Services).record.expect("services have detail pages");
    for id in distinct {
        let answer = feed.answer(&format!("/{records}/{id}"), "");
        failures += usize::from(answer.status == 500);
        let text = String::from_utf8_lossy(&answer.body);
        assert!(answer.status == 500 || text.contains(id.as_str()), "{name} {}", answer.status);
    }
    let broken = InventedCommunity::invent(world(place, 3), services);
    let broken = broken.services.iter().filter(|service| publisher.is_broken(service)).count();
    assert_eq!(failures, broken, "{name}");
}

#[test]
fn pages_hold_every_record_and_every_record_is_there_on_its_own() {
    let longest = FeedVariety::all().iter().map(|variety| variety.paging().longest_page()).max().unwrap();
    for variety in FeedVariety::all() {
        holds_every_record(variety.name(), variety.publisher(), 2 * longest + 37);
    }
}
