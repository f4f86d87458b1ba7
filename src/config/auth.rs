//! How the gateway authenticates to a source.

use super::kind::{self, Kind};
use super::problem::Refusal;
use super::secret::Secret;
use super::section::{Keys, Section};

/// How the gateway authenticates to a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer …`.
    Bearer(Secret),
    /// `Authorization: Basic …`.
    Basic {
        /// The user name, without `:`.
        username: String,
        /// The password; may be empty.
        password: Secret,
    },
    /// A header.
    Header {
        /// Its name, in lower case.
        name: String,
        /// Its value.
        value: Secret,
    },
    /// A query parameter on every request.
    Query {
        /// Its name, not yet encoded.
        name: String,
        /// Its value, not yet encoded.
        value: Secret,
    },
}

/// One method of authentication, as a table with the method's name as its only key.
pub(super) fn auth() -> Kind<Auth> {
    kind::table(|ways: Ways| {
        let ways = [ways.bearer.map(Auth::Bearer), ways.basic, ways.header, ways.query];
        let mut named = ways.into_iter().flatten();
        match (named.next(), named.next()) {
            (Some(auth), None) => Ok(auth),
            (None, _) => {
                Err(Refusal::new("names no method").remedy("use one of bearer, basic, header, query"))
            }
            (Some(_), Some(_)) => Err(Refusal::new("names more than one method").remedy("keep one")),
        }
    })
}

#[derive(Default)]
struct Ways {
    bearer: Option<Secret>,
    basic: Option<Auth>,
    header: Option<Auth>,
    query: Option<Auth>,
}

impl Section for Ways {
    const ABOUT: &'static str = "How the gateway authenticates: one of these.";
    const MAY_BE_SECRET: bool = true;

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.key("bearer", "A bearer token.", kind::header_value().some(), &mut self.bearer);
        keys.key("basic", "A user name and password.", kind::table(Basic::believe).some(), &mut self.basic);
        keys.key("header", "A header.", kind::table(HeaderPair::believe).some(), &mut self.header);
        keys.key("query", "A query parameter.", kind::table(QueryPair::believe).some(), &mut self.query);
    }
}

#[derive(Default)]
struct Basic {
    username: Option<String>,
    password: Option<Secret>,
}

impl Basic {
    fn believe(self) -> Result<Auth, Refusal> {
        let (Some(username), Some(password)) = (self.username, self.password) else {
            return Err(incomplete());
        };
        if username.is_empty() || username.contains(':') {
            return Err(Refusal::new("the user name must not be empty or contain `:`"));
        }
        Ok(Auth::Basic { username, password })
    }
}

impl Section for Basic {
    const ABOUT: &'static str = "A user name and password.";
    const MAY_BE_SECRET: bool = true;

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.required("username", "The user name.", kind::text(), &mut self.username);
        keys.required("password", "The password.", kind::secret(), &mut self.password);
    }
}

#[derive(Default)]
struct HeaderPair {
    name: Option<String>,
    value: Option<Secret>,
}

impl HeaderPair {
    fn believe(self) -> Result<Auth, Refusal> {
        let (Some(name), Some(value)) = (self.name, self.value) else { return Err(incomplete()) };
        Ok(Auth::Header { name, value })
    }
}

impl Section for HeaderPair {
    const ABOUT: &'static str = "A header.";
    const MAY_BE_SECRET: bool = true;

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.required("name", "The header's name.", kind::header_name(), &mut self.name);
        keys.required("value", "The header's value.", kind::header_value(), &mut self.value);
    }
}

#[derive(Default)]
struct QueryPair {
    name: Option<String>,
    value: Option<Secret>,
}

impl QueryPair {
    fn believe(self) -> Result<Auth, Refusal> {
        let (Some(name), Some(value)) = (self.name, self.value) else { return Err(incomplete()) };
        Ok(Auth::Query { name, value })
    }
}

impl Section for QueryPair {
    const ABOUT: &'static str = "A query parameter.";
    const MAY_BE_SECRET: bool = true;

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.required("name", "The parameter's name.", kind::word(), &mut self.name);
        keys.required("value", "The parameter's value.", kind::secret(), &mut self.value);
    }
}

/// Only for a document that is invalid elsewhere, where missing keys are not reported.
fn incomplete() -> Refusal {
    Refusal::new("is incomplete")
}
