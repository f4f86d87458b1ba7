//! Rust as plain text: without comments, strings and test modules, split into words with their lines.

use std::path::Path as FilePath;
use std::sync::LazyLock;

use super::bare::bare;

/// A source file, with its words.
pub(super) struct File {
    /// The path from the root of the repository.
    pub(super) path: String,
    /// The complete text.
    pub(super) text: String,
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq)]
struct Word {
    text: String,
    line: usize,
}

/// A path in the code, such as `std::fs`.
pub(super) struct Path {
    /// The parts between the `::`.
    pub(super) segments: Vec<String>,
    /// The line on which it begins.
    pub(super) line: usize,
}

/// Returns every Rust file of `src/`.
pub(super) fn sources() -> &'static [File] {
    static SOURCES: LazyLock<Vec<File>> = LazyLock::new(read_sources);
    &SOURCES
}

fn read_sources() -> Vec<File> {
    let root = FilePath::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("src"), &mut paths);
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        File::new(&name, &std::fs::read_to_string(path).unwrap())
    };
    let mut files: Vec<File> = paths.iter().map(read).collect();
    let tests: Vec<String> = files.iter().flat_map(File::test_modules).collect();
    for file in &mut files {
        let module = file.path.trim_end_matches(".rs");
        let inside = |test: &String| module == test || module.starts_with(&format!("{test}/"));
        if tests.iter().any(inside) {
            file.words.clear();
        }
    }
    files
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

    /// Returns the names of its module and those around it, outermost first. Empty for `lib.rs` and `main.rs`.
    pub(super) fn module(&self) -> Vec<&str> {
        let inside = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        if matches!(inside, "lib" | "main") { Vec::new() } else { inside.split('/').collect() }
    }

    /// Returns the room that it is in.
    pub(super) fn room(&self) -> &str {
        self.path.trim_start_matches("src/").trim_end_matches(".rs").split('/').next().unwrap_or_default()
    }

    /// Returns the paths, without `.rs`, of the modules that it declares with `#[cfg(test)] mod …;`.
    fn test_modules(&self) -> Vec<String> {
        let words = words(&bare(&self.text));
        let folder = self.path.trim_end_matches(".rs").trim_end_matches("/lib").trim_end_matches("/main");
        let mut modules = Vec::new();
        for at in (0..words.len()).filter(|at| is_marked(&words[*at..])) {
            let item = &words[at + MARK.len()..item_end(&words, at + MARK.len())];
            if let [.., keyword, name, end] = item
                && keyword.text == "mod"
                && end.text == ";"
            {
                modules.push(format!("{folder}/{}", name.text));
            }
        }
        modules
    }

    /// Returns the lines on which these words occur in a row.
    pub(super) fn find(&self, words: &[&str]) -> Vec<usize> {
        let windows = self.words.windows(words.len());
        let same = |window: &&[Word]| window.iter().zip(words).all(|(word, wanted)| word.text == *wanted);
        windows.filter(same).map(|window| window[0].line).collect()
    }

    /// Returns the types that it declares, except those inside functions, `impl` blocks and macros.
    pub(super) fn types(&self) -> Vec<&str> {
        const KEYWORDS: [&str; 4] = ["struct", "enum", "trait", "type"];
        let mut depth = 0_usize;
        let mut types = Vec::new();
        for pair in self.words.windows(2) {
            match pair[0].text.as_str() {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                keyword if depth == 0 && KEYWORDS.contains(&keyword) && pair[1].is_name() => {
                    types.push(pair[1].text.as_str());
                }
                _ => {}
            }
        }
        types
    }

    /// Returns every path in it, with those inside `{…}` expanded.
    pub(super) fn paths(&self) -> Vec<Path> {
        let mut paths = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            at = if self.words[at].is_name() { self.path_at(at, &[], &mut paths) } else { at + 1 };
        }
        paths
    }

    /// Reads the path that begins at a word, below `prefix`. Returns where it ends.
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

    /// Reads the content of `{…}` after a path.
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

/// The beginning of an item for tests only.
const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

fn is_marked(words: &[Word]) -> bool {
    words.iter().map(|word| word.text.as_str()).take(MARK.len()).eq(MARK)
}

/// Returns the words without the items that are marked `#[cfg(test)]`.
fn without_tests(words: Vec<Word>) -> Vec<Word> {
    let mut kept = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        if is_marked(&words[at..]) {
            at = item_end(&words, at + MARK.len());
        } else {
            kept.push(words[at].clone());
            at += 1;
        }
    }
    kept
}

/// Returns the end of the item that begins at a word: its `;`, or the `}` of its body.
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
fn a_word_knows_its_line_and_a_path_its_branches() {
    let file =
        File::new("src/a.rs", "/* 1\n 2 */\nuse std::{fs, io::{self, Read as R}};\nfn f() { ::b::c::<D>() }");
    let paths: Vec<String> =
        file.paths().iter().map(|p| format!("{} {}", p.line, p.segments.join("::"))).collect();
    for path in ["3 std::fs", "3 std::io::self", "3 std::io::Read", "4 b::c"] {
        assert!(paths.iter().any(|found| found == path), "{path} is not in {paths:?}");
    }
}

#[test]
fn a_module_for_tests_alone_is_known_by_its_declaration() {
    let file =
        File::new("src/a/b.rs", "#[cfg(test)]\nmod rig;\nmod real;\n#[cfg(test)]\nmod tests { mod c; }");
    assert_eq!(file.test_modules(), ["src/a/b/rig"]);
}
