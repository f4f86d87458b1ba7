//! The web pages.

mod console;
mod examples;
mod front;
mod sources_table;

use poem::Response;
use poem::http::{HeaderMap, HeaderValue, header};
use url::Url;

use super::content::Content;
use super::response::{self, Sending};

pub(super) use console::console;
pub(super) use front::Front;

/// A page and its content security policy.
pub(super) struct Page {
    content: Content,
    policy: &'static str,
}

impl Page {
    fn new(html: String, policy: &'static str) -> Self {
        Self { content: Content::new("text/html; charset=utf-8", html), policy }
    }

    /// Turns the page into a response.
    pub(super) async fn send(&self, request: &HeaderMap) -> Response {
        let sending = Sending {
            vary: "accept, accept-encoding",
            ..Sending::plainly(&self.content, "private, no-cache")
        };
        let mut response = response::send(&self.content, request, sending).await;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(self.policy));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response
    }
}

/// The prefix of every link: the path of the public address, so that links work behind a proxy that adds a path, on any
/// host.
fn prefix(public_url: Option<&Url>) -> &str {
    public_url.map_or("", |url| url.path().trim_end_matches('/'))
}
