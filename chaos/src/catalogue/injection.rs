//! Injections: a fault, when it happens and how strongly.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::Experiment;
use sim_core::effect::Course;

use super::lowering::{Lowered, Lowering, Misfit};
use super::{Entry, Fault, Layer};

/// A fault that is to happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Injection {
    /// The name of the injection, unique in its scenario.
    pub id: String,
    /// The fault and its parameters; `coalmine list --faults` shows all of them.
    pub fault: Fault,
    /// When it happens, and how strongly; none means when such a fault usually does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Course>,
    /// The rungs or kill switches that take it away, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cured_by: Vec<String>,
}

impl Injection {
    /// The fault of an entry, with its default parameters and when it usually happens.
    pub fn of(entry: &Entry) -> Self {
        Self {
            id: entry.name.to_owned(),
            fault: (entry.default)(),
            at: None,
            cured_by: Vec::new(),
        }
    }

    /// Returns when it happens.
    pub fn course(&self) -> Course {
        self.at.unwrap_or_else(self.fault.entry().at)
    }

    /// The same with another strength.
    #[must_use]
    pub fn with_strength(&self, strength: f64) -> Self {
        let mut other = self.clone();
        other.at = Some(Course {
            strength,
            ..self.course()
        });
        other
    }

    /// Returns what the fault comes to in `experiment`.
    ///
    /// # Errors
    /// When the experiment lacks what the fault could happen to.
    pub fn lower(&self, experiment: &Experiment) -> Result<Lowered, Misfit> {
        let mut on = Lowering {
            experiment,
            id: &self.id,
            at: self.course(),
            cured_by: &self.cured_by,
            lowered: Lowered::default(),
        };
        self.fault.lower(&mut on)?;
        if let Some(signal) = on.summed_latency() {
            let why = format!("`{signal}` is a latency, which grows by a factor: write `times`");
            return Err(Misfit(why));
        }
        let mut lowered = on.lowered;
        if self.course().strength <= 0.0 {
            lowered.evidence.clear();
            lowered.waivers.clear();
        }
        Ok(lowered)
    }
}

/// Lets `injections` happen in `experiment`: those of the release after what it does, the others after the
/// faults that there are.
///
/// # Errors
/// The place of each injection that the experiment lacks something for, and what it lacks.
pub fn inject(
    injections: &[Injection],
    experiment: &mut Experiment,
) -> Result<(), Vec<(usize, Misfit)>> {
    let (mut all, mut misfits) = (Vec::new(), Vec::new());
    for (place, injection) in injections.iter().enumerate() {
        match injection.lower(experiment) {
            Ok(lowered) => all.push(lowered),
            Err(misfit) => misfits.push((place, misfit)),
        }
    }
    if !misfits.is_empty() {
        return Err(misfits);
    }
    for (injection, lowered) in injections.iter().zip(all) {
        let list = match injection.fault.entry().layer {
            Layer::Release => &mut experiment.release,
            _ => &mut experiment.faults,
        };
        list.extend(lowered.effects);
        experiment.evidence.extend(lowered.evidence);
        experiment.policy.waivers.extend(lowered.waivers);
    }
    Ok(())
}
