//! The gateway as a whole, asked over HTTP, over feeds that behave and feeds that do not.

#[cfg(test)]
mod support;

#[cfg(unix)]
mod cli;
mod failures;
mod paging;
