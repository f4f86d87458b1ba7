//! Everything that can be asked of a gateway, by a query that is made from its schema: what is added to the schema
//! later is asked for, too.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::Gateway;

/// How deep records are asked for, counted in objects from the root.
const DEPTH: usize = 5;

const INTROSPECTION: &str = "{ __schema { types { kind name possibleTypes { name } enumValues { name } fields(includeDeprecated: true) {
  name
  args { name defaultValue type { ...Type } }
  type { ...Type }
} } } }
fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The pages, beside the graph.
const PAGES: [&str; 12] = [
    "/",
    "/metrics",
    "/health/live",
    "/health/ready",
    "/schema.graphql",
    "/export/services.csv",
    "/export/services.csv?rows=places",
    "/export/services.geojson",
    "/export/services.ics",
    "/export/organizations.csv",
    "/export/locations.geojson",
    "/export/taxonomy_terms.csv",
];

/// Settings under which everything may be asked for at once.
pub(super) const SETTINGS: &str = "[graphql]\nmax_depth = 100\nmax_complexity = 1000000000\nmax_tokens = 10000000\nmax_aliases = 1000000\nmax_root_fields = 1000\n";

/// All that a gateway answers: what was asked, and the answer.
pub(super) async fn asked(gateway: &Gateway) -> Vec<(String, String)> {
    let schema = Schema::of(gateway).await;
    let mut answers = Vec::new();
    for (name, query) in schema.queries() {
        let reply = gateway.ask(&query, Value::Null).await;
        assert!(reply.json()["data"].is_object(), "{name} is not answered: {}", reply.text);
        assert_eq!(reply.json().get("errors"), None, "{name}");
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

    /// A query for each field of the root that can be asked without knowing an id.
    fn queries(&self) -> Vec<(String, String)> {
        let fields = self.0["Query"]["fields"].as_array().unwrap().iter();
        let queries = fields.filter_map(|field| {
            let name = field["name"].as_str()?;
            let is_lookup =
                |arg: &Value| matches!(arg["name"].as_str(), Some("id" | "ids" | "postcode" | "key"));
            if field["args"].as_array()?.iter().any(|arg| is_lookup(arg) && arg["type"]["kind"] == "NON_NULL")
            {
                return None;
            }
            Some((name.to_owned(), format!("{{ {} }}", self.field(field, DEPTH, &mut vec!["Query"])?)))
        });
        queries.collect()
    }

    /// A field with all that is in it; none where that is too deep, or on the way already.
    fn field<'s>(&'s self, field: &'s Value, depth: usize, way: &mut Vec<&'s str>) -> Option<String> {
        let name = field["name"].as_str()?;
        let of = &self.0[innermost(&field["type"])];
        let arguments = self.arguments(field);
        if matches!(of["kind"].as_str(), Some("SCALAR" | "ENUM")) {
            return Some(format!("{name}{arguments}"));
        }
        let type_name = of["name"].as_str()?;
        let is_far_list = way.len() > 1 && type_name.ends_with("Connection");
        // Every part has these: asked for at each depth, they are most of the question.
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

    /// The arguments without which a field cannot be asked for.
    fn arguments(&self, field: &Value) -> String {
        let args = field["args"].as_array().map(Vec::as_slice).unwrap_or_default().iter();
        let required = args.filter(|arg| arg["type"]["kind"] == "NON_NULL" && arg["defaultValue"].is_null());
        let given: Vec<String> = required
            .map(|arg| format!("{}: {}", arg["name"].as_str().unwrap(), self.some(&arg["type"])))
            .collect();
        if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
    }

    /// A value of a type.
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

fn innermost(of: &Value) -> &str {
    match of["ofType"].is_object() {
        true => innermost(&of["ofType"]),
        false => of["name"].as_str().unwrap_or_default(),
    }
}
