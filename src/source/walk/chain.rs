//! Walks lists in which each page names the next, by a link or by a token to give back.

use std::collections::HashSet;

use url::Url;

use super::{ListWalk, NextPage, NextStep, PATIENCE, PageSink};
use crate::source::collection::FromRow;
use crate::source::error::SourceError;
use crate::source::page_form::is_refusal;

/// The result of following what a page says about the next.
enum ChainStep {
    /// A page, and what it says about the next.
    Page(Option<NextPage>),
    /// Only pages that have been requested before.
    Circle,
    /// No page with anything new.
    Nowhere,
    /// The page could not be read.
    Failed(SourceError),
}

impl<T: FromRow, S: PageSink<T>> ListWalk<'_, T, S> {
    /// Follows what each page names. If the first page leads nowhere, tries page numbers.
    pub(super) async fn follow(&mut self, first: NextPage) {
        self.follow_words(first).await;
        // These lists cannot be read again in pages of another size, so repeats are compared with those of the last
        // walk.
        self.recall_repeats();
        self.remember_repeats();
    }

    async fn follow_words(&mut self, first: NextPage) {
        let form = self.way.form::<T>();
        let mut asked = HashSet::from([self.way.url::<T>(1, form)]);
        // In a resumed walk, following has worked before.
        let mut has_led = self.may_repeat;
        let mut next = Some(first);
        while let Some(onward) = next.take() {
            if self.is_over() {
                return;
            }
            match self.step(&onward, has_led, &mut asked).await {
                ChainStep::Page(Some(NextPage::Page(number))) => return self.follow_numbers(number).await,
                ChainStep::Page(following) => (next, has_led) = (following, true),
                // Some feeds link every page to the same one.
                ChainStep::Circle if has_led && !self.has_exactly_what_is_claimed() => {
                    self.pending = None;
                    return self.follow_numbers(self.course.pages + 1).await;
                }
                ChainStep::Circle if has_led => self.pending = None,
                ChainStep::Circle | ChainStep::Nowhere if !has_led => return self.follow_numbers(2).await,
                ChainStep::Circle | ChainStep::Nowhere => return,
                ChainStep::Failed(error) => {
                    self.broke_off = self.way.bounds.breaks_off;
                    self.error = Some(error);
                    return;
                }
            }
        }
        self.ended = true;
    }

    async fn step(&mut self, onward: &NextPage, has_led: bool, asked: &mut HashSet<Url>) -> ChainStep {
        let mut is_circle = true;
        for (url, names) in self.ways_on(onward) {
            if !asked.insert(url.clone()) {
                continue;
            }
            is_circle = false;
            let page = match self.way.page::<T>(url, has_led).await {
                Ok(Some(page)) => page,
                Ok(None) => continue,
                Err(error) if is_refusal(&error) => continue,
                Err(error) => return ChainStep::Failed(error),
            };
            let (brings_news, following) = (self.brings_news(&page), page.onward.clone());
            // Feeds ignore unknown parameters and return the first page again. But an empty page is a valid response:
            // the end of the list.
            if !brings_news && !has_led && page.rows > 0 {
                continue;
            }
            self.given_by = names.or(self.given_by.take());
            self.course.next = following.as_ref().and_then(NextStep::of).unwrap_or(NextStep::Nowhere);
            self.take(Some(page)).await;
            if !brings_news {
                // A page that repeats, or is empty, may be a slip, so the feed's word is trusted for a few more pages.
                self.pending = None;
                self.ended &= following.is_none() || self.barren >= PATIENCE || self.broke_off;
            }
            return ChainStep::Page(following);
        }
        if is_circle && matches!(onward, NextPage::At(_) | NextPage::Given(_)) {
            ChainStep::Circle
        } else {
            ChainStep::Nowhere
        }
    }

    /// Returns the URLs that the page may mean, each with the guessed names of its parameters.
    fn ways_on(&self, onward: &NextPage) -> Vec<(Url, Option<Vec<String>>)> {
        match onward {
            NextPage::At(url) => vec![(url.clone(), None)],
            NextPage::Given(ways) => {
                let names = |pairs: &[(String, String)]| {
                    pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
                };
                let each = ways.iter().map(|pairs| (self.way.url_given::<T>(pairs), Some(names(pairs))));
                let each: Vec<_> = each.collect();
                // Use the parameter that has worked before.
                let known =
                    each.iter().find(|(_, names)| names.is_some() && *names == self.given_by).cloned();
                known.map_or(each, |known| vec![known])
            }
            NextPage::Page(_) | NextPage::Somehow | NextPage::Elsewhere => Vec::new(),
        }
    }
}
