//! Reads the records before and after the break of a broken page.

mod list;
mod pieces;

use serde_json::{Map, Value};

use crate::source::dialects::lenient::body::mend::{ends_within, may_stand_before};
use crate::source::dialects::lenient::body::page_names::{PageNames, put_at};
use crate::source::dialects::lenient::body::strict::parse;
use crate::source::patience::ReadingPatience;
use list::List;
use pieces::WholeObjects;

/// What is left of a broken page.
#[derive(Debug, PartialEq)]
pub(in crate::source) struct SalvagedPage {
    /// The page, with a list of the records that could be read.
    pub page: Value,
    /// The number of places that could not be read. Each is a record, or several that run into one another.
    pub lost: usize,
}

/// The most work for finding records again, as a multiple of the page's length.
const MOST_WORK: usize = 16;

/// Reads what is left of a page that cannot be mended. Returns `None` if there is no record in it.
///
/// There is no telling how a broken record was meant to continue, so it is lost completely. Objects nested in it must
/// never become records: see [`pieces`].
pub(in crate::source) fn salvage(
    text: &str,
    names: PageNames,
    patience: &ReadingPatience,
) -> Option<SalvagedPage> {
    let list = List::find(text, names).filter(|list| !is_of_page_for_people(text, list.start))?;
    let pieces = WholeObjects::of(text, &list, patience)?;
    let (breaks, end) = (pieces.breaks, pieces.end);
    let rows = pieces.rows(&list);
    if rows.is_empty() {
        return None;
    }
    let lost = breaks.max(1);
    let Some(path) = list.path else { return Some(SalvagedPage { page: Value::Array(rows), lost }) };
    let mut page = envelope(text, &list, end, patience).unwrap_or_default();
    put_at(&mut page, path, Value::Array(rows));
    Some(SalvagedPage { page: Value::Object(page), lost })
}

/// Returns whether the list is in a script of an HTML page.
fn is_of_page_for_people(text: &str, list: usize) -> bool {
    let before = |end: usize| text.get(..end).unwrap_or_default();
    let around = before(text.find(['{', '[']).unwrap_or(0));
    around.contains('<')
        && (!may_stand_before(around) || ends_within(&before(list).to_ascii_lowercase(), "script"))
}

// Reads the members around the list, or at least those before it.
fn envelope(text: &str, list: &List, end: usize, patience: &ReadingPatience) -> Option<Map<String, Value>> {
    let before = text.get(..list.start)?;
    let after = text.get(end..)?.trim_start().strip_prefix(']').unwrap_or("}");
    let read = |text: String| match parse(&text, patience).ok()?.value {
        Value::Object(members) => Some(members),
        _ => None,
    };
    let closing = "}".repeat(list.objects());
    read(format!("{before}]{after}")).or_else(|| read(format!("{before}]{closing}")))
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "invented pages are ASCII")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn salvage(text: &str) -> Option<SalvagedPage> {
        super::salvage(text, PageNames::STANDARD, &ReadingPatience::default())
    }

    fn page() -> Value {
        let row = |id: u32| {
            json!({
                "id": id.to_string(), "name": format!("Tea {{{id}}}"), "status": "active",
                "organization": {"id": "o", "name": "Hall Trust"},
                "contacts": [{"id": "c", "name": "Desk"}, {"id": "d", "name": "Bar"}],
            })
        };
        json!({"total_items": 4, "contents": [row(1), row(2), row(3), row(4)], "size": 4})
    }

    fn ids(salvaged: &SalvagedPage) -> Vec<&str> {
        salvaged.page["contents"].as_array().unwrap().iter().filter_map(|row| row["id"].as_str()).collect()
    }

    #[test]
    fn a_broken_record_costs_itself() {
        let breaks = [
            (r#""2","name":"#, r#""2,"name":"#),
            (r#""id":"2""#, r#""id"}"2""#),
            (r#"{"id":"2""#, r#"X"id":"2""#),
            (r#"{"id":"3""#, r#"{"id":secret,"n":"3""#),
        ];
        for (whole, broken) in breaks {
            let text = page().to_string().replacen(whole, broken, 1);
            let salvaged = salvage(&text).unwrap();
            let lost = if whole.contains('3') { "3" } else { "2" };
            let left: Vec<_> = ["1", "2", "3", "4"].into_iter().filter(|id| *id != lost).collect();
            assert_eq!((ids(&salvaged), salvaged.lost), (left, 1), "{broken}");
            assert_eq!(salvaged.page["total_items"], 4);
        }
    }

    #[test]
    fn a_list_within_objects_is_found_by_its_path() {
        let names = PageNames { list: "answer.page.entries", id: "id" };
        let list = page()["contents"].take();
        let text =
            json!({"ok": true, "answer": {"page": {"entries": list, "next": "b"}, "total": 4}}).to_string();
        let broken = text.replacen(r#""2""#, r#""2"#, 1);
        let salvage = |text: &str| super::salvage(text, names, &ReadingPatience::default()).unwrap().page;
        let page = salvage(&broken);
        assert_eq!((&page["ok"], &page["answer"]["total"]), (&json!(true), &json!(4)));
        assert_eq!(page["answer"]["page"]["next"], "b");
        let rows = |page: &Value| page["answer"]["page"]["entries"].as_array().unwrap().clone();
        assert_eq!(rows(&page), [&list[0], &list[2], &list[3]].map(Value::clone));
        let half = &text[..text.find(r#""id":"3""#).unwrap() + 40];
        assert_eq!(rows(&salvage(half)), [&list[0], &list[1]].map(Value::clone));
    }

    #[test]
    fn the_first_and_the_last_may_be_broken_too() {
        let first = page().to_string().replacen(r#""1""#, r#"""1""#, 1);
        assert_eq!(ids(&salvage(&first).unwrap()), ["2", "3", "4"]);
        let last = page().to_string().replacen(r#""4""#, r#""4"#, 1);
        assert_eq!(ids(&salvage(&last).unwrap()), ["1", "2", "3"]);
    }

    #[test]
    fn quirk_114_data_of_scripts_is_no_page() {
        let page = page();
        for text in [
            format!("<!doctype html><html><head><script>var x = {page};</script></head></html>"),
            format!("<html><style>p {{ color: red }}</style><script>x({page})</script>"),
            format!("<p>Directory</p><script>var list = {};</script>", page["contents"]),
        ] {
            assert_eq!(salvage(&text), None, "{text}");
        }
        let broken =
            format!("<b>Warning</b>: no zone<br>{}", page.to_string().replacen(r#""1""#, r#"""1""#, 1));
        assert_eq!(ids(&salvage(&broken).unwrap()), ["2", "3", "4"]);
    }

    #[test]
    fn half_a_page_is_half_a_page() {
        let text = page().to_string();
        let half = &text[..text.find(r#""id":"3""#).unwrap() + 40];
        let salvaged = salvage(half).unwrap();
        assert_eq!((ids(&salvaged), salvaged.lost), (vec!["1", "2"], 1));
        let list = page()["contents"].to_string();
        let salvaged = salvage(&list[..list.len() - 9]).unwrap();
        assert_eq!(salvaged.page.as_array().unwrap().len(), 3);
    }

    #[test]
    fn a_bracket_for_a_comma_does_not_end_the_list() {
        let text = page().to_string().replacen("},{\"id\":\"3\"", "}]{\"id\":\"3\"", 1);
        assert_eq!(ids(&salvage(&text).unwrap()), ["1", "2", "3", "4"]);
    }

    #[test]
    fn what_a_record_cut_short_lets_out_is_no_record() {
        let text = page().to_string();
        let from = text.find(r#"{"id":"2""#).unwrap();
        let cut = text[from..].find(",\"organization\"").unwrap() + from;
        let to = text[cut..].find(",\"name\":\"Desk\"").unwrap() + cut;
        let salvaged = salvage(&format!("{}{}", &text[..cut], &text[to..])).unwrap();
        assert_eq!(ids(&salvaged), ["1", "2", "3", "4"], "{salvaged:?}");
    }

    #[test]
    fn quirk_118_what_is_nested_in_a_broken_record_never_becomes_one() {
        let nested = json!({
            "id": "1", "name": "Tea", "description": "x",
            "organization": {"id": "o", "name": "Hall Trust", "description": "y", "email": "z", "url": "u"},
            "phones": [{"id": "p", "number": "1"}, {"id": "q", "number": "2"}],
            "service_at_locations": [
                {"id": "a", "location": {"id": "l", "name": "Hall", "addresses": [{"id": "b", "city": "c"}]}},
                {"id": "d", "location": {"id": "m", "name": "Hut", "addresses": [{"id": "e", "city": "f"}]}},
            ],
        });
        let whole = json!({"contents": [nested]}).to_string();
        let two = json!({"contents": [nested, nested.as_object().map(|one| {
            let mut other = one.clone();
            other.insert("id".into(), "2".into());
            other
        })], "size": 2})
        .to_string();
        for text in [whole, two] {
            for at in 1..text.len() {
                let cut = text[..at].to_owned();
                let [left_out, quoted] =
                    ["", "\""].map(|put| format!("{}{put}{}", &text[..at - 1], &text[at..]));
                for broken in [cut, left_out, quoted] {
                    let Some(salvaged) = salvage(&broken) else { continue };
                    let page = &salvaged.page;
                    let rows =
                        page.as_array().or_else(|| page.as_object()?.values().find_map(Value::as_array));
                    for row in rows.unwrap() {
                        let is_own = row.get("service_at_locations").is_some() || row.get("phones").is_some();
                        assert!(is_own, "{row} was made of {broken}");
                    }
                }
            }
        }
        assert_eq!(salvage(r#"{"id": "1", "name": "x", "phones": [{"id": "p"}, {"id": "q"}], "a": ["#), None);
    }

    #[test]
    fn broken_records_cost_no_almost_json_beside_them() {
        let text = r#"{"contents": [{'id': 'a', n: None,}, {'id': 'b',}, {"id": "c"#;
        assert_eq!(ids(&salvage(text).unwrap()), ["a", "b"]);
    }

    #[test]
    fn what_holds_no_record_is_nothing() {
        for text in [
            "<!doctype html>",
            "{\"contents\": [",
            "{\"contents\": [{]}",
            "[{",
            "{\"id\": 1, \"a\": {\"items\": [{\"id\": 1}]",
        ] {
            assert_eq!(salvage(text), None, "{text}");
        }
    }

    #[test]
    fn searching_is_bounded() {
        let hostile = format!("{{\"contents\": [{}", "{\"a\":[".repeat(100_000));
        assert_eq!(salvage(&hostile), None);
    }

    #[test]
    fn the_search_for_the_list_goes_over_a_page_once() {
        for piece in [
            "\"contents\":",
            "\"contents\":[",
            "{\"contents\":[",
            "{",
            "[{",
            "{\"a\":[{",
            "}{ ",
            "\"data\": ",
        ] {
            // Quadratic time would make each take hours.
            let _ = salvage(&piece.repeat((4 << 20) / piece.len()));
        }
    }

    #[test]
    fn what_nobody_waits_for_is_given_up() {
        let patience = ReadingPatience::default();
        let broken = page().to_string().replacen("\"2\"", "\"2", 1);
        assert!(super::salvage(&broken, PageNames::STANDARD, &patience).is_some());
        drop(patience.while_waiting());
        assert_eq!(super::salvage(&broken, PageNames::STANDARD, &patience), None);
    }

    /// The effect of changing one byte of a page.
    #[derive(Debug, Default, PartialEq)]
    struct SalvageEffect {
        loses_more_than_two: bool,
        makes_records_up: bool,
    }

    fn with_byte(at: usize, to: u8) -> SalvageEffect {
        let mut bytes = page().to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] = to;
        let text = String::from_utf8(bytes).unwrap();
        if serde_json::from_str::<Value>(&text).is_ok() {
            return SalvageEffect::default();
        }
        let Some(salvaged) = salvage(&text) else {
            return SalvageEffect { loses_more_than_two: true, ..SalvageEffect::default() };
        };
        let sent = page();
        let kept = |row: &&Value| salvaged.page["contents"].as_array().unwrap().contains(row);
        let left = sent["contents"].as_array().unwrap().iter().filter(kept).count();
        SalvageEffect { loses_more_than_two: left < 2, makes_records_up: ids(&salvaged).len() > 4 }
    }

    #[test]
    fn a_byte_that_json_is_made_of_seldom_costs_more_than_the_record_it_is_in_wherever_it_stands() {
        let all = (0..page().to_string().len()).flat_map(|at| b"{}[]\":,\\ 0a".map(|to| (at, to)));
        let worse: Vec<(usize, char, SalvageEffect)> = all
            .map(|(at, to)| (at, to as char, with_byte(at, to)))
            .filter(|(_, _, outcome)| *outcome != SalvageEffect::default())
            .collect();
        // These are brackets that could belong to a truncated record, so that nothing distinguishes records from nested
        // objects.
        assert!(worse.len() <= 23, "{}: {worse:?}", worse.len());
        let made_up = worse.iter().filter(|(_, _, outcome)| outcome.makes_records_up).count();
        assert!(made_up <= 2, "{worse:?}");
    }

    proptest! {
        #[test]
        fn a_byte_that_json_is_not_made_of_costs_at_most_the_record_it_is_in(at in any::<usize>(), to in "[a-zA-Z0-9 .;<>@^~|!?*+-]") {
            prop_assert_eq!(with_byte(at, to.as_bytes()[0]), SalvageEffect::default());
        }
    }
}
