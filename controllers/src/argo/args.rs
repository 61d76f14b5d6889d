//! Arguments of an analysis: `{{args.name}}` is replaced in the text of a metric before it is read.
//!
//! Source: argo-rollouts v1.10.1 `utils/template/template.go`, `utils/analysis`.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::metric::Metric;

/// An argument: a value, or a place where one is found when the run is created.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its value. A number or a flag is taken as its text, though a cluster would ask for quotes.
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
    /// A secret, a field of the Rollout, the hash of the stable or the latest pods.
    pub value_from: Json,
}

fn text<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    match Json::deserialize(source)? {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(text)),
        plain @ (Json::Number(_) | Json::Bool(_)) => Ok(Some(plain.to_string())),
        other => Err(serde::de::Error::custom(format!("`{other}` is not a text"))),
    }
}

/// Gives the arguments that a template declares the values that are passed in. What is passed in and not declared is
/// lost: a metric that uses it cannot be resolved.
///
/// # Errors
/// An argument that is declared and has no value in either.
pub fn merge(declared: &[Argument], given: &[Argument]) -> Result<Vec<Argument>, String> {
    let mut merged = declared.to_vec();
    for argument in given {
        let Some(known) = merged.iter_mut().find(|known| known.name == argument.name) else {
            continue;
        };
        if argument.value.is_some() {
            known.value.clone_from(&argument.value);
        } else if !argument.value_from.is_null() {
            known.value_from.clone_from(&argument.value_from);
        }
    }
    match merged
        .iter()
        .find(|a| a.value.is_none() && a.value_from.is_null())
    {
        Some(open) => Err(format!("args.{} was not resolved", open.name)),
        None => Ok(merged),
    }
}

/// Replaces the arguments in a metric.
///
/// # Errors
/// An argument without a value, a name that no argument has, a metric that cannot be read afterwards.
pub fn resolve(metric: &Metric, arguments: &[Argument]) -> Result<Metric, String> {
    if let Some(open) = arguments.iter().find(|a| a.value.is_none()) {
        return Err(format!("argument \"{}\" was not supplied", open.name));
    }
    let mut json = serde_json::to_value(metric).map_err(|e| e.to_string())?;
    let mut fault = None;
    replace(&mut json, arguments, &mut fault);
    if let Some(fault) = fault {
        return Err(fault);
    }
    serde_json::from_value(json).map_err(|e| e.to_string())
}

fn replace(json: &mut Json, arguments: &[Argument], fault: &mut Option<String>) {
    match json {
        Json::String(text) => {
            if let Some(replaced) = replaced(text, arguments, fault) {
                *text = replaced;
            }
        }
        Json::Array(list) => list
            .iter_mut()
            .for_each(|item| replace(item, arguments, fault)),
        Json::Object(map) => map
            .values_mut()
            .for_each(|item| replace(item, arguments, fault)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn replaced(text: &str, arguments: &[Argument], fault: &mut Option<String>) -> Option<String> {
    let (mut before, mut rest) = text.split_once("{{")?;
    let mut out = String::new();
    loop {
        out.push_str(before);
        let Some((tag, after)) = rest.split_once("}}") else {
            *fault = Some(format!(
                "Cannot find end tag=\"}}}}\" in the template={text:?} starting from {rest:?}"
            ));
            return None;
        };
        let name = tag.trim().strip_prefix("args.");
        match name.and_then(|name| arguments.iter().rev().find(|a| a.name == name)) {
            Some(argument) => out.push_str(argument.value.as_deref().unwrap_or_default()),
            None => *fault = Some(format!("failed to resolve {{{{{tag}}}}}")),
        }
        let Some((next, left)) = after.split_once("{{") else {
            out.push_str(after);
            return Some(out);
        };
        (before, rest) = (next, left);
    }
}
