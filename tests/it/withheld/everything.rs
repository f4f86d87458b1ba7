//! Everything that can be requested of a gateway. The queries are made from the schema, so they also request what is
//! added to it later.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Gateway, data};

/// How many objects deep records are selected, from the root.
const DEPTH: usize = 5;

const INTROSPECTION: &str = "{ __schema { types { kind name possibleTypes { name } enumValues { name } fields(includeDeprecated: true) {
  name
  args { name defaultValue type { ...Type } }
  type { ...Type }
} } } }
fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The pages, beside the graph.
const PAGES: [&str; 20] = [
    "/",
    "/metrics",
    "/health/live",
    "/health/ready",
    "/schema.graphql",
    "/openapi.json",
    "/oruk/v3/",
    "/oruk/v3/services",
    "/oruk/v3/organizations",
    "/oruk/v3/locations",
    "/oruk/v3/service_at_locations",
    "/oruk/v3/taxonomies",
    "/oruk/v3/taxonomy_terms",
    "/export/services.csv",
    "/export/services.csv?rows=places",
    "/export/services.geojson",
    "/export/services.ics",
    "/export/organizations.csv",
    "/export/locations.geojson",
    "/export/taxonomy_terms.csv",
];

/// Settings that allow requesting everything at once.
pub(super) const SETTINGS: &str = "[graphql]\nfederation = true\nmax_depth = 100\nmax_complexity = 1000000000\nmax_tokens = 10000000\nmax_aliases = 1000000\nmax_root_fields = 1000\n";

/// Returns all requests to a gateway, each with its answer.
pub(super) async fn asked(gateway: &Gateway) -> Vec<(String, String)> {
    let schema = Schema::of(gateway).await;
    let mut answers = Vec::new();
    for (name, query) in schema.queries() {
        let reply = gateway.ask(&query, Value::Null).await;
        assert!(reply.json()["data"].is_object(), "{name} is not answered: {}", reply.text);
        assert_eq!(reply.json().get("errors"), None, "{name}");
        answers.push((name, reply.text));
    }
    for (name, query, of) in schema.entities(gateway).await {
        let reply = gateway.ask(&query, json!({ "of": of })).await;
        let found = data(reply.json())["_entities"].take();
        // Some of these feeds name services at locations that they do not list.
        let must_be_there = !name.contains("ServiceAtLocation");
        let is_there = found.as_array().unwrap().iter().all(Value::is_object);
        assert!(is_there || !must_be_there, "{name}: {}", reply.text);
        answers.push((name, reply.text));
    }
    for page in PAGES {
        answers.push((page.to_owned(), gateway.get(page).await.text));
    }
    for text in ["tea coffee hall desk elm", "zqprivate", "zqprivate check", "private person"] {
        let query = format!(
            "{{ services(filter: {{ text: \"{text}\" }}) {{ totalCount edges {{ matches {{ field snippet }} node {{ id name }} }} }} }}"
        );
        answers.push(("a search".to_owned(), gateway.ask(&query, Value::Null).await.text));
    }
    answers
}

struct Schema(BTreeMap<String, Value>);

impl Schema {
    async fn of(gateway: &Gateway) -> Self {
        let answer = gateway.query(INTROSPECTION).await;
        let types = answer["data"]["__schema"]["types"].as_array().expect("the schema can be had").clone();
        Self(types.into_iter().map(|one| (one["name"].as_str().unwrap().to_owned(), one)).collect())
    }

    /// Returns a query for each root field that can be queried without knowing an id.
    fn queries(&self) -> Vec<(String, String)> {
        let fields = self.0["Query"]["fields"].as_array().unwrap().iter();
        let queries = fields.filter_map(|field| {
            let name = field["name"].as_str()?;
            let is_lookup = |arg: &Value| {
                matches!(arg["name"].as_str(), Some("id" | "ids" | "postcode" | "key" | "representations"))
            };
            if field["args"].as_array()?.iter().any(|arg| is_lookup(arg) && arg["type"]["kind"] == "NON_NULL")
            {
                return None;
            }
            Some((name.to_owned(), format!("{{ {} }}", self.field(field, DEPTH, &mut vec!["Query"])?)))
        });
        queries.collect()
    }

    /// Returns a query for each type of entities that the gateway has, as a router sends it, with the keys of the
    /// entities.
    async fn entities(&self, gateway: &Gateway) -> Vec<(String, String, Vec<Value>)> {
        let lists = "{ services { nodes { __typename id serviceAtLocations { __typename id } } }
            organizations { nodes { __typename id } } locations { nodes { __typename id } }
            taxonomies { __typename id } taxonomyTerms { nodes { __typename id } } sources { __typename id } }";
        let mut known = BTreeSet::new();
        collect_keys(&data(gateway.query(lists).await), &mut known);
        let types: BTreeSet<&str> = known.iter().map(|(of, _)| of.as_str()).collect();
        assert!(types.contains("Service") && types.contains("Organization"), "{types:?}");
        let of_type = |of: &str| {
            let mut way = vec!["Query", of];
            let fields = self.0[of]["fields"].as_array().unwrap().iter();
            let fields: Vec<String> =
                fields.filter_map(|field| self.field(field, DEPTH - 1, &mut way)).collect();
            let query = format!(
                "query($of: [_Any!]!) {{ _entities(representations: $of) {{ ... on {of} {{ {} }} }} }}",
                fields.join(" ")
            );
            let keys = known.iter().filter(|(name, _)| name == of);
            let keys = keys.map(|(name, id)| json!({ "__typename": name, "id": id })).collect();
            (format!("entities of type {of}"), query, keys)
        };
        types.iter().map(|of| of_type(of)).collect()
    }

    /// Selects a field with everything in it. Returns `None` if it is too deep, or its type is already being selected.
    fn field<'s>(&'s self, field: &'s Value, depth: usize, way: &mut Vec<&'s str>) -> Option<String> {
        let name = field["name"].as_str()?;
        let of = &self.0[innermost(&field["type"])];
        let arguments = self.arguments(field);
        if matches!(of["kind"].as_str(), Some("SCALAR" | "ENUM")) {
            return Some(format!("{name}{arguments}"));
        }
        let type_name = of["name"].as_str()?;
        let is_far_list = way.len() > 1 && type_name.ends_with("Connection");
        // Every object has these. Selected at each depth, they would be most of the query.
        let is_far_note = way.len() > 4 && matches!(type_name, "Attribute" | "Metadata");
        if depth == 0 || way.contains(&type_name) || is_far_list || is_far_note {
            return None;
        }
        way.push(type_name);
        let fields = of["fields"].as_array().map(Vec::as_slice).unwrap_or_default().iter();
        let inside: Vec<String> = fields.filter_map(|field| self.field(field, depth - 1, way)).collect();
        way.pop();
        Some(format!("{name}{arguments} {{ __typename {} }}", inside.join(" ")))
    }

    /// Returns the required arguments of a field.
    fn arguments(&self, field: &Value) -> String {
        let args = field["args"].as_array().map(Vec::as_slice).unwrap_or_default().iter();
        let required = args.filter(|arg| arg["type"]["kind"] == "NON_NULL" && arg["defaultValue"].is_null());
        let given: Vec<String> = required
            .map(|arg| format!("{}: {}", arg["name"].as_str().unwrap(), self.some(&arg["type"])))
            .collect();
        if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
    }

    /// Returns a value of a type.
    fn some(&self, of: &Value) -> String {
        match of["kind"].as_str() {
            Some("NON_NULL") => self.some(&of["ofType"]),
            Some("LIST") => format!("[{}]", self.some(&of["ofType"])),
            Some("ENUM") => self.0[innermost(of)]["enumValues"][0]["name"].as_str().unwrap().to_owned(),
            _ => match innermost(of) {
                "Int" => "5".to_owned(),
                "DateTime" => "\"2026-06-01T10:00:00Z\"".to_owned(),
                "Date" => "\"2026-06-01\"".to_owned(),
                "Boolean" => "true".to_owned(),
                "String" => "\"tea\"".to_owned(),
                "Postcode" => "\"BS1 4DJ\"".to_owned(),
                other => panic!("a field wants a {other}: say here what to ask it with"),
            },
        }
    }
}

/// Collects the types and ids of all objects in an answer.
fn collect_keys(answer: &Value, known: &mut BTreeSet<(String, String)>) {
    if let (Some(of), Some(id)) = (answer["__typename"].as_str(), answer["id"].as_str()) {
        known.insert((of.to_owned(), id.to_owned()));
    }
    match answer {
        Value::Object(members) => members.values().for_each(|member| collect_keys(member, known)),
        Value::Array(items) => items.iter().for_each(|item| collect_keys(item, known)),
        _ => {}
    }
}

fn innermost(of: &Value) -> &str {
    match of["ofType"].is_object() {
        true => innermost(&of["ofType"]),
        false => of["name"].as_str().unwrap_or_default(),
    }
}
