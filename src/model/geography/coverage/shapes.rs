//! Outlines that many services share.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::{Arc, Weak};

use super::AreaShape;

/// The outlines in use, so that each is held only once: many feeds repeat the council's border in every service.
#[derive(Debug, Default)]
pub struct SharedShapes(HashMap<u64, Vec<Weak<AreaShape>>>);

impl SharedShapes {
    /// Replaces an outline with an equal one in use, or adds it to those in use.
    pub(super) fn share(&mut self, shape: &mut Arc<AreaShape>) {
        let mut hasher = DefaultHasher::new();
        shape.numbers().for_each(|number| hasher.write_u64(number));
        let alike = self.0.entry(hasher.finish()).or_default();
        alike.retain(|other| other.strong_count() > 0);
        match alike.iter().filter_map(Weak::upgrade).find(|other| other == shape) {
            Some(other) => *shape = other,
            None => alike.push(Arc::downgrade(shape)),
        }
    }
}
