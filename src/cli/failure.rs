//! Why a command could not give its answer.

use scenarios::{Colour, Report};

use crate::study::shards::Halt;

use super::exit_code::ExitCode;
use crate::study::NoThreads;

/// A reason to end without an answer.
#[derive(Debug)]
pub enum Failure {
    /// Files that cannot be used, with every finding.
    Reports(Vec<Report>),
    /// Anything else that can be said in a sentence.
    Plain {
        /// The exit code.
        exit: ExitCode,
        /// What is wrong: a fragment in lower case without a full stop.
        what: String,
        /// What to type next.
        help: Option<String>,
    },
    /// A study that is played in shards was not gone on with.
    Halted(Halt),
}

/// What a command comes to.
pub type Answer = Result<ExitCode, Failure>;

impl Failure {
    /// An input that cannot be used.
    pub fn input(what: impl Into<String>) -> Self {
        Self::Plain {
            exit: ExitCode::InvalidInput,
            what: what.into(),
            help: None,
        }
    }

    /// A place that takes no more of what is written: a full disk, a closed device.
    pub fn output(what: impl Into<String>) -> Self {
        Self::Plain {
            exit: ExitCode::Output,
            what: what.into(),
            help: None,
        }
    }

    /// A command line that makes no sense, although each word of it does.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::Plain {
            exit: ExitCode::Usage,
            what: what.into(),
            help: None,
        }
    }

    /// Something that should not have happened.
    pub fn unexpected(what: impl Into<String>) -> Self {
        Self::Plain {
            exit: ExitCode::Unexpected,
            what: what.into(),
            help: None,
        }
    }

    /// Adds what to type next.
    #[must_use]
    pub fn help(self, next: impl Into<String>) -> Self {
        match self {
            Self::Plain { exit, what, .. } => Self::Plain {
                exit,
                what,
                help: Some(next.into()),
            },
            located => located,
        }
    }

    /// Returns the exit code.
    pub const fn exit(&self) -> ExitCode {
        match self {
            Self::Reports(_) | Self::Halted(Halt::Refused(_)) => ExitCode::InvalidInput,
            Self::Plain { exit, .. } => *exit,
            Self::Halted(Halt::Missing(..)) => ExitCode::Undecided,
            Self::Halted(Halt::Interrupted) => ExitCode::Interrupted,
            Self::Halted(Halt::Disk(..)) => ExitCode::Output,
            Self::Halted(Halt::Counted(_) | Halt::Played(_) | Halt::Over) => ExitCode::Success,
        }
    }

    /// Returns what people read about it.
    pub fn text(&self, colour: Colour) -> String {
        let all = |reports: &[Report]| {
            let texts = reports.iter().map(|report| report.render(colour));
            texts.collect::<Vec<_>>().join("\n")
        };
        match self {
            Self::Reports(reports) | Self::Halted(Halt::Refused(reports)) => all(reports),
            Self::Halted(Halt::Missing(_, report)) => report.render(colour),
            Self::Halted(Halt::Disk(path, error)) => {
                let what = format!("cannot use {}: {error}", path.display());
                plain(&what, Some("choose a folder that you may write"), colour)
            }
            Self::Halted(Halt::Interrupted) => plain("interrupted", None, colour),
            // Whoever asked for it takes it before it is told.
            Self::Halted(Halt::Counted(_) | Halt::Played(_) | Halt::Over) => String::new(),
            Self::Plain { what, help, .. } => plain(what, help.as_deref(), colour),
        }
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self::Reports(vec![report])
    }
}

impl From<NoThreads> for Failure {
    fn from(no: NoThreads) -> Self {
        Self::unexpected(format!("cannot start threads: {no}"))
    }
}

fn plain(what: &str, help: Option<&str>, colour: Colour) -> String {
    let style = reports::Style {
        colour: colour == Colour::Always,
        ..reports::Style::PLAIN
    };
    let mut text = style.paint(reports::Tone::Bad, "error");
    // What is said may quote names from files and arguments; line breaks are the program's own.
    let safe = |text: &str| {
        text.lines()
            .map(reports::escape)
            .collect::<Vec<_>>()
            .join("\n")
    };
    text += &format!(": {}\n", safe(what));
    if let Some(help) = help {
        text += &format!("  = help: {}\n", safe(help));
    }
    text
}
