//! A document of one kind where one of another is read: one sentence in place of a list of keys.

use serde_json::Value as Json;

use super::node::Node;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::with_article;

/// The kinds: a key that documents of the kind must have and those of no other kind may have, and where they go.
const KINDS: [(&str, &str, &str); 5] = [
    (
        "policy",
        "stages",
        "name this file where a policy is asked for",
    ),
    (
        "scenario",
        "release",
        "name a policy first, and this file with --scenario",
    ),
    (
        "world",
        "fleet",
        "a scenario names its world: `world: {file: world.yaml}`",
    ),
    ("case", "broken", "`coalmine replay FILE` plays a case"),
    (
        "campaign",
        "generators",
        "name a policy first, and this file with --campaign",
    ),
];

/// Says of which kind a document is that has not the shape `wanted`; nothing if it may be meant to have it.
pub(crate) fn other_kind(root: &Node, wanted: &Json) -> Option<Diagnostic> {
    let reads = |sign: &str| wanted["properties"].get(sign).is_some();
    let (own, sign, _) = KINDS.iter().find(|(_, sign, _)| reads(sign))?;
    if root.get(sign).is_some() {
        return None;
    }
    let found = |(kind, sign, help)| Some((kind, root.entry(sign)?.0, help));
    let (kind, key, help) = KINDS.into_iter().find_map(found)?;
    let message = format!(
        "this is {}, and {} is read here",
        with_article(kind),
        with_article(own)
    );
    Some(
        Diagnostic::error("CM034", key.span.clone(), message)
            .reason(format!(
                "it has `{}`, which only {} has",
                key.text,
                with_article(kind)
            ))
            .help(help),
    )
}

#[cfg(test)]
mod tests {
    use crate::load;

    #[track_caller]
    fn check(read: fn(&str, &[u8]) -> Vec<String>, text: &str, expect: &str) {
        assert_eq!(read("it.yaml", text.as_bytes()), [expect], "{text}");
    }

    fn messages<T>(read: Result<T, crate::Report>) -> Vec<String> {
        let report = read.err().expect("it is refused");
        let found = report.diagnostics.iter();
        found
            .map(|one| format!("{} {}", one.code, one.message))
            .collect()
    }

    #[test]
    fn a_document_of_another_kind_is_one_problem() {
        let policy = |name: &str, bytes: &[u8]| messages(load::policy(name, bytes));
        let scenario = |name: &str, bytes: &[u8]| messages(load::scenario(name, bytes));
        check(
            policy,
            "version: 1\nname: a\nrelease: {is: good}\n",
            "CM034 this is a scenario, and a policy is read here",
        );
        check(
            scenario,
            "version: 1\nstages: []\n",
            "CM034 this is a policy, and a scenario is read here",
        );
    }

    #[test]
    fn a_key_of_another_kind_beside_those_of_its_own_is_a_wrong_key() {
        let found = messages(load::policy(
            "it.yaml",
            b"version: 1\nstages: []\nfleet: {}\n",
        ));
        assert!(
            found
                .iter()
                .any(|said| said.contains("unknown key `fleet`")),
            "{found:?}"
        );
    }
}
