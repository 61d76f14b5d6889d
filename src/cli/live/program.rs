//! A program that serves while we need it.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::http::{ask, free_port};

/// How long a program may take until it answers.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// A running program; dropped, it ends.
#[derive(Debug)]
pub struct LiveProgram {
    child: Child,
    /// Where it answers, on 127.0.0.1.
    pub port: u16,
}

/// Why a program does not run.
#[derive(Debug)]
pub enum StartError {
    /// It is not there.
    NotFound,
    /// It ended, or never answered; what it said last.
    Failed(String),
}

impl LiveProgram {
    /// Starts a program in a folder, without a shell, and waits until it says that it is ready. `arguments` gets the address
    /// at which it is to listen.
    ///
    /// # Errors
    /// When it is not there, ends, or does not answer in time.
    pub fn start(
        program: &Path,
        folder: &Path,
        arguments: impl FnOnce(&str) -> Vec<String>,
    ) -> Result<Self, StartError> {
        let failed = |error: std::io::Error| StartError::Failed(error.to_string());
        let port = free_port().map_err(failed)?;
        let name = program.file_name().unwrap_or_default().to_string_lossy();
        let log = folder.join(format!("{name}.log"));
        let said = File::create(&log).map_err(failed)?;
        let mut command = Command::new(program);
        command.args(arguments(&format!("127.0.0.1:{port}")));
        command.current_dir(folder).env_clear();
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said);
        let child = command.spawn().map_err(|_| StartError::NotFound)?;
        let mut started = Self { child, port };
        started.wait_until_ready(&log)?;
        Ok(started)
    }

    fn wait_until_ready(&mut self, log: &Path) -> Result<(), StartError> {
        let end = Instant::now() + READY_WITHIN;
        loop {
            if matches!(ask(self.port, "/-/ready", None), Ok((200, _))) {
                return Ok(());
            }
            let ended = self.child.try_wait().ok().flatten().is_some();
            if ended || Instant::now() > end {
                let said = scenarios::reading::text(log, 1 << 20).unwrap_or_default();
                let last = said.lines().last().unwrap_or("it said nothing");
                return Err(StartError::Failed(last.to_owned()));
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }
}

impl Drop for LiveProgram {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
