//! The pages for readers: their examples can be used as they are, and they leave nothing out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use async_graphql::parser::parse_query;
use oruk_gateway::config::{GatewayConfig, config_schema};

use super::code;

/// A page: its path from the root of the repository, and its text.
pub(super) type Page = (String, String);

#[test]
fn toml_on_the_pages_is_a_configuration() {
    let sample = "Text\n```toml\n[server]\nlisten = \"nowhere\"\n```\n";
    assert_eq!(bad_toml(&("sample".into(), sample.into())).len(), 1, "the rule does not see what is wrong");
    assert!(!blocks(&page("README.md").1, "toml").is_empty(), "the README shows no configuration");
    none(pages().iter().flat_map(bad_toml));
}

#[test]
fn graphql_on_the_pages_can_be_parsed() {
    let sample = "```graphql\n{ services( }\n```\n";
    assert_eq!(
        bad_graphql(&("sample".into(), sample.into())).len(),
        1,
        "the rule does not see what is wrong"
    );
    assert!(!blocks(&page("README.md").1, "graphql").is_empty(), "the README shows no query");
    none(pages().iter().flat_map(bad_graphql));
}

#[test]
fn links_on_the_pages_lead_somewhere() {
    let sample = "[a](docs/nowhere.md) and [b](https://a.example/) and [c](LICENSE#about)";
    assert_eq!(
        dead_links(&("sample.md".into(), sample.into())).len(),
        1,
        "the rule does not see what is wrong"
    );
    none(pages().iter().flat_map(dead_links));
}

#[test]
fn anchors_on_the_pages_lead_to_a_heading() {
    let sample = "# One `thing`, two\n[a](#one-thing-two) and [b](#nothing) and [c](README.md#nowhere)";
    assert_eq!(
        dead_anchors(&("sample.md".into(), sample.into())).len(),
        2,
        "the rule does not see what is wrong"
    );
    none(pages().iter().flat_map(dead_anchors));
}

#[test]
fn every_key_of_the_configuration_is_explained() {
    let mut keys = BTreeSet::new();
    collect_keys(&config_schema(), &mut keys);
    assert!(keys.contains("requests_per_second") && keys.contains("listen"), "{keys:?}");
    none(unmentioned(&page("docs/configuration.md"), &keys));
    assert_eq!(
        unmentioned(&("sample".into(), "`listen`".into()), &["listen".into(), "url".into()].into()).len(),
        1
    );
}

#[test]
fn every_metric_is_explained() {
    let metrics = literals("src", is_metric);
    assert!(metrics.contains("oruk_source_requests_total"), "{metrics:?}");
    none(unmentioned(&page("docs/deployment.md"), &metrics));
}

#[test]
fn every_alert_is_of_a_metric_that_there_is() {
    let metrics = literals("src", is_metric);
    let (_, alerts) = page("deploy/alerts.yaml");
    let named: BTreeSet<&str> = alerts
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| is_metric(word))
        .collect();
    assert!(named.contains("oruk_journal_behind_seconds"), "{named:?}");
    none(named.into_iter().filter(|name| !metrics.contains(*name)).map(str::to_owned));
}

fn is_metric(text: &str) -> bool {
    text.starts_with("oruk_") && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

#[test]
fn every_error_code_is_explained() {
    let is_code = |text: &str| text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let mut codes = literals("src/source/error.rs", is_code);
    assert!(codes.contains("CIRCUIT_OPEN"), "{codes:?}");
    codes.extend(literals("src/graphql/error.rs", is_code));
    none(unmentioned(&page("docs/errors.md"), &codes));
}

#[test]
fn every_issue_code_is_explained_to_publishers() {
    let is_code = |text: &str| text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let mut codes = literals("src/model/record/issue.rs", is_code);
    codes.remove("SCREAMING_SNAKE_CASE");
    assert!(codes.contains("MISSING_REQUIRED") && codes.contains("WITHHELD"), "{codes:?}");
    none(unmentioned(&page("docs/publishers.md"), &codes));
}

fn none(faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn bad_toml((path, text): &Page) -> Vec<String> {
    let parse = |block: &String| GatewayConfig::parse(block, &|_| Some("a-value".to_owned())).err();
    let problems = blocks(text, "toml").iter().filter_map(parse).flatten().collect::<Vec<_>>();
    problems.iter().map(|problem| format!("{path}: a toml block: {problem}")).collect()
}

fn bad_graphql((path, text): &Page) -> Vec<String> {
    let errors = blocks(text, "graphql").into_iter().filter_map(|block| parse_query(block).err());
    errors.map(|error| format!("{path}: a graphql block: {error}")).collect()
}

fn dead_links((path, text): &Page) -> Vec<String> {
    let folder = root().join(path).parent().unwrap().to_owned();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next());
    let local = links.filter(|link| !link.is_empty() && !link.contains(':'));
    let dead = local.filter(|link| !folder.join(link).exists());
    dead.map(|link| format!("{path}: {link} is not there")).collect()
}

fn dead_anchors((path, text): &Page) -> Vec<String> {
    let folder = root().join(path).parent().unwrap().to_owned();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let anchors = links.filter(|link| !link.contains(':')).filter_map(|link| link.split_once('#'));
    let is_dead = |(file, anchor): &(&str, &str)| match *file {
        "" => !headings(text).contains(*anchor),
        file if !file.ends_with(".md") => false,
        file => {
            std::fs::read_to_string(folder.join(file)).is_ok_and(|text| !headings(&text).contains(*anchor))
        }
    };
    anchors.filter(is_dead).map(|(file, anchor)| format!("{path}: {file}#{anchor} is no heading")).collect()
}

/// Returns the anchors of a page's headings, as GitHub makes them.
fn headings(text: &str) -> BTreeSet<String> {
    let lines = text
        .lines()
        .filter_map(|line| line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#')));
    lines
        .map(|heading| {
            let kept = heading.to_lowercase().replace(' ', "-");
            kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
        })
        .collect()
}

fn unmentioned((path, text): &Page, names: &BTreeSet<String>) -> Vec<String> {
    // In backticks, as the heading of a table, or as a key with a value.
    let shows = |name: &String| {
        [format!("`{name}`"), format!("[{name}]"), format!("{name} = ")]
            .iter()
            .any(|form| text.contains(form))
    };
    let missing = names.iter().filter(|name| !shows(name));
    missing.map(|name| format!("{path}: `{name}` is not explained")).collect()
}

/// Returns the fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fences = text.split("\n```").map(|part| part.trim_start_matches("```"));
    let opened = fences.filter_map(|part| part.strip_prefix(language)?.strip_prefix('\n'));
    opened.map(str::to_owned).collect()
}

fn collect_keys(schema: &serde_json::Value, keys: &mut BTreeSet<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        keys.extend(properties.keys().cloned());
    }
    match schema {
        serde_json::Value::Object(members) => members.values().for_each(|member| collect_keys(member, keys)),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_keys(item, keys)),
        _ => {}
    }
}

/// Returns the string literals in files below a path for which `is_wanted` returns `true`.
fn literals(below: &str, is_wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let files = code::sources().iter().filter(|file| file.path.starts_with(below));
    let texts: Vec<&String> = files.map(|file| &file.text).collect();
    let quoted = texts.iter().flat_map(|text| text.split('"'));
    quoted.filter(|text| !text.is_empty() && is_wanted(text)).map(str::to_owned).collect()
}

/// Returns the pages at the root and in `docs/`.
fn pages() -> Vec<Page> {
    let found = [root().to_owned(), root().join("docs")].into_iter().flat_map(|folder| {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<PathBuf>>()
    });
    let markdown = found.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let names = markdown.map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
    names.map(|name| page(&name)).collect()
}

/// Returns a page by its path from the root of the repository.
pub(super) fn page(name: &str) -> Page {
    let path = root().join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    (name.to_owned(), text)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
