//! Rust as plain text: without comments, strings and test modules, cut into words with their lines.

use std::path::Path as FilePath;

/// A source file and the words that count in it.
pub(super) struct File {
    /// Its path from the root of the repository.
    pub(super) path: String,
    /// All of it.
    pub(super) text: String,
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq)]
struct Word {
    text: String,
    line: usize,
}

/// A path that the code names, such as `std::fs`.
pub(super) struct Path {
    /// What stands between the `::`.
    pub(super) segments: Vec<String>,
    /// The line it begins on.
    pub(super) line: usize,
}

/// Every Rust file of `src/`.
pub(super) fn sources() -> Vec<File> {
    let root = FilePath::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("src"), &mut paths);
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        File::new(&name, &std::fs::read_to_string(path).unwrap())
    };
    paths.iter().map(read).collect()
}

fn collect(folder: &FilePath, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

impl File {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let is_test = path.split('/').any(|part| part == "tests" || part == "tests.rs");
        let words = if is_test { Vec::new() } else { without_tests(words(&bare(text))) };
        Self { path: path.to_owned(), text: text.to_owned(), words }
    }

    /// The names of its module and of those around it, outermost first; none for `lib.rs` and `main.rs`.
    pub(super) fn module(&self) -> Vec<&str> {
        let inside = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        if matches!(inside, "lib" | "main") { Vec::new() } else { inside.split('/').collect() }
    }

    /// The room it lies in.
    pub(super) fn room(&self) -> &str {
        self.path.trim_start_matches("src/").trim_end_matches(".rs").split('/').next().unwrap_or_default()
    }

    /// The lines on which these words stand one after the other.
    pub(super) fn find(&self, words: &[&str]) -> Vec<usize> {
        let windows = self.words.windows(words.len());
        let same = |window: &&[Word]| window.iter().zip(words).all(|(word, wanted)| word.text == *wanted);
        windows.filter(same).map(|window| window[0].line).collect()
    }

    /// Every path it names, those inside `{…}` written out.
    pub(super) fn paths(&self) -> Vec<Path> {
        let mut paths = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            at = if self.words[at].is_name() { self.path_at(at, &[], &mut paths) } else { at + 1 };
        }
        paths
    }

    /// Reads the path that begins at a word, below `prefix`; says where it ends.
    fn path_at(&self, mut at: usize, prefix: &[String], paths: &mut Vec<Path>) -> usize {
        let line = self.words[at].line;
        let mut segments = prefix.to_vec();
        loop {
            match self.words.get(at) {
                Some(word) if word.is_name() => segments.push(word.text.clone()),
                Some(word) if word.text == "{" && !segments.is_empty() => {
                    return self.group_at(at + 1, &segments, paths);
                }
                _ => break,
            }
            at += 1;
            if self.words.get(at).is_none_or(|word| word.text != "::") {
                break;
            }
            at += 1;
        }
        paths.push(Path { segments, line });
        at
    }

    /// Reads what stands in `{…}` behind a path.
    fn group_at(&self, mut at: usize, prefix: &[String], paths: &mut Vec<Path>) -> usize {
        while let Some(word) = self.words.get(at) {
            at = match word.text.as_str() {
                "}" => return at + 1,
                _ if word.is_name() => self.path_at(at, prefix, paths),
                _ => at + 1,
            };
        }
        at
    }
}

impl Word {
    fn is_name(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// The text with every comment gone and every string emptied; lines stay where they are.
fn bare(text: &str) -> String {
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
        // What is left out still parts the words around it.
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

/// The end of `'x'`; that of the quote alone where it begins a lifetime.
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

fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut line = 1;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut word = String::from(c);
        if c == '\n' {
            line += 1;
        }
        if c.is_whitespace() {
            continue;
        }
        if c.is_alphanumeric() || c == '_' {
            while let Some(next) = chars.next_if(|next| next.is_alphanumeric() || *next == '_') {
                word.push(next);
            }
        } else if c == ':' && chars.next_if_eq(&':').is_some() {
            word.push(':');
        }
        words.push(Word { text: word, line });
    }
    words
}

/// The words without the items that are marked `#[cfg(test)]`.
fn without_tests(words: Vec<Word>) -> Vec<Word> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let marked = words[at..].iter().map(|word| word.text.as_str()).take(MARK.len()).eq(MARK);
        if marked {
            at = item_end(&words, at + MARK.len());
        } else {
            kept.push(words[at].clone());
            at += 1;
        }
    }
    kept
}

/// The end of the item that begins at a word: its `;`, or the `}` of its body.
fn item_end(words: &[Word], from: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, word) in words[from..].iter().enumerate() {
        match word.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && word.text == "}" {
                    return from + offset + 1;
                }
            }
            ";" if depth == 0 => return from + offset + 1,
            _ => {}
        }
    }
    words.len()
}

#[test]
fn comments_strings_and_characters_are_no_code() {
    let text = r##"a /* b /* c */ d */ e // f
        "g \" h" i r#"j " k"# l '"' m 'n '\'' o &'p str"##;
    let words: Vec<String> = words(&bare(text)).into_iter().map(|word| word.text).collect();
    assert_eq!(words.join(" "), "a e i l m n o & p str");
}

#[test]
fn a_word_knows_its_line_and_a_path_its_branches() {
    let file =
        File::new("src/a.rs", "/* 1\n 2 */\nuse std::{fs, io::{self, Read as R}};\nfn f() { ::b::c::<D>() }");
    let paths: Vec<String> =
        file.paths().iter().map(|p| format!("{} {}", p.line, p.segments.join("::"))).collect();
    for path in ["3 std::fs", "3 std::io::self", "3 std::io::Read", "4 b::c"] {
        assert!(paths.iter().any(|found| found == path), "{path} is not in {paths:?}");
    }
}
