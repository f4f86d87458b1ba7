//! Secrets are found in every spelling, and nothing else is changed.

use serde_json::{Value, json};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::*;
use crate::config::{SecretText, SourceAuth};
use crate::model::SourceKey;

const KEY: &str = "s3cr3t/k+y=9\"&f";

fn source(auth: Option<SourceAuth>) -> config::SourceSettings {
    let url = "https://feed.example/v3?subscription-key=fromtheaddress&format=json-lines".parse().unwrap();
    let headers = vec![
        ("x-api-key".to_owned(), SecretText::new("abcdefgh")),
        ("accept-language".to_owned(), SecretText::new("en-GB,english")),
        ("x-area".to_owned(), SecretText::new("bristol")),
        ("x-id".to_owned(), SecretText::new("Client 9f3c2b7d")),
    ];
    config::SourceSettings {
        auth,
        headers,
        ..config::SourceSettings::new(SourceKey::parse("elm").unwrap(), url)
    }
}

fn redactor() -> SecretRedactor {
    let value = SecretText::new(KEY);
    SecretRedactor::of([&source(Some(SourceAuth::Query { name: "key".into(), value }))])
}

fn clean(body: &[u8]) -> String {
    String::from_utf8(redactor().body(Bytes::copy_from_slice(body)).to_vec()).unwrap()
}

#[test]
fn a_secret_is_found_in_every_spelling() {
    let all = json!({
        "plain": KEY, "url": "https://a.example/?key=s3cr3t%2Fk%2By%3D9%22%26f&x=s3cr3t%2fk%2by%3d9%22%26f",
        "html": "s3cr3t/k+y=9&quot;&amp;f", "base64": "czNjcjN0L2sreT05IiZm",
        "header": ["ABCDEFGH", "9f3c2b7d", "fromtheaddress"], "S3CR3T/K+Y=9\"&F": 1,
    });
    let read: Value = serde_json::from_str(&clean(all.to_string().as_bytes())).unwrap();
    let text = read.to_string();
    let expected = json!({
        "plain": "***", "url": "https://a.example/?key=***&x=***", "html": "***", "base64": "***",
        "header": ["***", "***", "***"], "***": 1,
    });
    assert_eq!(read, expected, "{text}");
    // As PHP and .NET write it.
    assert_eq!(
        clean(br#"["s3cr3t\/k\u002By\u003d9\"\u0026f", "\\/ \\u002B \u00e9"]"#),
        r#"["***", "\\/ \\u002B \u00e9"]"#
    );
    // Nothing else is changed.
    let utf16: Vec<u8> = format!("[{}]", json!(KEY)).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(clean(&utf16), "[\"***\"]");
}

/// Spellings of a text from which a reader gets the text back, each with its name.
type Disguise = (&'static str, fn(&str) -> String);

fn disguises() -> Vec<Disguise> {
    fn each(text: &str, spell: impl Fn(u8) -> String) -> String {
        text.bytes().map(spell).collect()
    }
    fn hex(text: &str) -> String {
        each(text, |byte| format!("{byte:02x}"))
    }
    vec![
        ("decimal entities", |text| each(text, |byte| format!("&#{byte};"))),
        ("hexadecimal entities", |text| each(text, |byte| format!("&#x{byte:X};"))),
        ("open entities", |text| each(text, |byte| format!("&#0{byte}<!---->"))),
        ("escaped entities", |text| each(text, |byte| format!("&amp;amp;#{byte};"))),
        ("some entities", |text| text.replace('3', "&#51;").replace('/', "&sol;").replace('"', "&quot;")),
        ("percent", |text| each(text, |byte| format!("%{byte:02x}"))),
        ("percent of percent of percent", |text| each(text, |byte| format!("%2525{byte:02X}"))),
        ("percent units", |text| each(text, |byte| format!("%u00{byte:02X}"))),
        ("JSON units in JSON", |text| each(text, |byte| format!("\\u00{byte:02x}"))),
        ("JSON in JSON in JSON", |text| json!([json!([text]).to_string()]).to_string()),
        ("script bytes", |text| each(text, |byte| format!("\\x{byte:02x}"))),
        ("tags", |text| {
            each(text, |byte| format!("{}<i class='a'>", char::from(byte)).replace('&', "&amp;"))
        }),
        ("comments", |text| each(text, |byte| format!("{}<!-- > < -->", char::from(byte)))),
        ("dropped elements", |text| text.replacen("3c", "3<SCRIPT>a < b</script >c", 1)),
        ("invisible letters", |text| each(text, |byte| format!("{}\u{200b}\u{ad}\u{1}", char::from(byte)))),
        ("entities in percent", |text| each(text, |byte| format!("%26%23{byte}%3b"))),
        ("percent in entities", |text| each(text, |byte| format!("&#37;{byte:x}"))),
        ("hexadecimal", hex),
        ("Base64 of hexadecimal", |text| STANDARD.encode(hex(text))),
        ("Base64", |text| STANDARD.encode(text)),
        ("Base64 in a text", |text| STANDARD.encode(format!("a{text} and more"))),
        ("Base64 further in", |text| URL_SAFE_NO_PAD.encode(format!("ab{text}?~"))),
        ("Base64 as words", |text| STANDARD.encode(format!("abc{text}~"))),
        ("Base64 of Base64", |text| STANDARD.encode(STANDARD.encode(text))),
        ("upper case", str::to_uppercase),
    ]
}

#[test]
fn a_secret_is_found_whatever_disguise_it_comes_in() {
    let redactor = redactor();
    for (name, disguise) in disguises() {
        let text = disguise(KEY);
        for sent in
            [json!([&text, 1]).to_string(), json!({"a": format!("x {text} y"), &text: "z"}).to_string()]
        {
            let clean = String::from_utf8(redactor.body(sent.clone().into()).to_vec()).unwrap();
            assert!(clean.contains("***"), "{name}: {sent}");
            let read: Value = serde_json::from_str(&clean).expect(name);
            let is_whole = read.as_object().is_none_or(|members| members.values().any(|value| value == "z"));
            assert!(is_whole && !clean.contains(KEY), "{name}: {clean}");
            assert_eq!(redactor.body(clean.clone().into()), clean, "{name}: something was left");
        }
        let page = format!("<p title=\"a\">key {text}</p>");
        assert!(redactor.text(&page).contains("***"), "{name}");
        assert!(redactor.start_of(page.as_bytes()).contains("***"), "{name}");
    }
}

#[test]
fn what_looks_like_escapes_costs_a_text_nothing_of_itself() {
    let sent = json!({
        "a": "50% &nbsp; <b>100%</b> &copy; < & > %zz \\ \\u00 \u{2013} \u{ad} &unknown; &#; <!-- <script>",
        "b": ["</script> -->", "a\"b\\"], "\u{1}": "<<<<",
    });
    let body = Bytes::from(sent.to_string());
    assert_eq!(redactor().body(body.clone()).as_ptr(), body.as_ptr());
}

#[test]
fn bodies_made_of_nothing_but_escapes_take_no_more_than_their_length() {
    let began = std::time::Instant::now();
    for piece in ["<", "<!--", "<script>", "&amp;", "%25", "\\", "\"<", "&#", "<a", "\u{200b}", "\\\""] {
        let body = Bytes::from(piece.repeat((1 << 20) / piece.len()));
        redactor().body(body);
    }
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn what_is_no_secret_stays_to_the_byte() {
    let body = Bytes::from_static(
        br#"{"town": "Bristol", "language": "english", "format": "json-lines", "a": "\/"}"#,
    );
    let read = redactor().body(body.clone());
    assert_eq!((read.as_ptr(), &read), (body.as_ptr(), &body), "not even copied");
    let read = SecretRedactor::default().body(body.clone());
    assert_eq!(read.as_ptr(), body.as_ptr());
}

#[test]
fn basic_credentials_are_found_as_they_are_sent() {
    let auth = SourceAuth::Basic { username: "ann".into(), password: SecretText::new("12345678") };
    let redactor = SecretRedactor::of([&source(Some(auth))]);
    let body = br#"{"sent": "Basic YW5uOjEyMzQ1Njc4", "number": 12345678, "user": "ann"}"#;
    let clean = redactor.body(Bytes::from_static(body));
    let read: Value = serde_json::from_slice(&clean).unwrap();
    assert_eq!(read, json!({"sent": "Basic ***", "number": 99_999_999, "user": "ann"}));
}

#[test]
fn the_start_of_a_body_is_short_tame_and_without_secrets() {
    let body = format!("\n<b>Invalid key {KEY}\r\n{}", "x".repeat(9000));
    let start = redactor().start_of(body.as_bytes());
    assert!(start.starts_with("<b>Invalid key ***  xxx"), "{start}");
    assert_eq!(start.chars().count(), 200);
}

/// Writes each letter by itself, in a form that is read as that letter.
fn lettered(spell: impl Fn(char) -> String) -> String {
    KEY.chars().map(spell).collect()
}

#[test]
fn a_secret_that_only_mending_stripping_or_folding_makes_plain_is_found_once_they_are_done() {
    let moved = |by: u32| move |c: char| char::from_u32(u32::from(c) + by).unwrap_or(c).to_string();
    let between = |what: &'static str| lettered(move |c| format!("{c}{what}"));
    let spelled = [
        ("wide letters", lettered(moved(0xfee0))),
        ("wide letters in entities", lettered(|c| format!("&#{};", u32::from(c) + 0xfee0))),
        (
            "wide letters in percent",
            url::form_urlencoded::byte_serialize(lettered(moved(0xfee0)).as_bytes()).collect(),
        ),
        ("other letters", KEY.replace('s', "\u{17f}").replace('k', "\u{212a}")),
        ("accents", between("\u{301}")),
        ("letters that nobody sees", between("\u{17b5}")),
        ("line ends", between("\n")),
        ("apostrophes", between("'")),
        ("attributes", between("<b title=\">\">")),
        ("templates", between("<template>x</template>")),
        ("sections", lettered(|c| format!("<![CDATA[{c}]]>"))),
    ];
    for (name, text) in spelled {
        let mut row = json!({"a": [{"b": &text}], &text: "c", "d": "Tea"});
        redactor().value(&mut row);
        assert_eq!(row["a"][0]["b"], "***", "{name}");
        assert_eq!((&row["***"], &row["d"]), (&json!("c"), &json!("Tea")), "{name}");
    }
    let in_words = format!("<p>Key: {KEY}</p> and <b>tea</b>");
    let mut row = json!([in_words, "Caffi Gwyn \u{2013} t\u{ee} & <b>tea</b>", 5, null]);
    redactor().value(&mut row);
    assert_eq!(
        row,
        json!(["<p>Key: ***</p> and <b>tea</b>", "Caffi Gwyn \u{2013} t\u{ee} & <b>tea</b>", 5, null])
    );
}
