//! Lists of which each page names the next: by a link, or by something to be given back.

use std::collections::HashSet;

use url::Url;

use super::{ListWalk, NextPage, NextStep, PATIENCE, PageSink};
use crate::source::collection::FromRow;
use crate::source::error::SourceError;
use crate::source::page_form::is_refusal;

/// What following a page's word came to.
enum ChainStep {
    /// A page, and how that goes on.
    Page(Option<NextPage>),
    /// Only what has been asked for before.
    Circle,
    /// Nothing that was not known.
    Nowhere,
    /// A page that could not be read.
    Failed(SourceError),
}

impl<T: FromRow, S: PageSink<T>> ListWalk<'_, T, S> {
    /// Follows what each page names. Where not even the first page's word leads anywhere, page numbers may.
    pub(super) async fn follow(&mut self, first: NextPage) {
        self.follow_words(first).await;
        // There is no reading these in other pages: the last walk has to do.
        self.recall_repeats();
        self.remember_repeats();
    }

    async fn follow_words(&mut self, first: NextPage) {
        let form = self.way.form::<T>();
        let mut asked = HashSet::from([self.way.url::<T>(1, form)]);
        // Whatever was followed before the walk was broken off has led somewhere.
        let mut has_led = self.may_repeat;
        let mut next = Some(first);
        while let Some(onward) = next.take() {
            if self.is_over() {
                return;
            }
            match self.step(&onward, has_led, &mut asked).await {
                ChainStep::Page(Some(NextPage::Page(number))) => return self.follow_numbers(number).await,
                ChainStep::Page(following) => (next, has_led) = (following, true),
                // Some link every page to the same one.
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
            // A parameter that a feed does not know gives the first page again. An empty page is an answer: the list is over.
            if !brings_news && !has_led && page.rows > 0 {
                continue;
            }
            self.given_by = names.or(self.given_by.take());
            self.course.next = following.as_ref().and_then(NextStep::of).unwrap_or(NextStep::Nowhere);
            self.take(Some(page)).await;
            if !brings_news {
                // What repeats, or is empty, may be a slip in between; the feed's word counts for a while.
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

    /// The addresses that a page's word may stand for, each with the parameters that are guessed.
    fn ways_on(&self, onward: &NextPage) -> Vec<(Url, Option<Vec<String>>)> {
        match onward {
            NextPage::At(url) => vec![(url.clone(), None)],
            NextPage::Given(ways) => {
                let names = |pairs: &[(String, String)]| {
                    pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
                };
                let each = ways.iter().map(|pairs| (self.way.url_given::<T>(pairs), Some(names(pairs))));
                let each: Vec<_> = each.collect();
                // What the feed has taken once it takes again.
                let known =
                    each.iter().find(|(_, names)| names.is_some() && *names == self.given_by).cloned();
                known.map_or(each, |known| vec![known])
            }
            NextPage::Page(_) | NextPage::Somehow | NextPage::Elsewhere => Vec::new(),
        }
    }
}
