//! Currencies: the codes of ISO 4217, and the signs and words for three of them.

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember};

/// Takes a currency as its code.
pub(in crate::source::dialects) fn currency(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
) -> Option<String> {
    let TakenMember { key, value } = members.keyed_plain_line(names)?;
    let code = value.trim().to_uppercase();
    if is_code(&code) {
        return Some(code);
    }
    let Some(code) = meant_by(&value) else {
        members.note_unreadable(&key, "is not an ISO 4217 currency", value.into());
        return None;
    };
    members.note(IssueCode::Repaired, &key, format!("is read as the code `{code}`"), Some(value.into()));
    Some(code.to_owned())
}

/// All codes of ISO 4217, sorted.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN \
    BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS \
    GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK \
    LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN \
    PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT \
    TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XCD XCG XDR XOF XPD XPF XPT \
    XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL";

fn is_code(text: &str) -> bool {
    text == "GBP" || (text.len() == 3 && CODES.split_ascii_whitespace().any(|code| code == text))
}

/// The words for each currency, and the words that may be beside them.
const WORDS: [(&str, &[&str], &[&str]); 3] = [
    (
        "GBP",
        &["£", "gbp", "pound", "pounds", "sterling", "ukp", "stg", "quid"],
        &["british", "uk", "gb", "great", "britain", "united", "kingdom"],
    ),
    ("EUR", &["€", "eur", "euro", "euros"], &[]),
    ("USD", &["$", "usd", "dollar", "dollars"], &["us", "american", "united", "states"]),
];

// Accepts "£", "Pound Sterling" or "GBP (£)", if every word is about the same currency.
fn meant_by(text: &str) -> Option<&'static str> {
    let folded = text.to_lowercase().replace("u.s.", "us").replace("u.k.", "uk");
    let spaced = folded.replace('£', " £ ").replace('€', " € ").replace('$', " $ ");
    let parts =
        |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '-' | '–' | '/' | ',' | '.' | ':');
    let words: Vec<&str> = spaced.split(parts).filter(|word| !word.is_empty()).collect();
    let is_of = |names: &[&str], beside: &[&str]| {
        words.iter().any(|word| names.contains(word))
            && words.iter().all(|word| names.contains(word) || beside.contains(word))
    };
    WORDS.iter().find(|(_, names, beside)| is_of(names, beside)).map(|(code, ..)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quirk_87_currencies_in_signs_and_words() {
        for (text, code) in [
            ("£", "GBP"),
            ("£s", ""),
            ("Pounds", "GBP"),
            ("Pound Sterling", "GBP"),
            ("British pounds", "GBP"),
            ("GBP (£)", "GBP"),
            ("£GBP", "GBP"),
            ("UKP", "GBP"),
            ("€", "EUR"),
            ("Euro", "EUR"),
            ("$", "USD"),
            ("US dollars", "USD"),
            ("US$", "USD"),
            ("U.S. Dollar", "USD"),
            ("Australian dollars", ""),
            ("Egyptian pounds", ""),
            ("pence", ""),
            ("£ or €", ""),
            ("uk", ""),
            ("", ""),
        ] {
            assert_eq!(meant_by(text).unwrap_or_default(), code, "{text}");
        }
        assert!(is_code("GBP") && is_code("EUR") && is_code("AED") && is_code("ZWL"));
        assert!(!is_code("POUNDS") && !is_code("ABC") && !is_code("BP ") && !is_code("£"));
    }
}
