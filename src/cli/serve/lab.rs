//! Plays what the page asks for, with the very functions of `simulate` and `curve`: the same seed and the same number of
//! rollouts give the same figures.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reports::CurveReport;
use reports::explorer::{DrawnChart, curve_view, outline, study_view};
use scenarios::Colour;
use serde_json::{Value, json};

use super::asked::PageQuestion;
use super::change::ChangedSuite;
use super::explored::Explored;
use super::kept::{KeptResults, PlayedStudy};
use super::{model, why};
use crate::cli::curve::{CurveQuestion, Range};
use crate::cli::failure::Failure;
use crate::cli::order::Order;
use crate::cli::resolve::{Suite, quoted};
use crate::cli::simulate::{report_of, study_of};
use crate::serve::{Laboratory, Query, Teller};
use crate::study::curve::CurveHands;
use crate::study::shards::RoundPlayer;
use crate::study::{self, Detail, GrowingStudy, Study};

/// The fewest rollouts of each size of a regression.
const LEAST: u64 = 20;
/// An answer rests on so many times fewer rollouts of each size of a regression than of all scenarios.
const FEWER: u64 = 20;
/// Answers that rest on this many rollouts say nothing new of regressions: there are as few of each size as before.
const SKIPPED: u64 = 400;

/// Plays for the page, and keeps what today's policy came to.
pub struct RolloutLab {
    explored: Explored,
    kept: KeptResults,
}

impl RolloutLab {
    /// Prepares the answers.
    pub fn new(explored: Explored) -> Self {
        let kept = KeptResults::default();
        Self { explored, kept }
    }

    fn order(&self, runs: u64) -> Order {
        Order {
            scenario: self.explored.scenario.clone(),
            runs: Some(runs),
            seed: self.explored.seed,
            threads: 0,
        }
    }

    /// So many rollouts of each scenario, those among them that were played for a smaller answer to the same question;
    /// nothing where it was stopped.
    fn play(
        &self,
        side: &mut PlayedSide<'_>,
        runs: u64,
        stop: &AtomicBool,
    ) -> Result<Option<PlayedStudy>, Failure> {
        let (suite, order) = (side.suite, self.order(runs));
        // Nobody reads a single value here; every figure is that of the command all the same.
        let begun = || {
            GrowingStudy::new(Study {
                detail: Detail::Turns,
                ..study_of(suite, &order)
            })
        };
        let growing = side.study.get_or_insert_with(begun);
        if !growing.grow(runs, 0, stop)? {
            return Ok(None);
        }
        let tallies = growing.tallies();
        let report = report_of(suite, &order, growing.study(), &tallies);
        let harm = study::harm(&tallies);
        Ok(Some(PlayedStudy { report, harm }))
    }

    /// So many rollouts of each size of a regression; nothing where it was stopped, or there is no such scenario.
    fn curve(&self, suite: &Suite, order: &CurveOrder<'_>) -> Result<Option<CurveReport>, Failure> {
        let named = |scenario: &&crate::cli::resolve::ChosenScenario| scenario.named == order.named;
        let Some(scenario) = suite.scenarios.iter().find(named) else {
            return Ok(None);
        };
        let question = CurveQuestion {
            policy: &suite.policy,
            scenario,
            named: order.named,
            effects: Range::USUAL,
            points: Range::POINTS,
            runs: order.runs,
            seed: self.explored.seed,
        };
        let hands = CurveHands {
            player: &RoundPlayer::here(),
            threads: 0,
            stop: order.stop,
            done: &|_| {},
        };
        let refining: &dyn Fn() = &|| {};
        let report = question.play(&hands, order.is_last.then_some(refining))?;
        Ok(report.filter(|_| !order.stop.load(Ordering::Relaxed)))
    }

    /// Tells answer after answer; nothing where it was stopped.
    fn tell_all(
        &self,
        asked: &PageQuestion,
        stop: &AtomicBool,
        tell: Teller<'_>,
    ) -> Result<Option<()>, Failure> {
        let changed = self.explored.changed(asked)?;
        tell(
            "setting",
            &self.setting(asked, changed.as_ref()).to_string(),
        );
        let suite = changed.as_ref().map(|changed| &changed.suite);
        let named = asked
            .regression
            .as_ref()
            .or(self.explored.regressions.first());
        let named = named.filter(|named| self.explored.regressions.contains(named));
        let levels: Vec<u64> = asked.levels().collect();
        let mut today = PlayedSide::of(&self.explored.today);
        let mut now = suite.map(PlayedSide::of);
        for (at, level) in levels.iter().enumerate() {
            let is_last = at + 1 == levels.len();
            let Some(study) = self.study_at(*level, (&mut today, now.as_mut()), stop)? else {
                return Ok(None);
            };
            tell(
                "study",
                &with(study, &[("level", json!(level)), ("last", json!(is_last))]),
            );
            let Some(named) = named.filter(|_| *level != SKIPPED) else {
                continue;
            };
            let order = CurveOrder {
                named,
                runs: (level / FEWER).max(LEAST),
                is_last,
                stop,
            };
            let Some(curve) = self.curve_at(&order, suite)? else {
                return Ok(None);
            };
            tell(
                "curve",
                &with(curve, &[("level", json!(level)), ("last", json!(is_last))]),
            );
        }
        tell("done", "{}");
        Ok(Some(()))
    }

    /// What both policies come to in so many rollouts, and the command that says the same.
    fn study_at(
        &self,
        level: u64,
        (today, changed): (&mut PlayedSide<'_>, Option<&mut PlayedSide<'_>>),
        stop: &AtomicBool,
    ) -> Result<Option<Value>, Failure> {
        let runs = level.div_ceil(self.explored.today.scenarios.len() as u64);
        let suite = changed.as_ref().map_or(today.suite, |side| side.suite);
        let today = self.kept.study(runs, || self.play(today, runs, stop))?;
        let Some(today) = today else {
            return Ok(None);
        };
        let changed = match changed {
            Some(side) => match self.play(side, runs, stop)? {
                Some(played) => Some(played),
                None => return Ok(None),
            },
            None => None,
        };
        let view = study_view(
            (&today.report, &today.harm),
            changed
                .as_ref()
                .map(|played| (&played.report, &played.harm)),
        );
        let words = suite.policy.words();
        let scenario = self
            .explored
            .scenario
            .as_ref()
            .map_or(String::new(), |named| {
                format!(" --scenario {}", quoted(named))
            });
        let command = format!(
            "coalmine simulate {words}{scenario} -n {runs} --seed {}",
            self.explored.seed
        );
        let view = serde_json::to_value(&view).expect("a view has text keys");
        Ok(Some(added(view, &[("command", json!(command))])))
    }

    fn curve_at(
        &self,
        order: &CurveOrder<'_>,
        suite: Option<&Suite>,
    ) -> Result<Option<Value>, Failure> {
        let key = (order.named.to_owned(), order.runs, order.is_last);
        let today = self
            .kept
            .curve(key, || self.curve(&self.explored.today, order))?;
        let changed: Option<Arc<CurveReport>> = match suite {
            Some(suite) => match self.curve(suite, order)? {
                Some(report) => Some(Arc::new(report)),
                None => return Ok(None),
            },
            None => None,
        };
        let Some(today) = today else {
            return Ok(None);
        };
        let words = suite.unwrap_or(&self.explored.today).policy.words();
        let command = format!(
            "coalmine curve {words} --scenario {} -n {} --seed {}",
            quoted(order.named),
            order.runs,
            self.explored.seed
        );
        let view = curve_view(&today, changed.as_deref());
        let view = serde_json::to_value(&view).expect("a view has text keys");
        Ok(Some(added(view, &[("command", json!(command))])))
    }

    /// What is set: the picture of it, the patch that makes it, and its text.
    fn setting(&self, asked: &PageQuestion, changed: Option<&ChangedSuite>) -> Value {
        let today = &self.explored.today.policy.document.value;
        let now = changed.map(|changed| &changed.suite.policy.document.value);
        let picture = DrawnChart::from(&outline(today, now.filter(|now| *now != today)));
        json!({
            "outline": picture,
            "sets": asked.sets.len(),
            "patch": changed.map_or("", |changed| &changed.patch),
            "text": changed.map(|changed| &changed.suite.policy.document.source),
        })
    }
}

/// A policy, and what was played of it for one question.
struct PlayedSide<'s> {
    suite: &'s Suite,
    study: Option<GrowingStudy>,
}

impl<'s> PlayedSide<'s> {
    const fn of(suite: &'s Suite) -> Self {
        Self { suite, study: None }
    }
}

/// Which curve is wanted.
struct CurveOrder<'o> {
    named: &'o str,
    runs: u64,
    is_last: bool,
    stop: &'o AtomicBool,
}

fn added(mut value: Value, more: &[(&str, Value)]) -> Value {
    for (name, field) in more {
        value[*name] = field.clone();
    }
    value
}

fn with(value: Value, more: &[(&str, Value)]) -> String {
    added(value, more).to_string()
}

impl Laboratory for RolloutLab {
    fn model(&self) -> String {
        model::model(&self.explored).to_string()
    }

    fn study(&self, asked: &Query, stop: &AtomicBool, tell: Teller<'_>) {
        if let Err(failure) = self.tell_all(&PageQuestion::read(asked), stop, tell) {
            let text = failure.text(Colour::Never);
            tell("refused", &json!({ "text": text.trim_end() }).to_string());
        }
    }

    fn why(&self, asked: &Query, stop: &AtomicBool) -> String {
        let told = why::why(&self.explored, &PageQuestion::read(asked), stop);
        let told = told.unwrap_or_else(|failure| {
            let text = failure.text(Colour::Never);
            json!({ "refused": text.trim_end() })
        });
        told.to_string()
    }
}
