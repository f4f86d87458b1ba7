//! Merging: many ordered lists into one page.
