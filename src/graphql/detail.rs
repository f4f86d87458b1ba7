//! Which selections need more than list pages carry.

use async_graphql::{Context, Lookahead};

use crate::federation::{Wanted, WantedOfOrganizations};
use crate::model::{Member, Organization, Service, Silent as _, Stated, Unsaid};

/// What services of list pages may lack.
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

/// What some publishers' lists leave out of every service.
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

/// What organisations of list pages may lack, and the member that carries it.
const ORGANIZATION: [(&str, Member); 10] = [
    ("additionalWebsites", Member::AdditionalLinks),
    ("attributes", Member::Attributes),
    ("contacts", Member::Contacts),
    ("funding", Member::Funding),
    ("identifiers", Member::Identifiers),
    ("locations", Member::Locations),
    ("metadata", Member::Metadata),
    ("nestedServices", Member::Services),
    ("phones", Member::Phones),
    ("programs", Member::Programs),
];

/// What the rows of a page of services are asked for that list pages may lack.
pub(super) fn of_services(ctx: &Context<'_>) -> Wanted {
    let rows = rows(ctx);
    let asks = |names: &[&str]| rows.iter().any(|row| names.iter().any(|name| row.field(name).exists()));
    // In lists of little more than names, providers are named by even less.
    let of_provider = |row: &Lookahead<'_>| {
        let provider = row.field("organization");
        Organization::FIELDS.iter().any(|(name, _)| *name != "name" && provider.field(name).exists())
    };
    let in_provenance = |name: &str| rows.iter().any(|row| row.field("provenance").field(name).exists());
    let texts = asks(&TEXTS) || in_provenance("lastModified") || rows.iter().any(of_provider);
    let is_asked = |name: &str| in_provenance(name) || rows.iter().any(|row| row.field(name).exists());
    Wanted {
        nested: asks(&SERVICE),
        facts: Stated { texts, ages: asks(&AGES), assured: is_asked("assuredDate") },
        fields: Unsaid::named::<Service>(is_asked),
    }
}

/// What the rows of a page of organisations are.
pub(super) fn of_organizations(ctx: &Context<'_>) -> WantedOfOrganizations {
    let rows = rows(ctx);
    wanted_by(|name| rows.iter().any(|row| row.field(name).exists()))
}

/// Whether an organisation, as a service carries it, lacks what is asked for.
pub(super) fn is_lacking(ctx: &Context<'_>, organization: &Organization) -> bool {
    if !organization.provenance.shallow {
        return false;
    }
    // One walk over the selection: this is asked of every service on a page.
    let selected: Vec<&str> = ctx.field().selection_set().map(|field| field.name()).collect();
    wanted_by(|name| selected.contains(&name)).is_lacking_in(organization)
}

fn wanted_by(is_asked: impl Fn(&str) -> bool) -> WantedOfOrganizations {
    let nested = ORGANIZATION.iter().filter(|(name, _)| is_asked(name)).map(|(_, member)| *member);
    WantedOfOrganizations { nested: nested.collect(), fields: Unsaid::named::<Organization>(is_asked) }
}

fn rows<'a>(ctx: &'a Context<'a>) -> [Lookahead<'a>; 2] {
    let connection = ctx.look_ahead();
    [connection.field("nodes"), connection.field("edges").field("node")]
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};

    use super::*;
    use crate::federation::{Connection, FacetCounts, GridCounts, ServicePage};
    use crate::graphql::types::ServiceConnection;
    use crate::model::Order;

    struct Root(Arc<Mutex<Wanted>>);

    #[Object]
    impl Root {
        async fn services(&self, ctx: &Context<'_>) -> ServiceConnection {
            *self.0.lock().unwrap() = of_services(ctx);
            let (records, reports) = (Vec::new(), Vec::new());
            let (has_next_page, has_previous_page, total_count) = (false, false, 0);
            let connection =
                Connection::<Service> { records, has_next_page, has_previous_page, total_count, reports };
            let (order, found, facets) = (Order::default(), Vec::new(), FacetCounts::default());
            let (grids, asks) = (GridCounts::default(), Vec::new());
            let (matching, unknown_terms) = (Arc::default(), Vec::new());
            let page = ServicePage { connection, order, found, facets, grids, asks, matching, unknown_terms };
            ServiceConnection::new(page, [].into(), None)
        }
    }

    async fn wanted(selection: &str) -> Wanted {
        let noted = Arc::new(Mutex::new(Wanted::default()));
        let schema = Schema::new(Root(Arc::clone(&noted)), EmptyMutation, EmptySubscription);
        let response = schema.execute(format!("{{ services {{ {selection} }} }}")).await;
        assert!(response.is_ok(), "{:?}", response.errors);
        *noted.lock().unwrap()
    }

    #[tokio::test]
    async fn only_what_list_pages_lack_needs_detail() {
        for selection in [
            "totalCount",
            "nodes { name description eligibilityDescription status program { name } }",
            "edges { cursor node { id organization { name phones { number } } } }",
        ] {
            assert!(!wanted(selection).await.nested, "{selection}");
        }
        for selection in [
            "nodes { isFree }",
            "nodes { nextOpening { start } }",
            "edges { node { x: locations { name } } }",
            "... on ServiceConnection { nodes { ... { taxonomyTerms { name } } } }",
        ] {
            assert!(wanted(selection).await.nested, "{selection}");
        }
    }

    #[tokio::test]
    async fn what_some_lists_leave_out_is_wanted_where_it_is_asked_for() {
        let facts = |texts, ages, assured| Stated { texts, ages, assured };
        let cases = [
            ("nodes { id name status organization { id name } }", facts(false, false, false)),
            ("nodes { minimumAge }", facts(false, true, false)),
            ("edges { node { url assuredDate } }", facts(true, false, true)),
            ("nodes { organization { website } }", facts(true, false, false)),
        ];
        for (selection, facts) in cases {
            let wanted = wanted(selection).await;
            assert_eq!((wanted.nested, wanted.facts), (false, facts), "{selection}");
        }
    }
}
