//! Tests of several gateways together.

mod simulation;
