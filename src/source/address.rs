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
    lists: BTreeMap<RecordKind, String>,
    /// What the addresses of single records begin with.
    records: BTreeMap<RecordKind, Url>,
}

impl Address {
    /// Below `base`, however it is written: with or without a last slash, or with `/services` at its end;
    /// `overrides` are the paths of endpoints that are elsewhere than the dialect has its lists and records.
    pub(crate) fn new(
        base: &Url,
        overrides: &BTreeMap<String, String>,
        list: impl Fn(RecordKind) -> Option<&'static str>,
        record: impl Fn(RecordKind) -> Option<&'static str>,
    ) -> Self {
        let mut base = base.clone();
        let path = base.path().trim_end_matches('/');
        let path = path.strip_suffix("/services").unwrap_or(path).trim_end_matches('/').to_owned();
        base.set_path(&path);
        let elsewhere =
            |kind: RecordKind| overrides.get(endpoint_name(kind)).map(|path| path.trim_matches('/'));
        let lists = RecordKind::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, elsewhere(kind).or_else(|| list(kind))?.to_owned())));
        let records = RecordKind::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, below(&base, elsewhere(kind).or_else(|| record(kind))?))));
        let (lists, records) = (lists.collect(), records.collect());
        Self { base, lists, records }
    }

    /// Whether the feed can have a list of a kind.
    pub(crate) fn offers(&self, kind: RecordKind) -> bool {
        self.lists.contains_key(&kind)
    }

    /// The path of a kind's list below the feed's address.
    pub(crate) fn path(&self, kind: RecordKind) -> String {
        format!("/{}", self.lists.get(&kind).map_or_else(|| endpoint_name(kind), String::as_str))
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
        let path = self.lists.get(&kind).map_or_else(|| endpoint_name(kind), String::as_str);
        let mut url = below(&self.base, path);
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
}

fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

impl RecordUrl for Address {
    fn record_url(&self, kind: RecordKind, upstream_id: &str) -> Option<Url> {
        // `.` and `..` would be taken for parts of the path, not for ids.
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
    use super::super::collection::standard_endpoint;
    use super::*;

    fn at(base: &str) -> Address {
        Address::new(&base.parse().unwrap(), &BTreeMap::new(), standard_endpoint, standard_endpoint)
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
    fn lists_and_records_may_be_apart_and_overrides_move_both() {
        let list = |kind| (kind == RecordKind::Service).then_some("services");
        let record = |kind| (kind == RecordKind::Organization).then_some("organization");
        let base = "https://a.example/v1".parse().unwrap();
        let address = Address::new(&base, &BTreeMap::new(), list, record);
        assert!(address.offers(RecordKind::Service) && !address.offers(RecordKind::Organization));
        let url = address.record_url(RecordKind::Organization, "x").unwrap();
        assert_eq!(url.as_str(), "https://a.example/v1/organization/x");
        assert_eq!(address.record_url(RecordKind::Service, "x"), None);
        let moved = BTreeMap::from([("locations".to_owned(), "/places/".to_owned())]);
        let address = Address::new(&base, &moved, list, record);
        let url = address.record_url(RecordKind::Location, "x").unwrap();
        assert_eq!(url.as_str(), "https://a.example/v1/places/x");
        assert!(address.offers(RecordKind::Location));
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
