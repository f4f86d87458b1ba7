//! The baseline of `bench/load.sh`: a simple server with the services of several feeds in one graph.
//!
//! It parses pages with serde into the graph's own types, caches each feed's list with moka, joins the lists, and
//! serves them with async-graphql's poem integration. It does not repair what a feed gets wrong, sort, filter, enforce
//! limits, report on sources or cache answers. The gateway does all of that, and should be as fast.
//!
//! `plain LISTEN FEED…` serves `/graphql` over the feeds at those addresses.

mod feeds;
mod graph;

use std::env;

use anyhow::Context as _;
use async_graphql::{EmptyMutation, EmptySubscription, Schema};
use async_graphql_poem::GraphQL;
use poem::listener::TcpListener;
use poem::{Route, Server};

use feeds::Feeds;
use graph::Query;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let listen = arguments.next().context("usage: plain LISTEN FEED…")?;
    let feeds = Feeds::new(arguments.collect())?;
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).data(feeds).finish();
    let app = Route::new().at("/graphql", GraphQL::new(schema));
    Server::new(TcpListener::bind(listen)).run(app).await?;
    Ok(())
}
