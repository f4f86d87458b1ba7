//! What of a source's configuration is secret, and how it may be spelled when it comes back.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::config::{Auth, Source};

/// Shorter secrets occur by chance.
const SHORTEST: usize = 6;
/// A word at least as long as this is taken for a secret, whatever it is made of.
const LONG: usize = 16;
/// Parts of the names of headers and parameters whose values are secret.
const SECRET_NAMES: [&str; 12] = [
    "auth",
    "code",
    "cookie",
    "credential",
    "key",
    "pass",
    "pwd",
    "secret",
    "session",
    "sig",
    "subscription",
    "token",
];

/// The secrets of a source, in every spelling.
pub(super) fn of_source(source: &Source) -> Vec<String> {
    let mut secrets: Vec<String> = Vec::new();
    match &source.auth {
        Some(Auth::Bearer(token)) => secrets.push(token.expose().to_owned()),
        Some(Auth::Basic { username, password }) => {
            secrets.push(password.expose().to_owned());
            secrets.push(format!("{username}:{}", password.expose()));
        }
        Some(Auth::Header { value, .. }) => secrets.extend(of_header(value.expose(), true)),
        Some(Auth::Query { value, .. }) => secrets.push(value.expose().to_owned()),
        None => {}
    }
    for (name, value) in &source.headers {
        secrets.extend(of_header(value.expose(), names_secret(name)));
    }
    for (name, value) in source.url.query_pairs() {
        if names_secret(&name) || is_token(&value) {
            secrets.push(value.into_owned());
        }
    }
    let spelled = secrets.iter().map(|secret| secret.trim()).filter(|secret| secret.len() >= SHORTEST);
    spelled.flat_map(spellings).filter(|spelled| spelled.len() >= SHORTEST).collect()
}

// Plain headers, such as the language that is asked for, are no secrets. Of a value such as `ApiKey 9f3c…` the second
// word is one by itself.
fn of_header(value: &str, is_secret: bool) -> Vec<String> {
    let words = value.split([' ', ';', ',', '=']).filter(|word| is_token(word)).map(str::to_owned);
    let whole = (is_secret || is_token(value)).then(|| value.to_owned());
    words.chain(whole).collect()
}

fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

// Words of a language have no digits in them, and a media type has a slash.
fn is_token(word: &str) -> bool {
    let word = word.trim();
    let is_long = word.len() >= LONG && !word.contains(['/', ' ']);
    is_long
        || (word.len() >= SHORTEST
            && word.bytes().any(|byte| byte.is_ascii_digit())
            && !word.contains([' ', '/']))
}

fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned();
    let form = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
    let mut all = vec![
        secret.to_owned(),
        ascii_json(&json, |unit| format!("\\u{unit:04x}")),
        ascii_json(&json, |unit| format!("\\u{unit:04X}")),
        json,
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        html_escape::encode_safe(secret).into_owned(),
        html_escape::encode_double_quoted_attribute(secret).into_owned(),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
    ];
    all.extend(percent_encoded(secret));
    all.push(form);
    all
}

// Many serialisers write nothing but ASCII.
fn ascii_json(json: &str, escape: impl Fn(u16) -> String) -> String {
    let mut units = [0; 2];
    json.chars().fold(String::with_capacity(json.len()), |mut spelled, c| {
        match c.is_ascii() {
            true => spelled.push(c),
            false => c.encode_utf16(&mut units).iter().for_each(|unit| spelled.push_str(&escape(*unit))),
        }
        spelled
    })
}

// Which characters of an address are encoded is everybody's own choice: each choice there is, as long as they are few.
fn percent_encoded(secret: &str) -> Vec<String> {
    const MOST: usize = 5;
    let mut special: Vec<char> = secret.chars().filter(|c| !c.is_ascii_alphanumeric()).collect();
    special.sort_unstable();
    special.dedup();
    let special = special.get(..MOST).unwrap_or(&special);
    (1..1_usize << special.len())
        .map(|choice| {
            let is_encoded =
                |c: char| special.iter().position(|own| *own == c).is_some_and(|at| choice >> at & 1 == 1);
            let mut spelled = String::with_capacity(secret.len() * 3);
            for c in secret.chars() {
                match is_encoded(c) {
                    true => spelled.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC)),
                    false => spelled.push(c),
                }
            }
            spelled
        })
        .collect()
}
