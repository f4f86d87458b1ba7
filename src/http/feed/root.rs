//! The root document: what the feed is, which sources it contains, and which it leaves out and why.

use poem::Request;
use poem::http::{HeaderValue, header};
use serde_json::{Map, Value, json};

use super::{MergedFeed, WrittenAnswer};
use crate::federation::{FeedStatus, RepublicationRule, SourceState};
use crate::http::incomplete_sources::{X_INCOMPLETE_SOURCES, incomplete_sources};
use crate::writers::oruk;

/// The versions of the standard and its profile, as the validator of Open Referral UK spells them.
const VERSION: &str = "HSDS-UK-3.0";
const PROFILE: &str = "https://github.com/OpenReferralUK/uk-profile";

impl MergedFeed {
    pub(super) fn root(&self, request: &Request) -> WrittenAnswer {
        let states = self.federation.states();
        let (published, left_out): (Vec<_>, Vec<_>) =
            states.iter().partition(|state| state.info.republication == RepublicationRule::Allowed);
        let version = self.federation.catalogue_version();
        let version = version.map(|version| format!("{}.{}", version.generation, version.sequence));
        let failing = published.iter().filter(|state| !is_complete(state.status));
        let failing = failing.map(|state| (&state.info.key, state.status.as_str()));
        let incomplete = incomplete_sources(failing).map(|sources| (X_INCOMPLETE_SOURCES, sources));
        let headers = incomplete.into_iter().collect();
        let document = json!({
            "version": VERSION,
            "profile": PROFILE,
            "openapi_url": format!("{}/openapi.json", self.base(request)),
            "gateway": {
                "name": "oruk-gateway",
                "version": env!("CARGO_PKG_VERSION"),
                "data_version": version,
                "sources": published.iter().map(|state| self.included(state)).collect::<Value>(),
                "left_out": left_out.iter().map(|state| excluded(state)).collect::<Value>(),
            },
        });
        let cache_control = HeaderValue::from_static("public, max-age=10");
        WrittenAnswer { body: document.to_string().into_bytes(), cache_control, headers }
    }

    fn included(&self, state: &SourceState) -> Value {
        let publisher = self.federation.publisher(&state.info.key).unwrap_or_default();
        let mut said = match oruk::source(&publisher) {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let mut tell = |name: &str, value: Option<Value>| {
            value.into_iter().for_each(|value| drop(said.insert(name.to_owned(), value)));
        };
        tell("key", Some(state.info.key.as_str().into()));
        tell("status", Some(state.status.as_str().into()));
        tell("services", state.service_count.map(Value::from));
        tell("last_success_at", state.last_success_at.map(|at| json!(at)));
        tell(
            "error",
            state
                .error
                .as_ref()
                .map(|error| json!({ "code": error.code.as_str(), "message": error.message })),
        );
        Value::Object(said)
    }

    /// Returns the address at which the gateway is reached.
    fn base(&self, request: &Request) -> String {
        if let Some(public) = &self.public_url {
            return public.as_str().trim_end_matches('/').to_owned();
        }
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        format!("http://{}", host.unwrap_or("localhost"))
    }
}

fn excluded(state: &SourceState) -> Value {
    let info = &state.info;
    let reason = match info.republication {
        RepublicationRule::RefusedByLicence => {
            let licence = info.licence.as_ref().map_or("", |licence| licence.name.as_str());
            format!("its licence, {licence}, is not known to let others publish the data again")
        }
        _ => "the operator of this gateway does not publish its data again".to_owned(),
    };
    json!({ "key": info.key.as_str(), "name": info.name, "reason": reason })
}

fn is_complete(status: FeedStatus) -> bool {
    matches!(status, FeedStatus::Fresh | FeedStatus::Stale)
}
