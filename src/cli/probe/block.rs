//! The configuration block of a probed feed.

use std::fmt::Write as _;

use url::{Host, Url};

use crate::config::SourceSettings;
use crate::model::{SourceKey, SourceKeyError};
use crate::source::ProbeReport;

/// Parts of host names that do not identify the publisher.
const SAY_NOTHING: [&str; 12] = [
    "api",
    "apps",
    "data",
    "dev",
    "directory",
    "feed",
    "live",
    "openreferral",
    "oruk",
    "services",
    "test",
    "www",
];

/// Returns the source at an address: key and name guessed from the host, defaults otherwise.
///
/// # Errors
/// Never: any host gives a key.
pub(super) fn guessed(url: &Url) -> Result<SourceSettings, SourceKeyError> {
    let word = word(url).unwrap_or("feed");
    let key = SourceKey::parse(word).or_else(|_| SourceKey::parse("feed"))?;
    let mut url = url.clone();
    url.set_fragment(None);
    Ok(SourceSettings { name: title(word), ..SourceSettings::new(key, url) })
}

/// Writes the block to paste into a configuration.
pub(super) fn written(source: &SourceSettings, report: &ProbeReport) -> String {
    let mut block = String::from("[[sources]]\n");
    let mut line = |name: &str, value: toml::Value| {
        // Writing to a string cannot fail.
        let _ = writeln!(block, "{name} = {value}");
    };
    line("key", source.key.as_str().into());
    line("url", source.url.as_str().into());
    line("name", source.name.as_str().into());
    if let Some(dialect) = report.dialect {
        line("dialect", dialect.as_str().into());
    }
    if let Some(limit) =
        report.page_limit.filter(|limit| limit.is_reached && limit.rows < source.limits.page_size)
    {
        line("page_size", i64::try_from(limit.rows).unwrap_or(i64::MAX).into());
    }
    let least = report.records.filter(|records| *records > source.limits.scan_limit as u64);
    if let Some(records) = least {
        // Leave room: feeds grow.
        let room = records.saturating_add(records / 4);
        line("scan_limit", i64::try_from(room).unwrap_or(i64::MAX).into());
    }
    block.push_str(
        "# publisher = \"\"\n# licence = \"\"          # as the publisher states it, e.g. OGL-UK-3.0\n",
    );
    block
}

/// Returns the part of a host name that identifies the publisher.
fn word(url: &Url) -> Option<&str> {
    let Host::Domain(host) = url.host()? else { return None };
    let mut labels = host.split('.').filter(|label| !label.is_empty()).peekable();
    let first = labels.peek().copied();
    let telling = labels.find(|label| !SAY_NOTHING.contains(label));
    telling.or(first).filter(|label| *label != "localhost")
}

fn title(word: &str) -> String {
    let words = word.split('-').filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    });
    words.flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::GatewayConfig;
    use crate::model::Dialect;
    use crate::source::{ConformanceSummary, FeedDeclaration, PageLimit};

    fn source(url: &str) -> SourceSettings {
        guessed(&url.parse().unwrap()).unwrap()
    }

    #[test]
    fn keys_and_names_are_guessed_from_the_part_of_the_host_that_says_whose_it_is() {
        for (url, key, name) in [
            ("https://bristol.openplace.example/o/OpenReferralService/v3", "bristol", "Bristol"),
            ("https://api.north-elmshire.example/v1", "north-elmshire", "North Elmshire"),
            ("https://elm_shire.example/", "feed", "Elm_shire"),
            ("http://127.0.0.1:8000", "feed", "Feed"),
            ("http://localhost:8000/#here", "feed", "Feed"),
        ] {
            let source = source(url);
            assert_eq!((source.key.as_str(), source.name.as_str()), (key, name), "{url}");
            assert_eq!(source.url.fragment(), None);
        }
    }

    #[test]
    fn the_block_is_a_configuration_of_what_was_found() {
        let source = source("https://bristol.example/v3?x=\"y\"");
        let report = ProbeReport {
            key: source.key.clone(),
            is_reachable: true,
            declared: FeedDeclaration::default(),
            dialect: Some(Dialect::Oruk3),
            endpoints: Vec::new(),
            parameters: Vec::new(),
            page_limit: Some(PageLimit { rows: 10, is_reached: true }),
            records: Some(4000),
            conformance: ConformanceSummary::default(),
            validator: None,
            latency: None,
            error: None,
        };
        let config = GatewayConfig::parse(&written(&source, &report), &|_| None).unwrap();
        let configured = &config.sources[0];
        assert_eq!((&configured.key, &configured.url), (&source.key, &source.url));
        assert_eq!(configured.dialect, Some(Dialect::Oruk3));
        assert_eq!((configured.limits.page_size, configured.limits.scan_limit), (10, 5000));
    }
}
