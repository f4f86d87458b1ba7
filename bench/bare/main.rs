//! The baseline of `bench/execution.sh`: a bare poem handler that reads the body of each request and responds with the
//! bytes of a file.
//!
//! `bare 127.0.0.1:8080 answer.json`

use anyhow::Context as _;
use poem::listener::TcpListener;
use poem::web::Data;
use poem::{Body, EndpointExt as _, Response, Route, Server, handler, post};

#[handler]
async fn answer(body: Body, answer: Data<&bytes::Bytes>) -> poem::Result<Response> {
    body.into_bytes().await?;
    Ok(Response::builder().content_type("application/json").body(answer.clone()))
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (listen, file) = arguments.next().zip(arguments.next()).context("usage: bare LISTEN FILE")?;
    let bytes = bytes::Bytes::from(std::fs::read(&file).with_context(|| file.clone())?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let routes = Route::new().at("/graphql", post(answer)).data(bytes);
    runtime.block_on(Server::new(TcpListener::bind(listen)).run(routes)).context("the server has ended")
}
