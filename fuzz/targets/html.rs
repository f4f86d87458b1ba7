//! Texts with and without markup.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oruk_gateway::fuzzing::html(input));
