//! The standards as tables, records with every property filled, and the search for their values in an answer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// The objects of a version by name, each with its properties and their kinds of value.
pub(super) struct Standard {
    version: &'static str,
    objects: BTreeMap<String, Vec<(String, String)>>,
}

/// The values that have been filled so far.
#[derive(Default)]
pub(super) struct Filled {
    /// Every scalar by its path.
    pub(super) leaves: BTreeMap<String, Value>,
    count: u32,
}

impl Standard {
    /// Reads a version of Open Referral 3. `uk` is the UK profile of 3.0.
    pub(super) fn of_3(version: &'static str) -> Self {
        Self::read("hsds-3.tsv", version)
    }

    /// Reads Open Referral UK 1.0.
    pub(super) fn of_1() -> Self {
        Self::read("oruk-1.tsv", "1.0")
    }

    fn read(file: &str, version: &'static str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/standards").join(file);
        let text = std::fs::read_to_string(path).unwrap();
        let mut objects: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [object, property, kind, versions @ ..] = cells.as_slice() else { panic!("{line}") };
            if versions.is_empty() || versions.iter().any(|all| all.split(' ').any(|one| one == version)) {
                let properties = objects.entry((*object).to_owned()).or_default();
                properties.push(((*property).to_owned(), (*kind).to_owned()));
            }
        }
        Self { version, objects }
    }

    pub(super) fn name(&self) -> &str {
        self.version
    }

    pub(super) fn has(&self, object: &str) -> bool {
        // 1.0 lists nothing but services, and calls a term a taxonomy.
        self.version != "1.0" && self.objects.contains_key(object)
    }

    /// Returns an object with all its properties, and everything nested in them.
    pub(super) fn fill(&self, object: &str, filled: &mut Filled) -> Value {
        self.object(object, &mut vec![object.to_owned()], object, filled)
    }

    fn object(&self, object: &str, within: &mut Vec<String>, path: &str, filled: &mut Filled) -> Value {
        let mut members = Map::new();
        for (property, kind) in &self.objects[object] {
            let path = format!("{path}.{property}");
            let (how, what) = kind.split_once(' ').unwrap_or((kind, ""));
            let value = match how {
                "list" | "one" if within.iter().any(|around| around == what) => continue,
                "list" | "one" => {
                    within.push(what.to_owned());
                    let inner = self.object(what, within, &path, filled);
                    within.pop();
                    if how == "list" { json!([inner]) } else { inner }
                }
                // The graph spells out days.
                "word" if what == "MO" => {
                    filled.leaves.insert(path, json!("MONDAY"));
                    members.insert(property.clone(), json!(what));
                    continue;
                }
                "word" => json!(what),
                kind => filled.value(kind),
            };
            if value.is_object() || value.is_array() {
                members.insert(property.clone(), value);
                continue;
            }
            filled.leaves.insert(path, value.clone());
            members.insert(property.clone(), value);
        }
        Value::Object(members)
    }
}

impl Filled {
    fn value(&mut self, kind: &str) -> Value {
        self.count += 1;
        let n = self.count;
        let date =
            |days: u32| chrono::NaiveDate::from_ymd_opt(2031, 1, 1).unwrap() + chrono::Days::new(days.into());
        match kind {
            "text" => json!(format!("Words q{n:05}q")),
            "id" => json!(format!("0d6f3a10-0000-4000-8000-0000000{n:05}")),
            "email" => json!(format!("q{n:05}q@elm.example")),
            "url" => json!(format!("https://elm.example/q{n:05}q")),
            "date" => json!(date(n).to_string()),
            "instant" => json!(format!("{}T09:00:00Z", date(n))),
            "time" => json!(format!("{:02}:{:02}", n / 60 % 24, n % 60)),
            "number" => json!(n),
            "truth" => json!(true),
            "days" => json!("TU"),
            "latitude" => json!(51.0 + f64::from(n) / 100_000.0),
            "longitude" => json!(-2.0 - f64::from(n) / 100_000.0),
            "phone" => json!(format!("01632 9{n:05}")),
            "postcode" => {
                let letter = |at: u32| char::from(b"ABDEFGHJLNPQRSTUWXYZ"[at as usize % 20]);
                json!(format!("BS{} {}{}{}", 1 + n / 4000, n / 400 % 10, letter(n / 20), letter(n)))
            }
            other => panic!("no such kind of value: {other}"),
        }
    }
}

/// The scalars of an answer.
pub(super) struct Found {
    leaves: BTreeSet<String>,
    text: String,
}

impl Found {
    pub(super) fn of(answer: &Value) -> Self {
        let mut leaves = BTreeSet::new();
        collect(answer, &mut leaves);
        let text = leaves.iter().cloned().collect::<Vec<_>>().join("\n");
        Self { leaves, text }
    }

    /// Returns whether a value that was sent occurs in the answer: numbers, times and words as a whole value, others
    /// also within one.
    pub(super) fn has(&self, sent: &Value) -> bool {
        let text = plain(sent);
        let is_unique = text.len() > 5 && sent.is_string() && text.bytes().any(|byte| byte.is_ascii_digit());
        self.leaves.contains(&text) || (is_unique && self.text.contains(&text))
    }
}

// Enumerations are in capitals in the graph, and numbers may gain a fraction.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_lowercase().replace('_', " "),
        Value::Number(number) => number.as_f64().unwrap().to_string(),
        other => other.to_string(),
    }
}

fn collect(value: &Value, leaves: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| collect(value, leaves)),
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, leaves)),
        value => {
            leaves.insert(plain(value));
            // Global ids contain the feed's own ids.
            let decoded = value.as_str().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
            leaves.extend(decoded.and_then(|bytes| String::from_utf8(bytes).ok()));
        }
    }
}
