//! A guard that is a program: asked in its own process, within bounds, and answered for where it fails.
//!
//! The machine hands out a [`Question`] as data and takes a [`GuardAnswer`] back; everything in between is here. The
//! question becomes bytes, equal bytes are asked once, and some of them are asked again at the end: a guard that says
//! something else then gives rollouts that cannot be played again, which reports say.

mod ledger;
#[cfg(unix)]
mod left_behind;
#[cfg(unix)]
mod lines;
mod meaning;
#[cfg(unix)]
mod once;
#[cfg(unix)]
mod process;
mod question;
mod shapes;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use reports::GuardInputs;
use sim_core::decider::{Guard, GuardAnswer, Question};
use sim_core::policy::{ExecGuard, GuardDecision, GuardFault, GuardProtocol, Policy};

use ledger::Ledger;
use meaning::Reply;

/// A program that decides, with what it has answered.
pub struct AskedGuard {
    policy: Policy,
    exec: ExecGuard,
    /// Where the program runs: the folder of the policy file.
    folder: PathBuf,
    ledger: Mutex<Ledger>,
    /// Processes that answer line by line and are waiting for a question; never more than there are threads.
    #[cfg(unix)]
    idle: Mutex<Vec<lines::LineProcess>>,
    /// What its processes are known by.
    #[cfg(unix)]
    mark: left_behind::GuardMark,
}

impl fmt::Debug for AskedGuard {
    fn fmt(&self, into: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(into, "AskedGuard({:?})", self.exec.command)
    }
}

/// A lock that is taken whatever happened to who held it: what it guards is whole after each statement.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AskedGuard {
    /// The guard of a policy whose file lies in `folder`. Nothing is started before the first question.
    pub fn new(policy: &Policy, exec: &ExecGuard, folder: &Path) -> Self {
        Self {
            policy: policy.clone(),
            exec: exec.clone(),
            folder: folder.to_owned(),
            ledger: Mutex::default(),
            #[cfg(unix)]
            idle: Mutex::default(),
            #[cfg(unix)]
            mark: left_behind::GuardMark::new(),
        }
    }

    /// What reports say of it. Some of its answers are asked for again, so that a guard that answers by the clock, by
    /// chance or by what it remembers is told.
    pub fn inputs(&self) -> GuardInputs {
        let sample = held(&self.ledger).take_to_ask_again();
        for (bytes, question, before) in sample {
            // A process of its own: nothing is left of what another one remembers.
            #[cfg(unix)]
            held(&self.idle).clear();
            if self.ask(&bytes, &question) != Ok(before) {
                held(&self.ledger).note_difference();
                break;
            }
        }
        held(&self.ledger).inputs(&self.exec.command.join(" "))
    }

    #[cfg(unix)]
    fn ask(&self, bytes: &[u8], question: &Question) -> Reply {
        let ground = process::GuardGround {
            exec: &self.exec,
            folder: &self.folder,
            mark: &self.mark,
        };
        match self.exec.protocol {
            GuardProtocol::Once => once::ask(ground, (&self.policy, question), bytes),
            GuardProtocol::JsonLines => {
                let waiting = held(&self.idle).pop();
                let (reply, process) = lines::ask(ground, waiting, bytes);
                held(&self.idle).extend(process);
                reply
            }
        }
    }

    /// Programs are bounded by what Unix has: process groups and polls.
    #[cfg(not(unix))]
    fn ask(&self, _: &[u8], _: &Question) -> Reply {
        Err(GuardFault::Crash)
    }
}

impl Guard for AskedGuard {
    fn decide(&self, question: &Question) -> GuardAnswer {
        let bytes = question::line(&self.policy, question);
        let key = ledger::key(&bytes);
        if let Some(known) = held(&self.ledger).look_up(&key) {
            return known;
        }
        let reply = self.ask(&bytes, question);
        let answer = match reply {
            Ok(decision) => GuardAnswer {
                decision,
                fault: None,
            },
            Err(fault) => GuardAnswer {
                decision: self.exec.on.of(fault),
                fault: Some(fault),
            },
        };
        held(&self.ledger).keep(key, (bytes, question), answer);
        answer
    }
}

/// What waits is ended, and what any process of it has left behind.
#[cfg(unix)]
impl Drop for AskedGuard {
    fn drop(&mut self) {
        held(&self.idle).clear();
        self.mark.end_all();
    }
}

/// A guard that is never asked: it stands in where a policy is only looked at.
#[derive(Clone, Copy, Debug)]
pub struct NeverAsked;

impl Guard for NeverAsked {
    fn decide(&self, _: &Question) -> GuardAnswer {
        GuardAnswer {
            decision: GuardDecision::Hold,
            fault: Some(GuardFault::Crash),
        }
    }
}
