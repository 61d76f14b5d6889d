//! A target that the splitter turns into another share.

use sim_core::engine::Share;
use sim_core::policy::Stage;
use sim_core::traffic::{Split, expected};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM244",
        title: "the splitter reaches another share",
        explanation: "What splits the traffic does not know the weight: flags know whole percents and round the rest \
                      down to nobody or up, two random choices of idle servers prefer the lighter one, and some \
                      balancers read no weights at all. The exposure that counts, and that is simulated, is the one \
                      that is reached.",
    },
    name: "weight-not-reached",
    source: "nginx, HAProxy, Envoy, Traefik, Unleash, ConfigCat and Flipt, run with declared weights",
    check,
};

/// The part of a weight by which what is reached may differ without a word.
const ALLOWED: f64 = 0.1;

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let Some(split) = subject.world.map(|world| world.traffic.split) else {
        return Vec::new();
    };
    let reached = |stage: &Stage| reached(split, stage.target);
    let off = subject.stages().filter(|(_, stage)| {
        let (target, reached) = (stage.target.as_f64(), reached(stage).as_f64());
        (reached - target).abs() > ALLOWED * target
    });
    off.map(|(path, stage)| problem(&path, stage.target, reached(stage), split))
        .collect()
}

/// The share on average; of few users no part of one.
fn reached(split: Split, target: Share) -> Share {
    let share = expected(split, target);
    match split.count() {
        Some(count) if share.as_f64() * (count as f64) < 1.0 => Share::ZERO,
        _ => share,
    }
}

fn problem(path: &str, target: Share, reached: Share, split: Split) -> Problem {
    let who = match split {
        Split::Preset(preset) => format!("{} {}", preset.entry().product, preset.entry().version),
        _ => "the splitter".to_owned(),
    };
    let message = match reached {
        Share::ZERO => format!("{target} is nobody: {who} reaches 0 %"),
        _ => format!("{target} is {reached} here: that is what {who} makes of it"),
    };
    let help = match split {
        Split::Preset(preset) => format!(
            "`coalmine explain {}` says why; write a weight that it knows",
            preset.entry().name
        ),
        _ => "write a weight that it knows, or another `traffic.split`".to_owned(),
    };
    Problem::warning("CM244", format!("{path}.target"), message).help(help)
}
