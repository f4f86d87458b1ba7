//! Makes one declaration of each field of a GraphQL object: from an `impl` block that reads like the type, or a struct,
//! come what the schema says of it and how it is written into an answer.
//!
//! What is made here is an implementation of `crate::graphql::output::FieldOutput` in the crate that uses it; that trait's page
//! says how fields are read.

mod attributes;
mod enumeration;
mod field;
mod names;
mod object;

use proc_macro::TokenStream;

/// Makes a GraphQL object of an `impl` block: each of its functions is a field, and its comment the description.
///
/// A function may take a `&FieldContext<'_>` after `self`; what it takes beyond that are the field's arguments, which
/// `#[graphql(desc = "…", default = …, default_with = "…")]` describes. One that is `async` waits: the answer goes on
/// without it, and `self` is cloned for it. If `#[at_hand(expression)]` stands above it, the expression is asked first for
/// `Some` value that needs no waiting.
///
/// The object has the name of its type, or what is given here: `#[graph_object("__Type")]`.
#[proc_macro_attribute]
pub fn graph_object(name: TokenStream, block: TokenStream) -> TokenStream {
    let name = syn::parse_macro_input!(name as Option<syn::LitStr>);
    object::of_block(syn::parse_macro_input!(block), name)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes a GraphQL object of a struct: each of its members is a field, and its comment the description.
#[proc_macro_derive(GraphObject, attributes(graphql))]
pub fn derive_graph_object(item: TokenStream) -> TokenStream {
    object::of_struct(&syn::parse_macro_input!(item)).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Writes the values of an enum that `async_graphql::Enum` is derived for, too.
#[proc_macro_derive(GraphEnum)]
pub fn derive_graph_enum(item: TokenStream) -> TokenStream {
    enumeration::of_enum(&syn::parse_macro_input!(item)).unwrap_or_else(syn::Error::into_compile_error).into()
}
