//! The queries to measure: the most expensive of each kind within the default cost limit, and common ones.

/// Ids of synchronised records, for use in the queries.
pub(crate) struct Known {
    pub(crate) services: Vec<String>,
    pub(crate) root_term: String,
}

const SCALARS: &str = "id upstreamId name alternateName url email status interpretationServices applicationProcess \
    feesDescription waitTime fees accreditations eligibilityDescription minimumAge maximumAge alert licenses \
    assuredDate lastModified";
const APP: &str = "id name description url email status isFree minimumAge maximumAge lastModified \
    organization { id name website email } phones { number type } contacts { name email phones { number } } \
    schedules { byday opensAt closesAt freq validFrom validTo } \
    locations { id name latitude longitude addresses { address1 city postcode } } \
    costOptions { option amount currency } taxonomyTerms { id name } source { key name }";
const YEAR: &str = "from: \"2026-01-01T00:00:00Z\", to: \"2026-12-31T00:00:00Z\"";
const HEAVY: &str = "filter: { sources: [\"heavy\"] }";
const FACETS: &str =
    "sources { count } statuses { count } days { count } localAuthorities { count } free { count }";

/// Returns each query with its name.
pub(crate) fn all(known: &Known) -> Vec<(&'static str, String)> {
    let ids = known.services.iter().take(100).map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(" ");
    let one = known.services.first().map_or("", String::as_str);
    let root = &known.root_term;
    let aliases = |count: usize, each: &dyn Fn(usize) -> String| {
        (0..count).map(|n| format!("a{n}: {}", each(n))).collect::<Vec<_>>().join(" ")
    };
    let words = ["support", "group", "children", "help", "advice"];
    let by_words = |n: usize| {
        format!(
            "services(filter: {{ text: \"{}\" }}) {{ totalCount }}",
            words.get(n % words.len()).unwrap_or(&"")
        )
    };
    vec![
        ("ids of 100 services", "{ services(first: 100) { nodes { id } } }".to_owned()),
        ("20 plain fields of 100 services", format!("{{ services(first: 100) {{ nodes {{ {SCALARS} }} }} }}")),
        ("all that an app shows of 100 services", format!("{{ services(first: 100) {{ totalCount nodes {{ {APP} }} }} }}")),
        ("20 searches for words", format!("{{ {} }}", aliases(20, &by_words))),
        (
            "5 filtered searches in each of 20 organisations",
            format!("{{ organizations(first: 20) {{ nodes {{ {} }} }} }}", aliases(5, &by_words)),
        ),
        (
            "a page of services in each of 100 organisations",
            "{ organizations(first: 100) { nodes { services(first: 5) { nodes { id name } } } } }".to_owned(),
        ),
        ("five facets", format!("{{ services {{ facets {{ {FACETS} }} }} }}")),
        (
            "facets of 100 records each",
            "{ services { facets(first: 100) { organizations { count organization { name } } \
                taxonomyTerms { count term { name } } } } }"
                .to_owned(),
        ),
        (
            "facets in each of 20 organisations",
            format!("{{ organizations(first: 20) {{ nodes {{ services {{ facets {{ {FACETS} }} }} }} }} }}"),
        ),
        (
            "statistics of 1,000 rows by three dimensions",
            "{ serviceStatistics(groupBy: [ORGANIZATION, TAXONOMY_TERM, DAY], first: 1000) { totalCount \
                rows { keys { value label } services organizations locations medianAssuredAgeDays } } }"
                .to_owned(),
        ),
        (
            "10 times statistics",
            format!(
                "{{ {} }}",
                aliases(10, &|_| "serviceStatistics(groupBy: [SOURCE, COST]) { totalCount }".to_owned())
            ),
        ),
        (
            "100 sessions of 40 services",
            format!("{{ services(first: 40) {{ nodes {{ occurrences({YEAR}, first: 100) {{ start end }} }} }} }}"),
        ),
        (
            "1,000 sessions of 6 services that open daily",
            format!(
                "{{ services({HEAVY}, first: 6) {{ nodes {{ occurrences({YEAR}, first: 1000) {{ start }} }} }} }}"
            ),
        ),
        (
            "next opening and whether open of 100 services",
            "{ services(first: 100) { nodes { nextOpening { start } openAt(at: \"2026-06-01T12:00:00Z\") } } }".to_owned(),
        ),
        ("100 changes", "{ changes(first: 100) { nodes { kind at recordId changedFields } } }".to_owned()),
        (
            "100 changes with their records",
            "{ changes(first: 100) { nodes { kind record { id provenance { fetchedAt contentHash } } } } }".to_owned(),
        ),
        (
            "long texts as HTML",
            format!("{{ services({HEAVY}, first: 100) {{ nodes {{ description(format: HTML) }} }} }}"),
        ),
        ("long texts as plain text", format!("{{ services({HEAVY}, first: 100) {{ nodes {{ description }} }} }}")),
        ("much that is kept as it came", format!("{{ services({HEAVY}, first: 100) {{ nodes {{ extra }} }} }}")),
        (
            "snippets of 100 matches",
            "{ services(first: 100, filter: { text: \"support\" }) { edges { score matches { field snippet } } } }"
                .to_owned(),
        ),
        ("100 records by their ids", format!("{{ nodes(ids: [{ids}]) {{ ... on Service {{ id name }} }} }}")),
        (
            "one record by its id 20 times",
            format!("{{ {} }}", aliases(20, &|_| format!("service(id: \"{one}\") {{ id name }}"))),
        ),
        (
            "narrower terms with their parents",
            format!("{{ taxonomyTerm(id: \"{root}\") {{ children {{ name parent {{ name }} }} }} }}"),
        ),
        (
            "narrower terms of 80 terms",
            "{ taxonomyTerms(first: 80) { nodes { children { name } } } }".to_owned(),
        ),
        ("services of each of 100 terms", "{ taxonomyTerms(first: 100) { nodes { serviceCount } } }".to_owned()),
        (
            "services at the places of services",
            format!(
                "{{ services({HEAVY}, last: 40) {{ nodes {{ serviceAtLocations {{ service {{ serviceAtLocations {{ \
                    service {{ id name serviceAtLocations {{ location {{ name }} }} }} }} }} }} }} }} }}"
            ),
        ),
        (
            "100 locations, nearest first",
            "{ locations(first: 100, filter: { near: { point: { latitude: 51.45, longitude: -2.59, withinMetres: 500000 } } }) \
                { edges { distance { metres } node { name addresses { postcode } } } } }"
                .to_owned(),
        ),
        ("quality of sources", "{ sources { key quality { score completeness { field ratio } } } }".to_owned()),
        ("taxonomies and their terms", "{ taxonomies { name terms(first: 20) { nodes { name } } } }".to_owned()),
        ("the schema", include_str!("introspection.graphql").to_owned()),
    ]
}

/// Returns queries that yield far more than their cost assumes, or that the default cost limit would refuse.
pub(crate) fn explosions(known: &Known) -> Vec<(&'static str, String)> {
    let ids = known.services.iter().take(100).map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(" ");
    let heavy: String = (0..50).map(|n| format!("a{n}: extra ")).collect();
    vec![
        (
            "narrower terms and their parents, three deep",
            "{ taxonomyTerms(filter: { rootOnly: true, sources: [\"heavy\"] }) { nodes { children { parent { children { \
                parent { children { parent { id } } } } } } } } }"
                .to_owned(),
        ),
        (
            "services at a hundred places, three deep",
            format!(
                "{{ services({HEAVY}, first: 1) {{ nodes {{ serviceAtLocations {{ service {{ serviceAtLocations {{ \
                    service {{ serviceAtLocations {{ service {{ {SCALARS} }} }} }} }} }} }} }} }} }}"
            ),
        ),
        (
            "all that an app shows of services and their organisations' services",
            format!(
                "{{ nodes(ids: [{ids}]) {{ ... on Service {{ organization {{ services(first: 100) {{ nodes {{ {APP} \
                    organization {{ services(first: 100) {{ nodes {{ {APP} }} }} }} }} }} }} }} }} }}"
            ),
        ),
        ("what is kept as it came, 50 times", format!("{{ services({HEAVY}, first: 100) {{ nodes {{ {heavy} }} }} }}")),
    ]
}
