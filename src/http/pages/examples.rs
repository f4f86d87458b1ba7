//! The example queries of the front page, from the same files as in the console.

use std::collections::BTreeMap;

/// The files of `web/examples`: one line each.
const FILES: [(&str, &str); 10] = [
    ("app-ask-as-people-do", include_str!("../../../web/examples/app-ask-as-people-do.graphql")),
    ("app-find-by-words", include_str!("../../../web/examples/app-find-by-words.graphql")),
    ("app-near-and-open", include_str!("../../../web/examples/app-near-and-open.graphql")),
    ("app-suits-an-age", include_str!("../../../web/examples/app-suits-an-age.graphql")),
    ("dashboard-sources", include_str!("../../../web/examples/dashboard-sources.graphql")),
    ("dashboard-statistics", include_str!("../../../web/examples/dashboard-statistics.graphql")),
    ("dashboard-totals", include_str!("../../../web/examples/dashboard-totals.graphql")),
    ("nhs-changes", include_str!("../../../web/examples/nhs-changes.graphql")),
    ("nhs-copy-changes", include_str!("../../../web/examples/nhs-copy-changes.graphql")),
    ("nhs-recently-assured", include_str!("../../../web/examples/nhs-recently-assured.graphql")),
];

/// A query to try.
#[derive(Debug)]
pub(super) struct ExampleQuery {
    /// The file's stem, which identifies the example in the console.
    pub(super) stem: &'static str,
    pub(super) title: &'static str,
    pub(super) query: &'static str,
}

/// The examples by the kind of user they are for.
pub(super) fn by_audience() -> BTreeMap<&'static str, Vec<ExampleQuery>> {
    let mut groups = BTreeMap::<_, Vec<ExampleQuery>>::new();
    for (stem, text) in FILES {
        if let Some((audience, example)) = read(stem, text) {
            groups.entry(audience).or_default().push(example);
        }
    }
    groups
}

/// Reads the lines `# title:` and `# for:`, then the operation. Returns `None` if one is missing.
fn read(stem: &'static str, text: &'static str) -> Option<(&'static str, ExampleQuery)> {
    let (title, text) = text.strip_prefix("# title: ")?.split_once('\n')?;
    let (audience, query) = text.strip_prefix("# for: ")?.split_once('\n')?;
    Some((audience.trim(), ExampleQuery { stem, title: title.trim(), query: query.trim() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_shown_and_parses() {
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/web/examples")).unwrap();
        let shown: Vec<ExampleQuery> = by_audience().into_values().flatten().collect();
        assert_eq!(files.count(), shown.len());
        for example in shown {
            assert!(async_graphql::parser::parse_query(example.query).is_ok(), "{}", example.stem);
        }
    }
}
