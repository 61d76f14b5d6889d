//! Objectives: sloth 0.16 and OpenSLO.

use controllers::openslo::{Document, Triggers, sloth_takes};
use controllers::sloth::form::Spec;
use controllers::sloth::plan::{PERIOD, budget, plan};

use super::finding::ObjectFindings;
use super::object::Object;
use super::pool::Pool;
use super::recognise::Product;

/// What either takes and is not simulated.
pub(super) fn beyond(object: &Object) -> Vec<(String, String)> {
    if object.product == Product::Sloth {
        let (prefix, spec) = spec(object);
        let outside = plan(&spec, PERIOD)
            .1
            .into_iter()
            .filter(|error| error.unsupported);
        return outside
            .map(|error| (format!("{prefix}{}", error.path), error.message))
            .collect();
    }
    let Some(Ok(document)) = Document::read(&object.json) else {
        return Vec::new();
    };
    // An objective of v1alpha has no alerts: there is nothing of it to simulate, and lint says so.
    let found = Triggers::of(&[document]).problems.into_iter();
    let outside = found.filter(|problem| problem.unsupported && problem.path != "spec");
    outside
        .map(|problem| (problem.path, problem.message))
        .collect()
}

fn spec(object: &Object) -> (&'static str, Spec) {
    let (prefix, body) = object.body();
    (prefix, object.read_part(body).unwrap_or_default())
}

/// ObjectFindings about an objective.
pub(super) fn lint(findings: &mut ObjectFindings<'_>, pool: &Pool<'_>) {
    if findings.object.product == Product::Sloth {
        sloth(findings);
    } else {
        openslo(findings, pool);
    }
}

fn sloth(findings: &mut ObjectFindings<'_>) {
    let (prefix, spec) = spec(findings.object);
    for error in plan(&spec, PERIOD).1 {
        let path = format!("{prefix}{}", error.path);
        if error.unsupported {
            findings.note("CM451", &path, [&error.message, "it is not simulated", ""]);
        } else {
            let what = format!("sloth refuses the file: {}", error.message);
            findings.error("CM438", &path, [&what, "none of its rules is written", ""]);
        }
    }
    for (nth, slo) in spec.slos.iter().enumerate() {
        let (written, exact) = (budget(slo.objective), exact_budget(slo.objective));
        if exact.is_none_or(|exact| written >= exact) {
            continue;
        }
        let what = format!("the budget of {} % is written as {written}", slo.objective);
        let why = "that is a little less than it is: at exactly 14.4 times the budget sloth pages, and a rule `> 14.4 * BUDGET` \
                   written by hand does not";
        let path = format!("{prefix}slos[{nth}].objective");
        findings.note(
            "CM450",
            &path,
            [&what, why, "expect the alert at the limit itself"],
        );
    }
}

/// The budget of an objective in per cent, from its decimal digits.
fn exact_budget(objective: f64) -> Option<f64> {
    let text = format!("{objective}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits: i64 = format!("{whole}{fraction}").parse().ok()?;
    let places = u32::try_from(fraction.len())
        .ok()
        .filter(|places| *places < 15)?;
    let left = 100 * 10_i64.pow(places) - digits;
    format!("{left}e-{}", places + 2).parse().ok()
}

fn openslo(findings: &mut ObjectFindings<'_>, pool: &Pool<'_>) {
    let object = findings.object;
    let version = object.json.get("apiVersion").and_then(|it| it.as_str());
    let version = version.unwrap_or_default();
    if let Some(Err(why)) = Document::read(&object.json) {
        findings.error("CM438", "apiVersion", [&why, "", ""]);
        return;
    }
    if object.kind != "SLO" && !matches!(object.kind.as_str(), "AlertPolicy" | "AlertCondition") {
        return;
    }
    let all = pool.all(Product::OpenSlo);
    let documents = all.filter_map(|object| Document::read(&object.json)?.ok());
    let documents: Vec<Document> = documents.collect();
    let own = format!("{} {}", object.kind, object.name);
    for problem in Triggers::of(&documents).problems {
        if problem.object != own || problem.path == "spec" && sloth_takes(version) {
            continue;
        }
        if problem.unsupported {
            findings.note("CM451", &problem.path, [&problem.message, "", ""]);
        } else {
            let words = [&problem.message[..], "the objective gives no trigger", ""];
            findings.error("CM438", &problem.path, words);
        }
    }
    if object.kind == "SLO" {
        generated(findings, version);
    }
}

/// What sloth makes of it.
fn generated(findings: &mut ObjectFindings<'_>, version: &str) {
    if sloth_takes(version) {
        let what = "this objective alerts nobody";
        let why = "v1alpha has no alert conditions; sloth 0.16 writes rules without alerts for it and ends with exit code 0";
        findings.warning(
            "CM450",
            "apiVersion",
            [
                what,
                why,
                "a spec of sloth (`version: prometheus/v1`), or OpenSLO v1",
            ],
        );
    } else {
        let what = "sloth 0.16 refuses this version";
        findings.note(
            "CM450",
            "apiVersion",
            [what, "it reads `openslo/v1alpha` only", ""],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{budget, exact_budget};

    /// 0.001 is nearer to 1/1000 than 0.0009999999999999432, which is what (100 - 99.9) / 100 comes to.
    #[test]
    fn the_budget_of_99_9_percent_is_less_than_a_thousandth() {
        assert_eq!(exact_budget(99.9), Some(0.001));
        assert_eq!(budget(99.9).to_string(), "0.0009999999999999432");
        assert_eq!(exact_budget(99.0), Some(0.01));
        assert_eq!(exact_budget(99.5), Some(0.005));
    }
}
