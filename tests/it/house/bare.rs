//! Rust without comments and strings.

/// Returns the text without comments and with empty strings. Lines keep their numbers.
pub(super) fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => line_end(&chars, at),
            ('/', Some('*')) => comment_end(&chars, at),
            ('"', _) => string_end(&chars, at),
            ('r', Some('"' | '#')) if is_raw_string(&chars, at) => raw_string_end(&chars, at),
            ('\'', _) => char_end(&chars, at),
            (other, _) => {
                out.push(other);
                at += 1;
                continue;
            }
        };
        // What is removed still separates the words around it.
        out.push(' ');
        out.extend(chars[at..end].iter().filter(|c| **c == '\n'));
        at = end;
    }
    out
}

fn line_end(chars: &[char], from: usize) -> usize {
    chars[from..].iter().position(|c| *c == '\n').map_or(chars.len(), |offset| from + offset)
}

fn comment_end(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (at, depth) = (at + 2, depth + 1),
            ('*', Some('/')) => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn is_raw_string(chars: &[char], at: usize) -> bool {
    let after_hashes = chars[at + 1..].iter().find(|c| **c != '#');
    let inside_a_name = at > 0 && (chars[at - 1].is_alphanumeric() && chars[at - 1] != 'b');
    after_hashes == Some(&'"') && !inside_a_name
}

fn raw_string_end(chars: &[char], from: usize) -> usize {
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    let closed = |at: &usize| chars[*at] == '"' && chars[at + 1..].iter().take(hashes).all(|c| *c == '#');
    (from + hashes + 2..chars.len()).find(closed).map_or(chars.len(), |at| at + 1 + hashes)
}

/// Returns the end of `'x'`, or of the quote alone if it begins a lifetime.
fn char_end(chars: &[char], from: usize) -> usize {
    match (chars.get(from + 1), chars.get(from + 2)) {
        (Some('\\'), _) => {
            let close = chars[from + 3..].iter().position(|c| *c == '\'');
            close.map_or(chars.len(), |offset| from + 4 + offset)
        }
        (Some(_), Some('\'')) => from + 3,
        _ => from + 1,
    }
}

#[test]
fn comments_strings_and_characters_are_no_code() {
    let text = r##"a /* b /* c */ d */ e // f
        "g \" h" i r#"j " k"# l '"' m 'n '\'' o &'p str"##;
    let words: Vec<String> = bare(text).split_whitespace().map(str::to_owned).collect();
    assert_eq!(words.join(" "), "a e i l m n o & p str");
}
