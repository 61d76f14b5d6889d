//! Whose requests a query counts: those of the new version, of the old one, or of the whole service.
//!
//! What tells is in the text of the query, once the arguments are in it: the hash of the new pods, a service or a
//! workload of the canary, a label that has the version. A query without any of them counts every request of the service.

use sim_core::policy::gate::Population;

/// What a rollout calls its versions.
#[derive(Clone, Debug, Default)]
pub(super) struct VersionNames {
    /// The rollout, whose own name tells nothing.
    pub rollout: String,
    /// The services of the new version alone.
    pub new: Vec<String>,
    /// The services of the old version alone.
    pub old: Vec<String>,
    /// The workload of the new version alone; empty where both versions are of one.
    pub workload: String,
}

/// Whose requests a query counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Those of one population.
    Of(Population),
    /// It holds the new version against the old.
    Compared,
}

/// Words for the new version, and those for the old one.
const NEW: [&str; 2] = ["canary", "latest-hash"];
const OLD: [&str; 3] = ["stable", "primary", "baseline"];
/// Labels whose value is a version, by a part of their name.
const VERSIONS: [&str; 9] = [
    "version",
    "revision",
    "_hash",
    "image",
    "commit",
    "git_sha",
    "build",
    "replicaset",
    "subset",
];
/// What has versions of another kind.
const PROTOCOLS: [&str; 5] = ["http", "proto", "tls", "api", "grpc"];
/// Labels that name a service: one that has the name of the workload is that of all versions.
const SERVICES: [&str; 4] = ["service", "svc", "ingress", "host"];
/// Labels by which a proxy says where a request went. A label that an application writes has its own name, which may be
/// that of the stable service.
const ROUTED: [&str; 6] = [
    "destination_service",
    "destination_host",
    "envoy_cluster",
    "upstream",
    "backend",
    "kubernetes_service",
];

/// Says whose requests a query counts.
pub(super) fn counted(text: &str, names: &VersionNames) -> Counted {
    let text = names.neutral(text);
    let matchers = matchers(&text);
    let mut sides: Vec<Population> = matchers
        .iter()
        .filter_map(|matcher| side(matcher, names))
        .collect();
    if sides.is_empty() {
        // What a label has said is said.
        let left = matchers.iter().fold(text.clone(), |text, matcher| {
            text.replace(&matcher.value[..], "")
        });
        sides.extend(words_in(&left, &names.workload));
    }
    match (
        sides.contains(&Population::Canary),
        sides.contains(&Population::Control),
    ) {
        (true, true) => Counted::Compared,
        (true, false) => Counted::Of(Population::Canary),
        (false, true) => Counted::Of(Population::Control),
        (false, false) => Counted::Of(Population::Fleet),
    }
}

impl VersionNames {
    /// The text in small letters, in which the rollout's own name is no word for a version.
    fn neutral(&self, text: &str) -> String {
        let text = text
            .replace("\\\"", "\"")
            .replace("\\n", " ")
            .to_lowercase();
        let own = self.rollout.to_lowercase();
        let misleads = NEW
            .iter()
            .chain(&OLD)
            .any(|word| own.contains(word) && own != *word);
        let named = self
            .new
            .iter()
            .chain(&self.old)
            .any(|name| *name == self.rollout);
        if misleads && !named {
            text.replace(&own, "rollout")
        } else {
            text
        }
    }
}

/// A label, whether it is excluded, and its value.
#[derive(Debug, PartialEq, Eq)]
struct Matcher {
    key: String,
    negated: bool,
    value: String,
}

/// What stands on both sides of every `=`, `=~`, `!=`, `!~` and `:` of a text.
fn matchers(text: &str) -> Vec<Matcher> {
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        let before = &text[..at];
        let after = &text[at + c.len_utf8()..];
        let begins = match c {
            '=' => !before.ends_with(['=', '<', '>', '~']),
            '~' => before.ends_with('!'),
            ':' => !after.starts_with(':') && !before.ends_with(':'),
            _ => false,
        };
        if begins {
            let value = value(after.trim_start_matches(['=', '~']));
            found.push(Matcher {
                key: key(before.trim_end_matches('!')),
                negated: before.ends_with('!'),
                value,
            });
        }
    }
    found
}

/// The word that a text ends with: `r["workload"]` has one as well.
fn key(text: &str) -> String {
    let text = text.trim_end_matches([' ', '"', '\'', ']']);
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let begins = text.rfind(|c| !inside(c)).map_or(0, |at| at + 1);
    text.get(begins..).unwrap_or_default().to_owned()
}

/// The value that a text begins with, quoted or not.
fn value(text: &str) -> String {
    let text = text.trim_start();
    let quoted = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quoted {
        Some(quote) => text[1..].split(quote).next(),
        None => text.split([',', '{', '}', '(', ')', '"', ' ', '&']).next(),
    };
    value.unwrap_or_default().to_owned()
}

/// The version that a label selects; none where it selects both, or none in particular.
fn side(matcher: &Matcher, names: &VersionNames) -> Option<Population> {
    let (key, value, negated) = (&matcher.key, &matcher.value, &matcher.negated);
    let turned = |side: Population| match (side, *negated) {
        (Population::Canary, true) => Population::Control,
        (Population::Control, true) => Population::Canary,
        (side, _) => side,
    };
    if key == "canary" && matches!(&value[..], "" | "false") {
        return Some(turned(Population::Control));
    }
    let has = |words: &[&str]| words.iter().any(|word| value.contains(word));
    let part_of = |list: &[&str]| list.iter().any(|part| key.contains(part));
    let of = |list: &[String]| list.iter().any(|name| named(value, name));
    let new = has(&NEW) || of(&names.new);
    let old = has(&OLD) || (part_of(&ROUTED) && of(&names.old));
    match (new, old) {
        (true, true) => return None,
        (true, false) => return Some(turned(Population::Canary)),
        (false, true) => return Some(turned(Population::Control)),
        (false, false) => {}
    }
    if !part_of(&SERVICES) && pods_of(value, &names.workload) {
        return Some(turned(Population::Canary));
    }
    let any = value.is_empty() || matches!(&value[..], ".*" | ".+");
    let version = part_of(&VERSIONS) && !part_of(&PROTOCOLS) && !part_of(&SERVICES);
    let tells = version || matches!(&key[..], "canary" | "track" | "tag");
    (tells && !any && !*negated).then_some(Population::Canary)
}

/// Whether a value is a workload or the pattern of its own pods; `podinfo-.*` takes `podinfo-primary` as well.
fn pods_of(value: &str, workload: &str) -> bool {
    let rest = value.strip_prefix(&workload.to_lowercase()[..]);
    !workload.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("-["))
}

/// Whether a value is a name, as it is or in its namespace.
fn named(value: &str, name: &str) -> bool {
    let rest = value.strip_prefix(&name.to_lowercase()[..]);
    let ends = |rest: &str| {
        let dot = rest.strip_prefix("\\\\").unwrap_or(rest).strip_prefix('.');
        rest.is_empty()
            || dot.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    !name.is_empty() && rest.is_some_and(ends)
}

/// The versions that a text names anywhere: a path of Graphite has no labels.
fn words_in(text: &str, workload: &str) -> impl Iterator<Item = Population> + use<> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let path = |part: &str| part.split('.').any(|part| part == workload);
    let named = !workload.is_empty() && text.split(['(', ')', ' ', ',', '\'', '"']).any(path);
    let new = (has(&NEW) || named).then_some(Population::Canary);
    let old = has(&OLD).then_some(Population::Control);
    new.into_iter().chain(old)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> VersionNames {
        VersionNames {
            rollout: "checkout".into(),
            new: vec!["checkout-next".into()],
            old: vec!["checkout".into()],
            workload: String::new(),
        }
    }

    #[track_caller]
    fn check(query: &str, expect: Counted) {
        let provider = serde_json::json!({"prometheus": {"query": query}}).to_string();
        assert_eq!(counted(&provider, &names()), expect, "{query}");
    }

    #[track_caller]
    fn of(query: &str, expect: Population) {
        check(query, Counted::Of(expect));
    }

    #[test]
    fn a_query_that_tells_no_version_apart_counts_the_whole_service() {
        let whole = Population::Fleet;
        of(
            "sum(rate(http_requests_total{status!~\"5..\"}[1m])) / sum(rate(http_requests_total[1m]))",
            whole,
        );
        of(
            "sum(rate(x{app=\"checkout\", http_version=\"2\"}[5m]))",
            whole,
        );
        of("sum:requests.errors{service:checkout}.as_count()", whole);
        of(
            "sum(rate(x{destination_service=~\"checkout.*\"}[5m]))",
            whole,
        );
        of("sum(rate(x{track=~\"canary|stable\"}[5m]))", whole);
        of(
            "sum(rate(x{pod=~\"checkout-.*\", version=~\".*\"}[5m]))",
            whole,
        );
    }

    #[test]
    fn hashes_services_and_labels_of_the_new_version_tell_it() {
        let new = Population::Canary;
        of(
            "sum(rate(x{rollouts_pod_template_hash=\"latest-hash\"}[1m]))",
            new,
        );
        of("sum(rate(x{pod=~\"checkout-latest-hash-.*\"}[1m]))", new);
        of("max:restarts{service:checkout,pod_hash:latest-hash}", new);
        of(
            "sum(rate(x{destination_service=\"checkout-next.shop.svc.cluster.local\"}[1m]))",
            new,
        );
        of("sum(rate(x{role=\"canary\"}[1m]))", new);
        of("sum(rate(x{version=\"v2\"}[1m]))", new);
        of("sum(rate(x{track!=\"stable\"}[1m]))", new);
        of(
            "sum(rate(nginx{ingress=\"checkout\", canary!=\"\"}[1m]))",
            new,
        );
        of("summarize(stats.checkout-canary.errors, '5min')", new);
        of("r[\"destination_version\"] == \"v2\"", new);
    }

    #[test]
    fn the_old_version_alone_and_a_comparison_are_told() {
        let old = Population::Control;
        of("sum(rate(x{destination_service=~\"checkout\"}[1m]))", old);
        of("sum(rate(x{pod_template_hash=\"stable-hash\"}[1m]))", old);
        check(
            "sum(rate(x{track=\"canary\"}[1m])) / sum(rate(x{track=\"stable\"}[1m]))",
            Counted::Compared,
        );
    }

    #[test]
    fn the_name_of_the_rollout_is_no_version() {
        let names = VersionNames {
            rollout: "canary-demo".into(),
            ..VersionNames::default()
        };
        let whole = "sum(rate(x{app=\"canary-demo\"}[1m]))";
        assert_eq!(counted(whole, &names), Counted::Of(Population::Fleet));
        let new = "sum(rate(x{service=\"canary-demo-canary\"}[1m]))";
        assert_eq!(counted(new, &names), Counted::Of(Population::Canary));
    }

    /// The canary of Flagger is the workload itself, beside one with `-primary` at the end; the service has its name too.
    #[test]
    fn the_workload_of_flagger_is_the_new_version() {
        let names = VersionNames {
            workload: "podinfo".into(),
            ..VersionNames::default()
        };
        let check = |query: &str, expect| {
            assert_eq!(counted(query, &names), Counted::Of(expect), "{query}");
        };
        let pods = "kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\"";
        check(&format!("sum(rate(x{{{pods}}}[1m]))"), Population::Canary);
        check(
            "sum(rate(x{destination_workload=~\"podinfo\"}[1m]))",
            Population::Canary,
        );
        check("sum(rate(x{pod=~\"podinfo-.*\"}[1m]))", Population::Fleet);
        check("sum(rate(x{service=\"podinfo\"}[1m]))", Population::Fleet);
        check(
            "sum(rate(x{job=\"podinfo-primary\"}[1m]))",
            Population::Control,
        );
        check(
            "sum:errors{destination_workload:podinfo}.as_count()",
            Population::Canary,
        );
        check(
            "stats.timers.app.podinfo.exception.*.count",
            Population::Canary,
        );
    }
}
