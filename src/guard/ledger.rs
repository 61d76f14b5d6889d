//! What a guard was asked and has answered.

use std::collections::BTreeMap;

use reports::{GuardFaultCount, GuardInputs};
use sha2::{Digest as _, Sha256};
use sim_core::decider::{GuardAnswer, Question};
use sim_core::policy::{GuardDecision, GuardFault};

/// The digest of a question's bytes.
pub type QuestionKey = [u8; 32];

/// The most answers that are remembered: 64 MiB of them. What is asked beyond is asked each time.
const KEPT: usize = 1 << 20;
/// How many questions are asked again at the end.
const AGAIN: usize = 32;
/// After so many faults in a row the program is not asked any more: each could cost its whole deadline.
const GIVES_UP: u32 = 16;

/// What a guard was asked and has answered.
#[derive(Default)]
pub struct Ledger {
    answers: BTreeMap<QuestionKey, GuardAnswer>,
    /// The questions that are asked again: those with the smallest digests, whichever came first.
    sample: BTreeMap<QuestionKey, (Vec<u8>, Question, GuardDecision)>,
    /// How many questions there were, each as often as it came.
    questions: u64,
    faults: BTreeMap<GuardFault, u64>,
    /// The last fault, and how many came in a row.
    failing: Option<(GuardAnswer, u32)>,
    /// How many questions it was not asked any more.
    unasked: u64,
    differs: bool,
}

/// The key of a question.
pub fn key(bytes: &[u8]) -> QuestionKey {
    Sha256::digest(bytes).into()
}

impl Ledger {
    /// The answer to a question that was asked before; that of a guard that is not asked any more.
    pub fn look_up(&mut self, key: &QuestionKey) -> Option<GuardAnswer> {
        self.questions += 1;
        let known = self.answers.get(key).copied();
        known.or_else(|| {
            let (answer, times) = self.failing?;
            (times >= GIVES_UP).then(|| {
                self.unasked += 1;
                self.note_fault(answer.fault);
                answer
            })
        })
    }

    fn note_fault(&mut self, fault: Option<GuardFault>) {
        if let Some(fault) = fault {
            *self.faults.entry(fault).or_default() += 1;
        }
    }

    /// Keeps an answer. Two threads may have asked the same question: the first answer holds, and another one is a
    /// difference.
    pub fn keep(&mut self, key: QuestionKey, asked: (Vec<u8>, &Question), answer: GuardAnswer) {
        self.note_fault(answer.fault);
        self.failing = answer.fault.map(|_| {
            let before = self.failing.map_or(0, |(_, times)| times);
            (answer, before + 1)
        });
        if let Some(known) = self.answers.get(&key) {
            self.differs |= *known != answer;
            return;
        }
        if self.answers.len() < KEPT {
            self.answers.insert(key, answer);
        }
        let last = self.sample.last_key_value().map(|(key, _)| *key);
        let joins = self.sample.len() < AGAIN || last.is_some_and(|last| key < last);
        if answer.fault.is_none() && joins {
            let (bytes, question) = asked;
            let kept = (bytes, question.clone(), answer.decision);
            self.sample.insert(key, kept);
            if self.sample.len() > AGAIN {
                self.sample.pop_last();
            }
        }
    }

    /// The questions that are to be asked again, with their answers; each is handed out once.
    pub fn take_to_ask_again(&mut self) -> Vec<(Vec<u8>, Question, GuardDecision)> {
        std::mem::take(&mut self.sample).into_values().collect()
    }

    /// A question was answered differently.
    pub const fn note_difference(&mut self) {
        self.differs = true;
    }

    /// What reports say.
    pub fn inputs(&self, command: &str) -> GuardInputs {
        let late = self.faults.contains_key(&GuardFault::Deadline);
        let mut notes = Vec::new();
        if self.differs {
            notes.push("it answered the same question differently".to_owned());
        }
        if late {
            notes.push("whether it answers in time depends on the machine".to_owned());
        }
        if self.unasked > 0 {
            notes.push(format!(
                "after {GIVES_UP} faults in a row it was not asked any more, and which questions those were depends on the threads"
            ));
        }
        let count = |(fault, times): (&GuardFault, &u64)| GuardFaultCount {
            what: fault.words().to_owned(),
            times: *times,
        };
        GuardInputs {
            command: command.to_owned(),
            questions: self.questions,
            different: self.answers.len() as u64,
            faults: self.faults.iter().map(count).collect(),
            reproducible: !self.differs && !late && self.unasked == 0,
            notes,
        }
    }
}
