//! Which gates the recordings can answer, and which they cannot.

use reports::InadequateGate;
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;
use sim_core::policy::gate::{Gate, Judgement, Measure, Population};
use sim_core::telemetry::{Dealt, Recording};

use super::recorded_signal::RecordedSignal;

/// What the recordings offer.
pub(super) struct OfferedSamples<'t> {
    pub tapes: &'t [RecordedSignal],
    /// Whether the number of hosts is known.
    pub hosts: bool,
}

impl OfferedSamples<'_> {
    /// Returns why a gate cannot be judged; none where it can.
    fn why_not(&self, gate: &Gate) -> Option<String> {
        let Some(tape) = self.tapes.iter().find(|tape| tape.signal == gate.signal) else {
            return Some(format!("no history of {}", gate.signal));
        };
        let told_apart = tape.recording.tells_populations_apart();
        if gate.measure == Measure::RatePerHostHour && !self.hosts {
            return Some("a rate for each host, and nobody said how many: --hosts".to_owned());
        }
        let counts = gate.window.takes_every_request();
        if counts && !tape.recording.counted {
            return Some("tests counts, and the history has no column n".to_owned());
        }
        let other = gate.breach.limit.refers_to();
        let compares = other.is_some_and(|other| {
            other != Population::CanaryBaseline && gate.population != Population::CanaryBaseline
        });
        if compares && !told_apart {
            return Some("compares versions, which the history does not tell apart".to_owned());
        }
        None
    }

    /// Returns why a trigger never has the samples that it asks for; none where it may have them. A criterion without
    /// them holds the rollout, which shows.
    fn starved(&self, policy: &Policy, gate: &Gate) -> Option<String> {
        let tape = self.tapes.iter().find(|tape| tape.signal == gate.signal)?;
        let recording = &tape.recording;
        let names = |list: &[String]| list.contains(&gate.id);
        let holds = policy.stages.iter().any(|stage| names(&stage.criteria));
        if holds || !recording.counted || gate.on.too_few != Judgement::Hold {
            return None;
        }
        let watching = policy.stages.iter().filter(|stage| names(&stage.triggers));
        let targets = watching.map(|stage| stage.target.as_f64());
        let widest = targets.fold(0.0, f64::max);
        let shared = matches!(recording.dealt, Dealt::Requests | Dealt::Levels);
        let share = match gate.population {
            Population::Canary if shared => widest,
            _ => 1.0,
        };
        let most = most_samples(recording, gate.over) * share;
        // Requests are dealt by chance: six standard deviations more are never seen.
        let never = most + 6.0 * most.sqrt() < gate.min_samples as f64;
        never.then(|| {
            format!(
                "asks for {} samples over {} and gets about {} at most",
                gate.min_samples,
                gate.over,
                most.round()
            )
        })
    }

    /// Returns the policy without the gates that cannot be judged, and those gates.
    pub fn judged(&self, policy: &Policy) -> (Policy, Vec<InadequateGate>) {
        let mut left = policy.clone();
        let mut inadequate = Vec::new();
        let why_not = |gate: &Gate| self.why_not(gate).or_else(|| self.starved(policy, gate));
        left.gates.retain(|gate| match why_not(gate) {
            None => true,
            Some(why) => {
                inadequate.push(InadequateGate {
                    gate: gate.id.clone(),
                    signal: gate.signal.clone(),
                    why,
                });
                false
            }
        });
        for stage in &mut left.stages {
            let known = |id: &String| left.gates.iter().any(|gate| gate.id == *id);
            stage.criteria.retain(known);
            stage.triggers.retain(known);
        }
        // A backtest is about the first decision: nobody starts again after it.
        left.recovery = None;
        (left, inadequate)
    }

    /// Returns what else to know about gates that are judged.
    pub fn notes(&self, policy: &Policy) -> Vec<String> {
        let mut notes = Vec::new();
        for gate in &policy.gates {
            let tape = self.tapes.iter().find(|tape| tape.signal == gate.signal);
            let Some(recording) = tape.map(|tape| &tape.recording) else {
                continue;
            };
            notes.extend(notes_on(gate, recording));
        }
        notes
    }
}

/// How many samples there are at most in so long a time.
fn most_samples(recording: &Recording, over: SimDuration) -> f64 {
    let track = &recording.canary;
    let counts = (0..track.len()).filter_map(|step| Some(track.at(step)?.denominator));
    let busiest = counts.fold(0.0, f64::max);
    let steps = over.as_secs_f64() / recording.step.as_secs_f64();
    busiest * steps.ceil().max(1.0)
}

fn notes_on(gate: &Gate, recording: &Recording) -> Vec<String> {
    let mut notes = Vec::new();
    let step = recording.step;
    if gate.over < step {
        notes.push(format!(
            "{} looks back {}; the history has one value each {step}, which stands for all of it",
            gate.id, gate.over
        ));
    }
    if gate.min_samples > 0 && !recording.counted {
        notes.push(format!(
            "{} asks for {} samples; the history does not say how many there were, and they are \
                     taken to be enough",
            gate.id, gate.min_samples
        ));
    }
    if let (Measure::Quantile(q), true) = (gate.measure, gate.over > step) {
        notes.push(format!(
            "{} reads the quantile {q} over {}; the values of the history are taken to be it, and \
                     those of several steps are averaged",
            gate.id, gate.over
        ));
    }
    notes
}
