//! The feeds of the demonstration: five places, five varieties and a few hundred services.

use super::{DemoPlace, FeedVariety, InventedFeed};

/// A feed of the demonstration, with what a configuration would state about it.
#[derive(Clone, Debug)]
pub struct EmbeddedFeed {
    /// The key of the source.
    pub key: &'static str,
    /// The display name of the source.
    pub name: &'static str,
    /// The name of the publisher.
    pub publisher: &'static str,
    /// The publisher's web page.
    pub homepage: &'static str,
    /// The name of the licence of the data.
    pub licence: &'static str,
    /// The SPDX identifier of that licence.
    pub licence_spdx: &'static str,
    /// The words that the licence requires users to show.
    pub attribution: &'static str,
    /// The feed itself.
    pub feed: InventedFeed,
}

/// Returns the feeds that a gateway without a configuration uses.
pub fn embedded() -> Vec<EmbeddedFeed> {
    vec![
        EmbeddedFeed {
            key: "bristol",
            name: "Bristol community directory (demonstration)",
            publisher: "Bristol demonstration directory",
            homepage: "https://bristol-directory.example/",
            licence: "Open Government Licence v3.0",
            licence_spdx: "OGL-UK-3.0",
            attribution: "Invented data for demonstration, set in Bristol.",
            feed: feed(FeedVariety::Oruk3, "bristol", 1373, 180),
        },
        EmbeddedFeed {
            key: "shropshire",
            name: "Shropshire community directory (demonstration)",
            publisher: "Shropshire demonstration aggregator",
            homepage: "https://shropshire-directory.example/",
            licence: "Creative Commons Attribution 4.0",
            licence_spdx: "CC-BY-4.0",
            attribution: "Invented data for demonstration, set in Shropshire.",
            feed: feed(FeedVariety::Aggregator, "shropshire", 1102, 140),
        },
        EmbeddedFeed {
            key: "leeds",
            name: "Leeds services (demonstration)",
            publisher: "Leeds demonstration service register",
            homepage: "https://leeds-services.example/",
            licence: "Open Government Licence v3.0",
            licence_spdx: "OGL-UK-3.0",
            attribution: "Invented data for demonstration, set in Leeds.",
            feed: feed(FeedVariety::Hsds31, "leeds", 1221, 90),
        },
        EmbeddedFeed {
            key: "dorset",
            name: "Dorset family information (demonstration)",
            publisher: "Dorset demonstration family information service",
            homepage: "https://dorset-families.example/",
            licence: "Open Government Licence v3.0",
            licence_spdx: "OGL-UK-3.0",
            attribution: "Invented data for demonstration, set in Dorset.",
            // The usual budget is so low that people who try the demonstration would run out of requests.
            feed: feed(FeedVariety::Outpost, "dorset", 1187, 110).budget(1_000_000),
        },
        EmbeddedFeed {
            key: "cardiff",
            name: "Cardiff community directory (demonstration)",
            publisher: "Cardiff demonstration directory",
            homepage: "https://cardiff-directory.example/",
            licence: "Open Government Licence v3.0",
            licence_spdx: "OGL-UK-3.0",
            attribution: "Invented data for demonstration, set in Cardiff.",
            // With this seed, every detail page can be fetched and one record has an unescaped line break.
            feed: feed(FeedVariety::Placecube1, "cardiff", 1018, 70),
        },
    ]
}

fn feed(variety: FeedVariety, place: &str, seed: u64, services: usize) -> InventedFeed {
    let feed = InventedFeed::new(variety).seed(seed).services(services);
    match DemoPlace::named(place) {
        Some(place) => feed.place(place),
        None => feed,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::model::SourceKey;

    #[test]
    fn keys_are_source_keys_of_places_that_exist() {
        let feeds = embedded();
        for feed in &feeds {
            assert!(SourceKey::parse(feed.key).is_ok());
            assert!(DemoPlace::named(feed.key).is_some());
            assert_eq!(feed.feed.chosen_place().key(), feed.key);
        }
        let varieties: HashSet<_> = feeds.iter().map(|feed| feed.feed.variety).collect();
        assert_eq!(varieties.len(), feeds.len());
        let dialects: HashSet<_> = varieties.iter().map(|variety| variety.dialect()).collect();
        assert!(dialects.len() >= 4);
    }
}
