//! The table of quirks: no number is missing, and the tests that it names exist.

use std::collections::BTreeSet;
use std::path::Path;

use super::pages::page;

/// The number of quirks.
const COUNT: usize = 125;
/// The beginning of a row for a quirk that no test can reach.
const NO_TEST: &str = "cannot occur: ";

/// A row: its number, and the tests for it.
type Row<'a> = (usize, &'a str);

#[test]
fn every_quirk_is_held_by_a_test_or_says_why_not() {
    let tests = tests();
    assert!(tests.contains("every_quirk_is_held_by_a_test_or_says_why_not"));
    let sample =
        "| 1 | a | b | `nowhere` |\n| 1 | a | b | no reason |\n| 2 | a | b | cannot occur: because |\n";
    assert_eq!(faults(sample, 3, &tests).len(), 4, "the rule does not see what is wrong");

    let faults = faults(&page("docs/quirks.md").1, COUNT, &tests);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn faults(page: &str, count: usize, tests: &BTreeSet<String>) -> Vec<String> {
    let rows: Vec<Row<'_>> = page.lines().filter_map(row).collect();
    let times = |number: usize| rows.iter().filter(|(other, _)| *other == number).count();
    let numbers = (1..=count).filter(|number| times(*number) != 1);
    let numbers = numbers.map(|number| format!("{number} is there {} times", times(number)));
    numbers.chain(rows.iter().flat_map(|row| unheld(row, tests))).collect()
}

fn row(line: &str) -> Option<Row<'_>> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [number, _, _, held] = cells[..] else { return None };
    Some((number.parse().ok()?, held))
}

fn unheld((number, held): &Row<'_>, tests: &BTreeSet<String>) -> Vec<String> {
    if held.starts_with(NO_TEST) {
        return Vec::new();
    }
    let named: Vec<&str> = held.split('`').skip(1).step_by(2).collect();
    if named.is_empty() {
        return vec![format!("{number} names no test and gives no reason")];
    }
    let missing = named.into_iter().filter(|name| !tests.contains(*name));
    missing.map(|name| format!("{number}: there is no test `{name}`")).collect()
}

/// Returns the names of all functions below a test attribute.
fn tests() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = BTreeSet::new();
    for folder in ["src", "tests"] {
        collect(&root.join(folder), &mut names);
    }
    names
}

fn collect(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let marked = text.split("#[test]").skip(1).chain(text.split("#[tokio::test").skip(1));
            into.extend(marked.filter_map(name_of_first_function));
        }
    }
}

fn name_of_first_function(text: &str) -> Option<String> {
    Some(text.split_once("fn ")?.1.split_once('(')?.0.to_owned())
}
