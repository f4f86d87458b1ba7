//! The house rules, applied to every file of `src/` and every page for readers.
//!
//! Each rule is first tested on samples that break it and on samples that keep it.

mod bare;
mod code;
mod imports;
mod pages;
mod quirks;

use std::collections::{BTreeMap, BTreeSet};

use code::{File, Path};

/// Checks one file. Returns what is wrong with it.
type Rule = fn(&File) -> Vec<String>;

/// A file to test a rule on: its path and its text.
type Sample = (&'static str, &'static str);

/// The most lines of a file, and the files that may have more.
const MOST_LINES: usize = 400;
const LONG_FILES: [(&str, &str); 2] = [
    ("src/demo/kinds.rs", "a table of words to invent from"),
    ("src/demo/place.rs", "a table of real places"),
];

#[test]
fn a_room_imports_only_rooms_below_it() {
    holds(
        imports::upward_or_sideways,
        &[
            ("src/source/engine.rs", "use crate::graphql::Answer;"),
            ("src/model/identity.rs", "use crate::{config::Config, model::Clock};"),
            ("src/federation/find/services.rs", "fn f() { super::super::super::http::serve() }"),
            ("src/http.rs", "use super::app;"),
            ("src/demo.rs", "use crate::source::Source;"),
            ("src/graphql.rs", "use crate::demo::embedded;"),
            ("src/model.rs", "use crate::telemetry::CODE;"),
            ("src/telemetry.rs", "use crate::model::Clock;"),
            ("src/main.rs", "fn main() { oruk_gateway::source::run() }"),
            ("src/misc/things.rs", "//! A room nobody has given a rank."),
        ],
        &[
            ("src/source/engine.rs", "use super::super::config;\nuse crate::{model::Clock, source::Set};"),
            ("src/graphql/types.rs", "use super::super::federation::QueryContext;\nuse super::Answer;"),
            ("src/source.rs", "#[cfg(test)]\nmod tests {\n    use crate::demo::DemoFeed;\n}"),
            ("src/model.rs", "//! See [`crate::http`].\nconst A: &str = \"crate::http\";"),
            ("src/cli/serve.rs", "use crate::{app::Gateway, telemetry};"),
        ],
    );
}

#[test]
fn libraries_stay_in_their_rooms() {
    holds(
        library_out_of_its_room,
        &[
            ("src/federation.rs", "use async_graphql::Context;"),
            ("src/source.rs", "#[derive(async_graphql::Enum)]\nenum A {}"),
            ("src/graphql.rs", "use poem::Response;"),
            ("src/federation.rs", "use ::reqwest::Client;"),
            ("src/cli.rs", "fn f() { reqwest::get(\"\") }"),
            ("src/federation.rs", "use serde_json::{Map, Value};"),
            ("src/app.rs", "fn f() -> serde_json::Value {}"),
            ("src/graphql.rs", "use tantivy::Index;"),
            ("src/federation.rs", "use redb::Database;"),
            ("src/federation.rs", "use http::StatusCode;"),
            ("src/app.rs", "use hyper::service::service_fn;"),
            ("src/source.rs", "use hyper_util::rt::TokioIo;"),
        ],
        &[
            ("src/graphql.rs", "use async_graphql::Context;\nuse serde_json::Value;"),
            ("src/http.rs", "use poem::http::StatusCode;\nuse hyper_util::rt::TokioIo;"),
            ("src/demo/server.rs", "use poem::Response;"),
            ("src/source/engine.rs", "use reqwest::StatusCode;"),
            ("src/federation.rs", "/* poem::Response */ fn f() { serde_json::to_string(\"poem::\") }"),
        ],
    );
}

#[test]
fn only_the_command_line_reads_files_environment_and_clock_but_for_the_catalogues_own() {
    holds(
        outside_world,
        &[
            ("src/config.rs", "fn f() { std::env::var(\"A\") }"),
            ("src/app.rs", "use std::{env, sync::Arc};"),
            ("src/source.rs", "use std::fs;"),
            ("src/http.rs", "fn f() { tokio::fs::read(\"\") }"),
            ("src/federation.rs", "fn f() { Utc::now() }"),
            ("src/catalogue.rs", "fn f() { Utc::now() }"),
            ("src/model.rs", "fn f() { std::time::SystemTime::now() }"),
        ],
        &[
            ("src/cli/serve.rs", "fn f() { std::env::var(\"A\"); chrono::Utc::now() }"),
            ("src/catalogue/store/open.rs", "use std::fs;"),
            ("src/source.rs", "const A: &str = env!(\"CARGO_PKG_VERSION\");"),
            ("src/http.rs", "#[cfg(test)]\nmod tests { fn f() { std::fs::read(\"\") } }"),
            ("src/source.rs", "fn f() { Instant::now(); clock.now() }"),
        ],
    );
}

#[test]
fn nothing_is_left_to_chance_or_to_later() {
    holds(
        shortcut,
        &[
            ("src/model.rs", "fn f() { a.unwrap() }"),
            ("src/model.rs", "fn f() { a\n    .unwrap()\n}"),
            ("src/model.rs", "fn f() { todo!() }"),
            ("src/cli.rs", "fn f() { dbg!(a) }"),
            ("src/demo.rs", "fn f() { unimplemented!() }"),
            ("src/model.rs", "#[cfg(test)]\nmod tests;\nfn f() { a.unwrap() }"),
        ],
        &[
            ("src/model.rs", "/// Never `a.unwrap()`.\nfn f() { a.unwrap_or(\"todo!()\") }"),
            ("src/model.rs", "#[cfg(test)]\nmod tests {\n    fn f() { if b {} a.unwrap() }\n}"),
            ("src/model/tests.rs", "fn f() { a.unwrap() }"),
        ],
    );
}

#[test]
fn a_file_says_what_lives_in_it() {
    holds(
        says_nothing_of_itself,
        &[("src/model.rs", "use std::fmt;"), ("src/model/tests.rs", "// Tests.\n//! Late.")],
        &[("src/model.rs", "//! The nouns and their rules.")],
    );
}

#[test]
fn a_file_can_be_read_at_a_sitting() {
    let long: &'static str = Box::leak("\n".repeat(MOST_LINES + 1).into());
    let just: &'static str = Box::leak("\n".repeat(MOST_LINES).into());
    holds(
        too_long,
        &[("src/model.rs", long), ("src/demo/kinds.rs", just)],
        &[("src/model.rs", just), ("src/demo/kinds.rs", long)],
    );
}

#[test]
fn a_type_name_means_one_thing() {
    let files =
        |samples: &[Sample]| samples.iter().map(|(path, text)| File::new(path, text)).collect::<Vec<_>>();
    let broken: [&[Sample]; 4] = [
        &[("src/sync/a.rs", "struct Key;"), ("src/sync/b.rs", "pub enum Key {}")],
        &[("src/source/a.rs", "type Key = u32;"), ("src/http.rs", "pub(crate) trait Key {}")],
        &[("src/graphql/a.rs", "struct Key;"), ("src/graphql/b.rs", "struct Key;")],
        &[("src/model.rs", "struct Key;"), ("src/sync.rs", "struct Key;"), ("src/graphql.rs", "struct Key;")],
    ];
    for samples in broken {
        assert_eq!(homonyms(&files(samples)).len(), 1, "the rule does not see what is wrong: {samples:?}");
    }
    let kept: &[Sample] = &[
        ("src/model/service.rs", "struct Service; impl Iterator for Service { type Item = u32; }"),
        ("src/graphql/service.rs", "struct Service; impl Iterator for Service { type Item = u32; }"),
        ("src/sync.rs", "#[cfg(test)]\nmod tests { struct Service; }\nfn f() { struct Service; }"),
        ("src/sync/tests.rs", "struct Service;"),
    ];
    assert_eq!(homonyms(&files(kept)), Vec::<String>::new(), "the rule sees ghosts");
    let faults = homonyms(code::sources());
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Tests a rule on both kinds of samples, then applies it to the sources.
fn holds(rule: Rule, broken: &[Sample], kept: &[Sample]) {
    for (path, text) in broken {
        assert!(
            !rule(&File::new(path, text)).is_empty(),
            "the rule does not see what is wrong: {path}: {text}"
        );
    }
    for (path, text) in kept {
        assert_eq!(
            rule(&File::new(path, text)),
            Vec::<String>::new(),
            "the rule sees ghosts: {path}: {text}"
        );
    }
    let files = code::sources();
    assert!(files.len() > 50, "only {} files were found: the rule was held against nothing", files.len());
    let faults: Vec<String> = files.iter().flat_map(rule).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// The rooms that may use a library, or a part of one.
const LIBRARIES: [(&[&str], &[&str]); 14] = [
    (&["async_graphql"], &["graphql", "http", "app", "cli", "fuzzing"]),
    (&["async_graphql_value"], &["graphql", "http", "app", "cli"]),
    (&["poem"], &["http", "app", "cli", "demo"]),
    (&["hyper"], &["http"]),
    (&["hyper_util"], &["http"]),
    (&["reqwest"], &["source"]),
    (&["tantivy"], &["catalogue"]),
    (&["redb"], &["catalogue"]),
    (&["fs4"], &["catalogue"]),
    (&["tokio_postgres"], &["catalogue"]),
    (&["tokio_postgres_rustls"], &["catalogue"]),
    (
        &["serde_json", "Value"],
        &["model", "writers", "config", "source", "graphql", "http", "cli", "demo", "fuzzing"],
    ),
    (
        &["serde_json", "Map"],
        &["model", "writers", "config", "source", "graphql", "http", "cli", "demo", "fuzzing"],
    ),
    (&["StatusCode"], &["source", "http", "app", "cli", "demo"]),
];

fn library_out_of_its_room(file: &File) -> Vec<String> {
    let paths = file.paths();
    let strangers = LIBRARIES.iter().filter(|(_, rooms)| !rooms.contains(&file.room()));
    let named = |library, rooms| named(file, &paths, library, &format!("belongs in {rooms:?}"));
    strangers.flat_map(|(library, rooms)| named(library, rooms)).collect()
}

const OUTSIDE_WORLD: [(&[&str], &[&str]); 7] = [
    (&["std", "env"], &["cli"]),
    // The catalogue has files of its own, in the directory that it is given.
    (&["std", "fs"], &["cli", "catalogue"]),
    (&["tokio", "fs"], &["cli"]),
    (&["SystemTime", "now"], &["cli"]),
    (&["Utc", "now"], &["cli"]),
    (&["Local", "now"], &["cli"]),
    (&["env", "var"], &["cli"]),
];

fn outside_world(file: &File) -> Vec<String> {
    let paths = file.paths();
    let strangers = OUTSIDE_WORLD.iter().filter(|(_, rooms)| !rooms.contains(&file.room()));
    strangers
        .flat_map(|(world, rooms)| named(file, &paths, world, &format!("is for {rooms:?} alone")))
        .collect()
}

fn shortcut(file: &File) -> Vec<String> {
    const SHORTCUTS: [&[&str]; 4] =
        [&[".", "unwrap", "(", ")"], &["todo", "!"], &["dbg", "!"], &["unimplemented", "!"]];
    let found = SHORTCUTS.iter().flat_map(|shortcut| {
        let lines = file.find(shortcut).into_iter();
        lines.map(|line| format!("{}:{line}: `{}`", file.path, shortcut.concat()))
    });
    found.collect()
}

fn says_nothing_of_itself(file: &File) -> Vec<String> {
    let fault = || format!("{}: opens with no `//!` that says what lives here", file.path);
    if file.text.starts_with("//!") { Vec::new() } else { vec![fault()] }
}

fn too_long(file: &File) -> Vec<String> {
    let lines = file.text.lines().count();
    let excuse = LONG_FILES.iter().find(|(path, _)| *path == file.path);
    match (lines > MOST_LINES, excuse) {
        (true, None) => vec![format!("{}: {lines} lines; at most {MOST_LINES}", file.path)],
        (false, Some((_, reason))) => {
            vec![format!("{}: no longer needs its excuse ({reason})", file.path)]
        }
        _ => Vec::new(),
    }
}

/// Returns the names of types that are declared in two files. A view of the graph may have the name of what it shows.
fn homonyms(files: &[File]) -> Vec<String> {
    let mut declared: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        for name in file.types() {
            declared.entry(name).or_default().insert(&file.path);
        }
    }
    let in_graph =
        |paths: &BTreeSet<&str>| paths.iter().filter(|path| path.starts_with("src/graphql")).count();
    declared.retain(|_, paths| paths.len() > 2 || (paths.len() == 2 && in_graph(paths) != 1));
    declared.into_iter().map(|(name, paths)| format!("`{name}` is declared in {paths:?}")).collect()
}

/// Returns where a file names a path that contains these segments in a row.
fn named(file: &File, paths: &[Path], segments: &[&str], why: &str) -> Vec<String> {
    let names = |path: &&Path| path.segments.windows(segments.len()).any(|window| window == segments);
    let found = paths.iter().filter(names);
    found.map(|path| format!("{}:{}: `{}` {why}", file.path, path.line, segments.join("::"))).collect()
}
