//! The events of a history in words, with names in place of indices.

use sim_core::engine::Share;
use sim_core::policy::gate::{Sustain, SustainMode, Window};
use sim_core::traffic::Split;
use sim_core::{Event, Experiment, History, Outcome};

use super::event_words::word;
use super::gate_words::{breach_at, figure};
use super::speaker::Speaker;
use crate::common::figure::{count, percent};
use crate::common::variant_label::variant_label;
use crate::result::EventRow;

/// Returns the events of `history` in words.
///
/// A policy's own codes ([`sim_core::policy::Codes`]) stand where the policy has one.
pub fn rows(experiment: &Experiment, history: &History) -> Vec<EventRow> {
    let speaker = Speaker {
        experiment,
        policy: &experiment.policy,
    };
    let mut stage = None;
    let mut rows = Vec::with_capacity(history.len());
    for (at, event) in history {
        if let Event::StageEntered { stage: entered, .. } = event {
            stage = Some(*entered);
        }
        rows.push(EventRow {
            t_s: at.as_secs_f64(),
            code: speaker.code(event),
            stage: speaker.stage_of(event, stage),
            detail: speaker.detail(event),
        });
    }
    rows
}

impl Speaker<'_> {
    /// The policy's own code, or the general word.
    fn code(&self, event: &Event) -> String {
        let codes = &self.policy.paper.codes;
        let own = match event {
            Event::Advanced { .. } => &codes.advanced,
            Event::Paused { .. } => &codes.paused,
            Event::RollbackEnded { recovered: true } => &codes.rolled_back,
            Event::Ended {
                outcome: Outcome::Completed,
            } => &codes.completed,
            _ => &None,
        };
        own.clone().unwrap_or_else(|| word(event).to_owned())
    }

    /// The stage that the event names, else the one that lasts.
    fn stage_of(&self, event: &Event, current: Option<u16>) -> Option<String> {
        let named = match *event {
            Event::Advanced { from, .. } | Event::SteppedBack { from } => Some(from),
            Event::Converged { stage }
            | Event::ObservationBegan { stage }
            | Event::Paused { stage, .. } => Some(stage),
            _ => current,
        };
        named.map(|stage| self.stage(stage).to_owned())
    }

    fn detail(&self, event: &Event) -> String {
        match *event {
            Event::Started => "the rollout is asked to start".to_owned(),
            Event::StageEntered {
                stage,
                hosts,
                attempt,
            } => self.entered(stage, hosts, attempt),
            Event::Exposure { reached } => format!("{} serve the new version", share(reached)),
            Event::Converged { stage } => format!("all hosts of {} are there", self.stage(stage)),
            Event::ObservationBegan { stage } => format!("{} is observed", self.stage(stage)),
            Event::Advanced { from, to } => {
                format!("{} is left for {}", self.stage(from), self.stage(to))
            }
            Event::Paused { why, .. } => format!("stands still: {}", variant_label(&why)),
            Event::SteppedBack { from } => format!("{} is given up", self.stage(from)),
            Event::EffectBegan { effect } => format!("{} begins to show", self.effect(effect)),
            Event::Ended { outcome } => format!("ended: {}", outcome.word().replace('_', " ")),
            _ => self
                .judgement(event)
                .or_else(|| self.undoing(event))
                .or_else(|| self.trouble(event))
                .unwrap_or_default(),
        }
    }

    /// What goes wrong with hosts, controllers and people.
    fn trouble(&self, event: &Event) -> Option<String> {
        let of_new = |exposed: u32| format!("{} of them of the new version", count(exposed.into()));
        let said = match *event {
            Event::EffectShowed { effect } => {
                format!("{} has changed something", self.effect(effect))
            }
            Event::ControllerStopped => "nobody is there to control anything".to_owned(),
            Event::ControllerStarted { forgot: 0 } => "and remembers everything".to_owned(),
            Event::ControllerStarted { .. } => "and has forgotten something".to_owned(),
            Event::HostsLost { hosts, exposed } => {
                let gone = if hosts == 1 { "is gone" } else { "are gone" };
                format!("{} {gone}, {}", many_hosts(hosts), of_new(exposed))
            }
            Event::HostsReturned { hosts, exposed } => {
                let back = if hosts == 1 { "is back" } else { "are back" };
                format!("{} {back}, {}", many_hosts(hosts), of_new(exposed))
            }
            Event::Overruled { stage } => {
                format!(
                    "somebody lets {} go on, whatever its gates say",
                    self.stage(stage)
                )
            }
            Event::WorkLost { running, lost } => {
                format!("{lost} of {running} running jobs are killed with their workers")
            }
            Event::Unanswered { stage } => {
                format!("nobody approved leaving {} in time", self.stage(stage))
            }
            Event::AlreadyRed { gate } => {
                format!("{} breaches before the rollout has begun", self.gate(gate))
            }
            Event::GuardAnswered {
                decision,
                fault: None,
            } => format!("the guard says {}", decision.word()),
            Event::GuardAnswered {
                decision,
                fault: Some(fault),
            } => format!(
                "the guard {}: the policy says {}",
                fault.words(),
                decision.word()
            ),
            Event::FixAwaited => "a mended version is awaited instead of a rollback".to_owned(),
            _ => return None,
        };
        Some(said)
    }

    fn entered(&self, stage: u16, hosts: u32, attempt: u16) -> String {
        let target = self
            .policy
            .stages
            .get(usize::from(stage))
            .map_or(Share::ZERO, |s| s.target);
        let again = if attempt == 0 {
            String::new()
        } else {
            format!(", attempt {}", attempt + 1)
        };
        let counted = if self.experiment.traffic.split == Split::ByHost {
            many_hosts(hosts)
        } else {
            // What is split by requests or users has no hosts: exposure counts millionths.
            format!(
                "{} of the traffic",
                share(Share::from_ppm(hosts).unwrap_or(Share::ONE))
            )
        };
        format!("target {}, {counted}{again}", share(target))
    }

    /// What gates, evidence and people say.
    fn judgement(&self, event: &Event) -> Option<String> {
        Some(match *event {
            Event::Refused { evidence, flaw } | Event::EvidenceFlawed { evidence, flaw } => {
                let (name, flaw) = (self.evidence(evidence), variant_label(&flaw));
                format!("evidence {name} is {flaw}")
            }
            Event::WaiverJudged { waiver, refusal } => {
                let verdict = refusal.map_or("counts".to_owned(), |why| {
                    format!("does not count: {}", variant_label(&why))
                });
                format!("waiver of {} {verdict}", self.waiver(waiver))
            }
            Event::Judged {
                gate, judgement, ..
            } => {
                let read = self.reading(event);
                format!("{} {}: {read}", self.gate(gate), variant_label(&judgement))
            }
            Event::Triggered {
                gate,
                class,
                action,
            } => {
                format!(
                    "{} fires{} as {}: {}",
                    self.gate(gate),
                    self.by_mean(gate),
                    self.class(class),
                    variant_label(&action)
                )
            }
            Event::BlastExceeded { reached } => {
                let max = self.policy.blast_radius;
                let max = max.map_or(Share::ONE, |blast| blast.max);
                format!("{} reached, {} allowed", share(reached), share(max))
            }
            _ => return self.question(event),
        })
    }

    /// What people are asked for and give.
    fn question(&self, event: &Event) -> Option<String> {
        let (does, operator, request) = match *event {
            Event::Asked { operator, request } => ("is asked for", operator, request),
            Event::Answered { operator, request } => ("gives", operator, request),
            _ => return None,
        };
        let (who, what) = (self.operator(operator), variant_label(&request));
        Some(format!("{who} {does} {what}"))
    }

    /// What a gate read.
    fn reading(&self, event: &Event) -> String {
        let Event::Judged {
            gate,
            flaw,
            value,
            samples,
            limit,
            ..
        } = *event
        else {
            return String::new();
        };
        match (flaw, self.policy.gates.get(usize::from(gate))) {
            (None, Some(gate)) => {
                let breach = breach_at(gate, limit);
                format!("{} (n={samples}, {breach})", figure(gate, value))
            }
            (Some(flaw), _) => format!("data {} (n={samples})", variant_label(&flaw)),
            (None, None) => value.to_string(),
        }
    }

    /// Over what a gate has judged, where that is no single reading.
    fn by_mean(&self, gate: u16) -> String {
        let window = self.policy.gates.get(usize::from(gate));
        match window.map(|gate| gate.window) {
            Some(Window::Sustained(Sustain {
                over,
                mode: SustainMode::Mean,
            })) => format!(" (mean over {over})"),
            _ => String::new(),
        }
    }

    /// What takes the release back, and what lets it climb again.
    fn undoing(&self, event: &Event) -> Option<String> {
        Some(match *event {
            Event::RollbackBegan => "the rollback begins".to_owned(),
            Event::StepBegan { step, attempt } => {
                let again = if attempt == 0 { "" } else { " again" };
                format!("{} begins{again}", self.step(step))
            }
            Event::StepEnded { step, result } => {
                format!("{} ends: {}", self.step(step), variant_label(&result))
            }
            Event::Reverted => "the last host serves the old version again".to_owned(),
            Event::StandbyAbsent => "the old version is no longer there".to_owned(),
            Event::RollbackEnded { recovered: true } => "rolled back".to_owned(),
            Event::RollbackEnded { recovered: false } => {
                "the rollback is over, and not everything is back".to_owned()
            }
            Event::RungTaken { rung } => format!("{} is taken", self.rung(rung)),
            Event::RungEffective { rung } => format!("{} takes effect", self.rung(rung)),
            Event::LadderExhausted => self
                .policy
                .ladder
                .as_ref()
                .map_or(String::new(), |l| l.exhausted.clone()),
            Event::KillThrown => format!("{} is thrown", self.kill_switch()),
            Event::KillEffective => format!("{} has taken effect everywhere", self.kill_switch()),
            Event::Drained {
                cancelled,
                finished,
            } => {
                format!("{cancelled} queued jobs cancelled, {finished} running jobs finished")
            }
            Event::Recovered {
                attempt,
                acknowledged,
                fresh,
            } => {
                let how = if acknowledged {
                    "acknowledged"
                } else {
                    "nobody acknowledged"
                };
                let from = if fresh {
                    "from the first stage"
                } else {
                    "where it stood"
                };
                format!("attempt {} begins {from}, {how}", attempt + 1)
            }
            _ => return None,
        })
    }
}

fn share(share: Share) -> String {
    percent(share.as_f64())
}

fn many_hosts(hosts: u32) -> String {
    let plural = if hosts == 1 { "" } else { "s" };
    format!("{} host{plural}", count(hosts.into()))
}
