//! What the combinations of faults of a campaign have shown, in a sentence.

use crate::result::Verdict;
use crate::result::{ChaosCombination, ChaosLineage, ChaosReport};

/// So many combinations that break a promise are named; the JSON has all.
const COMBINATIONS_SHOWN: usize = 5;

/// The certificate that no small combination of faults breaks a promise, or why there is none.
pub(crate) fn lineage(report: &ChaosReport) -> Option<String> {
    let told = report.lineage.as_ref()?;
    let (release, faults, depth) = (&told.release, &told.faults, &told.depth);
    let of = format!(
        "of up to {depth} of the {faults} faults that the policy is to withstand and that touch how \
         {release} is dealt with, under one seed,"
    );
    let aside = match told.anyway.as_slice() {
        [] => String::new(),
        broken => format!(
            " ({} aside, which the release violates by itself)",
            broken.join(", ")
        ),
    };
    let far = how_far(told, &of);
    let elsewhere = elsewhere(report, told);
    let shown = shown(told);
    Some(match told.breaking.len() {
        0 => format!("{far}: none violated an invariant{aside}.{elsewhere}"),
        count => format!(
            "{far}: {count} violated an invariant{aside}: {}.",
            shown.join("; ")
        ),
    })
}

/// Other seeds, moments and releases may break what these did not.
fn elsewhere(report: &ChaosReport, told: &ChaosLineage) -> String {
    let rows = report.invariants.iter();
    let failed =
        rows.filter(|row| row.verdict == Some(Verdict::Fail) && !told.anyway.contains(&row.id));
    let failed: Vec<&str> = failed.map(|row| row.id.as_str()).collect();
    match failed.as_slice() {
        [] => String::new(),
        ids => format!(
            " Other experiments of this campaign violate {}: this is no certificate for {}.",
            ids.join(", "),
            if ids.len() == 1 { "it" } else { "them" }
        ),
    }
}

fn shown(told: &ChaosLineage) -> Vec<String> {
    let one =
        |it: &ChaosCombination| format!("{} ({})", it.faults.join(" + "), it.promises.join(", "));
    told.breaking
        .iter()
        .take(COMBINATIONS_SHOWN)
        .map(one)
        .collect()
}

/// How many combinations were played, and how many hold a smaller one that breaks something.
fn how_far(told: &ChaosLineage, of: &str) -> String {
    let (combinations, played, left_out) = (&told.combinations, &told.played, &told.left_out);
    let smaller = match left_out {
        0 => String::new(),
        _ => format!(", and {left_out} more hold a smaller one that violates an invariant"),
    };
    if played + left_out == *combinations {
        format!("Lineage: every combination {of} was simulated ({played} experiments{smaller})")
    } else {
        format!("Lineage: stopped after {played} of {combinations} combinations {of}{smaller}")
    }
}
