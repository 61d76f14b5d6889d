//! Gaps that a policy waives: kinds that there are, and a reason for each.

use chaos::checker::GAPS;
use sim_core::policy::{Policy, WaivedGap};

use super::problem::{Problem, each};
use crate::schema::nearest;

/// Checks the gaps that a policy waives.
pub(crate) fn check(policy: &Policy) -> Vec<Problem> {
    let waived = each("waives", &policy.waives);
    let problems = waived
        .filter_map(|(path, waived)| unknown(&path, waived).or_else(|| silent(&path, waived)));
    problems.collect()
}

fn unknown(path: &str, waived: &WaivedGap) -> Option<Problem> {
    let codes = || GAPS.iter().map(|(code, _)| *code);
    if codes().any(|code| code == waived.gap) {
        return None;
    }
    let near = nearest(&waived.gap, codes());
    let near = near.map_or(String::new(), |near| format!("did you mean `{near}`? "));
    let message = format!("there is no kind of gap called `{}`", waived.gap);
    let help = format!("{near}`coalmine chaos` names each gap that it finds");
    Some(Problem::error("CM102", format!("{path}.gap"), message).help(help))
}

fn silent(path: &str, waived: &WaivedGap) -> Option<Problem> {
    waived.reason.trim().is_empty().then(|| {
        let message = format!("`{}` is waived without a reason", waived.gap);
        let reason =
            "whoever reads the report cannot tell a gap that is meant from one that was overlooked";
        Problem::error("CM179", format!("{path}.reason"), message)
            .reason(reason)
            .help("say why the gap is meant, or close it")
    })
}
