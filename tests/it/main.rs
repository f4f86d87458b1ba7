//! Tests of the whole gateway over HTTP, with feeds that behave and feeds that do not, and of the house rules. Each
//! behaviour has a file; all are one binary, so that they link once.
#![cfg(test)]

mod support;

mod agreement;
mod almost_json;
mod any_paging;
mod asking;
#[cfg(unix)]
mod budgets;
mod capabilities;
mod ceilings;
mod changes;
#[cfg(unix)]
mod cli;
mod connections;
mod continuations;
mod damage;
mod departures;
mod details;
mod detection;
mod doubts;
mod duplicates;
#[cfg(unix)]
mod engines;
mod exports;
mod failures;
mod fairness;
mod feed;
mod filters;
mod flights;
mod fuzz;
mod house;
mod incomplete;
mod limits;
mod list_ends;
mod lookups;
mod lossless;
mod nested_terms;
mod nothing_found;
mod odd_lists;
mod own_pages;
mod paging;
mod patience;
mod places;
mod providers;
mod related;
mod renderings;
#[cfg(unix)]
mod replicas;
mod sources;
mod staleness;
mod statistics;
mod subgraph;
mod suggest;
mod sync;
mod term_groups;
mod varieties;
mod warming;
mod web;
mod withheld;
