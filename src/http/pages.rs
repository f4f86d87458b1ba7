//! The web pages.

mod console;
mod examples;
mod front;
mod sources_table;

use poem::Response;
use poem::http::{HeaderMap, HeaderValue, header};
use url::Url;

use super::content::ResponseContent;
use super::response::{self, ResponseForm};

pub(super) use console::console;
pub(super) use front::FrontPage;

/// A page and its content security policy.
pub(super) struct HtmlPage {
    content: ResponseContent,
    policy: &'static str,
}

impl HtmlPage {
    fn new(html: String, policy: &'static str) -> Self {
        Self { content: ResponseContent::new("text/html; charset=utf-8", html), policy }
    }

    /// Turns the page into a response.
    pub(super) async fn send(&self, request: &HeaderMap) -> Response {
        let sending = ResponseForm {
            vary: "accept, accept-encoding",
            ..ResponseForm::plainly(&self.content, "private, no-cache")
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
