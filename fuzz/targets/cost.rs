//! Queries, or bytes to draw one by, and what they take over a small feed.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oruk_gateway::fuzzing::cost(input));
