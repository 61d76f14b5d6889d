//! One process for each question, which comes on its standard input.

use std::process::{ChildStdin, ChildStdout};
use std::time::{Duration, Instant};

use sim_core::decider::Question;
use sim_core::policy::{ExecGuard, GuardFault, Policy};

use super::meaning::{self, Reply};
use super::process::{BoundedProcess, Gave, GuardGround, left, read, wait, write};
use super::shapes;

/// How long the end of a program is at most noticed late: whose output something else holds, and one without output.
const SLICES: [Duration; 2] = [Duration::from_millis(5), Duration::from_millis(1)];

/// Starts the program, and reads what it says until it has ended.
pub fn ask(ground: GuardGround<'_>, about: (&Policy, &Question), question: &[u8]) -> Reply {
    let exec = ground.exec;
    let end = Instant::now() + Duration::from_nanos(exec.deadline.as_nanos());
    let folder = tempfile::tempdir().map_err(|_| GuardFault::Crash)?;
    let (command, files) = shapes::command(exec, about, (question, folder.path()));
    for (path, holds) in files {
        std::fs::write(path, holds).map_err(|_| GuardFault::Crash)?;
    }
    let variables = shapes::variables(about.0, about.1);
    let started = BoundedProcess::start(ground, &command, &variables);
    let (process, input, output) = started.map_err(|_| GuardFault::Crash)?;
    let mut conversation = Conversation {
        process,
        input: Some(input),
        output: Some(output),
        said: Vec::new(),
    };
    let ended = conversation.run(exec, question, end);
    let reply = ended.and_then(|code| meaning::of_end(exec, code, &conversation.said));
    if reply.is_err() {
        conversation.process.note_fault();
    }
    reply
}

/// What goes in and comes out while the program runs.
struct Conversation {
    process: BoundedProcess,
    input: Option<ChildStdin>,
    output: Option<ChildStdout>,
    said: Vec<u8>,
}

impl Conversation {
    /// Returns how the program ended: its code, or none where it was killed.
    fn run(
        &mut self,
        exec: &ExecGuard,
        mut unsaid: &[u8],
        end: Instant,
    ) -> Result<Option<i32>, GuardFault> {
        loop {
            self.say(&mut unsaid);
            let ended = self.process.ended();
            self.hear(exec)?;
            if let Some(status) = ended {
                return Ok(status.code());
            }
            let slice = SLICES[usize::from(self.output.is_none())];
            let left = left(end).ok_or(GuardFault::Deadline)?;
            let _ = wait(self.output.as_ref(), self.input.as_ref(), left.min(slice));
        }
    }

    /// Writes what is taken; a program that does not read is free not to.
    fn say(&mut self, unsaid: &mut &[u8]) {
        let Some(input) = &mut self.input else { return };
        match write(input, unsaid) {
            Gave::Bytes(written) => *unsaid = &unsaid[written..],
            Gave::Nothing => {}
            Gave::End => *unsaid = &[],
        }
        if unsaid.is_empty() {
            self.input = None;
        }
    }

    /// Reads all that is there.
    fn hear(&mut self, exec: &ExecGuard) -> Result<(), GuardFault> {
        while let Some(output) = &mut self.output {
            match read(output, &mut self.said) {
                Gave::Bytes(_) if self.said.len() as u64 > exec.max_output => {
                    return Err(GuardFault::TooMuchOutput);
                }
                Gave::Bytes(_) => {}
                Gave::Nothing => break,
                Gave::End => self.output = None,
            }
        }
        Ok(())
    }
}
