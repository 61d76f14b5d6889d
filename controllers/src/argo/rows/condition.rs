//! Rows of conditions: `success`, `failure` and a `value`; the phase and the message.

use serde_json::Value as Json;

use super::row::{answer, differ, halves};
use crate::argo::condition::Conditions;

pub(super) fn replay(row: &Json) -> Result<(), String> {
    let (case, real) = halves(row)?;
    let text = |json: &Json, key: &str| {
        json.get(key)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_string()
    };
    let conditions = Conditions::new(&text(case, "success"), &text(case, "failure"));
    let value = answer(case.get("value").unwrap_or(&Json::Null));
    let (outcome, message) = conditions.judge(&value);
    differ("phase", &text(real, "phase"), &format!("{outcome:?}"))?;
    differ("message", &text(real, "message"), &message)
}
