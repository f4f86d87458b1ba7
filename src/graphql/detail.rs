//! Determines which selections need more than list pages may have.

use super::plan::FieldPlan;
use super::selected_rows::selected_rows;
use crate::federation::{WantedFacts, WantedOfOrganizations};
use crate::model::{
    NestedMember, Organization, Service, SilentRecord as _, StatedFacts, TaxonomyTerm, UnsaidFields,
};

/// Fields that services on list pages may lack.
const SERVICE: [&str; 19] = [
    "additionalUrls",
    "attributes",
    "capacities",
    "contacts",
    "costOptions",
    "funding",
    "isFree",
    "languages",
    "locations",
    "metadata",
    "nextOpening",
    "occurrences",
    "openAt",
    "phones",
    "requiredDocuments",
    "schedules",
    "serviceAreas",
    "serviceAtLocations",
    "taxonomyTerms",
];

/// Fields that some publishers leave out of every service in their lists.
const TEXTS: [&str; 13] = [
    "accreditations",
    "alert",
    "alternateName",
    "applicationProcess",
    "description",
    "email",
    "fees",
    "feesDescription",
    "interpretationServices",
    "lastModified",
    "licenses",
    "url",
    "waitTime",
];
const AGES: [&str; 3] = ["eligibilityDescription", "maximumAge", "minimumAge"];

/// Fields that organisations on list pages may lack, and the member with the data.
const ORGANIZATION: [(&str, NestedMember); 10] = [
    ("additionalWebsites", NestedMember::AdditionalLinks),
    ("attributes", NestedMember::Attributes),
    ("contacts", NestedMember::Contacts),
    ("funding", NestedMember::Funding),
    ("identifiers", NestedMember::Identifiers),
    ("locations", NestedMember::Locations),
    ("metadata", NestedMember::Metadata),
    ("nestedServices", NestedMember::Services),
    ("phones", NestedMember::Phones),
    ("programs", NestedMember::Programs),
];

/// Fields by which a term is recognised in its vocabulary, and in those of other feeds.
const TERM_IDENTITY: [&str; 4] = ["code", "taxonomy", "taxonomyName", "termUri"];

/// Returns which fields that list pages may lack are selected of the services on a page.
pub(super) fn of_services(page: &FieldPlan) -> WantedFacts {
    *page.of_services.get_or_init(|| find_of_services(page))
}

fn find_of_services(page: &FieldPlan) -> WantedFacts {
    // Lists with little more than names have even less of the providers.
    let of_provider = selected_rows(page).flat_map(|row| row.fields("organization")).any(|provider| {
        Organization::FIELDS.iter().any(|(name, _)| *name != "name" && provider.selects(name))
    });
    let texts = select(page, &TEXTS) || select_in_provenance(page, "lastModified") || of_provider;
    let is_asked = |name: &str| select_in_provenance(page, name) || select(page, &[name]);
    WantedFacts {
        nested: select(page, &SERVICE),
        facts: StatedFacts { texts, ages: select(page, &AGES), assured: is_asked("assuredDate") },
        fields: UnsaidFields::named::<Service>(is_asked),
    }
}

/// Returns whether one of the fields is selected of the services on a page.
fn select(page: &FieldPlan, names: &[&str]) -> bool {
    selected_rows(page).any(|row| names.iter().any(|name| row.selects(name)))
}

fn select_in_provenance(page: &FieldPlan, name: &str) -> bool {
    selected_rows(page).flat_map(|row| row.fields("provenance")).any(|read| read.selects(name))
}

/// Returns which fields that list pages may lack are selected of the organisations on a page.
pub(super) fn of_organizations(page: &FieldPlan) -> WantedOfOrganizations {
    wanted_by(|name| selected_rows(page).any(|row| row.selects(name)))
}

/// Returns whether an organisation nested in a service lacks selected fields.
pub(super) fn is_lacking(field: &FieldPlan, organization: &Organization) -> bool {
    if !organization.provenance.shallow {
        return false;
    }
    let wanted = field.of_organizations.get_or_init(|| wanted_by(|name| field.selects(name)));
    wanted.is_lacking_in(organization)
}

fn wanted_by(is_asked: impl Fn(&str) -> bool) -> WantedOfOrganizations {
    let nested = ORGANIZATION.iter().filter(|(name, _)| is_asked(name)).map(|(_, member)| *member);
    WantedOfOrganizations { nested: nested.collect(), fields: UnsaidFields::named::<Organization>(is_asked) }
}

/// Returns which fields that nested terms may lack are selected of the terms in a field. `by_vocabulary` says whether
/// the field has only the terms of one vocabulary.
pub(super) fn of_terms(field: &FieldPlan, by_vocabulary: bool) -> UnsaidFields {
    let identity = |name: &str| TERM_IDENTITY.contains(&name);
    let selected = *field.of_terms.get_or_init(|| {
        let has_group = field.selects("group");
        UnsaidFields::named::<TaxonomyTerm>(|name| field.selects(name) || (has_group && identity(name)))
    });
    match by_vocabulary {
        true => selected.or(UnsaidFields::named::<TaxonomyTerm>(identity)),
        false => selected,
    }
}

/// Returns whether a term nested in another record lacks any of these fields, though its own record may have them.
pub(super) fn is_term_lacking(wanted: UnsaidFields, term: &TaxonomyTerm) -> bool {
    term.provenance.shallow && !wanted.and(UnsaidFields::by(term)).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::documents::tests::planned;

    fn wanted(selection: &str) -> WantedFacts {
        let plan = planned(&format!("{{ services {{ {selection} }} }}"));
        of_services(plan.fields.first().unwrap())
    }

    #[test]
    fn only_what_list_pages_lack_needs_detail() {
        for selection in [
            "totalCount",
            "nodes { name description eligibilityDescription status program { name } }",
            "edges { cursor node { id organization { name phones { number } } } }",
        ] {
            assert!(!wanted(selection).nested, "{selection}");
        }
        for selection in [
            "nodes { isFree }",
            "nodes { nextOpening { start } }",
            "edges { node { x: locations { name } } }",
            "... on ServiceConnection { nodes { ... { taxonomyTerms { name } } } }",
        ] {
            assert!(wanted(selection).nested, "{selection}");
        }
    }

    #[test]
    fn what_some_lists_leave_out_is_wanted_where_it_is_asked_for() {
        let facts = |texts, ages, assured| StatedFacts { texts, ages, assured };
        let cases = [
            ("nodes { id name status organization { id name } }", facts(false, false, false)),
            ("nodes { minimumAge }", facts(false, true, false)),
            ("edges { node { url assuredDate } }", facts(true, false, true)),
            ("nodes { organization { website } }", facts(true, false, false)),
        ];
        for (selection, facts) in cases {
            let wanted = wanted(selection);
            assert_eq!((wanted.nested, wanted.facts), (false, facts), "{selection}");
        }
    }

    #[test]
    fn of_terms_only_what_is_selected_is_wanted_and_what_identifies_them_where_that_decides() {
        let cases: [(&str, bool, &[&str]); 5] = [
            ("id upstreamId source { key }", false, &[]),
            ("name code x: description", false, &["code", "description", "name"]),
            ("parent { termUri }", false, &["parent"]),
            ("group { key }", false, &TERM_IDENTITY),
            ("id", true, &TERM_IDENTITY),
        ];
        for (selection, by_vocabulary, names) in cases {
            let plan = planned(&format!("{{ taxonomyTerm(id: \"x\") {{ {selection} }} }}"));
            let wanted = of_terms(plan.fields.first().unwrap(), by_vocabulary);
            let expected = UnsaidFields::named::<TaxonomyTerm>(|name| names.contains(&name));
            assert_eq!(wanted, expected, "{selection}");
        }
    }
}
