//! The names of private members, and of the members around them.

use super::super::lenient::is_spelling;

/// The names of nested records, in any dialect.
const RECORDS: [&str; 15] = [
    "service",
    "services",
    "service_collection",
    "organization",
    "organizations",
    "organisation",
    "organisations",
    "organization_collection",
    "service_at_location",
    "service_at_locations",
    "service_at_location_collection",
    "location",
    "locations",
    "location_collection",
    "program",
];
const PLACES: [&str; 3] = ["location", "locations", "location_collection"];
const CONTACTS: [&str; 3] = ["contact", "contacts", "contact_collection"];
const PHONES: [&str; 3] = ["phone", "phones", "phone_collection"];
/// Members that name another member, or the kind of the enclosing object.
const NAMING: [&str; 18] = [
    "code",
    "field",
    "field_name",
    "job_title",
    "key",
    "kind",
    "label",
    "link_type",
    "name",
    "position",
    "property",
    "purpose",
    "rel",
    "role",
    "tag",
    "term",
    "title",
    "type",
];
/// Members with the term of an annotation.
const TERMS: [&str; 4] = ["taxonomy_term", "term", "taxonomy", "attribute_type"];

/// Returns whether the letters of a name contain one of these, at any position.
pub(super) fn has_part(name: &str, parts: &[&str]) -> bool {
    let letters: Vec<u8> = letters_of(name).collect();
    parts.iter().any(|part| letters.windows(part.len()).any(|window| window == part.as_bytes()))
}

/// Returns whether a member is about the person who checked the record: `assurer_email`, `Assurer-Name`, `assuredBy`,
/// `pc_assured_by_email` and the like, but not `assured_date`.
pub(super) fn names_assurer(name: &str) -> bool {
    const STEM: usize = "assur".len();
    if name.len() < STEM {
        return false;
    }
    starts(name).any(|rest| {
        const BEGINNINGS: [&str; 12] = [
            "assurer",
            "assuror",
            "assuredby",
            "assuredemail",
            "assuredname",
            "assureduser",
            "assuredcontact",
            "assuranceby",
            "assuranceemail",
            "assurancename",
            "assurancecontact",
            "assuranceofficer",
        ];
        BEGINNINGS.iter().any(|beginning| starts_with(rest, beginning))
    })
}

/// Returns whether a member has everything about how a record was checked, as in `{"assured": {"by": "…", "date":
/// "…"}}`.
pub(super) fn is_assurance(name: &str) -> bool {
    const NAMES: [&str; 5] = ["assured", "assurance", "pc_assured", "pc_assurance", "quality_assurance"];
    is_any(name, &NAMES)
}

/// Returns whether a member of such an object says who it was.
pub(super) fn says_who(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "by", "by_email", "by_name", "contact", "details", "email", "name", "officer", "person", "user",
        "who",
    ];
    is_any(name, &NAMES)
}

/// Returns whether a text is the name of a member about the person who checked the record, or says nothing more. Lists
/// of changes, attributes, links and contacts have such texts. A text that only mentions assurers does not count: a
/// service may be called "Assurer training".
pub(super) fn is_assurers_name(text: &str) -> bool {
    const LONGEST: usize = 40;
    const OTHERS: [&str; 16] = [
        "address", "by", "contact", "details", "e", "email", "for", "mail", "name", "of", "officer",
        "person", "record", "s", "the", "user",
    ];
    if text.len() > LONGEST || !names_assurer(text) {
        return false;
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let is_one_word = !text.trim().contains(' ');
    is_one_word
        || words.all(|word| {
            names_assurer(word)
                || word.eq_ignore_ascii_case("assured")
                || OTHERS.iter().any(|other| word.eq_ignore_ascii_case(other))
        })
}

/// Returns whether a member names another member, or the kind of the enclosing object.
pub(super) fn is_naming(name: &str) -> bool {
    is_any(name, &NAMING)
}

/// Returns whether a member has the term of an annotation.
pub(super) fn is_term(name: &str) -> bool {
    is_any(name, &TERMS)
}

/// Returns whether a member's name mentions assurance in any way.
pub(super) fn speaks_of_assurance(name: &str) -> bool {
    const STEM: &str = "assur";
    name.len() >= STEM.len() && starts(name).any(|rest| starts_with(rest, STEM))
}

// Fast, because most names have few letters `a`.
fn starts(name: &str) -> impl Iterator<Item = &str> {
    let starts = name.bytes().enumerate().filter(|(_, byte)| byte.eq_ignore_ascii_case(&b'a'));
    starts.filter_map(|(at, _)| name.get(at..))
}

/// Returns whether a member has people, or ways to reach them, in a vendor's words.
pub(super) fn is_of_people(name: &str) -> bool {
    const PARTS: [&str; 14] = [
        "contact",
        "people",
        "person",
        "staff",
        "manager",
        "phone",
        "email",
        "officer",
        "coordinator",
        "worker",
        "keyholder",
        "volunteer",
        "leader",
        "secretary",
    ];
    has_part(name, &PARTS)
}

pub(super) fn nests_service(name: &str) -> bool {
    is_any(name, &["service", "services", "service_collection"])
}

pub(super) fn nests_organization(name: &str) -> bool {
    const NAMES: [&str; 5] =
        ["organization", "organizations", "organisation", "organisations", "organization_collection"];
    is_any(name, &NAMES)
}

fn starts_with(name: &str, letters: &str) -> bool {
    let mut own = letters_of(name);
    letters.bytes().all(|letter| own.next() == Some(letter))
}

/// Returns whether a member is a nested record, which is never left out as a whole.
pub(super) fn is_record(name: &str) -> bool {
    is_any(name, &RECORDS)
}

pub(super) fn is_place(name: &str) -> bool {
    is_any(name, &PLACES)
}

pub(super) fn is_contact(name: &str) -> bool {
    is_any(name, &CONTACTS)
}

pub(super) fn is_phone(name: &str) -> bool {
    is_any(name, &PHONES)
}

/// Returns whether a name is a spelling of one of these.
pub(super) fn is_any(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| is_spelling(name, known))
}

pub(super) fn letters_of(name: &str) -> impl DoubleEndedIterator<Item = u8> + Clone + '_ {
    name.bytes().filter(u8::is_ascii_alphabetic).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assurers_are_known_in_every_spelling_and_by_nothing_else() {
        for name in
            ["assurer_email", "Assurer-Name", "assuredBy", "pc_assured_by", "last assurer", "a_assurer"]
        {
            assert!(names_assurer(name), "{name}");
        }
        for name in ["assured_date", "dateAssured", "assurance", "insured_by", "assure", "ssurer"] {
            assert!(!names_assurer(name), "{name}");
        }
    }
}
