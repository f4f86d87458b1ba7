//! Writes one feed as a `[[sources]]` block.

use toml::Value;

use super::listed::{ListedFeed, UnusableEntry};
use super::row::tidy;

/// Returns the block of a feed: notes as comments, then its keys.
pub(super) fn block(feed: &ListedFeed) -> String {
    let mut lines: Vec<String> = feed.notes.iter().map(|note| comment(note)).collect();
    lines.push("[[sources]]".to_owned());
    lines.push(key("key", feed.key.as_str()));
    lines.push(key("url", feed.url.as_str().trim_end_matches('/')));
    lines.push(key("name", &feed.name));
    lines.extend(feed.publisher.as_deref().map(|publisher| key("publisher", publisher)));
    lines.extend(feed.homepage.as_ref().map(|homepage| key("homepage", homepage.as_str())));
    lines.push(licence(feed.licence.as_deref()));
    lines.extend(feed.attribution.as_deref().map(|attribution| key("attribution", attribution)));
    lines.push(key("dialect", feed.dialect.map_or("auto", |dialect| dialect.as_str())));
    let path = feed.services_path.as_deref();
    lines.extend(path.map(|path| format!("paths = {{ {} }}", key("services", path))));
    lines.extend(feed.page_size.map(|size| format!("page_size = {size}")));
    lines.extend(feed.requests_per_second.map(|pace| format!("requests_per_second = {pace}")));
    if let Some(reason) = &feed.disabled {
        lines.push(comment(&format!("disabled: {reason}")));
        lines.push("enabled = false".to_owned());
    }
    lines.join("\n")
}

/// Returns a comment about an entry that cannot be used.
pub(super) fn remark(entry: &UnusableEntry) -> String {
    let name = entry.name.as_deref().unwrap_or("without a name");
    comment(&format!("entry {} ({name}): {}", entry.entry, entry.reason))
}

fn comment(text: &str) -> String {
    format!("# {}", tidy(text))
}

fn key(name: &str, text: &str) -> String {
    format!("{name} = {}", string(text))
}

/// Quotes a string. `${` is escaped, so that a register cannot make the configuration read environment variables.
fn string(text: &str) -> String {
    Value::String(tidy(text).replace("${", "$${")).to_string()
}

fn licence(stated: Option<&str>) -> String {
    let is_id = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
    match stated {
        None => comment("licence: none stated for this feed; ask its publisher before you pass its data on"),
        Some(id) if is_id(id) => key("licence", id),
        Some(name) => format!("licence = {{ {} }}", key("name", name)),
    }
}
