//! Documents over no source; variables may follow after a NUL.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oruk_gateway::fuzzing::graphql(input));
