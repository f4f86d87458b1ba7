//! Compares the description at `/openapi.json` with the routes, in both directions.

use std::collections::BTreeSet;

use poem::http::Method;
use serde_json::{Value, json};

use super::{Gateway, get, post, request};

async fn description(gateway: &Gateway) -> Value {
    let reply = gateway.send(get("/openapi.json", &[])).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("content-type")),
        (200, "application/json; charset=utf-8")
    );
    reply.json()
}

/// Returns each operation: its path, its method and its description.
fn operations(description: &Value) -> Vec<(String, String, Value)> {
    let paths = description["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (path.clone(), method.clone(), operation.clone()))
    });
    each.collect()
}

/// Returns a path with values in place of its parameters.
fn filled(path: &str) -> String {
    path.replace("{id}", "8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f").replace("{name}", "page.css")
}

#[tokio::test]
async fn what_is_described_is_served_as_described() {
    let gateway = Gateway::new();
    let description = description(&gateway).await;
    for (path, method, operation) in operations(&description) {
        let method: Method = method.to_uppercase().parse().unwrap();
        let reply = match (path.as_str(), &method) {
            ("/graphql", &Method::GET) => gateway.send(get("/graphql?query=%7Bhello%7D", &[])).await,
            (_, &Method::POST) => gateway.send(post(&json!({ "query": "{ hello }" }), &[])).await,
            _ => gateway.send(request(method.clone(), &filled(&path), &[], poem::Body::empty())).await,
        };
        let described = &operation["responses"][reply.status.as_str()];
        assert!(described.is_object(), "{method} {path}: {} is not described", reply.status);
        let named = &described["content"];
        if let Some(types) = named.as_object().filter(|types| !types.is_empty()) {
            let sent = reply.header("content-type").split(';').next().unwrap().to_owned();
            assert!(types.contains_key(&sent), "{method} {path}: {sent}");
        }
    }
}

#[tokio::test]
async fn parameters_that_are_described_are_read_and_no_others() {
    let gateway = Gateway::new();
    let description = description(&gateway).await;
    let of_feed = operations(&description).into_iter().filter(|(path, ..)| path.starts_with("/oruk/"));
    let mut read = 0;
    for (path, _, operation) in of_feed {
        let path = filled(&path);
        let error =
            async |query: &str| gateway.send(get(&format!("{path}?{query}"), &[])).await.text().to_owned();
        assert!(error("nonsense=1").await.contains("`nonsense` is not a parameter"), "{path}");
        let parameters = operation["parameters"].as_array().unwrap();
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            let query = match &parameter["example"] {
                Value::Array(items) => {
                    items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join(",")
                }
                text => text.as_str().unwrap().to_owned(),
            };
            let query =
                url::form_urlencoded::Serializer::new(String::new()).append_pair(name, &query).finish();
            let said = error(&query).await;
            assert!(!said.contains("is not a parameter"), "{path}?{query}: {said}");
            read += 1;
        }
    }
    assert!(read > 40, "{read}");
}

#[tokio::test]
async fn the_description_is_sound() {
    let description = description(&Gateway::new()).await;
    assert_eq!(description["openapi"], "3.1.0");
    let mut references = Vec::new();
    gather("$ref", &description, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap().to_owned();
        assert!(description.pointer(&pointer).is_some(), "{pointer} leads nowhere");
    }
    let operations = operations(&description);
    let ids: BTreeSet<&str> =
        operations.iter().map(|(.., one)| one["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), operations.len(), "operations have ids of their own");
    for (path, method, operation) in &operations {
        let parameters = operation["parameters"].as_array().unwrap();
        let names: BTreeSet<(&str, &str)> = parameters
            .iter()
            .map(|one| (one["in"].as_str().unwrap(), one["name"].as_str().unwrap()))
            .collect();
        assert_eq!(names.len(), parameters.len(), "{method} {path}: a parameter twice");
        let in_path = names.iter().filter(|(place, _)| *place == "path").count();
        assert_eq!(in_path, path.matches('{').count(), "{method} {path}");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{method} {path}");
    }
}

fn gather<'v>(name: &str, value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(own, value)| {
            if own == name {
                found.push(value);
            }
            gather(name, value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| gather(name, item, found)),
        _ => {}
    }
}
