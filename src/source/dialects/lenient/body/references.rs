//! Resolves references between objects of a response, as .NET's serialisers write them: `$id`, `$ref`, and lists as
//! `{"$id": …, "$values": […]}`.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// The most that copies of referenced objects may take, as a multiple of the response's size.
const MOST_COPIED: usize = 4;
/// The most that all copies may take, in bytes.
const MOST_MEMORY: usize = 64 << 20;
/// How deep values may be nested, including copies. Strict reading has the same limit.
const MOST_NESTED: usize = 128;
/// The memory of each value besides its text, in bytes.
const VALUE: usize = 64;
/// The longest id or name that replaces an object that is not copied, in bytes.
const LONGEST: usize = 200;

/// Replaces each reference by the object, and each wrapped list by the list.
///
/// An object nested in itself becomes its id and name. So does one that would make the response far larger than it is.
pub(in crate::source::dialects::lenient) fn resolve(value: &Value) -> Value {
    let mut known = HashMap::new();
    let whole = survey(value, &mut known);
    let mut resolver =
        Resolver { known, open: Vec::new(), left: whole.size.saturating_mul(MOST_COPIED).min(MOST_MEMORY) };
    resolver.build(value, 0)
}

/// An object that may be referred to.
#[derive(Clone, Copy)]
struct ReferableObject<'v> {
    value: &'v Value,
    extent: ReferenceExtent,
}

#[derive(Clone, Copy, Default)]
struct ReferenceExtent {
    size: usize,
    height: usize,
}

impl ReferenceExtent {
    fn with(self, inner: Self) -> Self {
        Self { size: self.size + inner.size, height: self.height.max(inner.height + 1) }
    }
}

fn survey<'v>(value: &'v Value, known: &mut HashMap<&'v str, ReferableObject<'v>>) -> ReferenceExtent {
    let own = |more: usize| ReferenceExtent { size: VALUE + more, height: 0 };
    match value {
        Value::String(text) => own(text.len()),
        Value::Array(elements) => elements.iter().fold(own(0), |extent, one| extent.with(survey(one, known))),
        Value::Object(members) => {
            let add = |extent: ReferenceExtent, (name, member): (&'v String, &'v Value)| {
                extent.with(survey(member, known)).with(ReferenceExtent { size: name.len(), height: 0 })
            };
            let extent = members.iter().fold(own(0), add);
            if let Some(id) = members.get("$id").and_then(Value::as_str) {
                known.entry(id).or_insert(ReferableObject { value, extent });
            }
            extent
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => own(0),
    }
}

struct Resolver<'v> {
    known: HashMap<&'v str, ReferableObject<'v>>,
    /// The objects around the current one.
    open: Vec<&'v str>,
    /// How much may still be copied, in bytes.
    left: usize,
}

impl<'v> Resolver<'v> {
    fn build(&mut self, value: &'v Value, depth: usize) -> Value {
        match value {
            Value::Array(elements) => elements.iter().map(|one| self.build(one, depth + 1)).collect(),
            Value::Object(members) => self.object(members, depth),
            scalar => scalar.clone(),
        }
    }

    fn object(&mut self, members: &'v Map<String, Value>, depth: usize) -> Value {
        let referred = members.get("$ref").and_then(Value::as_str).filter(|_| members.len() == 1);
        if let Some(known) =
            referred.and_then(|id| self.known.get_key_value(id)).map(|(id, known)| (*id, *known))
        {
            return self.copy(known, depth);
        }
        if let Some(values @ Value::Array(_)) = members.get("$values") {
            return self.build(values, depth);
        }
        let id = members.get("$id").and_then(Value::as_str);
        if id.is_some_and(|id| self.open.contains(&id)) {
            return stand_in(members);
        }
        self.open.extend(id);
        let rest = members.iter().filter(|(name, _)| *name != "$id");
        let built = rest.map(|(name, value)| (name.clone(), self.build(value, depth + 1))).collect();
        if id.is_some() {
            self.open.pop();
        }
        Value::Object(built)
    }

    fn copy(&mut self, (id, known): (&'v str, ReferableObject<'v>), depth: usize) -> Value {
        let ReferableObject { value, extent } = known;
        let is_too_deep = depth + extent.height > MOST_NESTED;
        if self.open.contains(&id) || is_too_deep || extent.size > self.left {
            return value.as_object().map_or(Value::Null, stand_in);
        }
        self.left -= extent.size;
        self.build(value, depth)
    }
}

fn stand_in(members: &Map<String, Value>) -> Value {
    let short = |name: &&str| match members.get(*name) {
        Some(Value::String(text)) => text.len() <= LONGEST,
        other => other.is_some_and(Value::is_number),
    };
    let kept = ["id", "name"].into_iter().filter(short);
    kept.filter_map(|name| Some((name.to_owned(), members.get(name)?.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quirk_116_references_are_resolved_and_lists_unwrapped() {
        let page = json!({"$id": "1", "contents": {"$id": "2", "$values": [
            {"$id": "3", "id": "s1", "organization": {"$id": "4", "id": "o", "name": "Trust", "services": {"$id": "5", "$values": [{"$ref": "3"}]}}},
            {"$id": "6", "id": "s2", "name": "Tea", "organization": {"$ref": "4"}, "link": {"$ref": "nobody"}},
        ]}});
        let trust = |inner: Value| json!({"id": "o", "name": "Trust", "services": [inner]});
        let first = json!({"id": "s1", "organization": trust(json!({"id": "s1"}))});
        let second = json!({
            "id": "s2", "name": "Tea", "link": {"$ref": "nobody"},
            "organization": trust(json!({"id": "s1", "organization": {"id": "o", "name": "Trust"}})),
        });
        assert_eq!(resolve(&page), json!({"contents": [first, second]}));
    }

    #[test]
    fn references_do_not_multiply_an_answer() {
        let doubling: Vec<Value> = (0..100)
            .map(|n| json!({"$id": n.to_string(), "id": "x", "a": {"$ref": (n + 1).to_string()}, "b": {"$ref": (n + 1).to_string()}}))
            .collect();
        let long =
            json!([{"$id": "1", "id": "o", "text": "x".repeat(10_000)}, vec![json!({"$ref": "1"}); 10_000]]);
        for page in [Value::Array(doubling), long] {
            let size = |value: &Value| survey(value, &mut HashMap::new()).size;
            let resolved = size(&resolve(&page));
            assert!(resolved < (MOST_COPIED + 2) * size(&page), "{resolved}");
        }
    }
}
