//! A result as a ticket: at most fifteen lines of plain sentences.

pub(crate) mod chaos;
pub(crate) mod study;

use crate::common::escape::escape;

/// The most lines that a ticket has.
const LINES: usize = 15;

/// The lines of a ticket. Each is a sentence, or several, without a line break.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ticket {
    lines: Vec<String>,
}

impl Ticket {
    /// Adds a line.
    fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// Adds the first `most` of several lines, and in the words of `left` how many more there are.
    fn first(&mut self, most: usize, all: &[String], left: impl Fn(usize) -> String) {
        self.lines.extend(all.iter().take(most).cloned());
        if all.len() > most {
            self.lines.push(left(all.len() - most));
        }
    }

    /// Returns the ticket: each line with a line break, nothing that a terminal or a tracker would act on.
    ///
    /// # Panics
    ///
    /// With more lines than a ticket has.
    fn text(&self) -> String {
        assert!(
            self.lines.len() <= LINES,
            "its writer bounds each of its lists"
        );
        self.lines.iter().map(|line| escape(line) + "\n").collect()
    }
}
