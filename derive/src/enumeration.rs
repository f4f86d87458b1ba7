//! Enums: each value is written as its name.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Result};

use crate::names;

/// Makes the output of an enum.
pub(crate) fn of_enum(item: &DeriveInput) -> Result<TokenStream> {
    let (Data::Enum(data), of) = (&item.data, &item.ident) else {
        return Err(syn::Error::new_spanned(item, "only an enum has values to write"));
    };
    let arms = data.variants.iter().map(|variant| {
        let (ident, name) = (&variant.ident, names::of_enum_value(&variant.ident));
        quote! { Self::#ident => #name, }
    });
    Ok(quote! {
        impl #of {
            /// Its name in the schema.
            pub(crate) fn written_name(self) -> &'static str {
                match self { #(#arms)* }
            }
        }

        impl crate::graphql::output::Output for #of {
            fn register(registry: &mut ::async_graphql::registry::Registry) -> ::std::string::String {
                <Self as ::async_graphql::OutputType>::create_type_info(registry)
            }

            fn write<'r>(
                &self,
                _: &'r crate::graphql::plan::FieldPlan,
                walk: &mut crate::graphql::walk::Walk<'r>,
            ) -> crate::graphql::walk::Written {
                walk.name(self.written_name());
                Ok(())
            }
        }
    })
}
