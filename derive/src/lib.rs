//! Macros that declare the fields of a GraphQL object once. From an `impl` block or a struct they generate both the
//! object's entry in the schema and the code that writes its fields into an answer.
//!
//! The macros implement `crate::graphql::output::FieldOutput` in the crate that uses them.

mod attributes;
mod enumeration;
mod field;
mod names;
mod object;

use proc_macro::TokenStream;

/// Makes an `impl` block a GraphQL object: each function is a field, and its doc comment is the field's description.
///
/// A function may take a `&FieldContext<'_>` after `self`. Its other parameters are the field's arguments, described by
/// `#[graphql(desc = "…", default = …, default_with = "…")]`.
///
/// An `async` function runs on a clone of `self`. While it waits, the fields after it are written. With
/// `#[at_hand(expression)]` above it, the expression is evaluated first: if it is `Some`, its value is written and the
/// function is not called.
///
/// The object has the name of its type, or the name given here: `#[graph_object("__Type")]`.
#[proc_macro_attribute]
pub fn graph_object(name: TokenStream, block: TokenStream) -> TokenStream {
    let name = syn::parse_macro_input!(name as Option<syn::LitStr>);
    object::of_block(syn::parse_macro_input!(block), name)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes a struct a GraphQL object: each member is a field, and its doc comment is the field's description.
#[proc_macro_derive(GraphObject, attributes(graphql))]
pub fn derive_graph_object(item: TokenStream) -> TokenStream {
    object::of_struct(&syn::parse_macro_input!(item)).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Writes the values of an enum as their names. The enum must also derive `async_graphql::Enum`.
#[proc_macro_derive(GraphEnum)]
pub fn derive_graph_enum(item: TokenStream) -> TokenStream {
    enumeration::of_enum(&syn::parse_macro_input!(item)).unwrap_or_else(syn::Error::into_compile_error).into()
}
