//! Entry points for fuzzers: each takes any bytes, runs the gateway's own code on them, and panics if that breaks one of
//! its promises. `fuzz/` mutates inputs for hours; `tests/it/fuzz.rs` replays the corpus kept there.

mod cost;
mod query;

use std::sync::{Arc, LazyLock};

use async_graphql::{Request, Variables};
use tokio::runtime::{Builder, Runtime};

use crate::federation::Federation;
use crate::graphql::{ExecuteOperations as _, GraphSettings, ServiceGraph};
use crate::model::{InstantClock, RichText};

pub use crate::source::fuzzing::{mend, page, salvage};
pub use cost::cost;

/// Runs the gateway's code on an input.
pub type FuzzTarget = fn(&[u8]);

/// The targets by name.
pub const TARGETS: [(&str, FuzzTarget); 6] = [
    ("page", page),
    ("html", html),
    ("mend", mend),
    ("salvage", salvage),
    ("graphql", graphql),
    ("cost", cost),
];

/// Elements that may run or fetch something, or that read what follows them as something else.
const UNSAFE: [&str; 16] = [
    "script", "style", "iframe", "object", "embed", "form", "input", "svg", "math", "link", "meta", "base",
    "template", "textarea", "select", "noscript",
];
/// The longest HTML that any text becomes.
const MOST_HTML: usize = 32 << 20;

static EMPTY: LazyLock<(Runtime, ServiceGraph)> = LazyLock::new(|| {
    let clock = InstantClock::fixed(chrono::DateTime::UNIX_EPOCH);
    let federation = Arc::new(Federation::new(Vec::new(), clock));
    (runtime(), ServiceGraph::new(federation, GraphSettings::default()))
});

/// Reads a text with or without markup in every format.
///
/// # Panics
/// If a format is far longer than the text, or the HTML is unsafe.
pub fn html(input: &[u8]) {
    let raw = String::from_utf8_lossy(input).into_owned();
    let (length, text) = (raw.len(), RichText::new(raw));
    let plain = text.text().len();
    assert!(plain <= 4 * length.max(512), "{length} bytes became {plain} of text");
    let html = text.html();
    // Formatting elements are opened again in each block that follows.
    let most = (64 * length + length.saturating_mul(length) / 2).min(MOST_HTML);
    assert!(html.len() <= most, "{length} bytes became {} of HTML", html.len());
    for tag in tags(&html) {
        let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap_or_default();
        assert!(!UNSAFE.contains(&name), "unsafe element: <{tag}");
        assert!(!tag.contains(" on"), "handler: <{tag}");
    }
}

/// Returns all tags, without their brackets and without what is in quotes.
fn tags(html: &str) -> Vec<String> {
    let (mut tags, mut tag, mut is_quoted) = (Vec::new(), None::<String>, false);
    for c in html.chars() {
        match (&mut tag, c) {
            (None, '<') => tag = Some(String::new()),
            (None, _) => {}
            (Some(_), '"') => is_quoted = !is_quoted,
            (Some(_), '>') if !is_quoted => tags.extend(tag.take()),
            (Some(tag), c) if !is_quoted => tag.push(c),
            (Some(_), _) => {}
        }
    }
    tags
}

/// Checks, parses, weighs and executes a document over no source. Variables as JSON may follow after a NUL.
///
/// # Panics
/// If a document is admitted beyond a limit, or its answer is larger than the largest allowed.
pub fn graphql(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (query, variables) = text.split_once('\0').unwrap_or((&text, "{}"));
    let variables: Variables = serde_json::from_str(variables).unwrap_or_default();
    let (runtime, graph) = &*EMPTY;
    let Ok(prepared) = graph.prepare(Request::new(query).variables(variables)) else { return };
    let settings = GraphSettings::default();
    assert!(prepared.cost <= settings.max_complexity, "{} points were admitted", prepared.cost);
    let written = runtime.block_on(graph.run(prepared)).written().len();
    // What stands around the data is not counted.
    assert!(written <= settings.max_answer + (64 << 10), "the answer has {written} bytes");
}

#[expect(clippy::expect_used, reason = "nothing can be fuzzed without it")]
fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads")
}
