//! Closed-form cases: from their text to their results.

use serde_json::Value;

use super::case::{ClosedFormCase, Unable};
use super::effort::{Effort, Player};
use super::judge::{is_suspicious, judge, judge_again};
use super::kinds;
use super::verification::{CaseResult, CaseStatus};

/// Plays and judges one case of a file.
pub fn verify(place: &str, value: Value, seed: u64, trials: u64) -> CaseResult {
    let name = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    let id = name("id").unwrap_or_else(|| place.to_owned());
    let Some(kind) = name("kind") else {
        return CaseResult::unknown(id, "", "it names no kind");
    };
    let Some(player) = kinds::player(&kind) else {
        return CaseResult::unknown(id, &kind, format!("there is no kind `{kind}`"));
    };
    match serde_json::from_value::<ClosedFormCase>(value) {
        Err(error) => CaseResult::unknown(id, kind, format!("it is no closed-form case: {error}")),
        Ok(case) => play(&case, player, seed, trials),
    }
}

fn play(case: &ClosedFormCase, player: Player, seed: u64, trials: u64) -> CaseResult {
    let unknown = |Unable(why)| CaseResult::unknown(&case.id, &case.kind, why);
    let answers = match player(case, Effort::of(case, seed, trials, false)) {
        Ok(answers) => answers,
        Err(why) => return unknown(why),
    };
    let mut quantities: Vec<_> = answers
        .iter()
        .map(|answer| judge(answer, case.rel_tol_numeric))
        .collect();
    if quantities.iter().any(is_suspicious) {
        match player(case, Effort::of(case, seed, trials, true)) {
            Ok(answers) => quantities
                .iter_mut()
                .zip(&answers)
                .filter(|(quantity, _)| is_suspicious(quantity))
                .for_each(|(quantity, answer)| judge_again(quantity, answer)),
            Err(why) => return unknown(why),
        }
    }
    let status = quantities.iter().map(|quantity| quantity.status).max();
    CaseResult {
        id: case.id.clone(),
        kind: case.kind.clone(),
        file: None,
        status: status.unwrap_or(CaseStatus::Unknown),
        note: None,
        quantities,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_cannot_be_played_is_unknown_and_says_why() {
        let check = |value: Value, part: &str| {
            let result = verify("file.json, case 3", value, 1, 100);
            let note = result.note.expect("a reason");
            assert_eq!(result.status, CaseStatus::Unknown);
            assert!(note.contains(part), "{note}");
        };
        check(json!(7), "names no kind");
        check(json!({ "kind": "tarot" }), "there is no kind `tarot`");
        check(
            json!({ "id": "A", "kind": "binomial_threshold" }),
            "no closed-form case",
        );
        let inputs =
            json!({ "id": "A", "kind": "binomial_threshold", "inputs": {}, "expected": {} });
        check(inputs, "no number `n`");
    }

    #[test]
    fn a_wrong_answer_differs_and_an_answer_that_nobody_gives_is_unknown() {
        let case = |expected: Value| {
            json!({ "id": "A", "kind": "binomial_threshold", "expected": expected,
                    "inputs": { "n": 200, "p": 0.02, "thr": 0.03 } })
        };
        let status = |expected| verify("", case(expected), 1, 20_000).status;
        let right = json!({ "p_gt": 0.108_561_946_926_922_68, "p_ge": 0.213_277_534_297_333_4 });
        assert_eq!(status(right), CaseStatus::Ok);
        assert_eq!(
            status(json!({ "p_gt": 0.213_277_534_297_333_4 })),
            CaseStatus::Differs
        );
        assert_eq!(status(json!({ "p_maybe": 0.5 })), CaseStatus::Unknown);
    }

    #[test]
    fn a_case_has_the_same_draws_under_any_name_and_others_with_other_inputs() {
        let root = |id: &str, p: f64, seed: u64, again: bool| {
            let value = json!({ "id": id, "kind": "k", "inputs": { "p": p }, "expected": {} });
            let case: ClosedFormCase = serde_json::from_value(value).expect("a case");
            Effort::of(&case, seed, 10, again).root
        };
        assert_eq!(root("A", 0.5, 1, false), root("B", 0.5, 1, false));
        assert_ne!(root("A", 0.5, 1, false), root("A", 0.25, 1, false));
        assert_ne!(root("A", 0.5, 1, false), root("A", 0.5, 2, false));
        assert_ne!(root("A", 0.5, 1, false), root("A", 0.5, 1, true));
    }
}
