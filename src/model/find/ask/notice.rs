//! The notice for people who may be in danger, shown whatever was found: text and telephone numbers.

use std::sync::Arc;

use super::lexicon::AskedNeed;

/// The notice shown if a phrase mentions danger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DangerNotice {
    /// The text.
    pub text: String,
    /// The helplines, in the order shown.
    pub helplines: Vec<DangerHelpline>,
}

/// A helpline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DangerHelpline {
    /// Who answers.
    pub name: String,
    /// The number, as people write it.
    pub number: String,
    /// The keys of the needs it is for. Empty if it is for all.
    pub needs: Vec<String>,
}

impl DangerNotice {
    /// The default text.
    pub const TEXT: &str =
        "If you or somebody else is in danger now, call 999. You can also talk to these, at no cost:";

    /// Returns the helplines that are for all needs or for one of these.
    pub fn helplines_for(&self, needs: &[Arc<AskedNeed>]) -> impl Iterator<Item = &DangerHelpline> {
        self.helplines.iter().filter(|helpline| {
            let is_for = |key: &String| needs.iter().any(|need| *need.key == **key);
            helpline.needs.is_empty() || helpline.needs.iter().any(is_for)
        })
    }

    /// Returns the national helplines.
    pub fn national_helplines() -> Vec<DangerHelpline> {
        let each = NATIONAL.iter().map(|(name, number, needs)| DangerHelpline {
            name: (*name).to_owned(),
            number: (*number).to_owned(),
            needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        });
        each.collect()
    }
}

impl Default for DangerNotice {
    fn default() -> Self {
        Self { text: Self::TEXT.to_owned(), helplines: Self::national_helplines() }
    }
}

const MIND: &[&str] = &["crisis", "suicide", "self-harm"];
const HOME: &[&str] = &["domestic-abuse", "forced-marriage"];

/// National helplines of the United Kingdom, all free to call.
const NATIONAL: [(&str, &str, &[&str]); 16] = [
    ("Police, ambulance or fire, in an emergency", "999", &[]),
    ("Childline, for anyone under 19", "0800 1111", &["child-protection"]),
    ("NSPCC, if you worry about a child", "0808 800 5000", &["child-protection"]),
    ("National Domestic Abuse Helpline, England", "0808 2000 247", HOME),
    ("Domestic Abuse and Forced Marriage Helpline, Scotland", "0800 027 1234", HOME),
    ("Live Fear Free, Wales", "0808 80 10 800", &["domestic-abuse", "forced-marriage", "sexual-violence"]),
    (
        "Domestic and Sexual Abuse Helpline, Northern Ireland",
        "0808 802 1414",
        &["domestic-abuse", "sexual-violence"],
    ),
    ("Men's Advice Line", "0808 801 0327", &["domestic-abuse"]),
    ("Rape and Sexual Abuse Support Line, England and Wales", "0808 500 2222", &["sexual-violence"]),
    ("Hourglass, for older people who are harmed or at risk", "0808 808 8141", &["adult-safeguarding"]),
    ("Modern Slavery Helpline", "08000 121 700", &["modern-slavery"]),
    ("Papyrus HOPELINE247, for anyone under 35", "0800 068 4141", MIND),
    (
        "Police, where it is no emergency",
        "101",
        &["hate-crime", "violence", "modern-slavery", "adult-safeguarding"],
    ),
    ("Samaritans", "116 123", &[]),
    ("Shout, by text message", "text SHOUT to 85258", MIND),
    ("NHS, for urgent help with body or mind", "111", &[]),
];
