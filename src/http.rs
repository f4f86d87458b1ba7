//! HTTP: GraphQL over HTTP, pages for people, health and metrics; no business words.
