//! Outlines that many services have in common.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::{Arc, Weak};

use super::AreaShape;

/// The outlines in use, for keeping each only once: a council's border stands in every one of its services.
#[derive(Debug, Default)]
pub struct SharedShapes(HashMap<u64, Vec<Weak<AreaShape>>>);

impl SharedShapes {
    /// Replaces an outline by an equal one that is in use already; it is in use from now on.
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
