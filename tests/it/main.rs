//! The gateway as a whole, asked over HTTP, over feeds that behave and feeds that do not.

#[cfg(test)]
mod support;

mod details;
mod failures;
mod filters;
mod flights;
mod limits;
mod lookups;
mod odd_lists;
mod paging;
mod patience;
mod sources;
mod staleness;
mod web;
