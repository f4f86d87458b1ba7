//! What leads to the next page, and what only looks like it.

use proptest::prelude::*;
use serde_json::json;

use super::*;

const URL: &str = "https://a.example/services?cursor=3";

fn of(page: &Value) -> Option<OnwardWord> {
    onward(page.as_object().unwrap())
}

#[test]
fn a_link_to_the_next_page_is_found_by_what_its_name_means() {
    for page in [
        json!({ "next": URL }),
        json!({ "nextPage": URL }),
        json!({ "next_page_url": URL }),
        json!({ "@odata.nextLink": URL }),
        json!({ "odata.nextLink": URL }),
        json!({ "NextPageUri": URL }),
        json!({ "paging": { "next": URL } }),
        json!({ "paging": { "cursors": { "after": "x" }, "next": URL } }),
        json!({ "meta": { "pagination": { "links": { "next": URL } } } }),
        json!({ "_links": { "self": { "href": "x" }, "next": { "href": URL } } }),
        json!({ "_links": { "next": [{ "href": URL }] } }),
        json!({ "links": [{ "rel": "self", "href": "x" }, { "rel": "next", "href": URL }] }),
        json!({ "link": [{ "relation": "next", "url": URL }] }),
        json!({ "links": [{ "rel": ["https://a.example/rels/next"], "href": URL }] }),
        json!({ "meta": { "links": [{ "url": null, "label": "Previous" }, { "url": URL, "label": "Next &raquo;" }] } }),
        json!({ "hydra:view": { "@id": "x", "hydra:next": URL } }),
        json!({ "response_metadata": { "next_url": URL }, "has_more": true }),
    ] {
        assert_eq!(of(&page), Some(OnwardWord::Link(URL.to_owned())), "{page}");
    }
}

#[test]
fn tokens_and_offsets_are_given_back_by_likely_names() {
    let first = |page: Value| match of(&page) {
        Some(OnwardWord::Given(ways)) => {
            ways[0].iter().map(|(name, value)| format!("{name}={value}")).collect()
        }
        other => vec![format!("{other:?}")],
    };
    for (page, expected) in [
        (json!({ "next_cursor": "abc==" }), "cursor=abc=="),
        (json!({ "nextPageToken": "abc" }), "pageToken=abc"),
        (json!({ "meta": { "continuationToken": "abc" } }), "continuationToken=abc"),
        (json!({ "paging": { "nextOffset": 20 } }), "offset=20"),
        (json!({ "@odata.nextSkip": "20" }), "skip=20"),
        (json!({ "pageInfo": { "hasNextPage": true, "endCursor": "abc" } }), "after=abc"),
        (json!({ "next": { "cursor": "abc" } }), "cursor=abc"),
        (json!({ "offset": "row3/abc" }), "offset=row3/abc"),
        (json!({ "paging": { "marker": "abc" } }), "marker=abc"),
        (json!({ "cursor": "abc" }), "cursor=abc"),
        (json!({ "meta": { "page_token": "abc" } }), "page_token=abc"),
    ] {
        assert_eq!(first(page.clone()), [expected], "{page}");
    }
    let both = of(&json!({ "next": { "limit": 10, "offset": 20 } }));
    let pairs = [("limit", "10"), ("offset", "20")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(both, Some(OnwardWord::Given(vec![pairs.to_vec()])));
}

#[test]
fn numbers_and_flags_say_that_there_is_more() {
    assert_eq!(of(&json!({ "next_page": 2 })), Some(OnwardWord::Page(2)));
    assert_eq!(of(&json!({ "meta": { "nextPage": "2" } })), Some(OnwardWord::Page(2)));
    for page in [
        json!({ "has_more": true }),
        json!({ "pagination": { "hasNextPage": true } }),
        json!({ "last": false }),
        json!({ "last_page": false }),
    ] {
        assert_eq!(of(&page), Some(OnwardWord::Somehow), "{page}");
    }
}

#[test]
fn whatever_means_that_there_is_more_says_so() {
    for page in [
        json!({ "more": true }),
        json!({ "hasMore": "true" }),
        json!({ "HasNext": true }),
        json!({ "more_results_available": true }),
        json!({ "IsTruncated": true }),
        json!({ "done": false }),
        json!({ "metadata": { "remainingItemCount": 4 } }),
    ] {
        assert_eq!(of(&page), Some(OnwardWord::Somehow), "{page}");
    }
    for (page, expected) in [
        (json!({ "LastEvaluatedKey": { "id": "s003" } }), ("ExclusiveStartKey", "s003")),
        (json!({ "LastEvaluatedKey": { "id": { "S": "a" } } }), ("ExclusiveStartKey", r#"{"id":{"S":"a"}}"#)),
        (json!({ "lastKey": "s003" }), ("lastKey", "s003")),
        (json!({ "search_after": ["s003"] }), ("search_after", "s003")),
        (json!({ "_scroll_id": "DXF1" }), ("_scroll_id", "DXF1")),
        (json!({ "metadata": { "continue": "abc" } }), ("continue", "abc")),
        (json!({ "resumptionToken": "abc" }), ("resumptionToken", "abc")),
        (json!({ "NextMarker": "abc", "IsTruncated": true }), ("marker", "abc")),
        (json!({ "has_more": true, "last_id": "s003" }), ("after", "s003")),
        (json!({ "continuation-token": "abc" }), ("continuation-token", "abc")),
    ] {
        let Some(OnwardWord::Given(ways)) = of(&page) else { panic!("{page}: {:?}", of(&page)) };
        assert_eq!((&*ways[0][0].0, &*ways[0][0].1), expected, "{page}");
    }
    for page in [
        json!({ "more": false, "hasMore": "no", "remaining": 0, "done": true, "LastEvaluatedKey": {} }),
        json!({ "LastEvaluatedKey": null, "marker": "", "scroll_id": "", "read_more": "https://a.example" }),
    ] {
        assert_eq!(of(&page), None, "{page}");
    }
}

#[test]
fn what_only_looks_like_it_leads_nowhere() {
    for page in [
        json!({ "next": null, "has_more": false, "last": true }),
        json!({ "next": "", "nextPage": "null", "next_url": false, "next_page": 0, "links": { "next": {} } }),
        json!({ "next_update": "https://a.example/changes", "context": URL, "nextOpening": "2026-01-01" }),
        json!({ "next": "Next page" }),
        json!({ "_links": { "next": { "href": "/services{?page}", "templated": true } } }),
        json!({ "organization": { "next": URL }, "first_record": { "next": URL } }),
        json!({ "links": [{ "name": "Next Steps Club", "url": URL }], "pages": [{ "title": "What next?", "url": URL }] }),
        json!({ "links": [{ "rel": "last", "href": URL }, { "rel": "next", "href": null }] }),
        json!({ "last_page": 9, "cursors": { "after": "abc" }, "prev": URL }),
        json!({ "offset": "30", "limit": "10" }),
        json!({ "cursor": "abc", "has_more": false }),
        json!({ "meta": { "marker": "abc", "next": null } }),
        json!({ "position": "second of two" }),
    ] {
        assert_eq!(of(&page), None, "{page}");
    }
}

proptest! {
    #[test]
    fn no_page_is_too_odd_to_look_at(key in "[a-zA-Z_@.:]{0,12}(next|Next)?[a-zA-Z_.]{0,10}", text in ".{0,40}") {
        let page = json!({ key.clone(): text.clone(), "links": [{ "rel": text, "href": key }] });
        let _ = of(&page);
    }
}
