//! Tests of the routes from outside, over a small schema.

mod caching;
mod openapi;
mod pages;
mod protocol;
mod toy;

use poem::http::{HeaderMap, Method, StatusCode};
use poem::{Body, Request, Response};
use serde_json::{Value, json};

use toy::Gateway;
pub(super) use toy::settings;

/// A response that has been read to its end.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    async fn read(mut response: Response) -> Self {
        let body = response.take_body().into_vec().await.unwrap();
        Self { status: response.status(), headers: response.headers().clone(), body }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or("").to_owned()
    }
}

fn get(address: &str, headers: &[(&str, &str)]) -> Request {
    request(Method::GET, address, headers, Body::empty())
}

/// A POST request with JSON to `/graphql`.
fn post(body: &Value, headers: &[(&str, &str)]) -> Request {
    let headers = [&[("content-type", "application/json")], headers].concat();
    request(Method::POST, "/graphql", &headers, Body::from_string(body.to_string()))
}

fn ask(query: &str) -> Request {
    post(&json!({ "query": query }), &[])
}

fn request(method: Method, address: &str, headers: &[(&str, &str)], body: Body) -> Request {
    let request = Request::builder().method(method).uri_str(address);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(body)
}

fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    std::io::copy(&mut flate2::read::GzDecoder::new(bytes), &mut plain).unwrap();
    plain
}
