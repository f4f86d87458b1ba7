//! One source: its engine (limits, retries, breaker, cache) and the dialects that read its answers.

mod dialect;
mod dialects;
