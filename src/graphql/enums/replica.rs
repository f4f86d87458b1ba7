//! What a gateway does among several.

use async_graphql::Enum;
use oruk_gateway_derive::GraphEnum;

use crate::federation;

/// What a gateway does among those that keep one catalogue together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::ReplicaRole")]
pub(crate) enum ReplicaRole {
    /// It reads the publishers, for all.
    Leader,
    /// It takes what the leader has read.
    Follower,
    /// It is loading the catalogue.
    Joining,
}
