//! Selections of everything that a type of the graph has, made from introspection.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::support::{Gateway, data};

/// A field without required arguments.
struct Field {
    name: String,
    of: String,
    is_object: bool,
}

/// The object types of the graph, with their fields.
pub(crate) struct Graph(BTreeMap<String, Vec<Field>>);

/// Fields that are computed or searched for, rather than stated by a record.
const ASIDE: [&str; 3] = ["children", "serviceCount", "nextOpening"];

const INTROSPECTION: &str = "{ __schema { types { kind name fields { name args { defaultValue type { kind } }
  type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";

impl Graph {
    pub(crate) async fn of(gateway: &Gateway) -> Self {
        let schema = data(gateway.query(INTROSPECTION).await);
        let types = schema["__schema"]["types"].as_array().unwrap();
        let objects = types.iter().filter(|one| one["kind"] == "OBJECT");
        Self(objects.map(|one| (text(&one["name"]), fields(one))).collect())
    }

    /// Selects every field of a type and of the types within it, except connections and cycles.
    pub(crate) fn whole(&self, kind: &str) -> String {
        self.selection(kind, &mut vec![kind.to_owned()])
    }

    /// Returns each field of a type as a selection of its own.
    pub(super) fn each(&self, kind: &str) -> Vec<(String, String)> {
        let mut within = vec![kind.to_owned()];
        let fields = self.0[kind].iter();
        fields.filter_map(|field| Some((field.name.clone(), self.field(field, &mut within)?))).collect()
    }

    fn selection(&self, kind: &str, within: &mut Vec<String>) -> String {
        let fields = self.0[kind].iter().filter_map(|field| self.field(field, within));
        fields.collect::<Vec<_>>().join(" ")
    }

    fn field(&self, field: &Field, within: &mut Vec<String>) -> Option<String> {
        if ASIDE.contains(&field.name.as_str()) || field.of.ends_with("Connection") || field.of == "Source" {
            return None;
        }
        if !field.is_object {
            return Some(field.name.clone());
        }
        if within.contains(&field.of) {
            let is_record = self.0[&field.of].iter().any(|inner| inner.name == "upstreamId");
            return is_record.then(|| format!("{} {{ id upstreamId }}", field.name));
        }
        within.push(field.of.clone());
        let inner = self.selection(&field.of, within);
        within.pop();
        Some(format!("{} {{ {inner} }}", field.name))
    }
}

/// Returns the global id of a record in the graph.
pub(super) fn id_of(kind: &str, source: &str, upstream: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind}:{source}:{upstream}"))
}

fn fields(object: &Value) -> Vec<Field> {
    let fields = object["fields"].as_array().unwrap().iter().filter(|field| {
        let needs =
            |argument: &Value| argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null();
        !field["args"].as_array().unwrap().iter().any(needs)
    });
    let field = |field: &Value| {
        let mut of = &field["type"];
        while !of["ofType"].is_null() {
            of = &of["ofType"];
        }
        Field { name: text(&field["name"]), of: text(&of["name"]), is_object: of["kind"] == "OBJECT" }
    };
    fields.map(field).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
