//! The dialects: one folder each, holding only what differs.

mod hsds3;
