//! The terminal: the only file that knows about colour support and progress bars.

use std::io::{self, IsTerminal, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anstream::{AutoStream, ColorChoice};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reports::safe;
use scenarios::Colour;

use super::exit_code::ExitCode;
use super::failure::Failure;
use super::interrupt;

/// How the command talks.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct ConsoleArgs {
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: When,
    /// Say nothing but the answer and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say everything: all tables of the answer, and what is done
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum When {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts about two streams"
)]
/// Where the answer (stdout) and the talk (stderr) go, and how they are dressed.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    quiet: bool,
    verbose: bool,
    answer_colour: bool,
    talk_colour: bool,
    columns: usize,
}

impl Console {
    /// Looks at the terminal once.
    pub fn new(args: ConsoleArgs) -> Self {
        match args.color {
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        }
        .write_global();
        Self {
            quiet: args.quiet,
            verbose: args.verbose,
            answer_colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            talk_colour: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            columns: columns(),
        }
    }

    /// Returns the dress of the answer.
    pub const fn style(&self) -> reports::Style {
        reports::Style {
            colour: self.answer_colour,
            columns: self.columns,
            detail: self.verbose,
        }
    }

    /// Writes the answer to stdout, as text that is safe to show. A reader that went away (`| head`) has what it wanted.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to, for instance because the disk is full.
    pub fn answer(&self, text: &str) -> Result<(), Failure> {
        self.answer_exactly(&safe::text(text, self.answer_colour))
    }

    /// As [`Console::answer`], for what has been made safe in the way of its own form.
    ///
    /// # Errors
    ///
    /// As [`Console::answer`].
    pub fn answer_exactly(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        match stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
        {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::output(
                format!("cannot write the answer to stdout: {error}"),
            )
            .help("make room, or send stdout elsewhere")),
            _ => Ok(()),
        }
    }

    /// Says something on stderr, unless asked to be quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            talk(text, self.talk_colour);
        }
    }

    /// Says something on stderr if asked to be verbose.
    pub fn detail(&self, text: &str) {
        if self.verbose {
            talk(text, self.talk_colour);
        }
    }

    /// Says on stderr why there is no answer.
    pub fn complain(&self, failure: &Failure) {
        talk(
            failure.text(self.talk_colour()).trim_end(),
            self.talk_colour,
        );
    }

    /// Returns whether what goes to stderr is coloured.
    pub const fn talk_colour(&self) -> Colour {
        if self.talk_colour {
            Colour::Always
        } else {
            Colour::Never
        }
    }

    /// Returns whether what goes to stdout is coloured.
    pub const fn answer_colour(&self) -> Colour {
        if self.answer_colour {
            Colour::Always
        } else {
            Colour::Never
        }
    }

    /// Begins to show the progress of `total` rollouts; 0 where nobody knows how many there will be.
    pub fn progress(&self, total: u64) -> Progress {
        // Whoever shows a progress looks at requests to stop.
        interrupt::watch();
        self.detail("playing; Ctrl-C stops it and reports what is finished");
        if self.quiet {
            Progress::Silent
        } else if io::stderr().is_terminal() {
            Progress::Bar(bar(total))
        } else {
            let begun = Instant::now();
            Progress::Lines {
                total: total.into(),
                begun,
                state: Mutex::new((0, begun)),
                note: Mutex::default(),
            }
        }
    }

    /// Ends a command that was stopped before it finished anything that could be reported.
    pub fn interrupted(&self, what: &str) -> ExitCode {
        self.say(&format!("interrupted: {what}"));
        ExitCode::Interrupted
    }
}

/// Writes one line to stderr; there is nobody to tell when that fails.
fn talk(text: &str, colour: bool) {
    let text = safe::text(text, colour);
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// The width of the page: what COLUMNS says, else the terminal's, else 80.
fn columns() -> usize {
    let said = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size().map(|(width, _)| width.0.into());
    said.or_else(seen)
        .filter(|&columns| columns > 0)
        .unwrap_or(80)
}

/// The progress of a study.
#[derive(Debug)]
pub enum Progress {
    /// A bar with the rate and the time left, on a terminal.
    Bar(ProgressBar),
    /// A line every ten seconds, elsewhere.
    Lines {
        /// How many rollouts there are; 0 where nobody knows.
        total: AtomicU64,
        /// When the first one began.
        begun: Instant,
        /// How many are done, and when that was last said.
        state: Mutex<(u64, Instant)>,
        /// What has been found so far.
        note: Mutex<String>,
    },
    /// Nothing.
    Silent,
}

/// When the first line is written where there is no terminal.
const FIRST_AFTER: Duration = Duration::from_secs(2);
/// How often further ones are.
const LINE_EVERY: Duration = Duration::from_secs(10);

impl Progress {
    /// Notes that `more` rollouts are done.
    pub fn done(&self, more: u64) {
        match self {
            Self::Bar(bar) => bar.inc(more),
            Self::Lines {
                total,
                begun,
                state,
                note,
            } => {
                let mut state = state.lock().expect("nothing panics while it is held");
                state.0 += more;
                let first = state.1 == *begun;
                if state.1.elapsed() >= if first { FIRST_AFTER } else { LINE_EVERY } {
                    state.1 = Instant::now();
                    let note = note.lock().expect("nothing panics while it is held");
                    let total = total.load(Ordering::Relaxed);
                    talk(&(line(state.0, total, begun.elapsed()) + &note), false);
                }
            }
            Self::Silent => {}
        }
    }

    /// Notes that there are `more` rollouts than was known, or so many fewer.
    pub fn more(&self, more: i64) {
        match self {
            Self::Bar(bar) if more < 0 => bar.dec_length(more.unsigned_abs()),
            Self::Bar(bar) => bar.inc_length(more.unsigned_abs()),
            Self::Lines { total, .. } => {
                // Two's complement: adding what a negative number wraps to takes away.
                total.fetch_add(more.cast_unsigned(), Ordering::Relaxed);
            }
            Self::Silent => {}
        }
    }

    /// Shows from now on what has been found so far.
    pub fn note(&self, found: &str) {
        let found = format!("; {}", reports::escape(found));
        match self {
            Self::Bar(bar) => bar.set_message(found),
            Self::Lines { note, .. } => {
                *note.lock().expect("nothing panics while it is held") = found;
            }
            Self::Silent => {}
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: u64) -> ProgressBar {
    let form = match total {
        0 => "{pos} rollouts, {per_sec}{msg}",
        _ => "{bar:30} {pos}/{len} rollouts, {per_sec}, {eta} left{msg}",
    };
    let style = ProgressStyle::with_template(form).expect("the template is well formed");
    let target = ProgressDrawTarget::stderr_with_hz(5);
    ProgressBar::with_draw_target(Some(total), target).with_style(style)
}

fn line(done: u64, total: u64, elapsed: Duration) -> String {
    let rate = done as f64 / elapsed.as_secs_f64().max(1e-9);
    let each = reports::figure::count(rate);
    if total == 0 {
        return format!("{done} rollouts, {each} a second");
    }
    let left = total.saturating_sub(done) as f64 / rate.max(1e-9);
    let left = reports::figure::span(left);
    format!("{done}/{total} rollouts, {each} a second, {left} left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_progress_line_says_the_rate_and_the_time_left() {
        let text = line(2000, 10_000, Duration::from_secs(10));
        assert_eq!(text, "2000/10000 rollouts, 200 a second, 40.0 s left");
    }
}
