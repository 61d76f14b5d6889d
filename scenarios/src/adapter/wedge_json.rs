//! Rollout wedges: alone, or inside the change summary in which they are proposed.

use super::{InputFault, Json};
use crate::diagnostic::quote::with_article;

/// Returns the wedge of a file: the value of `change_summary.rollout_wedge`,
/// `change_proposal.rollout_wedge` or `rollout_wedge`, or else the file itself.
///
/// # Errors
///
/// Returns a fault where the file is not an object.
pub fn wedge(file: &Json) -> Result<&Json, InputFault> {
    if file.members().is_none() {
        return Err(InputFault::with_help(
            format!(
                "a rollout wedge is an object, not {}",
                with_article(file.python_type())
            ),
            "give the wedge itself or the change summary that contains it",
        ));
    }
    let outer = ["change_summary", "change_proposal"]
        .iter()
        .find_map(|key| file.get(key));
    let inside = outer.unwrap_or(file).get("rollout_wedge");
    Ok(inside.unwrap_or(file))
}

#[cfg(test)]
mod tests {
    use super::super::lenient_json::parse;
    use super::*;

    #[test]
    fn a_wedge_is_found_alone_and_in_its_change_summary() {
        for text in [
            r#"{"wedge_state": "ACTIVE"}"#,
            r#"{"rollout_wedge": {"wedge_state": "ACTIVE"}}"#,
            r#"{"change_summary": {"rollout_wedge": {"wedge_state": "ACTIVE"}}}"#,
            r#"{"change_proposal": {"rollout_wedge": {"wedge_state": "ACTIVE"}}}"#,
        ] {
            let file = parse(text).expect("it is JSON");
            let state = wedge(&file)
                .expect("there is a wedge")
                .get("wedge_state")
                .and_then(Json::text);
            assert_eq!(state, Some("ACTIVE"), "{text}");
        }
        assert!(wedge(&Json::List(vec![])).is_err());
    }
}
