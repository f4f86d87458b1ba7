//! The values of fields: how the schema describes them, and how they are written.

mod registered;

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::registry::Registry;
use async_graphql::{ID, OutputType, ServerError};

pub(crate) use registered::{
    registered_argument, registered_enum, registered_field, registered_interface, registered_object,
};

use super::error::ApiError;
use super::plan::FieldPlan;
use super::walk::{OutputWalk, WalkStop, WriteResult};

/// A value of a field. `#[graph_object]` implements this for objects; the other types are here and with the scalars.
pub(crate) trait FieldOutput {
    /// Registers the type in the schema, and returns how it is written there, e.g. `[Service!]!`.
    fn register(registry: &mut Registry) -> String;

    /// Writes the value of a field.
    ///
    /// # Errors
    /// Returns [`WalkStop::Raised`] if a non-null value is not available, and [`WalkStop::Ended`] if the operation must
    /// end.
    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult;

    /// Records why there is no value, and writes null if the type is nullable.
    ///
    /// # Errors
    /// Returns [`WalkStop::Raised`] if the type is not nullable, and [`WalkStop::Ended`] if the operation must end.
    fn fail<'r>(error: ServerError, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        walk.note(error, field)?;
        Err(WalkStop::Raised)
    }
}

/// An object of the graph.
pub(crate) trait GraphObject: FieldOutput {
    /// The name of the type.
    const NAME: &'static str;

    /// Writes the value of one of the object's fields.
    ///
    /// # Errors
    /// The same as [`FieldOutput::write`].
    fn write_field<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult;
}

impl<T: FieldOutput> FieldOutput for Option<T> {
    fn register(registry: &mut Registry) -> String {
        let name = T::register(registry);
        name.strip_suffix('!').unwrap_or(&name).to_owned()
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        match self {
            Some(value) => walk.nullable(|walk| value.write(field, walk)),
            None => {
                walk.null();
                Ok(())
            }
        }
    }

    fn fail<'r>(error: ServerError, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        walk.note(error, field)?;
        walk.null();
        Ok(())
    }
}

impl<T: FieldOutput> FieldOutput for Result<T, ApiError> {
    fn register(registry: &mut Registry) -> String {
        T::register(registry)
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        match self {
            Ok(value) => value.write(field, walk),
            Err(error) => T::fail(error.told(), field, walk),
        }
    }

    fn fail<'r>(error: ServerError, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        T::fail(error, field, walk)
    }
}

impl<T: FieldOutput + ?Sized> FieldOutput for &T {
    fn register(registry: &mut Registry) -> String {
        T::register(registry)
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        T::write(self, field, walk)
    }
}

impl<T: FieldOutput> FieldOutput for [T] {
    fn register(registry: &mut Registry) -> String {
        format!("[{}]!", T::register(registry))
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        walk.list(self.len(), self.iter(), field)
    }
}

impl<T: FieldOutput> FieldOutput for Vec<T> {
    fn register(registry: &mut Registry) -> String {
        <[T]>::register(registry)
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        self.as_slice().write(field, walk)
    }
}

impl FieldOutput for str {
    fn register(registry: &mut Registry) -> String {
        <str as OutputType>::create_type_info(registry)
    }

    fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        walk.text(self);
        Ok(())
    }
}

/// Values that are written as a string.
macro_rules! as_text {
    ($($of:ty),*) => {$(
        impl FieldOutput for $of {
            fn register(registry: &mut Registry) -> String {
                <str as FieldOutput>::register(registry)
            }

            fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
                walk.text(self);
                Ok(())
            }
        }
    )*};
}

as_text!(String, Cow<'_, str>, Arc<str>);

/// Numbers and booleans.
macro_rules! as_json {
    ($($of:ty),*) => {$(
        impl FieldOutput for $of {
            fn register(registry: &mut Registry) -> String {
                <$of as OutputType>::create_type_info(registry)
            }

            fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
                walk.json(self);
                Ok(())
            }
        }
    )*};
}

as_json!(i32, f64, bool);

impl FieldOutput for ID {
    fn register(registry: &mut Registry) -> String {
        <Self as OutputType>::create_type_info(registry)
    }

    fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        walk.text(self);
        Ok(())
    }
}
