//! `coalmine curve`: the operating characteristic of a policy.

use std::str::FromStr;

use clap::Args;
use reports::CurveReport;
use scenarios::{Scaling, scaled};

use super::console::Console;
use super::divided;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::inputs::inputs;
use super::interrupt;
use super::output::{Output, OutputArgs};
use super::renderers::Forms as _;
use super::resolve::{ChosenPolicy, ChosenScenario, PolicyArgs, choose_policy, choose_scenario};
use crate::study::Case;
use crate::study::curve::{Curve, CurveHands, CurveSubject, POWERS, Strength, curve_report};
use crate::study::shards::RoundPlayer;

/// Which policy, which release, and how strong.
#[derive(Args, Debug)]
pub struct CurveArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    /// The scenario whose release is scaled
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: String,
    /// The factors on the effects of the release: 0 is a good release, 1 what the scenario says
    #[arg(long, value_name = "FROM..TO", default_value = "0..3")]
    effects: Range,
    /// How many effects are simulated, evenly from the first to the last; more are added around the minimum
    /// detectable effects
    #[arg(long, value_name = "N", default_value_t = Range::POINTS,
          value_parser = clap::value_parser!(u16).range(2..=1000))]
    points: u16,
    /// How many rollouts of each effect
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1000,
          value_parser = crate::cli::whole::whole(1..=1_000_000))]
    runs: u64,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Two factors, the lower one first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    from: f64,
    /// The second.
    pub to: f64,
}

impl Range {
    /// From a good release to three times what the scenario says.
    #[cfg(feature = "serve")]
    pub const USUAL: Self = Self { from: 0.0, to: 3.0 };
    /// How many effects are simulated where nobody says.
    pub const POINTS: u16 = 9;
}

/// Beyond this factor no effect means anything.
const FACTOR_MAX: f64 = 1e6;

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ends = text.split_once("..").and_then(|(from, to)| {
            let number = |text: &str| text.trim().parse::<f64>().ok();
            Some((number(from)?, number(to)?))
        });
        match ends {
            Some((from, to)) if 0.0 <= from && from < to && to <= FACTOR_MAX => {
                Ok(Self { from, to })
            }
            Some(_) => Err("the first factor is at least 0 and less than the second".to_owned()),
            None => Err("say two factors, such as 0..3".to_owned()),
        }
    }
}

impl Range {
    fn points(self, many: u16) -> impl Iterator<Item = f64> {
        let last = f64::from(many - 1);
        (0..many).map(move |at| self.from + (self.to - self.from) * (f64::from(at) / last))
    }
}

/// Plays all effects, or that of them which is for `player`, and prints the curve.
pub fn answer(args: &CurveArgs, player: &RoundPlayer, console: &Console) -> Answer {
    let output = Output::open(&args.output, &CurveReport::formats())?;
    let policy = choose_policy(&args.policy)?;
    let Some(report) = play(args, &policy, player, console)? else {
        return Ok(console.interrupted("no effect was played to its end"));
    };
    divided::answers(player)?;
    output.show(console, &report)?;
    Ok(if report.complete {
        ExitCode::Success
    } else {
        ExitCode::Interrupted
    })
}

/// The result, of the effects that were played to their end; none where there is none.
fn play(
    args: &CurveArgs,
    policy: &ChosenPolicy,
    player: &RoundPlayer,
    console: &Console,
) -> Result<Option<CurveReport>, Failure> {
    let scenario = choose_scenario(policy, &args.scenario)?;
    let question = CurveQuestion {
        policy,
        scenario: &scenario,
        named: &args.scenario,
        effects: args.effects,
        points: args.points,
        runs: args.runs,
        seed: args.seed,
    };
    let progress = console.progress(u64::from(args.points) * args.runs);
    let hands = CurveHands {
        player,
        threads: args.threads.unwrap_or(0).into(),
        stop: interrupt::watch(),
        done: &|more| progress.done(more),
    };
    let refining = || progress.note("bracketing the minimum detectable effects");
    let report = question.play(&hands, Some(&refining));
    progress.finish();
    report
}

/// What is asked of a policy: how it answers to the release of a scenario, scaled.
#[derive(Clone, Copy, Debug)]
pub struct CurveQuestion<'q> {
    /// The policy.
    pub policy: &'q ChosenPolicy,
    /// The scenario whose release is scaled.
    pub scenario: &'q ChosenScenario,
    /// How it is named.
    pub named: &'q str,
    /// From which effect to which.
    pub effects: Range,
    /// How many effects between them.
    pub points: u16,
    /// How many rollouts of each.
    pub runs: u64,
    /// The root seed.
    pub seed: u64,
}

impl CurveQuestion<'_> {
    /// Plays the effects; where somebody is to be told of it, more of them around the minimum detectable ones as well.
    ///
    /// # Errors
    ///
    /// When the release cannot be scaled, or the files do not fit together.
    pub fn play(
        &self,
        hands: &CurveHands<'_>,
        refining: Option<&dyn Fn()>,
    ) -> Result<Option<CurveReport>, Failure> {
        let scaling = Scaling::of(&self.scenario.document, self.effects.to)?;
        let experiment = self.scenario.experiment(self.policy)?;
        let strength = |effect: f64| {
            let experiment = scaled(&experiment, effect);
            (
                effect,
                Case::new(&experiment, &self.scenario.document.value),
            )
        };
        let asked: Vec<f64> = self.effects.points(self.points).collect();
        let curve = Curve {
            strengths: asked.iter().copied().map(strength).collect(),
            seed: self.seed,
            runs: self.runs,
        };
        let played = curve.play(hands)?;
        let played = played.ok_or_else(|| divided::halted(hands.player))?;
        let (mut curve, mut strengths) = curve.finished(played);
        let mut complete = strengths.len() == usize::from(self.points);
        if let Some(refining) = refining.filter(|_| complete) {
            refining();
            let case = |effect| strength(effect).1;
            let refined = curve.refine(&mut strengths, &POWERS, &case, hands)?;
            complete = refined.ok_or_else(|| divided::halted(hands.player))?;
        }
        if strengths.is_empty() {
            return Ok(None);
        }
        let mut report = self.report(&curve, &strengths, (&scaling, &asked));
        report.complete = complete;
        Ok(Some(report))
    }

    fn report(
        &self,
        curve: &Curve,
        strengths: &[Strength],
        (scaling, asked): (&Scaling, &[f64]),
    ) -> CurveReport {
        let scenario = std::slice::from_ref(self.scenario);
        let inputs = inputs(self.policy, scenario, Some(self.named));
        let subject = CurveSubject {
            inputs: &inputs,
            scaled: &scaling.scaled,
            fixed: &scaling.fixed,
            levels: &scaling.levels,
            asked,
        };
        curve_report(curve, strengths, &subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_spread_evenly_over_a_range() {
        let range: Range = "0.5..2".parse().expect("well formed");
        assert_eq!(range.points(4).collect::<Vec<_>>(), [0.5, 1.0, 1.5, 2.0]);
        for broken in ["3", "2..1", "-1..2", "0..NaN", "a..b", "0..1e99"] {
            assert!(broken.parse::<Range>().is_err(), "{broken}");
        }
    }
}
