//! Chooses readable, unique keys for the feeds of a register.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use super::row::RegisterRow;
use crate::model::SourceKey;

/// The keys that have been given so far.
#[derive(Default)]
pub(super) struct GivenKeys {
    given: HashSet<String>,
}

/// Leaves room for a number at the end.
const LONGEST: usize = SourceKey::MAX_LEN - 5;

impl GivenKeys {
    /// Returns a key made from the publisher's name. If the register has none, uses the feed's name or its host.
    pub(super) fn for_row(&mut self, row: &RegisterRow, url: &Url) -> SourceKey {
        let words = ["key", "publisher", "publishername", "organisationlabel", "name", "label", "title"];
        let slugs = words.iter().filter_map(|word| row.text(&[word])).map(|text| slug(&text));
        let host = url.host_str().map(slug);
        let slug = slugs.chain(host).find(|slug| !slug.is_empty()).unwrap_or_else(|| "feed".to_owned());
        self.unique(&slug)
    }

    #[expect(clippy::expect_used, reason = "a slug holds only what a key may, and a number ends it")]
    fn unique(&mut self, slug: &str) -> SourceKey {
        let numbered = (2..).map(|number: u32| format!("{slug}-{number}"));
        let mut wanted = std::iter::once(slug.to_owned()).chain(numbered);
        let key = wanted.find(|key| self.given.insert(key.clone())).expect("numbers do not run out");
        SourceKey::parse(&key).expect("a slug is a key")
    }
}

fn slug(text: &str) -> String {
    let plain = text.replace('&', " and ").replace(['\'', '’'], "").nfkd().collect::<String>();
    let letters =
        plain.chars().filter(|c| c.is_ascii() || c.is_whitespace()).collect::<String>().to_lowercase();
    let words = letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(LONGEST).collect();
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_readable_and_each_but_once() {
        let mut keys = GivenKeys::default();
        let mut key = |publisher: &str| {
            let row = RegisterRow::of(&serde_json::json!({ "publisher": { "value": publisher } })).unwrap();
            keys.for_row(&row, &Url::parse("https://a.example/x").unwrap()).to_string()
        };
        assert_eq!(key("Kent & Medway (NHS)"), "kent-and-medway-nhs");
        assert_eq!(key("Cyngor Môn"), "cyngor-mon");
        assert_eq!(key("St Helen's"), "st-helens");
        assert_eq!(key("kent and medway nhs"), "kent-and-medway-nhs-2");
        assert_eq!(key("Kent & Medway NHS"), "kent-and-medway-nhs-3");
        assert_eq!(key("日本"), "a-example");
        assert_eq!(key(&"long ".repeat(40)).len(), LONGEST);
    }
}
