//! Representations: what a router knows about an entity.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};

use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::model::{NodeId, RecordKind, SourceKey};

/// The error for a representation that is not an object with the name of a type.
const FORM: &str = "must be an object with `__typename` and a key of that type, e.g. `{ __typename: \"Service\", id: \"…\" }`";

/// A representation of an entity. Any value is accepted, so that an incorrect one does not affect the others.
#[derive(Debug)]
pub(in crate::graphql) struct EntityRepresentation(Value);

/// An object with the `__typename` of an entity and the fields of one of its keys.
#[Scalar(name = "_Any")]
impl ScalarType for EntityRepresentation {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value))
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

impl EntityRepresentation {
    /// Returns the id of the entity.
    ///
    /// # Errors
    /// Returns an error if the representation does not identify an entity.
    pub(super) fn node(&self) -> Result<NodeId, ApiError> {
        let type_name = self.text("__typename").ok_or_else(|| refused(FORM))?;
        if type_name == "Source" {
            return self.source();
        }
        // The message does not repeat the name: errors contain no text from users.
        let kind = RecordKind::named(type_name)
            .ok_or_else(|| refused("has a `__typename` that is no entity of this graph"))?;
        let id = self
            .text("id")
            .ok_or_else(|| refused(&format!("of type `{}` must have its `id`", kind.type_name())))?;
        lookup::record_id("representations", id, kind).map(NodeId::Record)
    }

    fn source(&self) -> Result<NodeId, ApiError> {
        if let Some(id) = self.text("id") {
            return lookup::source_id("representations", id).map(NodeId::Source);
        }
        let key = self.text("key").ok_or_else(|| refused("of a Source must have its `id` or its `key`"))?;
        let key =
            SourceKey::parse(key).map_err(|_| refused("of a Source has a `key` that no source can have"))?;
        Ok(NodeId::Source(key))
    }

    fn text(&self, name: &str) -> Option<&str> {
        let Value::Object(members) = &self.0 else { return None };
        match members.get(name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

fn refused(why: &str) -> ApiError {
    ApiError::bad_input(format!("a representation {why}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::model::RecordId;

    fn node(of: Json) -> Result<NodeId, ApiError> {
        EntityRepresentation(Value::from_json(of).unwrap()).node()
    }

    fn bristol() -> SourceKey {
        SourceKey::parse("bristol").unwrap()
    }

    #[test]
    fn an_entity_is_known_by_a_key_of_its_type() {
        for kind in RecordKind::ALL {
            let id = RecordId::new(kind, &bristol(), "1");
            let found = node(json!({ "__typename": kind.type_name(), "id": id.as_str(), "name": "ignored" }));
            assert_eq!(found.unwrap(), NodeId::Record(id));
        }
        let source = NodeId::of_source(&bristol());
        for key in [
            json!({ "__typename": "Source", "id": source }),
            json!({ "__typename": "Source", "key": "bristol" }),
        ] {
            assert_eq!(node(key).unwrap(), NodeId::Source(bristol()));
        }
    }

    #[test]
    fn what_says_no_entity_is_refused_in_words_of_ours() {
        let service = RecordId::new(RecordKind::Service, &bristol(), "1");
        for of in [
            json!(null),
            json!("Service"),
            json!([]),
            json!({}),
            json!({ "id": service.as_str() }),
            json!({ "__typename": 1, "id": service.as_str() }),
            json!({ "__typename": "Secret", "id": service.as_str() }),
            json!({ "__typename": "PageInfo" }),
            json!({ "__typename": "Service" }),
            json!({ "__typename": "Service", "id": null }),
            json!({ "__typename": "Service", "id": "secret" }),
            json!({ "__typename": "Organization", "id": service.as_str() }),
            json!({ "__typename": "Source", "key": "Secret" }),
            json!({ "__typename": "Source", "id": service.as_str() }),
            json!({ "__typename": "Source" }),
        ] {
            let error = node(of.clone()).expect_err(&of.to_string());
            let told = serde_json::to_value(error.told()).unwrap();
            assert_eq!(told["extensions"]["code"], "BAD_USER_INPUT", "{of}");
            assert!(!told.to_string().to_lowercase().contains("secret"), "{told}");
        }
    }
}
