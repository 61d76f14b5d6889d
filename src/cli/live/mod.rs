//! Real monitoring beside a simulated rollout: Prometheus and Alertmanager as programs of this machine, the clock between
//! theirs and ours, and what is asked of one in the time of the other.
//!
//! What is started listens on 127.0.0.1 alone, in a folder of its own, and ends with who started it.

mod api;
mod clock;
mod http;
mod program;
mod rules;

use std::path::Path;

pub use api::MappedApi;
pub use clock::{LiveClock, speed, wall};
pub use program::{LiveProgram, StartError};
pub use rules::sped_up;

use super::failure::Failure;

/// Starts Prometheus in a folder that holds its configuration and its data.
///
/// # Errors
/// When it is not there, with what to install, or does not start.
pub fn prometheus(program: &Path, folder: &Path) -> Result<LiveProgram, Failure> {
    let arguments = |address: &str| {
        let fixed = [
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            "--storage.tsdb.retention.time=100y",
            "--log.level=warn",
        ];
        let mut all: Vec<String> = fixed.map(str::to_owned).to_vec();
        all.push(format!("--web.listen-address={address}"));
        all
    };
    LiveProgram::start(program, folder, arguments)
        .map_err(|why| refused(program, &why, "prometheus"))
}

/// Starts Alertmanager in a folder that holds its configuration.
///
/// # Errors
/// When it is not there, with what to install, or does not start.
pub fn alertmanager(program: &Path, folder: &Path) -> Result<LiveProgram, Failure> {
    let arguments = |address: &str| {
        vec![
            "--config.file=alertmanager.yml".to_owned(),
            "--storage.path=alerts".to_owned(),
            "--cluster.listen-address=".to_owned(),
            "--log.level=warn".to_owned(),
            format!("--web.listen-address={address}"),
        ]
    };
    LiveProgram::start(program, folder, arguments)
        .map_err(|why| refused(program, &why, "prometheus-alertmanager"))
}

fn refused(program: &Path, why: &StartError, package: &str) -> Failure {
    match why {
        StartError::NotFound => Failure::input(format!("there is no {}", program.display())).help(
            format!("install it: apt-get install {package}, or https://prometheus.io/download"),
        ),
        StartError::Failed(said) => {
            let what = format!("{} does not start: {said}", program.display());
            Failure::input(what).help("run it by hand with --help to see what it lacks")
        }
    }
}

/// A file or a program that cannot be used.
pub fn unusable(what: &str, error: &std::io::Error) -> Failure {
    Failure::unexpected(format!("{what} cannot be used: {error}"))
}
