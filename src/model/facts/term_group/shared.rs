//! Vocabularies that many feeds use under several names: the lists of the Local Government Association, Open
//! Eligibility, SNOMED CT and others.

use super::folding::{bare_uri, joined_words};

/// A vocabulary that many feeds share, under whatever names.
#[derive(Debug, PartialEq, Eq)]
pub struct SharedVocabulary {
    /// The vocabulary's part in keys of term groups.
    pub slug: &'static str,
    /// The usual name.
    pub name: &'static str,
    /// The address where it is published.
    pub uri: &'static str,
    /// Other names: normalised, concatenated, without a final `s` and without the words in [`IDLE`].
    names: &'static [&'static str],
    /// The names that it has after one of [`OWNERS`], in the same form.
    lists: &'static [&'static str],
    /// The prefixes of its terms' addresses, normalised. The rest of such an address is the code.
    terms: &'static [&'static str],
}

/// The prefixes of the names of the LGA's lists, the longest first.
const OWNERS: [&str; 8] = [
    "localgovernmentassociation",
    "lgaesdstandard",
    "lgastandard",
    "esdstandard",
    "lgaesd",
    "esd",
    "lga",
    "user",
];

/// Words in the names of vocabularies that do not distinguish them.
const IDLE: [&str; 12] = [
    "the",
    "uk",
    "of",
    "list",
    "lists",
    "taxonomy",
    "taxonomies",
    "vocabulary",
    "code",
    "codes",
    "edition",
    "project",
];

/// Prefixes that identify a vocabulary, whatever edition follows, and its slug.
const TELLING_STARTS: [(&str, &str); 2] = [("snomed", "snomed-ct"), ("openeligibility", "open-eligibility")];

/// Substrings. Every name of a shared vocabulary contains at least one of them.
const TELLING: [&str; 13] = [
    "esd",
    "lg",
    "local",
    "user",
    "circumstance",
    "eligibility",
    "snomed",
    "sct",
    "211",
    "air",
    "ipsv",
    "public",
    "2.16.840",
];

static SHARED: [SharedVocabulary; 9] = [
    SharedVocabulary {
        slug: "esd-service-types",
        name: "esdServiceTypes",
        uri: "http://id.esd.org.uk/list/serviceTypes",
        names: &["lgsl", "localgovernmentservice"],
        lists: &["servicetype", "service", "englishandwelshservice", ""],
        terms: &["id.esd.org.uk/service/", "id.esd.org.uk/serviceType/"],
    },
    SharedVocabulary {
        slug: "esd-needs",
        name: "esdNeeds",
        uri: "http://id.esd.org.uk/list/needs",
        names: &[],
        lists: &["need", "userneed"],
        terms: &["id.esd.org.uk/need/", "id.esd.org.uk/userNeed/"],
    },
    SharedVocabulary {
        slug: "esd-circumstances",
        name: "esdCircumstances",
        uri: "http://id.esd.org.uk/list/circumstances",
        names: &["circumstance"],
        lists: &["circumstance", "usercircumstance"],
        terms: &["id.esd.org.uk/circumstance/", "id.esd.org.uk/userCircumstance/"],
    },
    SharedVocabulary {
        slug: "esd-organisation-types",
        name: "esdOrganisationTypes",
        uri: "http://id.esd.org.uk/list/organisationTypes",
        names: &[],
        lists: &["organisationtype", "organizationtype"],
        terms: &["id.esd.org.uk/organisationType/"],
    },
    SharedVocabulary {
        slug: "esd-outcomes",
        name: "esdOutcomes",
        uri: "http://id.esd.org.uk/list/outcomes",
        names: &[],
        lists: &["outcome"],
        terms: &["id.esd.org.uk/outcome/"],
    },
    SharedVocabulary {
        slug: "ipsv",
        name: "IPSV",
        uri: "http://id.esd.org.uk/list/subjects",
        names: &["ipsv", "integratedpublicsector"],
        lists: &["subject"],
        terms: &["id.esd.org.uk/subject/"],
    },
    SharedVocabulary {
        slug: "open-eligibility",
        name: "openEligibility",
        uri: "http://openeligibility.org",
        names: &[],
        lists: &[],
        terms: &["openeligibility.org/taxonomy/", "openeligibility.org/term/", "openeligibility.org/"],
    },
    SharedVocabulary {
        slug: "snomed-ct",
        name: "SNOMED CT",
        uri: "http://snomed.info/sct",
        names: &["sct", "snomedclinicalterm", "urnoid2168401113883696"],
        lists: &[],
        terms: &["snomed.info/id/", "snomed.info/sct/", "snomed.info/sct?code="],
    },
    SharedVocabulary {
        slug: "211-human-services",
        name: "211 Human Services Indexing System",
        uri: "https://www.211taxonomy.org",
        names: &["air", "211", "211la", "211humanservice", "211humanservicesindexingsystem", "211hsi"],
        lists: &[],
        terms: &[],
    },
];

impl SharedVocabulary {
    /// Returns the vocabulary with this name or address. `None` if it is not one that feeds share.
    pub fn named(name: &str) -> Option<&'static Self> {
        // Nearly all names are known to one feed only, and every term has some: rule them out cheaply.
        let lower = name.to_ascii_lowercase();
        TELLING.iter().find(|part| lower.contains(**part))?;
        Self::by_address(name).or_else(|| Self::by_words(name))
    }

    /// Returns the vocabulary with this slug.
    pub(super) fn with_slug(slug: &str) -> Option<&'static Self> {
        SHARED.iter().find(|shared| shared.slug == slug)
    }

    /// Returns the vocabulary with this prefix of codes (`esdServiceType` in `esdServiceType:298`).
    pub(super) fn of_prefix(prefix: &str) -> Option<&'static Self> {
        Self::by_words(prefix)
    }

    /// Returns the vocabulary that has a term with this address, and the term's code in it.
    pub(super) fn of_term(uri: &str) -> Option<(&'static Self, String)> {
        let bare = esd_address(&bare_uri(uri));
        SHARED.iter().find_map(|shared| {
            let prefix = shared.terms.iter().find(|prefix| starts_with(&bare, prefix))?;
            let code = bare.get(prefix.len()..)?;
            // A longer or empty path is not a code: `sct/900000000000207008/version/20250101` is an edition.
            let is_code = !code.is_empty() && !code.contains(['/', '?', '#', '&']);
            (is_code && !shared.is_at(&bare)).then(|| (shared, code.to_owned()))
        })
    }

    /// Returns whether this normalised address is the vocabulary's own, rather than a term's.
    fn is_at(&self, bare: &str) -> bool {
        bare.eq_ignore_ascii_case(&bare_uri(self.uri))
    }

    fn by_address(name: &str) -> Option<&'static Self> {
        let bare = esd_address(&bare_uri(name));
        if let Some(list) = strip_prefix(&bare, "id.esd.org.uk/list/") {
            let list = singular(&joined_words(list, &[]));
            return SHARED.iter().find(|shared| !list.is_empty() && shared.lists.contains(&&*list));
        }
        let host = bare.split(['/', '?', '#']).next().unwrap_or_default();
        SHARED.iter().find(|shared| shared.is_at(&bare) || (shared.has_site() && shared.is_at(host)))
    }

    /// Returns whether the vocabulary has a whole website to itself.
    fn has_site(&self) -> bool {
        !bare_uri(self.uri).contains('/')
    }

    fn by_words(name: &str) -> Option<&'static Self> {
        let joined = singular(&joined_words(name, &IDLE));
        let own = SHARED.iter().find(|shared| shared.names.contains(&&*joined));
        let by_start = || TELLING_STARTS.iter().find(|(start, _)| joined.starts_with(start));
        own.or_else(|| by_start().and_then(|(_, slug)| Self::with_slug(slug))).or_else(|| {
            let (owner, list) =
                OWNERS.iter().find_map(|owner| Some((*owner, joined.strip_prefix(owner)?)))?;
            Self::of_list(owner, list).or_else(|| Self::of_list(owner, list.strip_prefix('s')?))
        })
    }

    /// Returns the vocabulary that `owner` calls `list`. "user" only precedes needs and circumstances.
    fn of_list(owner: &str, list: &str) -> Option<&'static Self> {
        let is_owned = owner != "user" || ["need", "circumstance"].contains(&list);
        SHARED.iter().find(|shared| is_owned && shared.lists.contains(&list))
    }
}

/// Resolves addresses on the publisher's website, which name the list in their query:
/// `standards.esd.org.uk/?uri=list%2Fneeds`.
fn esd_address(bare: &str) -> String {
    let Some((_, query)) =
        strip_prefix(bare, "standards.esd.org.uk").and_then(|rest| rest.split_once("uri="))
    else {
        return bare.to_owned();
    };
    let path = query.split('&').next().unwrap_or_default().replace("%2F", "/").replace("%2f", "/");
    format!("id.esd.org.uk/{path}")
}

fn singular(joined: &str) -> String {
    joined.strip_suffix('s').unwrap_or(joined).to_owned()
}

fn starts_with(text: &str, prefix: &str) -> bool {
    strip_prefix(text, prefix).is_some()
}

fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(name: &str) -> Option<&'static str> {
        SharedVocabulary::named(name).map(|shared| shared.slug)
    }

    #[test]
    fn a_vocabulary_is_recognised_under_each_of_its_names() {
        let cases: [(&str, &[&str]); 6] = [
            (
                "esd-service-types",
                &[
                    "esdServiceTypes",
                    "esdServiceType",
                    "ESD service types",
                    "esd-service-types",
                    "ESD Standards",
                    "esd-standards",
                    "http://id.esd.org.uk/list/serviceTypes",
                    "https://id.esd.org.uk/list/services/",
                    "LGA Services list",
                    "LGA service types",
                    "LGSL",
                    "esdservicetypes ",
                    "https://standards.esd.org.uk/?uri=list%2FserviceTypes",
                    "Local Government Services List",
                    "ESD standards list of service types",
                ],
            ),
            (
                "esd-needs",
                &[
                    "esdNeeds",
                    "esdNeed",
                    "LGA needs",
                    "userNeed",
                    "User needs",
                    "http://id.esd.org.uk/list/needs",
                ],
            ),
            (
                "esd-circumstances",
                &[
                    "circumstances",
                    "esdCircumstances",
                    "LGA Circumstances",
                    "LGA user circumstances",
                    "id.esd.org.uk/list/circumstances",
                ],
            ),
            (
                "open-eligibility",
                &[
                    "OpenEligibility",
                    "openEligibility",
                    "Open Eligibility Taxonomy",
                    "openeligibility.org",
                    "https://www.openeligibility.org/",
                    "The Open Eligibility Project",
                    "open_eligibility",
                ],
            ),
            (
                "snomed-ct",
                &[
                    "SNOMED-CT",
                    "snomed",
                    "SNOMED CT",
                    "SNOMED CT UK Edition",
                    "SNOMED CT (International)",
                    "http://snomed.info/sct",
                    "sct",
                    "urn:oid:2.16.840.1.113883.6.96",
                ],
            ),
            (
                "211-human-services",
                &["AIRS", "AIRS Taxonomy", "211 Taxonomy", "https://www.211taxonomy.org/"],
            ),
        ];
        for (expected, names) in cases {
            for name in names {
                assert_eq!(slug(name), Some(expected), "{name}");
            }
        }
    }

    #[test]
    fn what_is_one_publishers_own_is_not_taken_for_a_shared_one() {
        let own = [
            "",
            "Needs",
            "Service types",
            "Categories",
            "bccservicetype",
            "Family",
            "things",
            "user",
            "users",
            "Leeds",
            "Eligibility",
            "https://vocabulary.example/esdServiceType",
            "http://id.esd.org.uk/list/unheardOf",
            "ORUK v1 eligibility",
            "userServices",
        ];
        for name in own {
            assert_eq!(slug(name), None, "{name}");
        }
    }

    #[test]
    fn addresses_of_terms_hold_their_codes() {
        let cases = [
            ("http://id.esd.org.uk/service/298", Some(("esd-service-types", "298"))),
            ("https://id.esd.org.uk/serviceType/298/", Some(("esd-service-types", "298"))),
            ("https://standards.esd.org.uk/?uri=need%2F4", Some(("esd-needs", "4"))),
            ("http://id.esd.org.uk/circumstance/Age_Older", Some(("esd-circumstances", "Age_Older"))),
            ("http://snomed.info/id/224097003", Some(("snomed-ct", "224097003"))),
            ("http://snomed.info/sct", None),
            ("http://snomed.info/sct/83821000000107/version/20250101", None),
            ("http://id.esd.org.uk/list/serviceTypes", None),
            ("https://vocabulary.example/esdServiceType/9101", None),
        ];
        for (uri, expected) in cases {
            let found = SharedVocabulary::of_term(uri);
            assert_eq!(found.as_ref().map(|(shared, code)| (shared.slug, &**code)), expected, "{uri}");
        }
    }
}
