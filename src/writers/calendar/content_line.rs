//! Lines of iCalendar, escaped and folded so that no line is longer than 75 bytes.

/// The length of the longest allowed line in bytes, without its line ending.
const LONGEST: usize = 75;

/// The lines written so far.
#[derive(Debug, Default)]
pub(super) struct ContentLines(Vec<u8>);

impl ContentLines {
    /// Adds a property whose value needs no escaping. `name` may have parameters.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// Adds a property whose value is a text. Adds nothing if the text is empty.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        if !text.trim().is_empty() {
            self.raw(name, &escaped(text.trim()));
        }
    }

    /// Adds a property whose value is several texts. Adds nothing if there are none.
    pub(super) fn texts<'t>(&mut self, name: &str, texts: impl Iterator<Item = &'t str>) {
        let texts: Vec<String> = texts.map(str::trim).filter(|text| !text.is_empty()).map(escaped).collect();
        if !texts.is_empty() {
            self.raw(name, &texts.join(","));
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn fold(&mut self, line: &str) {
        let mut length = 0;
        for character in line.chars() {
            // A fold never splits a character: some programs process lines before they decode the bytes.
            if length + character.len_utf8() > LONGEST {
                self.0.extend_from_slice(b"\r\n ");
                length = 1;
            }
            let mut bytes = [0; 4];
            self.0.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
            length += character.len_utf8();
        }
        self.0.extend_from_slice(b"\r\n");
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push(' '),
            control if control.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str, text: &str) -> String {
        let mut lines = ContentLines::default();
        lines.text(name, text);
        String::from_utf8(lines.into_bytes()).unwrap()
    }

    #[test]
    fn texts_are_escaped_and_cannot_become_other_lines() {
        assert_eq!(
            written("SUMMARY", "a, b; c\\d\r\nEND:VEVENT\u{7}"),
            "SUMMARY:a\\, b\\; c\\\\d\\nEND:VEVENT\r\n"
        );
        assert_eq!(written("SUMMARY", " \n"), "");
    }

    #[test]
    fn no_line_is_too_long_and_no_character_is_divided() {
        let text = "é".repeat(100) + &"x".repeat(200) + "🙂";
        let written = written("DESCRIPTION", &text);
        assert!(written.split("\r\n").all(|line| line.len() <= LONGEST), "{written}");
        assert_eq!(written.replace("\r\n ", ""), format!("DESCRIPTION:{text}\r\n"));
    }
}
