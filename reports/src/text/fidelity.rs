//! What becomes of the keys of other people's policies.

use std::collections::BTreeMap;

use crate::common::escape::escape;
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Table};
use crate::common::wrap::wrap;
use crate::result::{FidelityObject, FidelityReport, FidelityStatus};

/// Up to so many objects what is ignored is told key by key.
const TOLD: usize = 12;

/// Object by object what is used, ignored and unsupported, and the sum by kind.
pub fn fidelity_text(report: &FidelityReport, style: Style) -> String {
    let long = report.objects.len() <= TOLD;
    let mut text: String = report
        .objects
        .iter()
        .map(|object| object_text(object, long, style))
        .collect();
    for other in &report.others {
        let line = format!(
            "{}: left out, {}: no part in a release",
            other.file, other.what
        );
        text += &(style.paint(Tone::Faint, &escape(&line)) + "\n");
    }
    if !report.objects.is_empty() {
        text += &(String::from("\n") + &sums(&report.objects).render(style));
    }
    if !long {
        text += "`--format json` lists every key with its reason\n";
    }
    text
}

fn object_text(object: &FidelityObject, long: bool, style: Style) -> String {
    let name = match object.name.as_str() {
        "" => String::new(),
        name => format!(" {name}"),
    };
    let head = format!("{}: {} {}{name}", object.file, object.product, object.kind);
    let (tone, figures) = kept(object);
    let mut text = format!(
        "{}: {}\n",
        escape(&head),
        style.paint(tone, &escape(&figures))
    );
    for key in object
        .keys
        .iter()
        .filter(|key| key.status == FidelityStatus::Unsupported)
    {
        let reason = key.reason.as_deref().unwrap_or_default();
        let line = format!("unsupported {} (line {}): {reason}", key.path, key.line);
        text += &(indented(&line, style) + "\n");
    }
    for metric in &object.metrics {
        let line = format!("{} reads {}", metric.metric, metric.reads);
        text += &(indented(&line, style) + "\n");
    }
    if long {
        text += &ignored(object, style);
    }
    text
}

/// How much of the object is used, and how good that is.
fn kept(object: &FidelityObject) -> (Tone, String) {
    let count = |status| object.count(status);
    let unsupported = count(FidelityStatus::Unsupported);
    match &object.unread {
        Some(why) => (Tone::Doubt, why.clone()),
        None => (
            if unsupported == 0 {
                Tone::Good
            } else {
                Tone::Doubt
            },
            format!(
                "{} used, {} ignored, {unsupported} unsupported",
                count(FidelityStatus::Used),
                count(FidelityStatus::Ignored)
            ),
        ),
    }
}

/// A line below its object, and what does not fit into it further in.
fn indented(line: &str, style: Style) -> String {
    let room = style.columns.saturating_sub(2);
    format!("  {}", wrap(&escape(line), 4, room))
}

/// What is ignored, a line a reason.
fn ignored(object: &FidelityObject, style: Style) -> String {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for key in object
        .keys
        .iter()
        .filter(|key| key.status == FidelityStatus::Ignored)
    {
        let reason = key.reason.as_deref().unwrap_or_default();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, keys)) => keys.push(&key.path),
            None => reasons.push((reason, vec![&key.path])),
        }
    }
    let line = |(reason, keys): (&str, Vec<&str>)| {
        let line = format!("ignored {}: {reason}", keys.join(", "));
        style.paint(Tone::Faint, &indented(&line, style)) + "\n"
    };
    reasons.into_iter().map(line).collect()
}

/// The objects by kind, and how many of them are read whole.
fn sums(objects: &[FidelityObject]) -> Table {
    let mut kinds: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for object in objects {
        let sum = kinds.entry((&object.product, &object.kind)).or_default();
        sum.0 += 1;
        sum.1 +=
            usize::from(object.unread.is_none() && object.count(FidelityStatus::Unsupported) == 0);
    }
    let mut table = Table::new(&[
        ("product", Align::Left),
        ("kind", Align::Left),
        ("objects", Align::Right),
        ("nothing unsupported", Align::Right),
    ]);
    for ((product, kind), (all, whole)) in kinds {
        table.row(vec![
            product.into(),
            kind.into(),
            all.to_string().as_str().into(),
            format!("{whole} ({:.1} %)", whole as f64 / all as f64 * 100.0)
                .as_str()
                .into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::FidelityKey;

    #[test]
    fn what_is_unsupported_is_told_with_its_line_and_what_is_ignored_by_its_reason() {
        let key = |path: &str, status, reason: Option<&str>| FidelityKey {
            path: path.to_owned(),
            status,
            reason: reason.map(str::to_owned),
            line: 3,
        };
        let keys = vec![
            key("kind", FidelityStatus::Ignored, Some("identity")),
            key("metadata", FidelityStatus::Ignored, Some("identity")),
            key("spec.replicas", FidelityStatus::Used, None),
            key(
                "spec.typo",
                FidelityStatus::Unsupported,
                Some("no key of it"),
            ),
        ];
        let object = FidelityObject {
            file: "a.yaml".into(),
            kind: "Rollout".into(),
            name: "shop".into(),
            product: "Argo Rollouts".into(),
            unread: None,
            keys,
            metrics: Vec::new(),
        };
        let text = object_text(&object, true, Style::PLAIN);
        let expect = "\
a.yaml: Argo Rollouts Rollout shop: 1 used, 2 ignored, 1 unsupported
  unsupported spec.typo (line 3): no key of it
  ignored kind, metadata: identity
";
        assert_eq!(text, expect);
    }
}
