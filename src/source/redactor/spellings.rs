//! Finds the secrets in a source's configuration, and how they may be spelled when a feed sends them back.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::LAYERS;
use super::undo::UnescapedText;
use crate::config::{SourceAuth, SourceSettings};

/// The shortest secret, in bytes. Shorter ones would match by chance.
pub(super) const SHORTEST: usize = 6;
/// A word of at least this many bytes is taken for a secret, whatever it consists of.
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

/// Returns the secrets of a source in every spelling.
pub(super) fn of_source(source: &SourceSettings) -> Vec<Vec<u8>> {
    let mut secrets: Vec<String> = Vec::new();
    match &source.auth {
        Some(SourceAuth::Bearer(token)) => secrets.push(token.expose().to_owned()),
        Some(SourceAuth::Basic { username, password }) => {
            secrets.push(password.expose().to_owned());
            secrets.push(format!("{username}:{}", password.expose()));
        }
        Some(SourceAuth::Header { value, .. }) => secrets.extend(of_header(value.expose(), true)),
        Some(SourceAuth::Query { value, .. }) => secrets.push(value.expose().to_owned()),
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

// Plain headers such as `Accept-Language` are not secret. In a value such as `ApiKey 9f3c…` the second word is a secret
// by itself.
fn of_header(value: &str, is_secret: bool) -> Vec<String> {
    let words = value.split([' ', ';', ',', '=']).filter(|word| is_token(word)).map(str::to_owned);
    let whole = (is_secret || is_token(value)).then(|| value.to_owned());
    words.chain(whole).collect()
}

fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

// Words of a language have no digits, and media types have a slash.
fn is_token(word: &str) -> bool {
    let word = word.trim();
    let is_long = word.len() >= LONG && !word.contains(['/', ' ']);
    is_long
        || (word.len() >= SHORTEST
            && word.bytes().any(|byte| byte.is_ascii_digit())
            && !word.contains([' ', '/']))
}

/// Returns a secret and its encodings, each as it is and with its escapes decoded. Escaped spellings are not needed,
/// because texts are also searched with their escapes decoded.
fn spellings(secret: &str) -> Vec<Vec<u8>> {
    let form = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
    let mut all = vec![secret.as_bytes().to_vec(), form.into_bytes()];
    let once = encodings(secret.as_bytes());
    // An encoded header is sometimes encoded again.
    all.extend(once.iter().flat_map(|encoded| encodings(encoded)));
    all.extend(once);
    let undone: Vec<Vec<u8>> = all.iter().flat_map(|spelled| undone(spelled)).collect();
    all.extend(undone);
    all
}

fn undone(spelled: &[u8]) -> Vec<Vec<u8>> {
    let mut layers: Vec<Vec<u8>> = Vec::new();
    let next = |layers: &[Vec<u8>]| UnescapedText::of(layers.last().map_or(spelled, Vec::as_slice), false);
    while layers.len() < LAYERS
        && let Some(layer) = next(&layers)
    {
        layers.push(layer.bytes);
    }
    layers
}

fn encodings(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex = secret.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let whole = [STANDARD_NO_PAD.encode(secret), URL_SAFE_NO_PAD.encode(secret), hex];
    let within = (0..3).flat_map(|before| {
        [within_base64(secret, before, &STANDARD_NO_PAD), within_base64(secret, before, &URL_SAFE_NO_PAD)]
    });
    whole.into_iter().map(String::into_bytes).chain(within).collect()
}

// The Base64 of a longer text that contains the secret. Its spelling depends on the number of bytes before the secret
// modulo three, and its first and last characters on the bytes next to it, so these are left out.
fn within_base64(secret: &[u8], before: usize, alphabet: &impl Engine) -> Vec<u8> {
    let text = [vec![0; before], secret.to_vec()].concat();
    let (first, end) = ((before * 8).div_ceil(6), text.len() * 8 / 6);
    alphabet.encode(&text).into_bytes().get(first..end).unwrap_or_default().to_vec()
}
