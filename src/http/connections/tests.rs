//! Connections over streams in memory.
