//! Templates in the labels of a rule, as far as they decide which alert an element is.

use super::labels::Labels;

/// Fills in `{{ $labels.name }}`, `{{ .Labels.name }}`, `{{ $value }}` and `{{ .Value }}`; other templates stay as they are.
///
/// A value is written in the shortest digits that read back, not as Go prints it: it tells alerts apart and is not shown.
pub(super) fn fill(text: &str, labels: &Labels, value: f64) -> String {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((inside, behind)) = after.split_once("}}") else {
            filled.push_str("{{");
            rest = after;
            continue;
        };
        match expand(inside.trim_matches('-').trim(), labels, value) {
            Some(text) => filled.push_str(&text),
            None => filled.push_str(&format!("{{{{{inside}}}}}")),
        }
        rest = behind;
    }
    filled + rest
}

fn expand(inside: &str, labels: &Labels, value: f64) -> Option<String> {
    if matches!(inside, "$value" | ".Value") {
        return Some(format!("{value}"));
    }
    let name = inside
        .strip_prefix("$labels.")
        .or(inside.strip_prefix(".Labels."))?;
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then(|| labels.get(name).to_owned())
}
