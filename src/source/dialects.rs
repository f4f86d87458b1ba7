//! The dialects: one folder each, holding only what differs, and the lenient reading they share.

#[cfg(test)]
mod conformance;
mod hsds3;
mod lenient;

pub(crate) use hsds3::Hsds3Reader;
