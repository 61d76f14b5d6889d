//! The disagreements about a wedge as findings.

use super::readings::disagreements;
use crate::adapter::{self, InputFault};
use crate::{Diagnostic, Report};

/// Returns what the readers of the wedge in a file disagree about. `name` is only used in messages.
///
/// # Errors
///
/// When the text is no JSON, or holds no wedge.
pub fn findings(name: &str, text: &str) -> Result<Report, InputFault> {
    let json = adapter::parse(text).map_err(|fault| InputFault::new(fault.to_string()))?;
    let found = disagreements(adapter::wedge(&json)?)
        .into_iter()
        .map(|part| {
            Diagnostic::warning("CM050", 0..0, part.to_string())
                .whole_file()
                .help("say it so that every reader understands the same")
        });
    Ok(Report::new(name, text, found.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wedge_on_which_the_readers_part_has_findings() {
        // A first stage at 26 %: the text allows 25 %, no code looks.
        let wedge = r#"{"wedge_state": "ACTIVE", "initial_percentage": 5, "max_blast_radius": 100,
            "increment_policy": "linear", "observation_window_hours": 1.0, "wedge_stages": [
            {"stage_id": "a", "target_percentage": 26, "duration_hours": 2,
             "success_criteria": ["error_rate < 0.01"], "rollback_trigger": "error_rate > 0.05"},
            {"stage_id": "b", "target_percentage": 100, "duration_hours": 2,
             "success_criteria": ["error_rate < 0.01"], "rollback_trigger": "error_rate > 0.05"}]}"#;
        let report = findings("wedge.json", wedge).expect("it is a wedge");
        let text = report.to_string();
        assert!(text.contains("CM050") && text.contains("25"), "{text}");
        assert!(findings("list.json", "[]").is_err());
    }
}
