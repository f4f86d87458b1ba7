//! Generates GraphQL objects from `impl` blocks and structs.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{Data, DeriveInput, Fields, ImplItem, ItemImpl, LitStr, Result, Type};

use crate::attributes::{self, Described};
use crate::field::Field;
use crate::names;

/// Returns the block, with its object's implementations after it.
pub(crate) fn of_block(mut block: ItemImpl, name: Option<LitStr>) -> Result<TokenStream> {
    let of = (*block.self_ty).clone();
    let name = name.map_or_else(|| name_of(&of), |name| Ok(name.value()))?;
    let description = attributes::description(&block.attrs);
    block.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    let mut fields = Vec::new();
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item {
            fields.push(Field::of(function)?);
        }
    }
    let registered: Vec<TokenStream> = fields.iter().map(Field::registered).collect();
    let written: Vec<TokenStream> = fields.iter().map(Field::written).collect();
    let object = object(&of.to_token_stream(), &name, &description, &registered, &written);
    Ok(quote! { #block #object })
}

/// Returns the implementations for a struct.
pub(crate) fn of_struct(item: &DeriveInput) -> Result<TokenStream> {
    let (Data::Struct(data), of) = (&item.data, &item.ident) else {
        return Err(syn::Error::new_spanned(item, "an object is made of a struct"));
    };
    let Fields::Named(members) = &data.fields else {
        return Err(syn::Error::new_spanned(item, "the members of an object have names"));
    };
    let (mut registered, mut written) = (Vec::new(), Vec::new());
    for member in &members.named {
        let (Some(ident), ty) = (&member.ident, &member.ty) else { continue };
        let name = Described::take(&mut member.attrs.clone())?.name.unwrap_or_else(|| names::of_field(ident));
        let description = attributes::description(&member.attrs);
        registered.push(quote! {
            crate::graphql::output::registered_field(
                (#name, #description, None),
                <#ty as crate::graphql::output::FieldOutput>::register(registry),
                [],
            )
        });
        written.push(quote! { crate::graphql::output::FieldOutput::write(&self.#ident, field, walk) });
    }
    let description = attributes::description(&item.attrs);
    let name = Described::take(&mut item.attrs.clone())?.name.unwrap_or_else(|| of.to_string());
    Ok(object(&of.to_token_stream(), &name, &description, &registered, &written))
}

fn object(
    of: &TokenStream,
    name: &str,
    description: &str,
    registered: &[TokenStream],
    written: &[TokenStream],
) -> TokenStream {
    let arms = written.iter().enumerate().map(|(number, written)| quote! { #number => #written, });
    quote! {
        impl crate::graphql::output::FieldOutput for #of {
            fn register(registry: &mut ::async_graphql::registry::Registry) -> ::std::string::String {
                crate::graphql::output::registered_object(registry, #name, #description, |registry| {
                    ::std::vec![#(#registered),*]
                })
            }

            fn write<'r>(
                &self,
                field: &'r crate::graphql::plan::FieldPlan,
                walk: &mut crate::graphql::walk::OutputWalk<'r>,
            ) -> crate::graphql::walk::WriteResult {
                walk.object(field.selected(#name), |field, walk| {
                    crate::graphql::output::GraphObject::write_field(self, field, walk)
                })
            }
        }

        impl crate::graphql::output::GraphObject for #of {
            const NAME: &'static str = #name;

            fn write_field<'r>(
                &self,
                field: &'r crate::graphql::plan::FieldPlan,
                walk: &mut crate::graphql::walk::OutputWalk<'r>,
            ) -> crate::graphql::walk::WriteResult {
                match field.number() {
                    #(#arms)*
                    _ => walk.no_field(field),
                }
            }
        }
    }
}

fn name_of(of: &Type) -> Result<String> {
    match of {
        Type::Path(path) if path.path.segments.len() == 1 => {
            Ok(path.path.segments.iter().map(|segment| segment.ident.to_string()).collect())
        }
        _ => Err(syn::Error::new_spanned(of, "an object is a type of this module")),
    }
}
