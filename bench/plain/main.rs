//! The yardstick of `bench/load.sh`: services of several feeds in one graph, done the plain way.
//!
//! Pages are parsed with serde straight into the graph's own types, each feed's list is kept in a moka cache, lists
//! are put end to end, and the stock integration serves them. Nothing here mends what a feed gets wrong, orders,
//! filters, limits, reports on sources or keeps whole answers: that is what the gateway has to be as fast with.
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
