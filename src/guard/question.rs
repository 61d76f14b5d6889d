//! A question as a line of JSON. Equal questions are equal bytes.

use serde_json::{Value, json};
use sim_core::decider::{GateReading, Question};
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

/// The question as one line of JSON with its end.
pub fn line(policy: &Policy, question: &Question) -> Vec<u8> {
    let stage = &policy.stages[question.stage];
    let gates: Vec<_> = question
        .readings
        .iter()
        .map(|reading| gate(policy, reading))
        .collect();
    let document = json!({
        "version": 1,
        "at_s": question.at.as_secs_f64(),
        "stage": stage.id,
        "stage_index": question.stage,
        "stages": policy.stages.len(),
        "target": stage.target.as_f64(),
        "exposure": question.exposure.as_f64(),
        "observed_s": question.observed.map(SimDuration::as_secs_f64),
        "observe_s": stage.observe.as_secs_f64(),
        "converged": question.converged,
        "approved": question.approved,
        "gates": gates,
    });
    let mut bytes = serde_json::to_vec(&document).expect("a question has text keys");
    bytes.push(b'\n');
    bytes
}

fn gate(policy: &Policy, reading: &GateReading) -> Value {
    let gate = &policy.gates[reading.gate];
    let limit = gate.breach.limit.absolute().or(reading.limit);
    json!({
        "id": gate.id,
        "signal": gate.signal,
        "measure": gate.measure,
        "population": gate.population,
        "over_s": gate.over.as_secs_f64(),
        "value": reading.value,
        "samples": reading.samples,
        "flaw": reading.flaw,
        "limit": limit,
        "judgement": reading.judgement,
        "fires": reading.fires,
    })
}
