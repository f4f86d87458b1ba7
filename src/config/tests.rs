//! The configuration as a whole: its reference file, its problems, its environment, its secrets, its schema.

use std::time::Duration;

use super::{
    ConfigProblem, ConfiguredLicence, GatewayConfig, OperationBatching, SourceAuth, SourceSettings,
    config_schema,
};
use crate::model::{Dialect, SourceKey, SourceMode};

const REFERENCE: &str = include_str!("../../config/gateway.toml");

fn nothing(_: &str) -> Option<String> {
    None
}

fn token(name: &str) -> Option<String> {
    (name == "BRISTOL_TOKEN").then(|| "s3cr3t".to_owned())
}

fn parse(text: &str) -> Result<GatewayConfig, Vec<String>> {
    GatewayConfig::parse(text, &nothing)
        .map_err(|problems| problems.iter().map(ConfigProblem::to_string).collect())
}

/// The only problem of a text, without its remedy.
fn problem(text: &str) -> String {
    let problems = GatewayConfig::parse(text, &nothing).expect_err(text);
    match problems.as_slice() {
        [only] => ConfigProblem { remedy: None, ..only.clone() }.to_string(),
        _ => panic!("{text}: {problems:#?}"),
    }
}

/// The only source of a document that holds just the bare minimum of one and these keys.
fn source(keys: &str) -> Result<SourceSettings, Vec<String>> {
    let text = format!("[[sources]]\nkey = \"a\"\nurl = \"https://a.example/\"\n{keys}");
    parse(&text).map(|mut config| config.sources.remove(0))
}

/// The configuration with a bare source added, which takes up what `[defaults]` says.
fn over_defaults(text: &str) -> Result<GatewayConfig, Vec<String>> {
    parse(&format!("{text}\n[[sources]]\nkey = \"a\"\nurl = \"https://a.example/\"\n"))
}

/// The reference file with its examples uncommented.
fn reference_with_examples() -> String {
    let uncommented = |line: &str| match line.strip_prefix('#') {
        Some(example) if !example.starts_with([' ', '#']) => example.to_owned(),
        _ => line.to_owned(),
    };
    REFERENCE.lines().map(uncommented).collect::<Vec<_>>().join("\n")
}

#[test]
fn reference_file_is_the_defaults() {
    assert_eq!(parse(REFERENCE), Ok(GatewayConfig::default()));
    assert_eq!(parse(""), Ok(GatewayConfig::default()));
    assert_eq!(over_defaults(REFERENCE), over_defaults(""));
}

#[test]
fn reference_example_is_a_source() {
    let config = GatewayConfig::parse(&reference_with_examples(), &token).unwrap();
    let [source] = config.sources.as_slice() else { panic!("{:#?}", config.sources) };

    assert_eq!(source.key, SourceKey::parse("bristol").unwrap());
    assert_eq!(source.url.as_str(), "https://bristol.example/o/OpenReferralService/v3");
    assert_eq!(source.dialect, Some(Dialect::Placecube1));
    assert_eq!(source.mode, SourceMode::Live);
    assert!(matches!(&source.auth, Some(SourceAuth::Bearer(secret)) if secret.expose() == "s3cr3t"));
    assert_eq!(source.headers.len(), 1);
    assert_eq!(source.paths["services"], "/services");
    assert_eq!(source.honours, ["modified_after"]);
    assert_eq!(source.limits.page_size, 50);
    assert_eq!(source.limits.timeout, Duration::from_secs(10));
}

#[test]
fn reference_file_holds_every_key() {
    let written: toml::Table = reference_with_examples().parse().unwrap();
    let schema = config_schema();
    let sections = schema["properties"].as_object().unwrap();

    assert_eq!(sections.len(), written.len());
    for (name, section) in sections {
        let Some(properties) = section["properties"].as_object() else { continue };
        for (key, property) in properties {
            assert!(written[name].get(key).is_some(), "{name}.{key} is not in the reference file");
            assert!(!property["description"].as_str().unwrap_or_default().is_empty(), "{name}.{key}");
        }
    }
}

#[test]
fn schema_and_reader_agree_on_defaults() {
    let schema = config_schema();
    for section in ["server", "graphql", "cache", "catalogue", "places", "privacy", "defaults"] {
        let properties = schema["properties"][section]["properties"].as_object().unwrap();
        let defaults = properties.iter().map(|(key, property)| (key.clone(), property["default"].clone()));
        let table = serde_json::Map::from_iter([(section.to_owned(), defaults.collect())]);
        let text = toml::to_string(&table).unwrap();

        assert_eq!(over_defaults(&text), over_defaults(""), "{text}");
    }
    assert_eq!(schema["properties"]["server"]["properties"]["max_body"]["default"], "256KiB");
    assert_eq!(schema["properties"]["sources"]["items"]["required"], serde_json::json!(["key", "url"]));
}

#[test]
fn reports_every_problem_with_its_line() {
    let text = r#"
[server]
listen = "localhost:8080"
port = 8080
max_bdy = "1MiB"

[graphql]
max_depth = "deep"
max_page_size = 10
default_page_size = 20

[[sources]]
key = "Bristol"
url = "bristol.example/v3"
time_out = "10s"

[[sources]]
key = "leeds"
url = "https://me:hunter2@leeds.example"
licence = 3
auth = { bearer = "${LEEDS_TOKEN}" }

[[sources]]
key = "leeds"
"#;
    let lines = [
        "line 3: server.listen: is not an address and port; write an IP address and a port, such as \"127.0.0.1:8080\" or \"[::]:8080\"",
        "line 4: server.port: unknown key; use one of listen, admin_listen, public_url, shutdown_delay, shutdown_grace, cors_origins, request_timeout, export_timeout, max_body, header_timeout, idle_timeout, max_connections, max_connections_per_address, trusted_proxies, max_running_cost, max_waiting, max_waiting_per_client, max_points_per_minute, shared_budgets, http2",
        "line 5: server.max_bdy: unknown key; did you mean `max_body`?",
        "line 8: graphql.max_depth: expected a whole number, found a string",
        "line 10: graphql.default_page_size: 20 is greater than `max_page_size`, 10; lower it, or raise `max_page_size`",
        "line 13: sources[0].key: may contain only a-z, 0-9 and, between them, `-`",
        "line 14: sources[0].url: relative URL without a base; write it as https://host/path",
        "line 15: sources[0].time_out: unknown key; did you mean `timeout`?",
        "line 19: sources[1].url: contains a user name or password; remove it; for a source, use `auth = { basic = { username, password } }`",
        "line 20: sources[1].licence: expected an SPDX id or a table { name, url }, found a whole number",
        "line 21: sources[1].auth.bearer: the environment variable `LEEDS_TOKEN` is not set; set it, or write `${LEEDS_TOKEN:-default}`",
        "line 23: sources[2].url: is missing; write `url = …`",
        "line 24: sources[2].key: is already the key of sources[1] (line 18); give each a different one",
    ];

    assert_eq!(parse(text).unwrap_err(), lines);
}

#[test]
fn points_at_the_character() {
    let problems = GatewayConfig::parse("[server]\n  listen = \"é\"\n", &nothing).unwrap_err();

    assert_eq!((problems[0].line, problems[0].column), (Some(2), Some(12)));
}

#[test]
fn names_what_is_wrong_with_each_kind() {
    for (text, expected) in [
        ("[graphql]\nmax_depth = 0", "line 2: graphql.max_depth: is out of range"),
        ("[graphql]\nmax_depth = -1", "line 2: graphql.max_depth: is out of range"),
        ("[graphql]\nmax_depth = 1.5", "line 2: graphql.max_depth: expected a whole number, found a number"),
        ("[graphql]\nconsole = 1", "line 2: graphql.console: expected true or false, found a whole number"),
        ("[graphql]\nbatching = true", "line 2: graphql.batching: `true` sets no limit"),
        (
            "[graphql]\npath = \"/metrics\"",
            "line 2: graphql.path: is already used by another address of the gateway",
        ),
        ("[server]\nmax_body = \"big\"", "line 2: server.max_body: is not a size"),
        ("[server]\nrequest_timeout = \"10\"", "line 2: server.request_timeout: is not a duration"),
        ("[server]\nrequest_timeout = \"0s\"", "line 2: server.request_timeout: is out of range"),
        (
            "[server]\nrequest_timeout = 10",
            "line 2: server.request_timeout: expected a string, found a whole number",
        ),
        (
            "[server]\ncors_origins = [\n \"*\",\n \"x\",\n]",
            "line 4: server.cors_origins[1]: is not a web origin",
        ),
        ("[privacy]\nassurer_emails = \"hide\"", "line 2: privacy.assurer_emails: unknown value"),
        ("[defaults]\nrequests_per_second = inf", "line 2: defaults.requests_per_second: is out of range"),
        ("[defaults]\ndialect = \"oruk-2\"", "line 2: defaults.dialect: unknown value"),
        ("[defaults]\nurl = \"https://a.example\"", "line 2: defaults.url: unknown key"),
        ("[defaults]\nlicence = \"Open Licence\"", "line 2: defaults.licence: is not an SPDX id"),
        (
            "[defaults]\nlicence = { url = \"https://a.example\" }",
            "line 2: defaults.licence.name: is missing",
        ),
        ("[defaults]\nauth = {}", "line 2: defaults.auth: names no method"),
        // It may be the secret.
        ("[defaults]\nauth = { f3c9a1 = \"\" }", "line 2: defaults.auth: has an unknown key"),
        ("[defaults]\nauth = { bearer = \"\" }", "line 2: defaults.auth.bearer: is empty"),
        (
            "[defaults]\nauth = { bearer = \"x\", query = { name = \"k\", value = \"v\" } }",
            "line 2: defaults.auth: names more than one method",
        ),
        (
            "[defaults]\nauth = { basic = { username = \"a:b\", password = \"\" } }",
            "line 2: defaults.auth.basic: the user name must not be empty or contain `:`",
        ),
        (
            "[defaults]\nheaders = { \"X Y\" = \"1\" }",
            "line 2: defaults.headers.\"X Y\": is not a header name",
        ),
        (
            "[defaults]\nheaders = { X = \"a\\nb\" }",
            "line 2: defaults.headers.X: is not a valid header value",
        ),
        ("[defaults]\nheaders = { X = \"1\", x = \"2\" }", "line 2: defaults.headers.x: is given twice"),
        ("[defaults]\npaths = { service = \"/s\" }", "line 2: defaults.paths.service: unknown endpoint"),
        ("[defaults]\npaths = { services = \"s\" }", "line 2: defaults.paths.services: is not a path"),
        (
            "[defaults]\npaths = { services = \"/s?key=f3c9a1\" }",
            "line 2: defaults.paths.services: contains a query",
        ),
        ("[defaults]\nhonours = \"text\"", "line 2: defaults.honours: expected a list, found a string"),
        ("server = 1", "line 1: server: expected a table, found a whole number"),
        ("sources = {}", "line 1: sources: expected tables, each under `[[sources]]`, found a table"),
        ("sources = [1]", "line 1: sources[0]: expected a table, found a whole number"),
    ] {
        assert_eq!(problem(text), expected);
    }
}

#[test]
fn broken_toml_hides_no_other_problem_and_invents_none() {
    let problems = parse("[[sources]]\nkey = \"a\"\nurl = https://a.example\ntimeout = 3\n").unwrap_err();

    assert!(problems.iter().any(|problem| problem.starts_with("line 3: ")), "{problems:#?}");
    assert!(
        problems.iter().any(|problem| problem.starts_with("line 4: sources[0].timeout: ")),
        "{problems:#?}"
    );
    assert!(!problems.iter().any(|problem| problem.contains("is missing")), "{problems:#?}");
    assert_eq!(problem("[server\nlisten = \"127.0.0.1:80\"\n"), "line 1: unclosed table, expected `]`");
    assert_eq!(
        problem("[server]\nlisten = \n"),
        "line 2: string values must be quoted, expected literal string"
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused_within_itself(text in "([\\[\\]a-z0-9_.=\"'{}$:, \n-]|\\[\\[sources\\]\\]\n|key = |é){0,60}") {
        let problems = GatewayConfig::parse(&text, &nothing).err().unwrap_or_default();
        let lines = text.split('\n').count();

        for problem in problems {
            proptest::prop_assert!(problem.line.is_none_or(|line| (1..=lines).contains(&line)), "{problem:?}");
        }
    }
}

#[test]
fn environment_comes_before_types() {
    let env = |name: &str| match name {
        "PORT" => Some("9000".to_owned()),
        "DEPTH" => Some("5".to_owned()),
        "RATE" => Some("fast".to_owned()),
        _ => None,
    };
    let text = "[server]\nlisten = \"0.0.0.0:${PORT}\"\n[graphql]\nmax_depth = \"${DEPTH}\"\n\
                console = \"${CONSOLE:-false}\"\nbatching = \"${BATCH:-8}\"\n";
    let config = GatewayConfig::parse(text, &env).unwrap();

    assert_eq!(config.server.listen.port(), 9000);
    assert_eq!(config.graphql.max_depth, 5);
    assert!(!config.graphql.console);
    assert_eq!(config.graphql.batching, OperationBatching::UpTo(8));

    let problems = GatewayConfig::parse("[defaults]\nrequests_per_second = \"${RATE}\"", &env).unwrap_err();
    assert_eq!(problems[0].message, "its variable does not contain a number");
}

#[test]
fn lowered_page_bound_lowers_the_default() {
    let graphql = parse("[graphql]\nmax_page_size = 10").unwrap().graphql;

    assert_eq!((graphql.max_page_size, graphql.default_page_size), (10, 10));
}

#[test]
fn source_overrides_the_defaults_and_adds_to_their_tables() {
    let text = r#"
[[sources]]
key = "a"
url = "https://a.example"
retries = 5
auth = ""
headers = { X-B = "theirs" }
paths = { services = "/s" }

[defaults]
retries = 1
page_size = 25
auth = { bearer = "x" }
headers = { x-a = "1", x-b = "ours" }
paths = { locations = "/l" }
"#;
    let source = parse(text).unwrap().sources.remove(0);
    let headers: Vec<_> =
        source.headers.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();

    assert_eq!((source.limits.retries, source.limits.page_size), (5, 25));
    assert_eq!(source.auth, None);
    assert_eq!(headers, [("x-a", "1"), ("x-b", "theirs")]);
    assert_eq!(source.paths.keys().collect::<Vec<_>>(), ["locations", "services"]);
}

#[test]
fn bare_source_has_every_default() {
    let bare = source("").unwrap();

    assert_eq!(bare, SourceSettings::new(bare.key.clone(), bare.url.clone()));
    assert_eq!((bare.name.as_str(), bare.dialect, bare.enabled), ("a", None, true));
}

#[test]
fn licence_is_an_id_or_spelt_out() {
    let licence = |text: &str| source(&format!("licence = {text}")).unwrap().licence;
    let ogl = licence("\"OGL-UK-3.0\"").unwrap();
    let plain = |name: &str, spdx_id: Option<&str>| ConfiguredLicence {
        name: name.into(),
        url: None,
        spdx_id: spdx_id.map(Into::into),
    };

    assert_eq!(ogl.name, "Open Government Licence v3.0");
    assert!(ogl.url.is_some() && ogl.spdx_id.as_deref() == Some("OGL-UK-3.0"));
    assert_eq!(licence("\"CC-BY-4.0\""), Some(plain("CC-BY-4.0", Some("CC-BY-4.0"))));
    assert_eq!(licence("{ name = \"House rules\" }"), Some(plain("House rules", None)));
    assert_eq!(licence("\"\""), None);
}

#[test]
fn reads_every_way_to_prove_oneself() {
    let auth = |text: &str| source(&format!("auth = {{ {text} }}")).unwrap().auth.unwrap();

    assert!(matches!(auth("bearer = \"t\""), SourceAuth::Bearer(token) if token.expose() == "t"));
    assert!(matches!(auth("basic = { username = \"u\", password = \"p\" }"),
        SourceAuth::Basic { username, password } if username == "u" && password.expose() == "p"));
    assert!(matches!(auth("header = { name = \"X-Key\", value = \"v\" }"),
        SourceAuth::Header { name, value } if name == "x-key" && value.expose() == "v"));
    assert!(matches!(auth("query = { name = \"api_key\", value = \"v\" }"),
        SourceAuth::Query { name, value } if name == "api_key" && value.expose() == "v"));
}

#[test]
fn secrets_are_in_no_output() {
    let text = |url: &str| {
        format!(
            "[[sources]]\nkey = \"a\"\nurl = \"{url}\"\nauth = {{ basic = {{ username = \"u\", password = \"s3cr3t\" }} }}\n\
             headers = {{ X-Key = \"s3cr3t\" }}\n"
        )
    };
    let config = parse(&text("https://a.example")).unwrap();
    let problems = parse(&text("https://u:s3cr3t@a.example")).unwrap_err();

    assert!(!format!("{config:?} {config:#?} {problems:?}").contains("s3cr3t"));
}
