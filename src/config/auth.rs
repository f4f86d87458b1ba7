//! How the gateway authenticates to a source.

use super::kind::{self, ValueKind};
use super::problem::ValueRefusal;
use super::secret::SecretText;
use super::section::{ConfigSection, SectionVisitor};

/// How the gateway authenticates to a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceAuth {
    /// `Authorization: Bearer …`.
    Bearer(SecretText),
    /// `Authorization: Basic …`.
    Basic {
        /// The user name, without `:`.
        username: String,
        /// The password; may be empty.
        password: SecretText,
    },
    /// A header.
    Header {
        /// Its name, in lower case.
        name: String,
        /// Its value.
        value: SecretText,
    },
    /// A query parameter on every request.
    Query {
        /// Its name, not yet encoded.
        name: String,
        /// Its value, not yet encoded.
        value: SecretText,
    },
}

/// One method of authentication, as a table with the method's name as its only key.
pub(super) fn auth() -> ValueKind<SourceAuth> {
    kind::table(|ways: WrittenAuth| {
        let ways = [ways.bearer.map(SourceAuth::Bearer), ways.basic, ways.header, ways.query];
        let mut named = ways.into_iter().flatten();
        match (named.next(), named.next()) {
            (Some(auth), None) => Ok(auth),
            (None, _) => {
                Err(ValueRefusal::new("names no method").remedy("use one of bearer, basic, header, query"))
            }
            (Some(_), Some(_)) => Err(ValueRefusal::new("names more than one method").remedy("keep one")),
        }
    })
}

#[derive(Default)]
struct WrittenAuth {
    bearer: Option<SecretText>,
    basic: Option<SourceAuth>,
    header: Option<SourceAuth>,
    query: Option<SourceAuth>,
}

impl ConfigSection for WrittenAuth {
    const ABOUT: &'static str = "How the gateway authenticates: one of these.";
    const MAY_BE_SECRET: bool = true;

    fn keys(&mut self, keys: &mut impl SectionVisitor) {
        keys.key("bearer", "A bearer token.", kind::header_value().some(), &mut self.bearer);
        keys.key(
            "basic",
            "A user name and password.",
            kind::table(BasicAuth::believe).some(),
            &mut self.basic,
        );
        keys.key("header", "A header.", kind::table(HeaderPair::believe).some(), &mut self.header);
        keys.key("query", "A query parameter.", kind::table(QueryPair::believe).some(), &mut self.query);
    }
}

#[derive(Default)]
struct BasicAuth {
    username: Option<String>,
    password: Option<SecretText>,
}

impl BasicAuth {
    fn believe(self) -> Result<SourceAuth, ValueRefusal> {
        let (Some(username), Some(password)) = (self.username, self.password) else {
            return Err(incomplete());
        };
        if username.is_empty() || username.contains(':') {
            return Err(ValueRefusal::new("the user name must not be empty or contain `:`"));
        }
        Ok(SourceAuth::Basic { username, password })
    }
}

impl ConfigSection for BasicAuth {
    const ABOUT: &'static str = "A user name and password.";
    const MAY_BE_SECRET: bool = true;

    fn keys(&mut self, keys: &mut impl SectionVisitor) {
        keys.required("username", "The user name.", kind::text(), &mut self.username);
        keys.required("password", "The password.", kind::secret(), &mut self.password);
    }
}

#[derive(Default)]
struct HeaderPair {
    name: Option<String>,
    value: Option<SecretText>,
}

impl HeaderPair {
    fn believe(self) -> Result<SourceAuth, ValueRefusal> {
        let (Some(name), Some(value)) = (self.name, self.value) else { return Err(incomplete()) };
        Ok(SourceAuth::Header { name, value })
    }
}

impl ConfigSection for HeaderPair {
    const ABOUT: &'static str = "A header.";
    const MAY_BE_SECRET: bool = true;

    fn keys(&mut self, keys: &mut impl SectionVisitor) {
        keys.required("name", "The header's name.", kind::header_name(), &mut self.name);
        keys.required("value", "The header's value.", kind::header_value(), &mut self.value);
    }
}

#[derive(Default)]
struct QueryPair {
    name: Option<String>,
    value: Option<SecretText>,
}

impl QueryPair {
    fn believe(self) -> Result<SourceAuth, ValueRefusal> {
        let (Some(name), Some(value)) = (self.name, self.value) else { return Err(incomplete()) };
        Ok(SourceAuth::Query { name, value })
    }
}

impl ConfigSection for QueryPair {
    const ABOUT: &'static str = "A query parameter.";
    const MAY_BE_SECRET: bool = true;

    fn keys(&mut self, keys: &mut impl SectionVisitor) {
        keys.required("name", "The parameter's name.", kind::word(), &mut self.name);
        keys.required("value", "The parameter's value.", kind::secret(), &mut self.value);
    }
}

/// Only for a document that is invalid elsewhere, where missing keys are not reported.
fn incomplete() -> ValueRefusal {
    ValueRefusal::new("is incomplete")
}
