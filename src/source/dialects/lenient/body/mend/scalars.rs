//! Names, numbers and words as languages other than JSON write them.

use uuid::Uuid;

use super::almost::MendingWriter;
use super::kinds::MendKind;

/// The longest number, date or word without quotes, in bytes.
const LONGEST: usize = 400;

impl<'t> MendingWriter<'t> {
    /// Reads a member's name.
    pub(super) fn name(&mut self) -> Option<()> {
        if self.quoted()? {
            return Some(());
        }
        let name = self.bare(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '.'))?;
        self.mends.note(MendKind::Quotes);
        self.push_text(name);
        Some(())
    }

    /// Reads a value that is neither an object nor a list.
    pub(super) fn scalar(&mut self) -> Option<()> {
        if self.quoted()? {
            return Some(());
        }
        let mut token = self.bare(belongs_to_token)?;
        self.skip_blank();
        // As in `new Date("…")`.
        if token == "new" {
            token = self.bare(belongs_to_token)?;
            self.skip_blank();
        }
        if self.byte() == Some(b'(') { self.call() } else { self.token(token) }
    }

    // Returns the text up to the next character that does not belong.
    fn bare(&mut self, belongs: impl Fn(char) -> bool) -> Option<&'t str> {
        let rest = self.rest();
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let token = rest.get(..end).filter(|token| (1..=LONGEST).contains(&token.len()))?;
        self.at += end;
        Some(token)
    }

    // Reads the argument of a call such as `ISODate("2026-01-31")`, if it is a single value.
    fn call(&mut self) -> Option<()> {
        self.mends.note(MendKind::Notation);
        self.at += 1;
        self.skip_blank();
        if self.byte()? == b')' {
            self.json.push_str("null");
        } else if !self.quoted()? {
            let token = self.bare(belongs_to_token)?;
            self.token(token)?;
        }
        self.skip_blank();
        self.take(")").then_some(())
    }

    fn token(&mut self, token: &str) -> Option<()> {
        match token {
            "true" | "false" | "null" => self.json.push_str(token),
            _ if is_number(token) => self.number(token),
            _ => return self.odd(token),
        }
        Some(())
    }

    fn number(&mut self, token: &str) {
        if token.parse::<f64>().is_ok_and(f64::is_finite) {
            self.json.push_str(token);
        } else {
            self.null(MendKind::NotANumber);
        }
    }

    fn odd(&mut self, token: &str) -> Option<()> {
        let (sign, bare) = match token.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", token.strip_prefix('+').unwrap_or(token)),
        };
        match bare.to_ascii_lowercase().as_str() {
            "nan" | "inf" | "infinity" => self.null(MendKind::NotANumber),
            "none" | "nil" | "null" | "undefined" => self.null(MendKind::Word),
            word @ ("true" | "false") => {
                self.mends.note(MendKind::Word);
                self.json.push_str(word);
            }
            _ => self.odd_number(sign, bare, token)?,
        }
        Some(())
    }

    // `+5`, `.5`, `5.` and `5L` are numbers. Dates and numbers with leading zeros are texts.
    fn odd_number(&mut self, sign: &str, bare: &str, token: &str) -> Option<()> {
        let digits = bare.strip_suffix(['L', 'n']).unwrap_or(bare);
        let whole = if digits.starts_with('.') { format!("0{digits}") } else { digits.to_owned() };
        let whole = if whole.ends_with('.') { format!("{whole}0") } else { whole };
        if is_number(&whole) {
            self.mends.note(MendKind::Number);
            self.number(&format!("{sign}{whole}"));
            return Some(());
        }
        let is_telling = token.starts_with(|c: char| c.is_ascii_digit()) || Uuid::try_parse(token).is_ok();
        if !is_telling {
            return None;
        }
        self.mends.note(MendKind::Number);
        self.push_text(token);
        Some(())
    }

    fn null(&mut self, mend: MendKind) {
        self.mends.note(mend);
        self.json.push_str("null");
    }

    // Bare names and tokens contain nothing that needs escaping.
    fn push_text(&mut self, text: &str) {
        self.json.push('"');
        self.json.push_str(text);
        self.json.push('"');
    }
}

fn belongs_to_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '-' | '+' | '.' | ':')
}

/// Returns whether a token is a valid number in JSON.
fn is_number(token: &str) -> bool {
    let unsigned = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
