//! A field made from a function of an object: its entry in the schema, and the code that writes it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{Expr, FnArg, Ident, ImplItemFn, Lifetime, Pat, Result, ReturnType, Type, TypeReference};

use crate::attributes::{self, Described};
use crate::names;

/// A field of an object.
pub(crate) struct Field {
    function: Ident,
    name: String,
    description: String,
    deprecation: Option<String>,
    /// The type of its values, with every lifetime replaced by `'static`.
    output: Type,
    arguments: Vec<Argument>,
    takes_context: bool,
    waits: bool,
    at_hand: Option<Expr>,
}

struct Argument {
    ident: Ident,
    of: Type,
    said: Described,
}

impl Field {
    /// Reads a function, and removes the attributes that only this crate knows.
    pub(crate) fn of(function: &mut ImplItemFn) -> Result<Self> {
        let description = attributes::description(&function.attrs);
        let at_hand = attributes::take_at_hand(&mut function.attrs)?;
        let said = Described::take(&mut function.attrs)?;
        let (mut arguments, mut takes_context) = (Vec::new(), false);
        for input in &mut function.sig.inputs {
            let FnArg::Typed(input) = input else { continue };
            if is_context(&input.ty) {
                takes_context = true;
                continue;
            }
            let Pat::Ident(pattern) = &*input.pat else {
                return Err(syn::Error::new_spanned(&input.pat, "an argument has a plain name"));
            };
            let (ident, of) = (pattern.ident.clone(), (*input.ty).clone());
            arguments.push(Argument { ident, of, said: Described::take(&mut input.attrs)? });
        }
        let ReturnType::Type(_, output) = &function.sig.output else {
            return Err(syn::Error::new_spanned(&function.sig, "a field has a value"));
        };
        let mut output = (**output).clone();
        Owned.visit_type_mut(&mut output);
        Ok(Self {
            name: said.name.unwrap_or_else(|| names::of_field(&function.sig.ident)),
            function: function.sig.ident.clone(),
            description,
            deprecation: said.deprecation,
            output,
            arguments,
            takes_context,
            waits: function.sig.asyncness.is_some(),
            at_hand,
        })
    }

    /// Returns the expression that describes the field for the schema.
    pub(crate) fn registered(&self) -> TokenStream {
        let Self { name, description, output, .. } = self;
        let deprecation = optional(self.deprecation.as_deref());
        let arguments = self.arguments.iter().map(Argument::registered);
        quote! {
            crate::graphql::output::registered_field(
                (#name, #description, #deprecation),
                <#output as crate::graphql::output::FieldOutput>::register(registry),
                [#(#arguments),*],
            )
        }
    }

    /// Returns the expression that writes the field. It uses the names `self`, `field` and `walk`.
    pub(crate) fn written(&self) -> TokenStream {
        let Self { output, .. } = self;
        let read = self.arguments.iter().enumerate().map(|(place, argument)| argument.read(place, output));
        let context = self.takes_context.then(|| quote! { let ctx = &walk.context(field); });
        let written = match (self.waits, &self.at_hand) {
            (false, _) => self.at_once(),
            (true, None) => self.later(),
            (true, Some(at_hand)) => {
                let later = self.later();
                quote! {
                    let at_hand = { #context #at_hand };
                    if let Some(value) = at_hand {
                        return crate::graphql::output::FieldOutput::write(&value, field, walk);
                    }
                    #later
                }
            }
        };
        quote! {{ #(#read)* #written }}
    }

    fn at_once(&self) -> TokenStream {
        let (call, context) = (self.call(&format_ident!("self")), self.context(&quote!(walk.context(field))));
        quote! {
            let value = { #context #call };
            crate::graphql::output::FieldOutput::write(&value, field, walk)
        }
    }

    fn later(&self) -> TokenStream {
        let (call, context) = (self.call(&format_ident!("this")), self.context(&quote!(place.context())));
        quote! {
            let this = ::core::clone::Clone::clone(self);
            walk.resolve(field, move |place| {
                ::std::boxed::Box::pin(async move {
                    let value = { #context #call.await };
                    (place, value)
                })
            })
        }
    }

    fn context(&self, made: &TokenStream) -> Option<TokenStream> {
        self.takes_context.then(|| quote! { let ctx = &#made; })
    }

    fn call(&self, of: &Ident) -> TokenStream {
        let Self { function, .. } = self;
        let context = self.takes_context.then(|| quote!(ctx)).into_iter();
        let arguments = self.arguments.iter().map(|Argument { ident, .. }| quote!(#ident));
        let arguments = context.chain(arguments);
        quote! { #of.#function(#(#arguments),*) }
    }
}

impl Argument {
    fn registered(&self) -> TokenStream {
        let (name, of) = (names::of_field(&self.ident), &self.of);
        let description = self.said.description.as_deref().unwrap_or_default();
        let default = match &self.said.default {
            Some(default) => {
                quote!(Some(<#of as ::async_graphql::InputType>::to_value(&{ let default: #of = #default; default })))
            }
            None => quote!(None),
        };
        quote! { crate::graphql::output::registered_argument::<#of>(registry, (#name, #description), #default) }
    }

    /// Returns the code that reads the argument at `place`. If it cannot be read, the field fails as its type `output`
    /// requires: it is null, or the error is raised.
    fn read(&self, place: usize, output: &Type) -> TokenStream {
        let Self { ident, of, .. } = self;
        let default = match &self.said.default {
            Some(default) => quote!(Some(|| #default)),
            None => quote!(None::<fn() -> #of>),
        };
        quote! {
            let #ident: #of = match walk.argument(field, #place, #default) {
                Ok(value) => value,
                Err(error) => return <#output as crate::graphql::output::FieldOutput>::fail(error, field, walk),
            };
        }
    }
}

fn is_context(of: &Type) -> bool {
    let Type::Reference(TypeReference { elem, .. }) = of else { return false };
    matches!(&**elem, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "FieldContext"))
}

fn optional(text: Option<&str>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}

/// Replaces every lifetime of a type by `'static`. What the schema says of a type does not depend on lifetimes.
struct Owned;

impl VisitMut for Owned {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime = Some(Lifetime::new("'static", proc_macro2::Span::call_site()));
        syn::visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        *lifetime = Lifetime::new("'static", lifetime.span());
    }
}
