//! What a guard's words mean.

use serde_json::Value;
use sim_core::policy::{ExecGuard, GuardDecision, GuardFault};

/// What a program comes to that is asked one question.
pub type Reply = Result<GuardDecision, GuardFault>;

/// What a line means: the word itself, the word as JSON, or the `decision` of an object.
pub fn of_line(exec: &ExecGuard, line: &str) -> Reply {
    let line = line.trim();
    let word = if line.starts_with(['{', '"']) {
        match serde_json::from_str(line) {
            Ok(Value::String(word)) => Some(word),
            Ok(Value::Object(answer)) => {
                let decision = answer.get("decision").and_then(Value::as_str);
                decision.map(str::to_owned)
            }
            _ => None,
        }
    } else {
        Some(line.to_owned())
    };
    word.and_then(|word| of_word(exec, &word))
        .ok_or(GuardFault::NoDecision)
}

fn of_word(exec: &ExecGuard, word: &str) -> Option<GuardDecision> {
    let own = GuardDecision::ALL
        .into_iter()
        .find(|own| own.word() == word);
    own.or_else(|| exec.words.get(word).copied())
}

/// What the end of a program means that was started for one question: its exit code where codes have meanings, else
/// the last line that it wrote. A program that was killed has no code.
pub fn of_end(exec: &ExecGuard, code: Option<i32>, output: &[u8]) -> Reply {
    let code = code.ok_or(GuardFault::Crash)?;
    if !exec.exit_codes.is_empty() {
        let meaning = exec.exit_codes.get(&code.to_string());
        return meaning.copied().ok_or(GuardFault::Crash);
    }
    if code != 0 {
        return Err(GuardFault::Crash);
    }
    let text = String::from_utf8_lossy(output);
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    of_line(exec, last.ok_or(GuardFault::NoDecision)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn exec(more: &Value) -> ExecGuard {
        let mut form = json!({"command": ["guard"], "protocol": "once", "deadline": "1s",
            "on": {"crash": "rollback", "deadline": "pause", "no-decision": "hold", "too-much-output": "pause"}});
        for (key, value) in more.as_object().expect("it is a map") {
            form[key] = value.clone();
        }
        serde_json::from_value(form).expect("it is a guard")
    }

    #[test]
    fn a_line_is_a_word_a_json_word_or_an_object_with_a_decision() {
        let exec = exec(&json!({"words": {"ship it": "promote"}}));
        for (line, means) in [
            ("hold\r\n", Ok(GuardDecision::Hold)),
            ("  ship it ", Ok(GuardDecision::Promote)),
            ("\"rollback\"", Ok(GuardDecision::Rollback)),
            (
                r#"{"decision": "pause", "why": "errors"}"#,
                Ok(GuardDecision::Pause),
            ),
            (r#"{"decision": 1}"#, Err(GuardFault::NoDecision)),
            ("Promote", Err(GuardFault::NoDecision)),
            ("", Err(GuardFault::NoDecision)),
            ("{", Err(GuardFault::NoDecision)),
        ] {
            assert_eq!(of_line(&exec, line), means, "{line:?}");
        }
    }

    #[test]
    fn an_exit_code_decides_where_codes_have_meanings_and_the_last_line_elsewhere() {
        let codes = exec(&json!({"exit-codes": {"0": "promote", "2": "rollback"}}));
        let words = exec(&json!({}));
        for (exec, code, output, means) in [
            (&codes, Some(0), "rollback", Ok(GuardDecision::Promote)),
            (&codes, Some(2), "", Ok(GuardDecision::Rollback)),
            (&codes, Some(1), "promote", Err(GuardFault::Crash)),
            (&codes, None, "", Err(GuardFault::Crash)),
            (&words, Some(0), "log\nhold\n\n", Ok(GuardDecision::Hold)),
            (&words, Some(0), "", Err(GuardFault::NoDecision)),
            (&words, Some(3), "promote", Err(GuardFault::Crash)),
        ] {
            assert_eq!(
                of_end(exec, code, output.as_bytes()),
                means,
                "{code:?} {output:?}"
            );
        }
    }
}
