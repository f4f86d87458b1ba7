//! Support for the tests: feeds that misbehave, and a gateway over them.

#[cfg(unix)]
mod certificates;
#[cfg(unix)]
mod engine;
mod fake_feed;
mod faulty_wire;
mod gateway;
mod keeping;
#[cfg(unix)]
mod pgbouncer;
#[cfg(unix)]
mod postgres;
#[cfg(unix)]
mod redis;

#[cfg(unix)]
pub(crate) use certificates::TestAuthority;
pub(crate) use fake_feed::{Asked, FakeFeed, Habit, Manner, Plan, Said, Scope, records};
pub(crate) use faulty_wire::{FaultyWire, WireFault};
pub(crate) use gateway::{Gateway, Reply, Setup, data, wall_clock};
pub(crate) use keeping::{Kept, Running, SETTINGS, opened, start};
#[cfg(unix)]
pub(crate) use pgbouncer::PgBouncer;
#[cfg(unix)]
pub(crate) use postgres::PostgresServer;
#[cfg(unix)]
pub(crate) use redis::RedisServer;
