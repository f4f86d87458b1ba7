//! Pages that are almost JSON.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oruk_gateway::fuzzing::mend(input));
