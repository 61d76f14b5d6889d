//! Kinds: a fault of the catalogue whose parameters can be drawn.

use serde_json::{Map, Value};
use sim_core::Experiment;
use sim_core::engine::{Draws, Share, SimDuration};

use super::scale::spread;
use crate::catalogue::{Entry, Fault, Injection};

/// A fault of the catalogue, with what is known about its parameters.
#[derive(Clone, Debug)]
pub struct Kind {
    /// What the catalogue says.
    pub entry: &'static Entry,
    /// The default parameters.
    defaults: Map<String, Value>,
    /// For each parameter, the words among which its value is chosen, where it is chosen among words.
    words: Vec<(String, Vec<Value>)>,
    /// For each parameter, its least and greatest number, where the schema bounds it.
    bounds: Vec<(String, f64, f64)>,
}

/// Each parameter stays at its default with this probability.
const USUAL: f64 = 0.5;
/// Numbers and times are drawn within this factor of their defaults.
const FACTOR: f64 = 8.0;

impl Kind {
    /// Looks at the parameters of the fault of `entry`.
    ///
    /// # Panics
    /// Never: every fault is a name with a table of parameters.
    pub fn of(entry: &'static Entry) -> Self {
        let whole = serde_json::to_value((entry.default)()).expect("a fault is plain data");
        let defaults = whole[entry.name].as_object().cloned().unwrap_or_default();
        let schema = (entry.schema)().to_value();
        let (mut words, mut bounds) = (Vec::new(), Vec::new());
        for (name, said) in schema["properties"].as_object().into_iter().flatten() {
            let known = choices(said, &schema);
            if !known.is_empty() {
                words.push((name.clone(), known));
            }
            let number = |key: &str| said.get(key).and_then(Value::as_f64);
            if let (Some(least), Some(most)) = (number("minimum"), number("maximum")) {
                bounds.push((name.clone(), least, most));
            }
        }
        Self {
            entry,
            defaults,
            words,
            bounds,
        }
    }

    /// Draws parameters for the fault; where those drawn do not fit `experiment`, the defaults.
    pub fn vary(&self, draws: &mut Draws, experiment: &Experiment) -> Fault {
        let mut drawn = self.defaults.clone();
        for (name, value) in &mut drawn {
            if !draws.chance(USUAL) {
                *value = self.draw(draws, experiment, name, value);
            }
        }
        let fault = self.fault(drawn).unwrap_or_else(self.entry.default);
        let injection = Injection {
            fault,
            ..Injection::of(self.entry)
        };
        match injection.lower(experiment) {
            Ok(_) => injection.fault,
            Err(_) => (self.entry.default)(),
        }
    }

    /// Returns the fault with its defaults but for these parameters; none where it has no such ones.
    pub fn with(&self, parameters: &[(&str, Value)]) -> Option<Fault> {
        let mut all = self.defaults.clone();
        for (name, value) in parameters {
            all.insert((*name).to_owned(), value.clone());
        }
        self.fault(all)
    }

    /// Returns the fault with these parameters; none where they are no parameters of it.
    pub fn fault(&self, parameters: Map<String, Value>) -> Option<Fault> {
        let mut whole = Map::new();
        whole.insert(self.entry.name.to_owned(), Value::Object(parameters));
        serde_json::from_value(Value::Object(whole)).ok()
    }

    fn draw(&self, draws: &mut Draws, experiment: &Experiment, name: &str, value: &Value) -> Value {
        let named = names(experiment, name);
        if !named.is_empty() {
            return Value::String(named[draws.below(named.len() as u64) as usize].clone());
        }
        if let Some((_, words)) = self.words.iter().find(|(known, _)| known == name) {
            return words[draws.below(words.len() as u64) as usize].clone();
        }
        let other = scaled(draws, value);
        let bounds = self.bounds.iter().find(|(known, ..)| known == name);
        match (bounds, other.as_f64()) {
            (Some((_, least, most)), Some(number)) => like(value, number.clamp(*least, *most)),
            _ => other,
        }
    }
}

/// The names in `experiment` that a parameter of this name can take.
fn names(experiment: &Experiment, parameter: &str) -> Vec<String> {
    let policy = &experiment.policy;
    let of = |names: &mut dyn Iterator<Item = &String>| names.cloned().collect();
    match parameter {
        "signal" => of(&mut experiment.telemetry.signals.iter().map(|signal| &signal.id)),
        "role" => of(&mut experiment.operators.iter().map(|person| &person.role)),
        "stage" => of(&mut policy.stages.iter().map(|stage| &stage.id)),
        "gate" => of(&mut policy.gates.iter().map(|gate| &gate.id)),
        "evidence" => of(&mut policy.evidence.iter().map(|evidence| &evidence.id)),
        "step" => of(&mut policy.rollback.steps.iter().map(|step| &step.id)),
        _ => Vec::new(),
    }
}

/// The words that a schema allows, where it allows nothing but words.
fn choices(said: &Value, root: &Value) -> Vec<Value> {
    if let Some(place) = said["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'))
    {
        return root
            .pointer(place)
            .map_or(Vec::new(), |said| choices(said, root));
    }
    if let Some(words) = said["enum"].as_array() {
        return words.clone();
    }
    if let Some(word) = said.get("const") {
        return vec![word.clone()];
    }
    let either = said["oneOf"].as_array().or(said["anyOf"].as_array());
    let parts = either.into_iter().flatten();
    let lists: Vec<Vec<Value>> = parts
        .filter(|part| part["type"] != "null")
        .map(|part| choices(part, root))
        .collect();
    if lists.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    lists.concat()
}

/// A value of the same form as `value`: times and numbers larger or smaller, shares anew.
fn scaled(draws: &mut Draws, value: &Value) -> Value {
    let factor = spread(draws.uniform(), 1.0 / FACTOR, FACTOR);
    match value {
        Value::Number(number) => like(value, number.as_f64().unwrap_or(0.0) * factor),
        Value::String(text) => scaled_text(draws, text, factor),
        Value::Object(map) => {
            let one = |(name, part): (&String, &Value)| (name.clone(), scaled(draws, part));
            Value::Object(map.iter().map(one).collect())
        }
        other => other.clone(),
    }
}

fn scaled_text(draws: &mut Draws, text: &str, factor: f64) -> Value {
    if text.ends_with('%') && text.parse::<Share>().is_ok() {
        let percent = 1 + draws.below(100);
        return Value::String(format!("{percent}%"));
    }
    match text.parse::<SimDuration>() {
        Ok(time) if !time.is_zero() => {
            let millis = (time.as_secs_f64() * factor * 1e3).max(1.0) as u64;
            Value::String(SimDuration::from_millis(millis).to_string())
        }
        _ => Value::String(text.to_owned()),
    }
}

/// `number` in the form of `value`: whole where that is whole.
fn like(value: &Value, number: f64) -> Value {
    if value.is_f64() {
        Value::from(number)
    } else if number < 0.0 {
        Value::from(number as i64)
    } else {
        Value::from(number as u64)
    }
}
