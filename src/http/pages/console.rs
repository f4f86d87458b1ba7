//! The console: a page to write and run queries.

use url::Url;

use super::{HtmlPage, prefix};
use crate::http::assets;

/// The editors' search field has a style attribute; everything else is loaded from the gateway.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The console's page.
pub(in crate::http) fn console(public_url: Option<&Url>) -> HtmlPage {
    let prefix = prefix(public_url);
    let absolute = |attribute: &str| (format!("{attribute}=\"/"), format!("{attribute}=\"{prefix}/"));
    let html = ["src", "href"]
        .map(absolute)
        .iter()
        .fold(assets::CONSOLE.to_owned(), |html, (from, to)| html.replace(from, to));
    HtmlPage::new(html, POLICY)
}
