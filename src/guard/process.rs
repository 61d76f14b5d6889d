//! A process within bounds: no shell, few variables, a group of its own that is ended as one.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process_group};
use sim_core::policy::ExecGuard;

use super::left_behind::{GuardMark, ProcessMark, VARIABLE};

/// What every process of a guard is started with.
#[derive(Clone, Copy)]
pub struct GuardGround<'a> {
    /// What the policy says of it.
    pub exec: &'a ExecGuard,
    /// Where it runs.
    pub folder: &'a Path,
    /// What it and its children are known by.
    pub mark: &'a GuardMark,
}

/// A running program; dropped, it ends with everything that it has started in its group, and after a fault with whatever
/// bears its mark.
pub struct BoundedProcess {
    child: Child,
    group: Pid,
    mark: ProcessMark,
    has_failed: bool,
}

/// The variables of ours that a guard sees.
const PASSED: [&str; 2] = ["PATH", "HOME"];

impl BoundedProcess {
    /// Starts a program in `folder` and hands back its ends, which never block.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(
        ground: GuardGround<'_>,
        command: &[String],
        variables: &[(String, String)],
    ) -> io::Result<(Self, ChildStdin, ChildStdout)> {
        let GuardGround { exec, folder, .. } = ground;
        let mark = ground.mark.next();
        let mut command = program(command, folder)?;
        command.env_clear().env("LANG", "C.UTF-8");
        command.env(VARIABLE, mark.to_string());
        for name in PASSED {
            command.envs(std::env::var_os(name).map(|value| (OsStr::new(name), value)));
        }
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        command.envs(&exec.environment);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(Stdio::null()).process_group(0);
        let mut child = command.spawn()?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let group = Pid::from_child(&child);
        let started = Self {
            child,
            group,
            mark,
            has_failed: false,
        };
        let ends = stdin.zip(stdout).ok_or(ErrorKind::BrokenPipe)?;
        rustix::io::ioctl_fionbio(&ends.0, true)?;
        rustix::io::ioctl_fionbio(&ends.1, true)?;
        Ok((started, ends.0, ends.1))
    }

    /// It has failed: what it has left behind is looked for when it is ended.
    pub const fn note_fault(&mut self) {
        self.has_failed = true;
    }

    /// How it ended, where it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

impl Drop for BoundedProcess {
    fn drop(&mut self) {
        // The group may be gone already; the child is waited for so that no zombie is left.
        let _ = kill_process_group(self.group, Signal::KILL);
        let _ = self.child.kill();
        let _ = self.child.wait();
        if self.has_failed {
            self.mark.end_all();
        }
    }
}

/// Waits until one of two ends is ready, or for `most`; says whether one is.
pub fn wait(output: Option<&ChildStdout>, input: Option<&ChildStdin>, most: Duration) -> bool {
    let mut ends = Vec::with_capacity(2);
    ends.extend(output.map(|end| PollFd::from_borrowed_fd(end.as_fd(), PollFlags::IN)));
    ends.extend(input.map(|end| PollFd::from_borrowed_fd(end.as_fd(), PollFlags::OUT)));
    let most = Timespec {
        tv_sec: most.as_secs() as i64,
        tv_nsec: most.subsec_nanos().into(),
    };
    // What interrupts it is looked at by who waits.
    poll(&mut ends, Some(&most)).is_ok_and(|ready| ready > 0)
}

/// The time until `end`; none where it is over.
pub fn left(end: Instant) -> Option<Duration> {
    let left = end.saturating_duration_since(Instant::now());
    (!left.is_zero()).then_some(left)
}

/// What an end gave just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gave {
    /// So many bytes.
    Bytes(usize),
    /// Nothing yet.
    Nothing,
    /// Nothing ever again.
    End,
}

/// Reads what is there.
pub fn read(output: &mut ChildStdout, into: &mut Vec<u8>) -> Gave {
    let mut block = [0; 16 * 1024];
    match output.read(&mut block) {
        Ok(0) => Gave::End,
        Ok(read) => {
            into.extend_from_slice(&block[..read]);
            Gave::Bytes(read)
        }
        Err(error) if is_passing(&error) => Gave::Nothing,
        Err(_) => Gave::End,
    }
}

/// Writes what is taken.
pub fn write(input: &mut ChildStdin, bytes: &[u8]) -> Gave {
    match input.write(bytes) {
        Ok(written) => Gave::Bytes(written),
        Err(error) if is_passing(&error) => Gave::Nothing,
        Err(_) => Gave::End,
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// The program of a command and its arguments, in `folder`.
fn program(command: &[String], folder: &Path) -> io::Result<Command> {
    let (program, arguments) = command.split_first().ok_or(ErrorKind::InvalidInput)?;
    // A path is one from the folder of the policy; a bare name is looked for in PATH.
    let program = if program.contains('/') {
        folder.canonicalize()?.join(program)
    } else {
        program.into()
    };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    Ok(command)
}
