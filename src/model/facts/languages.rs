//! The languages that a service is offered in, each reduced to one code, however feeds and clients name it.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::LazyLock;

use isolang::Language as Iso;
use serde::{Deserialize, Serialize};

use crate::model::{Language, Service, TriState};

/// A language, as its three-letter ISO 639-3 code (`urd`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageCode(Iso);

/// The error for a text that names no language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is neither an ISO 639 code nor the English name of a language")]
pub struct UnknownLanguage;

/// The languages of a service, its phones and its locations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpokenLanguages {
    codes: Box<[LanguageCode]>,
    /// Whether some language could not be read. It might be the one asked for.
    has_unread: bool,
}

/// ISO 639-2/B codes that differ from ISO 639-3, and `bsl`, which people use for British Sign Language although ISO
/// 639-3 gives it to a language with a few hundred speakers.
const OTHER_CODES: [(&str, &str); 21] = [
    ("alb", "sqi"),
    ("arm", "hye"),
    ("baq", "eus"),
    ("bsl", "bfi"),
    ("bur", "mya"),
    ("chi", "zho"),
    ("cze", "ces"),
    ("dut", "nld"),
    ("fre", "fra"),
    ("geo", "kat"),
    ("ger", "deu"),
    ("gre", "ell"),
    ("ice", "isl"),
    ("mac", "mkd"),
    ("mao", "mri"),
    ("may", "msa"),
    ("per", "fas"),
    ("rum", "ron"),
    ("slo", "slk"),
    ("tib", "bod"),
    ("wel", "cym"),
];

/// English names in everyday use that ISO 639-3 does not have.
const EVERYDAY: [(&str, &str); 20] = [
    ("azeri", "aze"),
    ("bangla", "ben"),
    ("cantonese", "yue"),
    ("castilian", "spa"),
    ("farsi", "fas"),
    ("flemish", "nld"),
    ("gaelic", "gla"),
    ("greek", "ell"),
    ("kyrgyz", "kir"),
    ("kurmanji", "kmr"),
    ("mandarin", "cmn"),
    ("moldovan", "ron"),
    ("pashto", "pus"),
    ("punjabi", "pan"),
    ("sign language", "bfi"),
    ("sinhalese", "sin"),
    ("sorani", "ckb"),
    ("sylheti", "syl"),
    ("tigrigna", "tir"),
    ("uighur", "uig"),
];

// If two languages share a name ("Swahili"), people mean the one with a two-letter code.
static NAMES: LazyLock<HashMap<String, Iso>> = LazyLock::new(|| {
    let (major, minor): (Vec<Iso>, Vec<Iso>) =
        Iso::match_names(|_| true).partition(|language| language.to_639_1().is_some());
    let everyday =
        EVERYDAY.iter().filter_map(|(name, code)| Some(((*name).to_owned(), Iso::from_639_3(code)?)));
    let named = |language: Iso| (language.to_name().to_lowercase(), language);
    minor.into_iter().chain(major).map(named).chain(everyday).collect()
});

impl LanguageCode {
    /// Reads an ISO 639-1, 639-2 or 639-3 code, a BCP 47 tag that begins with one, or an English name, in any case.
    ///
    /// # Errors
    /// Returns [`UnknownLanguage`] for any other text.
    pub fn read(text: &str) -> Result<Self, UnknownLanguage> {
        let text = text.trim().to_lowercase();
        let primary = text.split(['-', '_']).next().unwrap_or_default();
        // Names may contain hyphens too. A name as short as a code ("Ewe") is read as a code.
        let read = of_code(&text).or_else(|| NAMES.get(&text).copied()).or_else(|| of_code(primary));
        read.map(Self).ok_or(UnknownLanguage)
    }

    /// Returns the three-letter code.
    pub fn as_str(self) -> &'static str {
        self.0.to_639_3()
    }

    /// Returns the English name in ISO 639-3.
    pub fn name(self) -> &'static str {
        self.0.to_name()
    }
}

fn of_code(code: &str) -> Option<Iso> {
    match code.len() {
        2 => Iso::from_639_1(code),
        3 => {
            let other = OTHER_CODES.iter().find(|(from, _)| *from == code);
            Iso::from_639_3(other.map_or(code, |(_, to)| to))
        }
        _ => None,
    }
}

impl fmt::Display for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for LanguageCode {
    type Error = UnknownLanguage;

    fn try_from(text: String) -> Result<Self, UnknownLanguage> {
        Iso::from_639_3(&text).map(Self).ok_or(UnknownLanguage)
    }
}

impl From<LanguageCode> for String {
    fn from(code: LanguageCode) -> Self {
        code.as_str().to_owned()
    }
}

impl SpokenLanguages {
    /// Collects the languages that a service states. English is not assumed.
    pub fn of(service: &Service) -> Self {
        let places = || service.service_at_locations.iter();
        let locations = || places().filter_map(|place| place.location.as_ref());
        let phones = service
            .phones
            .iter()
            .chain(service.contacts.iter().flat_map(|contact| &contact.phones))
            .chain(places().flat_map(|place| &place.phones))
            .chain(locations().flat_map(|location| &location.phones));
        let own = service.languages.iter();
        Self::named(
            own.chain(phones.flat_map(|phone| &phone.languages))
                .chain(locations().flat_map(|location| &location.languages))
                .map(AsRef::as_ref),
        )
    }

    fn named<'a>(languages: impl Iterator<Item = &'a Language>) -> Self {
        let (mut codes, mut has_unread) = (BTreeSet::new(), false);
        for language in languages {
            let read = read_language(language);
            has_unread |= read.is_empty();
            codes.extend(read);
        }
        Self { codes: codes.into_iter().collect(), has_unread }
    }

    /// Returns whether the service is offered in any of these languages.
    pub fn matches(&self, any_of: &[LanguageCode]) -> TriState {
        let is_named = any_of.iter().any(|asked| self.codes.binary_search(asked).is_ok());
        if is_named {
            TriState::Yes
        } else if self.has_unread || self.codes.is_empty() {
            TriState::Unknown
        } else {
            TriState::No
        }
    }

    /// Returns the languages that could be read, sorted by code.
    pub fn codes(&self) -> &[LanguageCode] {
        &self.codes
    }
}

// A code is preferred; a name may list several languages.
fn read_language(language: &Language) -> Vec<LanguageCode> {
    let texts = [language.code.as_deref(), language.name.as_deref()];
    if let Some(code) = texts.into_iter().flatten().find_map(|text| LanguageCode::read(text).ok()) {
        return vec![code];
    }
    let name = language.name.as_deref().unwrap_or_default().replace(" and ", ",");
    name.split([',', ';', '/', '&', '|']).filter_map(|part| LanguageCode::read(part).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PartId, RecordPart, SourceKey};

    fn read(text: &str) -> Option<&'static str> {
        LanguageCode::read(text).ok().map(LanguageCode::as_str)
    }

    fn language(name: Option<&str>, code: Option<&str>) -> Language {
        let source = SourceKey::parse("elm").unwrap();
        let part = RecordPart::bare(PartId::given("Language", &source, "1"));
        Language { part, name: name.map(Into::into), code: code.map(Into::into), note: None }
    }

    fn languages(named: &[(Option<&str>, Option<&str>)]) -> SpokenLanguages {
        let named: Vec<Language> = named.iter().map(|(name, code)| language(*name, *code)).collect();
        SpokenLanguages::named(named.iter())
    }

    fn offered(languages: &SpokenLanguages, asked: &[&str]) -> TriState {
        let asked: Vec<LanguageCode> = asked.iter().map(|text| LanguageCode::read(text).unwrap()).collect();
        languages.matches(&asked)
    }

    #[test]
    fn one_language_has_one_code_however_it_is_named() {
        for text in ["ur", "urd", "Urdu", " URDU ", "ur-PK", "ur_Arab"] {
            assert_eq!(read(text), Some("urd"), "{text}");
        }
        for (text, code) in [
            ("en-GB", "eng"),
            ("wel", "cym"),
            ("cy", "cym"),
            ("chi", "zho"),
            ("Punjabi", "pan"),
            ("Panjabi", "pan"),
            ("Swahili", "swa"),
            ("Greek", "ell"),
            ("British Sign Language", "bfi"),
            ("Scottish Gaelic", "gla"),
            ("Guinea-Bissau", ""),
            ("Serbo-Croatian", "hbs"),
        ] {
            assert_eq!(read(text).unwrap_or_default(), code, "{text}");
        }
        for text in ["", "-", "xx", "zzz", "Elvish tongue", "english please"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn every_table_entry_is_a_language() {
        for (name, code) in OTHER_CODES.iter().chain(&EVERYDAY) {
            assert_eq!(read(name), Some(*code), "{name}");
        }
    }

    #[test]
    fn any_of_those_asked_will_do_and_nothing_is_taken_for_granted() {
        let both = languages(&[(Some("Polish"), None), (None, Some("ur"))]);
        assert_eq!(offered(&both, &["Urdu", "Welsh"]), TriState::Yes);
        assert_eq!(offered(&both, &["English"]), TriState::No);
        assert_eq!(offered(&languages(&[]), &["en"]), TriState::Unknown);
        // A language that could not be read may be the one asked for.
        let unread = languages(&[(Some("Polish"), None), (Some("various, ask us"), None), (None, None)]);
        assert_eq!(
            (offered(&unread, &["pl"]), offered(&unread, &["en"])),
            (TriState::Yes, TriState::Unknown)
        );
    }

    #[test]
    fn one_name_may_hold_several_and_what_is_written_down_is_read_again() {
        let several = languages(&[(Some("English, Urdu/Polish and Welsh"), None)]);
        let codes: Vec<&str> = several.codes().iter().map(|code| code.as_str()).collect();
        assert_eq!(codes, ["cym", "eng", "pol", "urd"]);
        let written = serde_json::to_string(&several).unwrap();
        assert_eq!(serde_json::from_str::<SpokenLanguages>(&written).unwrap(), several);
    }
}
