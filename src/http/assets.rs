//! The embedded files of the pages; `web/README.md` says how they are built.

use std::sync::LazyLock;

use poem::http::HeaderMap;
use poem::{Request, Response};

use super::content::ResponseContent;
use super::errors::RequestFault;
use super::response::{self, ResponseForm};

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The console's page, served where GraphQL is.
pub(super) const CONSOLE: &str = include_str!("../../web/dist/console.html");

/// Every file under `/assets/`: one line each.
const FILES: [(&str, &str, &[u8]); 4] = [
    ("console.js", SCRIPT, include_bytes!("../../web/dist/console.js")),
    ("console.css", CSS, include_bytes!("../../web/dist/console.css")),
    ("page.css", CSS, include_bytes!("../../web/dist/page.css")),
    ("THIRD-PARTY.txt", TEXT, include_bytes!("../../web/dist/THIRD-PARTY.txt")),
];

static CONTENTS: LazyLock<[(&str, ResponseContent); FILES.len()]> = LazyLock::new(|| {
    FILES.map(|(name, content_type, bytes)| (name, ResponseContent::new(content_type, bytes)))
});

/// Returns the file with this name.
pub(super) async fn file(name: &str, request: &Request) -> Response {
    let Some(content) = find(name) else {
        return RequestFault::not_found().respond("application/json; charset=utf-8");
    };
    send(content, request.uri().query(), request.headers()).await
}

/// Returns the address of a file, which changes with its content.
pub(super) fn address(name: &str) -> String {
    find(name).map_or_else(String::new, |content| format!("/assets/{name}?v={}", version(content)))
}

async fn send(content: &ResponseContent, query: Option<&str>, request: &HeaderMap) -> Response {
    let asked = query.and_then(|query| query.strip_prefix("v="));
    let cache_control = if asked == Some(version(content)) {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    response::send(content, request, ResponseForm::plainly(content, cache_control)).await
}

/// Returns the version that the pages' build writes: the first twelve digits of the hash.
fn version(content: &ResponseContent) -> &str {
    content.fingerprint().get(..12).unwrap_or_default()
}

fn find(name: &str) -> Option<&'static ResponseContent> {
    CONTENTS.iter().find(|(known, _)| *known == name).map(|(_, content)| content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_names_its_files_by_their_present_content() {
        for name in ["console.js", "console.css"] {
            assert!(CONSOLE.contains(&format!("\"{}\"", address(name))), "{name}");
        }
    }

    #[test]
    fn every_built_file_is_served() {
        let built = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/web/dist")).unwrap();
        for file in built {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(name == "console.html" || find(&name).is_some(), "{name}");
        }
    }
}
