//! Checks the lists of dialects in documentation pages against the descriptions. `just bless` writes these lists; rows
//! of tables are written by hand.

use std::path::{Path, PathBuf};

use super::description::DeclaredStandard;
use super::descriptions;
use crate::model::Dialect;
use crate::source::conformance::FeedStandard;

/// A list in a page, with the text before and after it.
struct DocumentedList {
    page: &'static str,
    before: &'static str,
    after: &'static str,
    list: String,
}

#[test]
fn pages_list_the_dialects_there_are() {
    let lists = [
        DocumentedList {
            page: "docs/configuration.md",
            before: "| `dialect` | `\"auto\"` | ",
            after: "; `auto`",
            list: quoted(|_| true).join(", "),
        },
        DocumentedList {
            page: "config/gateway.toml",
            before: "dialect = \"auto\"                ",
            after: "\nmode = ",
            list: comment_of_configuration(),
        },
        DocumentedList {
            page: "docs/publishers.md",
            before: "(3.x for ",
            after: "; 1.0 for",
            list: in_prose(|standard| !matches!(standard, DeclaredStandard::Nothing | OF_1)),
        },
        DocumentedList {
            page: "docs/publishers.md",
            before: "; 1.0 for ",
            after: ").",
            list: in_prose(|standard| standard == OF_1),
        },
        DocumentedList {
            page: "docs/publishers.md",
            before: "no standard to the letter: ",
            after: ".",
            list: in_prose(|standard| standard == DeclaredStandard::Nothing),
        },
    ];
    for list in lists {
        list.hold();
    }
}

#[test]
fn publishers_are_told_what_is_read_of_each_dialect() {
    let page = std::fs::read_to_string(path("docs/publishers.md")).unwrap();
    let cells = page.lines().filter_map(|line| line.split(" | ").nth(1)).collect::<Vec<_>>();
    for dialect in Dialect::ALL {
        let name = format!("`{}`", dialect.as_str());
        assert!(cells.contains(&&*name), "the table of docs/publishers.md needs a row with {name}");
    }
}

const OF_1: DeclaredStandard = DeclaredStandard::One(FeedStandard::Oruk1);

impl DocumentedList {
    fn hold(&self) {
        let Self { page, before, after, list } = self;
        let text = std::fs::read_to_string(path(page)).unwrap();
        let (head, rest) = text.split_once(before).unwrap_or_else(|| panic!("{page} lacks {before:?}"));
        let (found, tail) = rest.split_once(after).unwrap_or_else(|| panic!("{page} lacks {after:?}"));
        if found != list && std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
            std::fs::write(path(page), [head, before, list, after, tail].concat()).unwrap();
        } else {
            assert_eq!(found, list, "{page} lists other dialects; `just bless` mends it");
        }
    }
}

fn quoted(is_meant: impl Fn(DeclaredStandard) -> bool) -> Vec<String> {
    let meant = descriptions().filter(|(_, of)| is_meant(of.standard));
    meant.map(|(dialect, _)| format!("`{}`", dialect.as_str())).collect()
}

fn in_prose(is_meant: impl Fn(DeclaredStandard) -> bool) -> String {
    let names = quoted(is_meant);
    let (last, others) = names.split_last().unwrap();
    if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) }
}

/// Returns the comment beside a configuration key, in lines of up to 110 characters that begin at the same column.
fn comment_of_configuration() -> String {
    let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.as_str()).collect();
    let mut lines = vec!["#".to_owned()];
    for word in format!("auto, {}; auto detects it", names.join(", ")).split(' ') {
        let is_full = lines.last().is_some_and(|line| 32 + line.len() + word.len() >= 110);
        if is_full {
            lines.push("#".to_owned());
        }
        if let Some(line) = lines.last_mut() {
            line.extend([" ", word]);
        }
    }
    lines.join(&format!("\n{}", " ".repeat(32)))
}

fn path(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(page)
}
