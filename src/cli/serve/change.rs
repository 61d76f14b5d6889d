//! What is set on the page, as a policy like any other: the user's own text with other numbers in it.

use super::asked::PageQuestion;
use super::explored::Explored;
use crate::cli::failure::Failure;
use crate::cli::resolve::{AssumeArgs, ChosenPolicy, Suite, with_policy};
use crate::cli::tune::{patch::patch, space};

/// A changed policy, ready to be played.
pub struct ChangedSuite {
    /// The policy with its scenarios.
    pub suite: Suite,
    /// The change of the user's file; empty where only the world is another one.
    pub patch: String,
}

impl Explored {
    /// Makes what is asked for of today's policy; nothing where nothing is changed.
    ///
    /// # Errors
    ///
    /// What is wrong with it: a value that means nothing, or a policy that does not fit together.
    pub fn changed(&self, asked: &PageQuestion) -> Result<Option<ChangedSuite>, Failure> {
        let policy = &self.today.policy;
        let (assume, is_moved, numbers) = self.divided(asked)?;
        let text = rewritten(policy, &numbers)?;
        if text.is_none() && !is_moved {
            return Ok(None);
        }
        let changed = policy.rewritten(text.as_deref(), &assume)?;
        let suite = with_policy(changed, &self.today, self.scenario.as_deref())?;
        let patch = text.map_or(String::new(), |text| patch(policy, &text));
        Ok(Some(ChangedSuite { suite, patch }))
    }

    /// The world that is assumed, whether it is another one than before, and the numbers of the file, each with its value.
    fn divided(&self, asked: &PageQuestion) -> Result<(AssumeArgs, bool, Vec<String>), Failure> {
        let (mut assume, mut numbers) = (self.args.assume.clone(), Vec::new());
        let knobs = if self.today.policy.foreign.is_some() {
            assume.knobs()
        } else {
            Vec::new()
        };
        let mut is_moved = false;
        for (path, text) in &asked.sets {
            if knobs.iter().any(|(option, ..)| option == path) {
                let moved = assume.with(path, text);
                let refused = |expected| Failure::input(format!("--{path} {text}: {expected}"));
                assume = moved.map_err(refused)?;
                is_moved = true;
            } else {
                numbers.push(format!("{path}={text}"));
            }
        }
        Ok((assume, is_moved, numbers))
    }
}

/// The text of a policy with other numbers, where it is another text.
fn rewritten(policy: &ChosenPolicy, numbers: &[String]) -> Result<Option<String>, Failure> {
    let space = space(policy, numbers)?;
    if let Some(several) = space.variations.iter().find(|it| it.settings.len() != 1) {
        let what = format!("{} takes one value here", several.path);
        return Err(Failure::input(what).help("`coalmine tune` searches a range"));
    }
    let text = space.only();
    Ok((text != policy.document.source).then_some(text))
}
