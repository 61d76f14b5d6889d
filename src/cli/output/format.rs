//! The forms in which a result can be written.

use clap::ValueEnum;
use reports::safe;

/// A form in which a result can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// For programs.
    Json,
    /// For pages and pull requests.
    Markdown,
    /// At most fifteen lines of plain sentences, for a ticket.
    Ticket,
    /// Environment variables, for what has some.
    Env,
    /// A noise model, for what fits one.
    Noise,
    /// Comma-separated values, for what has points.
    Csv,
    /// A change of the user's file, for `git apply`.
    Patch,
    /// One page that needs nothing else, for a browser.
    Html,
    /// The charts, each a file of its own in the folder that is named.
    Svg,
    /// Test results, for what collects them in a pipeline.
    Junit,
    /// One JSON object a line, for notebooks.
    Jsonl,
    /// Annotations, for a GitHub workflow's log.
    Github,
    /// Findings in a file, for code scanning.
    Sarif,
}

impl Format {
    /// Returns a finished result as a reader of this form may have it, whatever names are in it. What goes
    /// into other programs byte for byte is left alone.
    pub(super) fn safe(self, text: String, colour: bool) -> String {
        match self {
            Self::Text | Self::Ticket | Self::Markdown | Self::Csv => safe::text(&text, colour),
            Self::Json | Self::Jsonl | Self::Sarif => safe::json(&text).into_owned(),
            Self::Html | Self::Svg | Self::Junit => safe::markup(&text).into_owned(),
            // Its lines are commands; a name must not hold another kind of them.
            Self::Github => text.replace("##[", "#\\u{23}["),
            Self::Env | Self::Noise | Self::Patch => text,
        }
    }

    /// Returns the word that names the format on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Ticket => "ticket",
            Self::Env => "env",
            Self::Noise => "noise",
            Self::Csv => "csv",
            Self::Patch => "patch",
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Junit => "junit",
            Self::Jsonl => "jsonl",
            Self::Github => "github",
            Self::Sarif => "sarif",
        }
    }
}
