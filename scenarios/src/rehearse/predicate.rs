//! States in which a fault begins: `state == paused and stage == canary`.

use std::ops::Range;

use sim_core::effect::State;

use crate::schema::nearest;

/// What is asked of a rollout; one of the two at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Predicate<'t> {
    /// What it does.
    pub state: Option<State>,
    /// The stage that it entered last, by its id.
    pub stage: Option<&'t str>,
}

/// What cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misread {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub what: String,
    /// What to write instead.
    pub help: String,
}

/// Reads a predicate: comparisons by `==` of `state` or `stage`, joined by `and`.
///
/// # Errors
/// The first piece that means nothing, and where it stands.
pub(super) fn read(text: &str) -> Result<Predicate<'_>, Misread> {
    let mut read = Predicate {
        state: None,
        stage: None,
    };
    let mut at = 0;
    for part in text.split(" and ") {
        comparison(&mut read, part, at)?;
        at += part.len() + " and ".len();
    }
    Ok(read)
}

fn comparison<'t>(read: &mut Predicate<'t>, part: &'t str, at: usize) -> Result<(), Misread> {
    let begin = at + (part.len() - part.trim_start().len());
    let misread = |what: String, help: &str| Misread {
        at: begin..(begin + part.trim().len()),
        what,
        help: help.to_owned(),
    };
    let form = "write `state == paused`, `stage == canary`, or both joined by `and`";
    let Some((left, right)) = part.split_once("==") else {
        return Err(misread("there is no `==` in it".to_owned(), form));
    };
    let (left, right) = (left.trim(), right.trim().trim_matches('"'));
    if right.is_empty() {
        return Err(misread(format!("nothing stands behind `{left} ==`"), form));
    }
    let twice = match left {
        "state" => {
            let unknown = |help: String| misread(format!("no state is called `{right}`"), &help);
            let state = state(right).map_err(unknown)?;
            read.state.replace(state).is_some()
        }
        "stage" => read.stage.replace(right).is_some(),
        _ => {
            let what = format!("`{left}` is neither `state` nor `stage`");
            return Err(misread(what, form));
        }
    };
    if twice {
        let what = format!("`{left}` is asked for twice");
        return Err(misread(what, "leave one of them out"));
    }
    Ok(())
}

fn state(word: &str) -> Result<State, String> {
    let words = State::ALL.map(State::word);
    let known = State::ALL.into_iter().find(|state| state.word() == word);
    known.ok_or_else(|| match nearest(word, words) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("states are {}", words.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, state: Option<State>, stage: Option<&str>) {
        assert_eq!(read(text), Ok(Predicate { state, stage }), "{text}");
    }

    #[track_caller]
    fn refused(text: &str, at: &str, what: &str) {
        let misread = read(text).expect_err(text);
        assert_eq!(&text[misread.at.clone()], at, "{misread:?}");
        assert!(misread.what.contains(what), "{misread:?}");
    }

    #[test]
    fn a_state_a_stage_or_both_are_read() {
        check("state == paused", Some(State::Paused), None);
        check("stage==canary", None, Some("canary"));
        check(
            "state == rolling_back and stage == \"early-adopters\"",
            Some(State::RollingBack),
            Some("early-adopters"),
        );
    }

    #[test]
    fn what_means_nothing_is_refused_where_it_stands() {
        refused("", "", "no `==`");
        refused("state", "state", "no `==`");
        refused("state == ", "state ==", "nothing stands behind");
        refused("state == pausd", "state == pausd", "no state");
        refused(
            "stage == a and error_rate == 1",
            "error_rate == 1",
            "neither",
        );
        refused("state != paused", "state != paused", "no `==`");
        refused(
            "state == paused and state == staged",
            "state == staged",
            "twice",
        );
        refused("stage == a and ", "", "no `==`");
    }
}
