//! Policies of other products in our own form, for commands that read or change gates.

use scenarios::import::lower::in_world;
use scenarios::load;
use sim_core::policy::Policy;
use sim_core::telemetry::Telemetry;

use super::policy::ChosenPolicy;
use crate::cli::console::Console;
use crate::cli::failure::Failure;

impl ChosenPolicy {
    /// The same policy decided by our own controller: one of another product in coalmine's own form, with what counts
    /// otherwise among its notes and on stderr.
    ///
    /// # Errors
    ///
    /// That a program decides, and what of another product's policy has no native form, with its place.
    pub fn in_own_form(mut self, console: &Console) -> Result<Self, Failure> {
        if let Some(refusal) = load::not_allowed(&self.document) {
            return Err(Failure::Reports(vec![refusal]));
        }
        if let Some(foreign) = self.foreign.take() {
            let foreign = foreign.in_own_form().map_err(Failure::Reports)?;
            self.document.value = foreign.lowered.policy.clone();
            self.foreign = Some(Box::new(foreign));
            console.say(&self.told_in_own_form());
        }
        Ok(self)
    }

    /// The policy as one of a world: that of another product reads the world's own signals.
    pub fn in_world(&self, telemetry: &Telemetry) -> Policy {
        match &self.foreign {
            Some(_) => in_world(&self.document.value, telemetry),
            None => self.document.value.clone(),
        }
    }

    /// How a policy of another product is taken in coalmine's own form, in lines for people; nothing for one of our own.
    fn told_in_own_form(&self) -> String {
        let Some(foreign) = &self.foreign else {
            return String::new();
        };
        let metrics = foreign.lowered.meanings.iter();
        let metrics = metrics.map(|it| format!("{} is taken to measure: {}", it.metric, it.words));
        let notes = foreign.lowered.notes.iter().cloned();
        let lines: Vec<String> = metrics.chain(notes).collect();
        lines.join("\n")
    }
}
