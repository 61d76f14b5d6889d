//! The schema of a document kind.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value as Json;

/// The schemas made so far, one for each type: a study reads dozens of scenarios by one of them.
static MADE: Mutex<BTreeMap<TypeId, Arc<Json>>> = Mutex::new(BTreeMap::new());

/// Returns the JSON Schema (draft 2020-12) of `T`, with every map of named keys closed.
///
/// A variant with fields cannot itself say `deny_unknown_fields`, and what serde ignores without
/// a word is a limit that does not hold. So unknown keys are refused here, and what is published
/// for editors is what is checked. It is made once in a process.
pub fn document<T: JsonSchema + 'static>() -> Arc<Json> {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(
        made.entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(make::<T>())),
    )
}

fn make<T: JsonSchema>() -> Json {
    let mut schema = SchemaGenerator::default()
        .into_root_schema_for::<T>()
        .to_value();
    close(&mut schema);
    schema
}

fn close(schema: &mut Json) {
    match schema {
        Json::Object(object) => {
            let is_map = object.get("properties").is_some_and(Json::is_object);
            if is_map && object.get("type").is_some_and(|name| name == "object") {
                object
                    .entry("additionalProperties")
                    .or_insert(Json::Bool(false));
            }
            object.values_mut().for_each(close);
        }
        Json::Array(several) => several.iter_mut().for_each(close),
        _ => {}
    }
}
