//! Feeds that page in any combination of ways: all their records are read, and only complete reads are called complete.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{Asked, FakeFeed, Said, opened};

/// How a feed pages.
#[derive(Clone, Copy, Debug)]
struct Paging {
    records: usize,
    size: usize,
    way: Way,
    says: Says,
    end: End,
}

/// How the next page is requested.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    FromOne,
    FromZero,
    /// Pages are cut short, but counted as if they were not.
    CutShort,
    Link,
    Cursor,
}

/// What the feed says of the number of records.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Says {
    Nothing,
    Items,
    Pages,
    TooMany,
}

/// The response past the last page.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Empty,
    NotFound,
    Refused,
    NoContent,
    LastAgain,
}

fn pagings() -> impl Strategy<Value = Paging> {
    let way = prop_oneof![
        Just(Way::FromOne),
        Just(Way::FromZero),
        Just(Way::CutShort),
        Just(Way::Link),
        Just(Way::Cursor)
    ];
    let says = prop_oneof![Just(Says::Nothing), Just(Says::Items), Just(Says::Pages), Just(Says::TooMany)];
    let end = prop_oneof![
        Just(End::Empty),
        Just(End::NotFound),
        Just(End::Refused),
        Just(End::NoContent),
        Just(End::LastAgain)
    ];
    (1..40_usize, 1..9_usize, way, says, end).prop_map(|(records, size, way, says, end)| Paging {
        records,
        size,
        way,
        says,
        end,
    })
}

impl Paging {
    fn answer(self, asked: &Asked, all: &[Value]) -> Said {
        let asked_for = asked.number("per_page").unwrap_or(self.size);
        let from = match self.way {
            Way::FromOne => (asked.page() - 1) * self.size,
            Way::FromZero => asked.number("page").unwrap_or(0) * self.size,
            Way::CutShort => (asked.page() - 1) * asked_for,
            Way::Link | Way::Cursor => asked.number("after").unwrap_or(0),
        };
        let last = (all.len() - 1) / self.size * self.size;
        let from = match self.end {
            End::LastAgain if self.way != Way::CutShort => from.min(last),
            _ => from,
        };
        if from >= all.len() {
            return match self.end {
                End::Empty | End::LastAgain => Said::json(&json!({ "contents": [] })),
                End::NotFound => Said::status(404, r#"{"detail":"Invalid page."}"#),
                End::Refused => Said::status(400, r#"{"detail":"There is no such page."}"#),
                End::NoContent => Said::status(204, ""),
            };
        }
        let most = if self.way == Way::CutShort { self.size.min(asked_for) } else { self.size };
        let rows = all.get(from..(from + most).min(all.len())).unwrap();
        let mut page = Map::from_iter([("contents".to_owned(), json!(rows))]);
        page.extend(self.claims(all.len()));
        let next = (from + most < all.len()).then_some(from + most);
        match self.way {
            Way::Link => {
                page.insert("next".to_owned(), json!(next.map(|next| format!("/services?after={next}"))));
            }
            Way::Cursor => {
                page.insert("paging".to_owned(), json!({ "next_after": next }));
            }
            _ => {}
        }
        Said::json(&Value::Object(page))
    }

    fn claims(self, records: usize) -> Option<(String, Value)> {
        match self.says {
            Says::Nothing => None,
            Says::Items => Some(("total_items".to_owned(), json!(records))),
            Says::Pages => Some(("total_pages".to_owned(), json!(records.div_ceil(self.size)))),
            Says::TooMany => Some(("total_items".to_owned(), json!(records + 5))),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_a_feed_has_is_read_however_it_pages(paging in pagings()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (count, is_warm, said) = runtime.block_on(async {
            let plan = FakeFeed::called("one").with_services(paging.records);
            let feed = plan.listing(move |asked, all| paging.answer(asked, all)).spawn().await;
            let (_kept, running) = opened(&feed).await;
            running.synchronise().await;
            let seen = (running.services(), running.progress().is_warm, running.said());
            running.stop().await;
            seen
        });
        prop_assert_eq!(count, paging.records, "{}", said);
        prop_assert_eq!(is_warm && said.is_empty(), paging.says != Says::TooMany, "{}", said);
    }
}
