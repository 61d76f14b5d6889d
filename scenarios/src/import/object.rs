//! One object of a file: what it is, who it is, and what it says.

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value as Json};

use super::recognise::{Product, Recognised};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::with_article;
use crate::source::decode;
use crate::source::node::{Node, SpanIndex, Value};

/// An object of a known product.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Whose it is.
    pub product: Product,
    /// Its kind.
    pub kind: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// Its namespace; empty where the file does not say one.
    pub namespace: String,
    /// Whether its values have the types, and the sizes, that the product asks for.
    pub(crate) fits: bool,
    /// What it says, with places.
    pub(crate) spans: SpanIndex,
    /// What it says, without places and without what is null.
    pub(crate) json: Json,
}

impl Object {
    pub(super) fn new(root: Node, what: Recognised) -> Self {
        let metadata = root.get("metadata");
        let said = |key: &str| {
            let own = metadata
                .and_then(|it| it.get(key))
                .or_else(|| root.get(key));
            own.and_then(Node::as_str).unwrap_or_default().to_owned()
        };
        let name = match what.product {
            Product::Sloth if metadata.is_none() => root.get("service"),
            _ => None,
        };
        Self {
            product: what.product,
            kind: what.kind,
            name: name
                .and_then(Node::as_str)
                .map_or_else(|| said("name"), str::to_owned),
            namespace: said("namespace"),
            fits: true,
            json: json(&root),
            spans: SpanIndex::new(without_nulls(root)),
        }
    }

    /// The tree.
    pub(crate) fn root(&self) -> &Node {
        self.spans.root()
    }

    /// What the product itself reads, and the path before it: the whole file, or the `spec` of an object of Kubernetes.
    pub(crate) fn body(&self) -> (&'static str, &Node) {
        match self.root().get("spec") {
            Some(spec) if self.root().get("apiVersion").is_some() => ("spec.", spec),
            _ => ("", self.root()),
        }
    }

    /// Reads the object as the product's own form.
    ///
    /// # Errors
    /// The first field that has another type than the product asks for, with its place.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Box<Diagnostic>> {
        self.read_part(self.root())
    }

    /// Reads a part of the object, as [`Object::read`] does.
    pub(crate) fn read_part<T: DeserializeOwned>(&self, part: &Node) -> Result<T, Box<Diagnostic>> {
        decode::decode(part).map_err(|error| {
            let span = error.span.unwrap_or_else(|| part.span.clone());
            let message = format!(
                "this does not fit {}: {}",
                with_article(&self.kind),
                error.message
            );
            let found = Diagnostic::error("CM402", span, message)
                .reason(format!("{} would refuse the object", self.product.name()));
            Box::new(found)
        })
    }

    /// The product and the kind in words: `a Rollout of Argo Rollouts`.
    pub fn words(&self) -> String {
        format!("{} of {}", with_article(&self.kind), self.product.name())
    }
}

/// A tree without its nulls: a null counts as left out, as the products have it.
fn without_nulls(node: Node) -> Node {
    let value = match node.value {
        Value::List(items) => Value::List(items.into_iter().map(without_nulls).collect()),
        Value::Map(entries) => {
            let kept = entries
                .into_iter()
                .filter(|(_, it)| it.value != Value::Null);
            Value::Map(kept.map(|(key, it)| (key, without_nulls(it))).collect())
        }
        other => other,
    };
    Node { value, ..node }
}

/// A tree as plain JSON, without nulls in maps. What JSON cannot say (NaN) is null.
fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => i64::try_from(*value).map_or_else(
            |_| Number::from_f64(*value as f64).map_or(Json::Null, Json::Number),
            |value| Json::Number(value.into()),
        ),
        Value::Float(value) => Number::from_f64(*value).map_or(Json::Null, Json::Number),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(entries) => {
            let kept = entries.iter().filter(|(_, it)| it.value != Value::Null);
            let map: Map<String, Json> =
                kept.map(|(key, it)| (key.text.clone(), json(it))).collect();
            Json::Object(map)
        }
    }
}
