//! Converts the configuration into each room's settings.

use std::num::NonZeroU32;
use std::sync::Arc;

use anyhow::Context as _;

use crate::admission::{AdmissionSettings, PointBudget, SharedBudget};
use crate::catalogue::journal::{PostgresJournal, StepJournal as _, check_postgres_url};
use crate::catalogue::{CatalogueOpening, ReplicaSettings, StoreVerifier, StoredCatalogue};
use crate::config::{self, ConfigProblem, GatewayConfig, OperationBatching};
use crate::graphql::GraphSettings;
use crate::http;
use crate::model::{AskLexicon, InstantClock, LiveMembers, PostcodePlaces};
use crate::source::rules_of_reading;

/// The division of the cache's memory, in bytes.
pub(super) struct CacheShares {
    pub(super) sources: u64,
    pub(super) answers: u64,
}

/// The share of finished responses (one part in this many): they live for a second and are worth little compared with
/// records.
const ANSWERS_PART: u64 = 16;

pub(super) fn cache_shares(config: &GatewayConfig) -> CacheShares {
    let answers = config.cache.max_size / ANSWERS_PART;
    CacheShares { sources: config.cache.max_size - answers, answers }
}

/// Returns the built-in lay words with the rows of `ask.lay_words`. Returns `None` if there are no such rows, or they
/// cannot be used, which reading the configuration has already reported.
pub(super) fn lexicon(config: &GatewayConfig) -> Option<Arc<AskLexicon>> {
    let rows = (!config.lay_words.is_empty()).then(|| AskLexicon::with(&config.lay_words))?;
    let rows =
        rows.inspect_err(|(_, error)| tracing::error!(%error, "cannot use the rows of `ask.lay_words`"));
    rows.ok().map(Arc::new)
}

pub(super) fn graph(config: &GatewayConfig) -> GraphSettings {
    let graphql = &config.graphql;
    GraphSettings {
        notice: config.ask.notice(),
        introspection: graphql.introspection,
        federation: graphql.federation,
        max_depth: graphql.max_depth,
        max_complexity: graphql.max_complexity,
        max_aliases: graphql.max_aliases,
        max_root_fields: graphql.max_root_fields,
        max_tokens: graphql.max_tokens,
        max_directives: graphql.max_directives,
        max_nodes: graphql.max_nodes,
        max_answer: graphql.max_answer,
        request_timeout: config.server.request_timeout,
        max_searches: graphql.max_searches,
        max_page_size: graphql.max_page_size,
        default_page_size: graphql.default_page_size,
        ..GraphSettings::default()
    }
}

/// Returns the problems of the keys that name other servers. Connects to none of them.
pub fn problems_of_servers(config: &GatewayConfig) -> Vec<ConfigProblem> {
    let (server, catalogue) = (&config.server, &config.catalogue);
    let journal = catalogue.journal.as_ref().map(|url| check_postgres_url(url.expose()));
    let journal = journal.and_then(Result::err).map(|error| problem("catalogue.journal", error.to_string()));
    let password = (catalogue.journal_password_file.is_some() && catalogue.journal.is_none()).then(|| {
        problem("catalogue.journal_password_file", "has no effect without `catalogue.journal`".to_owned())
    });
    let budgets = server.shared_budgets.as_ref().map(|url| SharedBudget::at(url.expose()));
    let budgets =
        budgets.and_then(Result::err).map(|error| problem("server.shared_budgets", error.to_string()));
    let points = (server.shared_budgets.is_some() && server.max_points_per_minute == 0).then(|| {
        problem("server.shared_budgets", "has no effect without `server.max_points_per_minute`".to_owned())
    });
    [journal, password, budgets, points].into_iter().flatten().collect()
}

/// Connects to the journal as a gateway would, which creates its tables if there are none. Returns the problem if that
/// fails, and `None` if no journal is configured, or if its URL already is a problem.
pub async fn problem_of_journal(config: &GatewayConfig) -> Option<ConfigProblem> {
    let catalogue = &config.catalogue;
    let url = catalogue.journal.as_ref()?.expose();
    let journal = PostgresJournal::at(url, catalogue.journal_password_file.clone()).ok()?;
    let failed = journal.members().await.err()?;
    Some(problem("catalogue.journal", failed.to_string()))
}

fn problem(key: &str, message: String) -> ConfigProblem {
    ConfigProblem { key: key.to_owned(), line: None, column: None, message, remedy: None }
}

/// Returns the limit on the points that clients may spend. `None` if there is none. `members` is the number of gateways
/// that share the points.
pub(super) fn points(
    server: &config::ServerSettings,
    members: LiveMembers,
) -> anyhow::Result<Option<Arc<PointBudget>>> {
    let Some(per_minute) = NonZeroU32::new(server.max_points_per_minute) else { return Ok(None) };
    let shared = server.shared_budgets.as_ref().map(|url| SharedBudget::at(url.expose())).transpose();
    let shared = shared.context("the URL in `server.shared_budgets` cannot be used")?;
    Ok(Some(Arc::new(PointBudget::new(per_minute, members, shared))))
}

pub(super) fn http(config: &GatewayConfig, points: Option<Arc<PointBudget>>) -> http::HttpSettings {
    let (graphql, server) = (&config.graphql, &config.server);
    http::HttpSettings {
        path: graphql.path.clone(),
        console: graphql.console,
        introspection: graphql.introspection,
        batching: match graphql.batching {
            OperationBatching::Off => None,
            OperationBatching::UpTo(most) => Some(most),
        },
        max_body: server.max_body,
        request_timeout: server.request_timeout,
        export_timeout: server.export_timeout,
        max_answer: graphql.max_answer,
        cors_origins: server.cors_origins.clone(),
        public_url: server.public_url.clone(),
        metrics_apart: server.admin_listen.is_some(),
        trusted_proxies: server.trusted_proxies.clone(),
        admission: AdmissionSettings {
            max_running_cost: server.max_running_cost,
            max_waiting: server.max_waiting,
            max_waiting_per_client: server.max_waiting_per_client,
        },
        points,
        processors: std::thread::available_parallelism().map_or(1, usize::from),
        answer_cache_bytes: cache_shares(config).answers,
    }
}

pub(super) fn connections(server: &config::ServerSettings) -> http::ConnectionSettings {
    http::ConnectionSettings {
        header_timeout: server.header_timeout,
        idle_timeout: server.idle_timeout,
        max_connections: server.max_connections,
        max_connections_per_address: server.max_connections_per_address,
        http2: server.http2,
        shutdown_grace: server.shutdown_grace,
    }
}

/// Opens the catalogue, in its directory or in memory.
pub(super) async fn catalogue(
    config: &GatewayConfig,
    postcodes: PostcodePlaces,
    clock: InstantClock,
    verifier: &StoreVerifier,
) -> anyhow::Result<StoredCatalogue> {
    let (directory, rules) = (config.catalogue.directory.clone(), rules_of_reading(&config.privacy));
    let replica = replica(&config.catalogue)?;
    let opening = CatalogueOpening { directory, rules, postcodes, clock, verifier, replica };
    StoredCatalogue::open_as(opening).await.context("cannot open the catalogue")
}

/// Returns the name of the machine.
#[cfg(unix)]
fn machine() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn machine() -> String {
    "gateway".to_owned()
}

/// Returns how this gateway shares the catalogue with others. `None` if it does not.
fn replica(catalogue: &config::CatalogueSettings) -> anyhow::Result<Option<ReplicaSettings>> {
    let Some(url) = &catalogue.journal else { return Ok(None) };
    let journal = PostgresJournal::at(url.expose(), catalogue.journal_password_file.clone());
    let journal = Arc::new(journal.context("the URL in `catalogue.journal` cannot be used")?);
    let name = catalogue.replica_name.clone().unwrap_or_else(machine);
    Ok(Some(ReplicaSettings { journal, name }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_name_other_servers_are_checked_and_no_password_is_repeated() {
        let keys = |text: &str| {
            let config = GatewayConfig::parse(text, &|_| None).unwrap();
            let problems = problems_of_servers(&config);
            assert!(problems.iter().all(|problem| !problem.to_string().contains("hush")), "{problems:?}");
            problems.into_iter().map(|problem| problem.key).collect::<Vec<_>>()
        };
        let points = "[server]\nmax_points_per_minute = 9\nshared_budgets =";
        assert_eq!(keys(""), [""; 0]);
        assert_eq!(
            keys("[catalogue]\njournal = 'postgres://u:hush@h/d?sslmode=prefer'"),
            ["catalogue.journal"]
        );
        assert_eq!(keys("[catalogue]\njournal_password_file = 'p'"), ["catalogue.journal_password_file"]);
        assert_eq!(keys(&format!("{points} 'redis://:hush@h/nowhere'")), ["server.shared_budgets"]);
        assert_eq!(keys(&format!("{points} 'redis://:hush@h/0'")), [""; 0]);
        assert_eq!(keys("[server]\nshared_budgets = 'redis://h'"), ["server.shared_budgets"]);
    }
}
