//! Answers of feeds: the dialect's number, then the body.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oruk_gateway::fuzzing::page(input));
