//! The exit codes, all of them.

use std::fmt::Write as _;

/// How the command ended. Shells and pipelines branch on it.
///
/// 86, 101 to 103 and everything from 128 on are never used: remote runners and shells give them
/// meanings of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    /// Everything that was asked for is so.
    Success,
    /// An error that nobody foresaw.
    Unexpected,
    /// The command line cannot be understood.
    Usage,
    /// An input cannot be used: a policy, a scenario, data, a path.
    InvalidInput,
    /// The result is incomplete, or an objective is undecided.
    Undecided,
    /// The same inputs gave a different result.
    DeterminismBroken,
    /// The answer, or a file, could not be written to its end.
    Output,
    /// An objective was missed or an invariant broken.
    Missed,
    /// Interrupted; what was finished has been reported.
    Interrupted,
    /// What `--exit-code-on-miss` asked for in place of 99.
    Chosen(u8),
}

impl ExitCode {
    /// All codes that are fixed, in numeric order.
    pub const ALL: [Self; 9] = [
        Self::Success,
        Self::Unexpected,
        Self::Usage,
        Self::InvalidInput,
        Self::Undecided,
        Self::DeterminismBroken,
        Self::Output,
        Self::Missed,
        Self::Interrupted,
    ];

    /// Returns the number that the process ends with.
    pub const fn number(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::InvalidInput => 3,
            Self::Undecided => 4,
            Self::DeterminismBroken => 5,
            Self::Output => 6,
            Self::Missed => 99,
            Self::Interrupted => 105,
            Self::Chosen(number) => number,
        }
    }

    /// Says what the code means, in one line.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Success => "every objective met, every input sound",
            Self::Unexpected => "unexpected error",
            Self::Usage => "the command line cannot be understood",
            Self::InvalidInput => "invalid input: a policy, a scenario, data or a path",
            Self::Undecided => "incomplete or undecided: more runs are needed",
            Self::DeterminismBroken => "determinism broken: the same inputs gave another result",
            Self::Output => "the answer or a file cannot be written: a full disk, a closed device",
            Self::Missed => "an objective missed or a safety invariant violated",
            Self::Interrupted => "interrupted: what was finished is reported as incomplete",
            Self::Chosen(_) => "what --exit-code-on-miss asked for",
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        code.number().into()
    }
}

/// Returns the table of the exit codes, as the help prints it.
pub fn table() -> String {
    let mut text = String::from("Exit codes:\n");
    for code in ExitCode::ALL {
        writeln!(text, "  {:>3}  {}", code.number(), code.meaning()).expect("a string takes text");
    }
    text + "\n--no-fail and --exit-code-on-miss N change 99.\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_is_one_that_remote_runners_and_shells_reserve() {
        let numbers = ExitCode::ALL.map(ExitCode::number);
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6, 99, 105]);
        for number in numbers {
            assert!(
                number != 86 && !(101..=103).contains(&number) && number < 128,
                "{number}"
            );
        }
    }
}
