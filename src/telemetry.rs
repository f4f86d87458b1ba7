//! Metric names and the log subscriber.
