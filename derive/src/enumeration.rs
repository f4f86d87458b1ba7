//! Generates the output of enums: each value is written as its name.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Result};

/// Returns the implementations for an enum.
pub(crate) fn of_enum(item: &DeriveInput) -> Result<TokenStream> {
    let (Data::Enum(data), of) = (&item.data, &item.ident) else {
        return Err(syn::Error::new_spanned(item, "only an enum has values to write"));
    };
    // `EnumType::items` has the names of the values, in the order of their declaration.
    let arms = data.variants.iter().enumerate().map(|(place, variant)| {
        let ident = &variant.ident;
        quote! { Self::#ident => #place, }
    });
    Ok(quote! {
        impl #of {
            /// Returns the name of the value in the schema.
            pub(crate) fn written_name(self) -> &'static str {
                let place: usize = match self { #(#arms)* };
                <Self as ::async_graphql::resolver_utils::EnumType>::items()
                    .get(place)
                    .map_or("", |item| item.name)
            }
        }

        impl crate::graphql::output::FieldOutput for #of {
            fn register(registry: &mut ::async_graphql::registry::Registry) -> ::std::string::String {
                <Self as ::async_graphql::OutputType>::create_type_info(registry)
            }

            fn write<'r>(
                &self,
                _: &'r crate::graphql::plan::FieldPlan,
                walk: &mut crate::graphql::walk::OutputWalk<'r>,
            ) -> crate::graphql::walk::WriteResult {
                walk.name(self.written_name());
                Ok(())
            }
        }
    })
}
