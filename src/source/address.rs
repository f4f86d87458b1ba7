//! The addresses of a feed: where its lists and records are.

use std::collections::BTreeMap;

use url::Url;

use super::collection::endpoint_name;
use super::dialect::RecordUrl;
use crate::model::RecordKind;

/// Where a feed's endpoints are.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    base: Url,
    overrides: BTreeMap<String, String>,
}

impl Address {
    /// Below `base`, however it is written: with or without a last slash, or with `/services` at its end;
    /// `overrides` are the paths of endpoints that are elsewhere.
    pub(crate) fn new(base: &Url, overrides: BTreeMap<String, String>) -> Self {
        let mut base = base.clone();
        let path = base.path().trim_end_matches('/');
        let path = path.strip_suffix("/services").unwrap_or(path).trim_end_matches('/').to_owned();
        base.set_path(&path);
        Self { base, overrides }
    }

    /// Whether the feed can have a list of a kind: the standard has none of locations; a publisher that has one
    /// says so by an override.
    pub(crate) fn offers(&self, kind: RecordKind) -> bool {
        kind != RecordKind::Location || self.overrides.contains_key(endpoint_name(kind))
    }

    /// The path of a kind's list below the feed's address.
    pub(crate) fn path(&self, kind: RecordKind) -> String {
        let base = self.base.path().trim_end_matches('/').len();
        self.list(kind).path().get(base..).unwrap_or_default().to_owned()
    }

    /// The root document.
    pub(crate) fn root(&self) -> Url {
        let mut url = self.base.clone();
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", self.base.path()));
        }
        url
    }

    /// A page of a list; pages count from 1.
    pub(crate) fn page(
        &self,
        kind: RecordKind,
        page: u64,
        size: usize,
        parameters: &[(&str, String)],
    ) -> Url {
        let mut url = self.list(kind);
        {
            let mut query = url.query_pairs_mut();
            for (name, value) in parameters {
                query.append_pair(name, value);
            }
            query.append_pair("page", &page.to_string());
            query.append_pair("per_page", &size.to_string());
        }
        url
    }

    /// A link of a feed, followed from one of its pages; none where it leads to another place or is no address.
    pub(crate) fn follow(&self, from: &Url, link: &str) -> Option<Url> {
        let url = from.join(link).ok()?;
        (url.origin() == self.base.origin()).then_some(url)
    }

    fn list(&self, kind: RecordKind) -> Url {
        let name = endpoint_name(kind);
        let path = self.overrides.get(name).map_or(name, |path| path.trim_matches('/'));
        let mut url = self.base.clone();
        url.set_path(&format!("{}/{path}", self.base.path().trim_end_matches('/')));
        url
    }
}

impl RecordUrl for Address {
    fn record_url(&self, kind: RecordKind, upstream_id: &str) -> Option<Url> {
        // `.` and `..` would be taken for parts of the path, not for ids.
        if !self.offers(kind) || matches!(upstream_id, "" | "." | "..") {
            return None;
        }
        let mut url = self.list(kind);
        url.path_segments_mut().ok()?.push(upstream_id);
        Some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(base: &str) -> Address {
        Address::new(&base.parse().unwrap(), BTreeMap::new())
    }

    #[test]
    fn however_the_base_is_written_the_endpoints_are_the_same() {
        for base in [
            "https://a.example/o/V3",
            "https://a.example/o/V3/",
            "https://a.example/o/V3/services",
            "https://a.example/o/V3/services/",
        ] {
            let page = at(base).page(RecordKind::Service, 2, 100, &[]);
            assert_eq!(page.as_str(), "https://a.example/o/V3/services?page=2&per_page=100", "{base}");
            assert_eq!(at(base).root().as_str(), "https://a.example/o/V3/", "{base}");
        }
        assert_eq!(at("https://a.example").page(RecordKind::Service, 1, 9, &[]).path(), "/services");
    }

    #[test]
    fn ids_are_escaped_and_kinds_without_an_endpoint_have_no_address() {
        let address = at("https://a.example/v1");
        let url = address.record_url(RecordKind::Service, "a/b?c d").unwrap();
        assert_eq!(url.as_str(), "https://a.example/v1/services/a%2Fb%3Fc%20d");
        assert_eq!(address.record_url(RecordKind::Location, "x"), None);
        assert_eq!(address.record_url(RecordKind::Service, ".."), None);
    }

    #[test]
    fn links_are_followed_on_the_same_host_only() {
        let address = at("https://a.example/v1");
        let from = address.page(RecordKind::Service, 1, 50, &[]);
        assert_eq!(
            address.follow(&from, "/v1/services?page=2").unwrap().as_str(),
            "https://a.example/v1/services?page=2"
        );
        for elsewhere in [
            "https://b.example/v1/services?page=2",
            "https://a.example:8443/v1/services?page=2",
            "http://a.example/v1/services?page=2",
        ] {
            assert_eq!(address.follow(&from, elsewhere), None, "{elsewhere}");
        }
    }
}
