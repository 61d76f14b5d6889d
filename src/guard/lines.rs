//! One process for many questions: a line goes in, a line comes out.

use std::process::{ChildStdin, ChildStdout};
use std::time::{Duration, Instant};

use sim_core::policy::{ExecGuard, GuardFault};

use super::meaning::{self, Reply};
use super::process::{BoundedProcess, Gave, GuardGround, left, read, wait, write};

/// How late the end of a program is noticed at most whose output something else holds.
const SLICE: Duration = Duration::from_millis(20);

/// A process that waits for a line.
pub struct LineProcess {
    process: BoundedProcess,
    input: ChildStdin,
    output: ChildStdout,
}

/// Asks a waiting process, or a new one. One that has answered waits for the next question; one with a fault is ended.
pub fn ask(
    ground: GuardGround<'_>,
    waiting: Option<LineProcess>,
    question: &[u8],
) -> (Reply, Option<LineProcess>) {
    let exec = ground.exec;
    let end = Instant::now() + Duration::from_nanos(exec.deadline.as_nanos());
    // One that has ended while nobody asked, as after a thousand questions, has failed nobody.
    let waiting =
        waiting.and_then(|mut process| process.process.ended().is_none().then_some(process));
    let process = waiting.map_or_else(|| start(ground), Ok);
    let Ok(mut process) = process else {
        return (Err(GuardFault::Crash), None);
    };
    let line = process.answer(exec, question, end);
    let reply = line.and_then(|line| meaning::of_line(exec, &String::from_utf8_lossy(&line)));
    if reply.is_err() {
        process.process.note_fault();
        return (reply, None);
    }
    (reply, Some(process))
}

fn start(ground: GuardGround<'_>) -> std::io::Result<LineProcess> {
    let (process, input, output) = BoundedProcess::start(ground, &ground.exec.command, &[])?;
    Ok(LineProcess {
        process,
        input,
        output,
    })
}

impl LineProcess {
    /// Writes what can be written now, and hands back the rest.
    fn say<'q>(&mut self, question: &'q [u8]) -> Result<&'q [u8], GuardFault> {
        if question.is_empty() {
            return Ok(question);
        }
        match write(&mut self.input, question) {
            Gave::Bytes(written) => Ok(&question[written..]),
            Gave::Nothing => Ok(question),
            Gave::End => Err(GuardFault::Crash),
        }
    }

    /// Writes the question and reads one line.
    fn answer(
        &mut self,
        exec: &ExecGuard,
        question: &[u8],
        end: Instant,
    ) -> Result<Vec<u8>, GuardFault> {
        let (mut unsaid, mut said, mut waited) = (question, Vec::new(), false);
        loop {
            unsaid = self.say(unsaid)?;
            // Something else may hold its output open: then its end is noticed after a slice without an answer.
            let ended = waited && self.process.ended().is_some();
            let gave = read(&mut self.output, &mut said);
            if said.len() as u64 > exec.max_output {
                return Err(GuardFault::TooMuchOutput);
            }
            if let Some(at) = said.iter().position(|byte| *byte == b'\n') {
                // What follows would be taken for the answer to the next question.
                let one = at + 1 == said.len() && unsaid.is_empty();
                return one.then_some(said).ok_or(GuardFault::NoDecision);
            }
            match gave {
                Gave::End => return Err(GuardFault::Crash),
                Gave::Nothing if ended => return Err(GuardFault::Crash),
                Gave::Bytes(_) => {}
                Gave::Nothing => {
                    let left = left(end).ok_or(GuardFault::Deadline)?;
                    let input = (!unsaid.is_empty()).then_some(&self.input);
                    waited = !wait(Some(&self.output), input, left.min(SLICE));
                }
            }
            if left(end).is_none() {
                return Err(GuardFault::Deadline);
            }
        }
    }
}
