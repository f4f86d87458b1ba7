//! The licence a source publishes under.

use serde_json::json;
use toml::de::DeValue;
use url::Url;

use super::kind::{self, Kind};
use super::problem::Refusal;
use super::reader::{Found, Report};
use super::section::{Keys, Section};

/// The licence a source publishes under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// Its display name, or the SPDX id if no better name is known.
    pub name: String,
    /// Where it can be read.
    pub url: Option<Url>,
    /// Its id in the SPDX list, e.g. `OGL-UK-3.0`.
    pub spdx_id: Option<String>,
}

/// An SPDX id as text, or a table with the licence's name and URL.
pub(super) fn licence() -> Kind<Licence> {
    let by_id = Kind::parsed(json!({ "type": "string", "examples": [OGL.0] }), from_spdx_id, |_| None);
    let spelt_out = kind::table(|written: Written| {
        let name = written.name.filter(|name| !name.is_empty()).ok_or_else(|| Refusal::new("has no name"))?;
        Ok(Licence { name, url: written.url, spdx_id: written.spdx_id })
    });
    let schema = json!({ "anyOf": [by_id.schema(), spelt_out.schema()] });
    let read = move |report: &mut Report<'_>, found: &Found<'_>| match found.value {
        DeValue::String(_) => by_id.read(report, found),
        DeValue::Table(_) => spelt_out.read(report, found),
        _ => {
            report.expected(found, "an SPDX id or a table { name, url }");
            None
        }
    };
    Kind::new(schema, read, |_| None)
}

/// The licence of nearly every UK publisher: id, name, URL.
const OGL: (&str, &str, &str) = (
    "OGL-UK-3.0",
    "Open Government Licence v3.0",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
);

fn from_spdx_id(id: &str) -> Result<Licence, Refusal> {
    if id == OGL.0 {
        let (id, name, url) = OGL;
        return Ok(Licence { name: name.into(), url: Url::parse(url).ok(), spdx_id: Some(id.into()) });
    }
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')) {
        return Err(Refusal::new("is not an SPDX id").remedy("write { name = \"…\", url = \"https://…\" }"));
    }
    Ok(Licence { name: id.into(), url: None, spdx_id: Some(id.into()) })
}

#[derive(Default)]
struct Written {
    name: Option<String>,
    url: Option<Url>,
    spdx_id: Option<String>,
}

impl Section for Written {
    const ABOUT: &'static str = "A licence by name.";

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.required("name", "The licence's name.", kind::text(), &mut self.name);
        keys.key("url", "The address of its text.", kind::url().optional(), &mut self.url);
        keys.key("spdx_id", "Its SPDX id.", kind::word().optional(), &mut self.spdx_id);
    }
}
