//! Reads a client's request: query, operation name, variables and extensions, from a body or a URL.

use std::fmt;

use async_graphql::{Request, Variables};
use poem::http::StatusCode;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::errors::RequestFault;
use crate::graphql::ErrorCode;
use crate::model::near_names;

/// One operation to execute, its members of the right types.
#[derive(Debug, PartialEq)]
pub(super) struct GraphqlRequest {
    pub(super) query: String,
    pub(super) operation_name: Option<String>,
    /// An object, or null.
    variables: Value,
    /// An object, or null.
    extensions: Value,
}

/// A hash of a request. Equal requests have equal keys, whatever the order of members in their variables.
pub(super) type RequestKey = [u8; 32];

/// The content of a body.
#[derive(Debug, PartialEq)]
pub(super) enum RequestBody {
    One(GraphqlRequest),
    Many(Vec<GraphqlRequest>),
}

impl RequestBody {
    /// Reads a JSON body. `batching` is the maximum number of operations in a batch; `None` means no batches.
    pub(super) fn from_body(body: &[u8], batching: Option<usize>) -> Result<Self, RequestFault> {
        if body.is_empty() {
            return Err(RequestFault::bad_request("the body is missing; send {\"query\": \"…\"}"));
        }
        if body.trim_ascii_start().starts_with(b"{") {
            return GraphqlRequest::from_members(json(body)?).map(Self::One);
        }
        match json(body)? {
            Value::Array(items) => batch(items, batching).map(Self::Many),
            _ => Err(RequestFault::bad_request("the body must be a JSON object with a `query`")),
        }
    }
}

impl GraphqlRequest {
    /// Reads the query part of a URL. Returns `None` if it contains no request.
    pub(super) fn from_address(query: &str) -> Result<Option<Self>, RequestFault> {
        let (mut members, mut is_empty) = (RequestMembers::default(), true);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = match name.as_ref() {
                "query" | "operationName" => Value::String(value.into_owned()),
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&value)
                    .map_err(|_| RequestFault::bad_request(format!("`{name}` must be URL-encoded JSON")))?,
                _ => continue,
            };
            is_empty = false;
            if let Some(member) = members.known(&name) {
                *member = value;
            }
        }
        if is_empty { Ok(None) } else { Self::from_members(members).map(Some) }
    }

    fn from_members(members: RequestMembers) -> Result<Self, RequestFault> {
        let extensions = object_or_null(members.extensions, "extensions")?;
        let variables = object_or_null(members.variables, "variables")?;
        let operation_name = match members.operation_name {
            Value::String(name) => Some(name).filter(|name| !name.is_empty()),
            Value::Null => None,
            _ => return Err(RequestFault::bad_request("`operationName` must be a string or null")),
        };
        match members.query {
            Value::String(query) => Ok(Self { query, operation_name, variables, extensions }),
            Value::Null => Err(without_query(&extensions, members.others.iter().map(String::as_str))),
            _ => Err(RequestFault::bad_request("`query` must be a string")),
        }
    }

    /// Returns the cache key. It is a collision-resistant hash, because one client's response goes to all equal
    /// requests. It does not depend on the client: if responses ever do, it must.
    pub(super) fn key(&mut self) -> RequestKey {
        self.variables.sort_all_objects();
        self.extensions.sort_all_objects();
        let mut hash = Sha256::new();
        let name = self.operation_name.as_deref().unwrap_or_default();
        for part in [self.query.as_bytes(), name.as_bytes()] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        for part in [&self.variables, &self.extensions] {
            // An empty map is equal to none.
            if part.as_object().is_some_and(|members| !members.is_empty()) {
                hash.update(part.to_string());
            }
            hash.update(b"\n");
        }
        hash.finalize().into()
    }

    /// Converts it for the executor.
    pub(super) fn to_request(&self) -> Request {
        let variables = Variables::from_json(self.variables.clone());
        let mut request = Request::new(self.query.as_str()).variables(variables);
        request.operation_name.clone_from(&self.operation_name);
        if let Value::Object(members) = &self.extensions {
            request.extensions.0.extend(members.iter().filter_map(|(name, value)| {
                async_graphql::Value::from_json(value.clone()).ok().map(|value| (name.clone(), value))
            }));
        }
        request
    }
}

/// The members of a request as they were sent. Missing members are null.
#[derive(Debug, Default)]
struct RequestMembers {
    query: Value,
    operation_name: Value,
    variables: Value,
    extensions: Value,
    /// The names of unknown members.
    others: Vec<String>,
}

impl RequestMembers {
    /// Returns the place for a member. `None` if the member is unknown.
    fn known(&mut self, name: &str) -> Option<&mut Value> {
        match name {
            "query" => Some(&mut self.query),
            "operationName" => Some(&mut self.operation_name),
            "variables" => Some(&mut self.variables),
            "extensions" => Some(&mut self.extensions),
            _ => None,
        }
    }
}

impl FromIterator<(String, Value)> for RequestMembers {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(all: I) -> Self {
        let mut members = Self::default();
        for (name, value) in all {
            match members.known(&name) {
                Some(member) => *member = value,
                None => members.others.push(name),
            }
        }
        members
    }
}

// Read without a map in between, which every request would pay for.
impl<'de> Deserialize<'de> for RequestMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = RequestMembers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RequestMembers, A::Error> {
        let mut members = RequestMembers::default();
        while let Some(name) = map.next_key::<String>()? {
            match members.known(&name) {
                Some(member) => *member = map.next_value()?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                    members.others.push(name);
                }
            }
        }
        Ok(members)
    }
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, RequestFault> {
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        RequestFault::bad_request(format!("the body is not JSON (line {line}, column {column})"))
    })
}

fn batch(items: Vec<Value>, batching: Option<usize>) -> Result<Vec<GraphqlRequest>, RequestFault> {
    let Some(limit) = batching else {
        return Err(RequestFault::bad_request("batches are turned off; send one operation per request"));
    };
    if items.len() > limit {
        let message = format!("the batch has {} operations; at most {limit} are allowed", items.len());
        return Err(RequestFault::new(StatusCode::BAD_REQUEST, ErrorCode::BatchTooLarge, message));
    }
    if items.is_empty() {
        return Err(RequestFault::bad_request("the batch is empty"));
    }
    items
        .into_iter()
        .map(|item| match item {
            Value::Object(members) => GraphqlRequest::from_members(members.into_iter().collect()),
            _ => Err(RequestFault::bad_request("each operation of a batch must be an object with a `query`")),
        })
        .collect()
}

fn object_or_null(value: Value, name: &str) -> Result<Value, RequestFault> {
    match value {
        Value::Object(_) | Value::Null => Ok(value),
        _ => Err(RequestFault::bad_request(format!("`{name}` must be an object or null"))),
    }
}

/// Refuses a request without a query. A client that first sends only its query's hash sends the query when told that it
/// is not stored.
fn without_query<'m>(extensions: &Value, others: impl Iterator<Item = &'m str>) -> RequestFault {
    if extensions.get("persistedQuery").is_some() {
        let (code, message) = (ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound");
        return RequestFault::new(StatusCode::BAD_REQUEST, code, message);
    }
    match near_names("query", others, 1).first() {
        Some(other) => RequestFault::bad_request(format!("`query` is missing; you sent `{other}`")),
        None => RequestFault::bad_request("`query` is missing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(body: &str) -> GraphqlRequest {
        match RequestBody::from_body(body.as_bytes(), None).unwrap() {
            RequestBody::One(question) => question,
            RequestBody::Many(_) => panic!("a batch"),
        }
    }

    #[test]
    fn equal_questions_have_equal_keys() {
        let key = |body| question(body).key();
        let plain = key(r#"{"query": "{ a }"}"#);
        assert_eq!(
            plain,
            key(r#"{"variables": {}, "operationName": "", "query": "{ a }", "extensions": null}"#)
        );
        for other in [
            r#"{"query": "{ b }"}"#,
            r#"{"query": "{ a }", "operationName": "A"}"#,
            r#"{"query": "{ a }", "variables": {"a": 1}}"#,
            r#"{"query": "{ a }", "extensions": {"a": 1}}"#,
        ] {
            assert_ne!(plain, key(other), "{other}");
        }
        assert_eq!(
            key(r#"{"query": "", "variables": {"a": {"x": 1, "y": [{"p": 1, "q": 2}]}, "b": 2}}"#),
            key(r#"{"query": "", "variables": {"b": 2, "a": {"y": [{"q": 2, "p": 1}], "x": 1}}}"#),
        );
        assert_ne!(
            key(r#"{"query": "", "variables": {"a": [1, 2]}}"#),
            key(r#"{"query": "", "variables": {"a": [2, 1]}}"#),
        );
        assert_ne!(
            key(r#"{"query": "", "variables": {"a": 1}}"#),
            key(r#"{"query": "", "extensions": {"a": 1}}"#),
        );
    }

    #[test]
    fn an_address_says_the_same_as_a_body() {
        let address = "query=%7B+a+%7D&variables=%7B%22n%22%3A1%7D&operationName=&other=x";
        let read = GraphqlRequest::from_address(address).unwrap().unwrap();
        assert_eq!(read, question(r#"{"query": "{ a }", "variables": {"n": 1}}"#));
        assert_eq!(GraphqlRequest::from_address("utm=1").unwrap(), None);
        for bad in
            ["query={a}&variables=[1]", "query={a}&variables={", "query={a}&extensions=1", "variables={}"]
        {
            assert_eq!(
                GraphqlRequest::from_address(bad).unwrap_err().status,
                StatusCode::BAD_REQUEST,
                "{bad}"
            );
        }
    }

    #[test]
    fn members_reach_the_executor() {
        let request = question(
            r#"{"query": "q", "operationName": "N", "variables": {"a": [1]}, "extensions": {"x": true}}"#,
        )
        .to_request();
        assert_eq!((request.query.as_str(), request.operation_name.as_deref()), ("q", Some("N")));
        assert_eq!(request.variables, Variables::from_json(serde_json::json!({"a": [1]})));
        assert_eq!(request.extensions.get("x"), Some(&async_graphql::Value::Boolean(true)));
    }
}
