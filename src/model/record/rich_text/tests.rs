//! Prose, ordinary and hostile.

use proptest::prelude::*;

use super::*;

#[test]
fn markup_becomes_paragraphs_of_text() {
    let text = RichText::new("<h1>About</h1><p>Caf&eacute; &amp; company&nbsp;every day.</p>".to_owned());
    assert_eq!(text.text(), "About\n\nCafé & company every day.");
    assert!(text.raw().starts_with("<h1>"));
}

#[test]
fn plain_text_is_left_alone_and_escaped_on_the_way_to_html() {
    let text = RichText::new("Tea & talk, <18s welcome".to_owned());
    assert_eq!(text.text(), "Tea & talk, <18s welcome");
    assert!(text.html().contains("&lt;18s"), "{}", text.html());
}

#[test]
fn scripts_never_reach_a_page() {
    let text = RichText::new("<p onclick=evil()>Hi<script>evil()</script></p>".to_owned());
    assert_eq!(text.html(), "<p>Hi</p>");
    assert_eq!(text.text(), "Hi");
}

#[test]
fn what_only_looks_like_markup_stays_in_text_and_page() {
    for (raw, text, html) in [
        (
            "Ask Ann <ann@elm.example>: ages <5 & >2. See <https://elm.example/x>.",
            "Ask Ann <ann@elm.example>: ages <5 & >2. See <https://elm.example/x>.",
            "Ask Ann &lt;ann@elm.example&gt;: ages &lt;5 &amp; &gt;2. See &lt;https://elm.example/x&gt;.",
        ),
        (
            "<p>Ask <b>Ann</b> <ann@elm.example></p>",
            "Ask Ann <ann@elm.example>",
            "<p>Ask <b>Ann</b> &lt;ann@elm.example&gt;</p>",
        ),
        ("Caf&eacute; for ages <5", "Café for ages <5", "Café for ages &lt;5"),
        ("Lunch and company.", "Lunch and company.", "Lunch and company."),
        (
            "<p>1<sup>st</sup> floor, 20 m<sup>2</sup></p>",
            "1st floor, 20 m²",
            "<p>1<sup>st</sup> floor, 20 m<sup>2</sup></p>",
        ),
    ] {
        let read = RichText::new(raw.to_owned());
        assert_eq!(read.text(), text);
        assert_eq!(read.html(), html);
    }
}

proptest! {
    #[test]
    fn any_text_can_be_read(raw in ".*") {
        let text = RichText::new(raw.clone());
        let _ = text.html();
        prop_assert_eq!(text.raw(), raw);
    }
}

/// Texts that would take an HTML parser seconds or gigabytes.
fn hostile() -> Vec<(&'static str, String)> {
    let numbered = |count: usize, write: &dyn Fn(usize) -> String| (0..count).map(write).collect::<String>();
    let distinct = |count| numbered(count, &|n| format!("<b a{n}>"));
    vec![
        ("reopened", format!("<p>{}{}", distinct(2000), "<p>x".repeat(4000))),
        (
            "closed in a comment",
            format!("<p>{}{}", numbered(900, &|n| format!("<b a{n}><!--</b>-->")), "<p>x".repeat(2000)),
        ),
        ("closed in a cell", format!("<table>{}", numbered(900, &|n| format!("<b a{n}><td></b><p>x")))),
        ("closed in a select", numbered(900, &|n| format!("<i a{n}><select></i></select><p>x"))),
        ("in capitals", format!("<P>{}{}", numbered(900, &|n| format!("<FONT a={n}>")), "<P>x".repeat(900))),
        ("a long tag reopened", format!("<p><b title=\"{}\">{}", "x".repeat(100_000), "<p>x".repeat(3000))),
        ("a long link reopened", format!("<p><a title=\"{}\">{}", "x".repeat(30_000), "<p>x".repeat(3000))),
        ("nested", "<div>".repeat(50_000)),
        ("nested lists", "<ul><li>x".repeat(20_000)),
        ("templates", "<template><table><tr>".repeat(20_000)),
        ("drawings", "<svg><math><mi><b>".repeat(20_000)),
        ("attributes", format!("<p {}>x", numbered(20_000, &|n| format!("a{n} ")))),
        ("attributes side by side", format!("<p {}>x", numbered(20_000, &|n| format!("a{n}=\"\"")))),
        ("a wide table", format!("<table><tr><td>{}{}", "x".repeat(60_000), "<tr><td>y".repeat(2000))),
        ("spans", "<tr><td rowspan=9999 colspan=50>x".repeat(1900)),
        ("nested tables", "<table><tr><td>x".repeat(390)),
        ("very many entities", "<p>&amp;".to_owned() + &"&amp;".repeat(50_000)),
        ("brackets", "<a".repeat(500_000) + ">"),
        ("quotes", "<a b=\"".repeat(100_000) + ">"),
        ("names of no element", numbered(50_000, &|n| format!("<x{n}>")) + &"<p>".repeat(7000)),
        ("comments", "<!--".repeat(200_000)),
        ("scripts", "<script></".repeat(100_000)),
        ("long", format!("<p>{}", "tea ".repeat(200_000))),
        ("entities", format!("<p>{}", "&amp".repeat(200_000))),
    ]
}

#[test]
fn hostile_markup_is_stripped_and_never_parsed() {
    for (what, raw) in hostile() {
        assert!(RichText::has_too_much_markup(&raw), "{what}");
        let text = RichText::new(raw.clone());
        assert!(text.text().len() <= raw.len(), "{what}");
        assert!(text.html().len() <= raw.len() * 6, "{what}");
        assert!(!text.text().contains("<b a") && !text.html().contains('<'), "{what}");
    }
}

#[test]
fn a_table_does_not_grow_beyond_its_text() {
    let wide = format!("<table><tr><td>{}{}", "x".repeat(1000), "<tr><td>y".repeat(400));
    assert!(!RichText::has_too_much_markup(&wide));
    assert!(RichText::new(wide.clone()).text().len() <= wide.len() * 4);
}

#[test]
fn cells_that_span_into_one_another_are_read() {
    let cells = "<tr><td rowspan=9 colspan=2>Tea<tr><td rowspan=9>talk<tr><td COLSPAN=3>music".repeat(3);
    let text = RichText::new(format!("<table>{cells}</table>"));
    assert!(text.text().starts_with("Tea\ntalk\nmusic"), "{}", text.text());
    assert!(text.html().contains("<td"), "{}", text.html());
}

#[test]
fn texts_of_councils_are_parsed() {
    let list =
        "<li><a href=\"https://elm.example/page\" class=\"link\"><strong>Tea</strong></a> &amp; talk</li>";
    let rows = "<tr><td><p>Monday</p></td><td>10am to <em>noon</em></td></tr>".repeat(150);
    let fonts: String = (0..12).map(|n| format!("<p><font size=\"{n}\"><b>Tea</b></font></p>")).collect();
    for raw in [
        format!("<ul>{}</ul>", list.repeat(300)),
        format!("<table><tbody>{rows}</tbody></table>"),
        fonts.repeat(10),
        format!("<div>{}</div>", format!("<p>{}</p>", "tea ".repeat(160)).repeat(100)),
        "<p>One<br>Two".repeat(1000),
    ] {
        assert!(raw.len() < 65_536 && !RichText::has_too_much_markup(&raw), "{raw:.60}");
    }
}

#[test]
fn stripping_keeps_what_is_there_to_be_read() {
    let stripped = strip::strip(
        "<h1>About</h1><style>p{}</style><p>Caf&eacute; &lt;b&gt; &amp;\n<b>tea</b><br>Tuesdays<!-- <p> --><SCRIPT>e()</SCRIPT \
         ><ul><li>One<li>Two</ul> a < b <p",
    );
    assert_eq!(stripped, "About\n\nCafé <b> & tea\nTuesdays\nOne\nTwo\na < b");
}

proptest! {
    #[test]
    fn stripping_never_lengthens_a_text(raw in "(<(b|/b|p|td|!--|script|/script|svg|a b='|x)>?|&amp;|&#x|x|>|'){0,60}") {
        prop_assert!(strip::strip(&raw).len() <= raw.len());
    }
}
