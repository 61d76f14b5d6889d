//! The macros that declare faults and their parameters.

/// Declares the parameters of faults, each with its default.
macro_rules! params {
    ($($(#[$meta:meta])* $name:ident {
        $($(#[$doc:meta])* $field:ident: $kind:ty = $value:expr,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
        pub struct $name {
            $($(#[$doc])* pub $field: $kind,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $value,)* }
            }
        }
    )*};
}
pub(super) use params;

/// Declares the faults: their names, and what the catalogue says about each.
macro_rules! faults {
    ($($variant:ident($params:path) = $name:literal $id:literal $layer:ident at $at:path {
        $summary:literal, shows: $shows:expr, threatens: $threats:expr, source: $source:literal
    })*) => {
        /// A fault of the catalogue with its parameters.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub enum Fault {
            $(#[doc = concat!($summary, ".")] #[serde(rename = $name)] $variant($params),)*
        }

        /// Every fault, in the order of groups.
        pub const ENTRIES: &[Entry] = &[$(Entry {
            name: $name,
            id: $id,
            layer: Layer::$layer,
            summary: $summary,
            shows: $shows,
            source: $source,
            threatens: $threats,
            default: || Fault::$variant(<$params>::default()),
            schema: || schema_for!($params),
            at: $at,
        },)*];

        impl Fault {
            /// Returns the name by which files call it.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)* }
            }

            /// Adds what the fault comes to.
            pub(super) fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
                match self { $(Self::$variant(params) => params.lower(on),)* }
            }
        }
    };
}
pub(super) use faults;
