//! What the tests are written with: feeds that misbehave, and a gateway over them.

mod fake_feed;
mod gateway;
mod keeping;

pub(crate) use fake_feed::{Asked, FakeFeed, Habit, Manner, Plan, Said, Scope, records};
pub(crate) use gateway::{Gateway, Reply, Setup, data};
pub(crate) use keeping::{Kept, Running, SETTINGS, opened, start};
