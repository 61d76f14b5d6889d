//! Builtins on texts. Source of the rules: expr-lang v1.17.7 `builtin`.

use crate::argo::condition::ops::Ran;
use crate::argo::condition::value::Value;

/// Calls a builtin whose arguments are texts; what stands second is a space where it is left out.
///
/// # Errors
/// An argument that is no text, a name that no builtin has.
pub(super) fn on_texts(name: &str, given: &[Value]) -> Ran<Value> {
    let texts = all_texts(given)?;
    let text = texts.first().copied().unwrap_or_default();
    let other = texts.get(1).copied();
    let cut = other.unwrap_or(" ");
    let of_set = |c: char| cut.contains(c);
    let index = |found: Option<usize>| Value::Int(found.map_or(-1, |i| i as i64));
    Ok(match name {
        "upper" => Value::Str(text.to_uppercase().into()),
        "lower" => Value::Str(text.to_lowercase().into()),
        "trim" if other.is_none() => Value::Str(text.trim().into()),
        "trim" => Value::Str(text.trim_matches(of_set).into()),
        "trimPrefix" => Value::Str(text.strip_prefix(cut).unwrap_or(text).into()),
        "trimSuffix" => Value::Str(text.strip_suffix(cut).unwrap_or(text).into()),
        "indexOf" => index(text.find(cut)),
        "lastIndexOf" => index(text.rfind(cut)),
        "hasPrefix" => Value::Bool(text.starts_with(cut)),
        "hasSuffix" => Value::Bool(text.ends_with(cut)),
        _ => return Err(format!("unknown builtin {name}")),
    })
}

fn all_texts(given: &[Value]) -> Ran<Vec<&str>> {
    let mut texts = Vec::with_capacity(given.len());
    for value in given {
        let Value::Str(text) = value else {
            let found = if *value == Value::Nil {
                "nil"
            } else {
                value.type_name()
            };
            return Err(format!(
                "interface conversion: interface {{}} is {found}, not string"
            ));
        };
        texts.push(&**text);
    }
    Ok(texts)
}
