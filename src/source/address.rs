//! The URLs of a feed's lists, pages and records.

use std::collections::BTreeMap;

use url::Url;

use super::collection::endpoint_name;
use super::dialect::RecordUrl;
use super::dialects::{DialectEndpoints, PageParameters};
use super::onward::{AddressParameters, NextPage, OnwardWord};
use super::page_form::PageForm;
use crate::model::RecordKind;

/// Builds the URLs of a feed's endpoints.
#[derive(Clone, Debug)]
pub(crate) struct EndpointAddress {
    base: Url,
    lists: BTreeMap<RecordKind, String>,
    /// URL prefix of detail pages.
    records: BTreeMap<RecordKind, Url>,
    paging: PageParameters,
}

impl EndpointAddress {
    /// Derives all endpoints from `base`, the configured URL. It may have a trailing slash, or end with the path of the
    /// list of services. `overrides` has configured paths for endpoints that are not where the dialect expects them.
    pub(in crate::source) fn new(
        base: &Url,
        overrides: &BTreeMap<String, String>,
        endpoints: DialectEndpoints,
        paging: PageParameters,
    ) -> Self {
        let (list, record) = (|kind| endpoints.list(kind), |kind| endpoints.record(kind));
        let base = without_services(base, list(RecordKind::Service));
        let elsewhere =
            |kind: RecordKind| overrides.get(endpoint_name(kind)).map(|path| path.trim_matches('/'));
        let lists = RecordKind::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, elsewhere(kind).or_else(|| list(kind))?.to_owned())));
        let records = RecordKind::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, below(&base, elsewhere(kind).or_else(|| record(kind))?))));
        let (lists, records) = (lists.collect(), records.collect());
        Self { base, lists, records, paging }
    }

    /// Returns whether the feed may have a list of this kind.
    pub(crate) fn offers(&self, kind: RecordKind) -> bool {
        self.lists.contains_key(&kind)
    }

    /// Returns the path of a kind's list, relative to the feed's base URL.
    pub(crate) fn path(&self, kind: RecordKind) -> String {
        format!("/{}", self.lists.get(&kind).map_or_else(|| endpoint_name(kind), String::as_str))
    }

    /// Returns the URL of the root document, with a trailing slash.
    pub(crate) fn root(&self) -> Url {
        let mut url = self.base.clone();
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", self.base.path()));
        }
        url
    }

    /// Returns the URL of a page of a list; pages count from 1.
    pub(crate) fn page(
        &self,
        kind: RecordKind,
        page: u64,
        form: PageForm,
        parameters: &[(&str, String)],
    ) -> Url {
        let number = (form.is_numbered || page != 1).then_some(page);
        self.list(kind, number, form.size, parameters, &[])
    }

    /// Returns the URL of the next page, for feeds that expect a token back instead of a page number.
    pub(crate) fn page_given(
        &self,
        kind: RecordKind,
        form: PageForm,
        parameters: &[(&str, String)],
        given: &[(String, String)],
    ) -> Url {
        let size = form.size.filter(|_| !given.iter().any(|(name, _)| Some(&**name) == self.paging.size));
        self.list(kind, None, size, parameters, given)
    }

    /// Returns whether any page can be requested directly, without a link or token from the page before.
    pub(crate) fn turns_pages(&self) -> bool {
        self.paging.page.is_some() || self.paging.offset.is_some()
    }

    /// Returns whether pages have numbers. If so, there may be a page 0.
    pub(crate) fn numbers_pages(&self) -> bool {
        self.paging.page.is_some()
    }

    /// Returns the parameter that selects a page. Returns `None` if the dialect has no such parameter, or if an offset
    /// cannot be computed because the page size is unknown.
    fn turned_to(&self, number: u64, size: Option<usize>) -> Option<(&'static str, String)> {
        if let Some(page) = self.paging.page {
            return Some((page, number.to_string()));
        }
        let before = number.saturating_sub(1).saturating_mul(size? as u64);
        self.paging.offset.map(|offset| (offset, before.to_string()))
    }

    fn list(
        &self,
        kind: RecordKind,
        number: Option<u64>,
        size: Option<usize>,
        parameters: &[(&str, String)],
        given: &[(String, String)],
    ) -> Url {
        let path = self.lists.get(&kind).map_or_else(|| endpoint_name(kind), String::as_str);
        let mut url = below(&self.base, path);
        let parameters = parameters.iter().map(|(name, value)| (*name, value.clone()));
        let number = number.and_then(|number| self.turned_to(number, size));
        let size = self.paging.size.zip(size).map(|(name, size)| (name, size.to_string()));
        let given = given.iter().map(|(name, value)| (&**name, value.clone()));
        let all: Vec<(&str, String)> = parameters.chain(number).chain(size).chain(given).collect();
        if !all.is_empty() {
            url.query_pairs_mut().extend_pairs(all);
        }
        url
    }

    /// Returns the parameters that give a token back: the dialect's, if it names one, or else those guessed.
    fn given_back(&self, guessed: Vec<AddressParameters>) -> Vec<AddressParameters> {
        match (self.paging.token, guessed.first().map(Vec::as_slice)) {
            (Some(name), Some([(_, token)])) => vec![vec![(name.to_owned(), token.clone())]],
            _ => guessed,
        }
    }

    /// Resolves what a page says about the next page to something that can be requested. Returns `None` if it is the
    /// page itself.
    ///
    /// The gateway never leaves the feed's origin. A link to another origin is followed only if it names the same list,
    /// and then at the feed's own origin: servers behind a proxy often write links with their internal address.
    pub(crate) fn onward(&self, from: &Url, said: OnwardWord) -> Option<NextPage> {
        let link = match said {
            OnwardWord::Link(link) => link,
            OnwardWord::Given(ways) => return Some(NextPage::Given(self.given_back(ways))),
            OnwardWord::Page(number) => return Some(NextPage::Page(number)),
            OnwardWord::Somehow => return Some(NextPage::Somehow),
        };
        let Ok(target) = from.join(&link) else { return Some(NextPage::Elsewhere) };
        let is_own = target.origin() == self.base.origin();
        let is_seen_from_inside =
            matches!(target.scheme(), "http" | "https") && is_of_one_list(from, &target);
        if !is_own && !is_seen_from_inside {
            return Some(NextPage::Elsewhere);
        }
        // Start from our own URL, so that neither the host nor the credentials of the link are used.
        let mut url = from.clone();
        if is_own {
            url.set_path(target.path());
        }
        url.set_query(target.query());
        url.set_fragment(None);
        (!is_same(from, &url)).then_some(NextPage::At(url))
    }
}

/// Returns whether both URLs end with the same path segment. Behind a proxy, the earlier segments may differ.
fn is_of_one_list(one: &Url, other: &Url) -> bool {
    let last = |url: &Url| url.path().trim_end_matches('/').rsplit('/').next().map(str::to_owned);
    last(one) == last(other)
}

/// Returns whether the URLs differ at most in the order of their parameters.
fn is_same(one: &Url, other: &Url) -> bool {
    let sorted = |url: &Url| {
        let mut pairs: Vec<_> = url.query_pairs().into_owned().collect();
        pairs.sort();
        pairs
    };
    one.path() == other.path() && sorted(one) == sorted(other)
}

/// Strips the path of the list of services, if the base URL ends with it.
fn without_services(base: &Url, own: Option<&'static str>) -> Url {
    let path = base.path().trim_end_matches('/');
    // A dialect's own path may end with the standard's name.
    let names = own.into_iter().chain([endpoint_name(RecordKind::Service)]);
    let before = |name: &str| path.strip_suffix(name)?.strip_suffix('/');
    let path = names.filter_map(before).next().unwrap_or(path).trim_end_matches('/').to_owned();
    let mut base = base.clone();
    base.set_path(&path);
    base
}

fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

impl RecordUrl for EndpointAddress {
    fn record_url(&self, kind: RecordKind, upstream_id: &str) -> Option<Url> {
        // URL parsers resolve `.` and `..` as path segments, so they cannot be ids in a path.
        if matches!(upstream_id, "" | "." | "..") {
            return None;
        }
        let mut url = self.records.get(&kind)?.clone();
        url.path_segments_mut().ok()?.push(upstream_id);
        Some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_dialects_own_is_stripped_even_if_it_ends_with_the_standards() {
        for (given, own, base) in [
            ("https://a.example/api/services", Some("api/services"), "https://a.example/"),
            ("https://a.example/x/api/services/", Some("api/services"), "https://a.example/x"),
            ("https://a.example/api/services", None, "https://a.example/api"),
            ("https://a.example/x/services", Some("listings"), "https://a.example/x"),
        ] {
            let url = without_services(&Url::parse(given).unwrap(), own);
            assert_eq!(url.as_str(), base, "{given}");
        }
    }

    fn at(base: &str) -> EndpointAddress {
        paged(base, PageParameters::STANDARD)
    }

    fn paged(base: &str, paging: PageParameters) -> EndpointAddress {
        EndpointAddress::new(&base.parse().unwrap(), &BTreeMap::new(), DialectEndpoints::STANDARD, paging)
    }

    #[test]
    fn however_the_base_is_written_the_endpoints_are_the_same() {
        for base in [
            "https://a.example/o/V3",
            "https://a.example/o/V3/",
            "https://a.example/o/V3/services",
            "https://a.example/o/V3/services/",
        ] {
            let page = at(base).page(RecordKind::Service, 2, PageForm::of(100), &[]);
            assert_eq!(page.as_str(), "https://a.example/o/V3/services?page=2&per_page=100", "{base}");
            assert_eq!(at(base).root().as_str(), "https://a.example/o/V3/", "{base}");
        }
        assert_eq!(
            at("https://a.example").page(RecordKind::Service, 1, PageForm::of(9), &[]).path(),
            "/services"
        );
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
    fn lists_and_records_may_be_apart_and_overrides_move_both() {
        let endpoints = DialectEndpoints {
            lists: &[(RecordKind::Service, "entries")],
            records: &[(RecordKind::Organization, "organization")],
        };
        let base: Url = "https://a.example/v1".parse().unwrap();
        let under = |base: &Url, moved: &BTreeMap<String, String>| {
            EndpointAddress::new(base, moved, endpoints, PageParameters::STANDARD)
        };
        let address = under(&base, &BTreeMap::new());
        for base in ["https://a.example/v1/entries", "https://a.example/v1/services/", "https://a.example/v1"]
        {
            let list = under(&base.parse().unwrap(), &BTreeMap::new()).path(RecordKind::Service);
            assert_eq!((list.as_str(), address.root().path()), ("/entries", "/v1/"), "{base}");
        }
        assert!(address.offers(RecordKind::Service) && !address.offers(RecordKind::Organization));
        let url = address.record_url(RecordKind::Organization, "x").unwrap();
        assert_eq!(url.as_str(), "https://a.example/v1/organization/x");
        assert_eq!(address.record_url(RecordKind::Service, "x"), None);
        let moved = BTreeMap::from([("locations".to_owned(), "/places/".to_owned())]);
        let address = under(&base, &moved);
        let url = address.record_url(RecordKind::Location, "x").unwrap();
        assert_eq!(url.as_str(), "https://a.example/v1/places/x");
        assert!(address.offers(RecordKind::Location));
    }

    #[test]
    fn pages_are_turned_as_the_dialect_turns_them() {
        let query = |paging, number, size| {
            let form = PageForm { size, is_numbered: true };
            let url = paged("https://a.example", paging).page(RecordKind::Service, number, form, &[]);
            url.query().unwrap_or_default().to_owned()
        };
        let numbers = PageParameters { page: Some("p"), offset: None, token: None, size: Some("limit") };
        assert_eq!(query(numbers, 3, Some(20)), "p=3&limit=20");
        let offsets = PageParameters { page: None, offset: Some("skip"), token: None, size: Some("limit") };
        assert_eq!(query(offsets, 1, Some(20)), "skip=0&limit=20");
        assert_eq!(query(offsets, 3, Some(20)), "skip=40&limit=20");
        assert_eq!(query(offsets, 1, None), "");
        let links = PageParameters { page: None, offset: None, token: None, size: Some("limit") };
        assert_eq!(query(links, 1, Some(20)), "limit=20");
        assert!(!paged("https://a.example", links).turns_pages());
        assert!(!paged("https://a.example", offsets).numbers_pages());
    }

    #[test]
    fn a_token_is_given_back_by_the_parameter_that_the_dialect_names() {
        let token = |name: &str| vec![(name.to_owned(), "abc".to_owned())];
        let given = |paging: PageParameters, ways: Vec<AddressParameters>| {
            let address = paged("https://a.example", paging);
            address.onward(&address.root(), OnwardWord::Given(ways))
        };
        let guesses = vec![token("next"), token("cursor")];
        let named = PageParameters { page: None, token: Some("from"), ..PageParameters::STANDARD };
        assert_eq!(given(named, guesses.clone()), Some(NextPage::Given(vec![token("from")])));
        let unnamed = PageParameters { token: None, ..named };
        assert_eq!(given(unnamed, guesses.clone()), Some(NextPage::Given(guesses)));
        let pairs = vec![[token("limit"), token("offset")].concat()];
        assert_eq!(given(named, pairs.clone()), Some(NextPage::Given(pairs)));
    }

    #[test]
    fn links_are_followed_at_the_feeds_own_origin_only() {
        let address = at("https://a.example/v1");
        let from = address.page(RecordKind::Service, 1, PageForm::of(50), &[]);
        let onward = |link: &str| address.onward(&from, OnwardWord::Link(link.to_owned()));
        for link in [
            "/v1/services?cursor=3",
            "?cursor=3",
            "services?cursor=3#top",
            "https://a.example/v1/services?cursor=3",
            "https://user:secret@a.example/v1/services?cursor=3",
            "http://a.example/v1/services?cursor=3",
            "http://app.internal:8080/v1/services?cursor=3",
            "http://10.0.0.7/services?cursor=3",
        ] {
            let expected: Url = "https://a.example/v1/services?cursor=3".parse().unwrap();
            assert_eq!(onward(link), Some(NextPage::At(expected)), "{link}");
        }
        for link in [
            "http://169.254.169.254/latest/meta-data",
            "https://b.example/",
            "file:///v1/services",
            "http://[",
        ] {
            assert_eq!(onward(link), Some(NextPage::Elsewhere), "{link}");
        }
        assert_eq!(onward("https://a.example/v1/services?per_page=50&page=1"), None, "the page itself");
    }
}
