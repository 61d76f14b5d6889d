//! How text is dressed: with or without colour, and how wide.

/// The dress of a text report. Meaning never depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether colour may be used.
    pub colour: bool,
    /// How many columns there are.
    pub columns: usize,
    /// Whether everything is said, or what fits on a screen.
    pub detail: bool,
}

/// What a piece of text wants to say besides its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// This is as it should be.
    Good,
    /// This is not as it should be.
    Bad,
    /// Nobody knows yet.
    Doubt,
    /// Look here.
    Strong,
    /// Look here last.
    Faint,
}

impl Style {
    /// No colour, 80 columns, every detail: what a file gets.
    pub const PLAIN: Self = Self {
        colour: false,
        columns: 80,
        detail: true,
    };

    /// Returns `text` in `tone`, as ECMA-48 (SGR) sequences where colour is allowed.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Good => "32",
            Tone::Bad => "31;1",
            Tone::Doubt => "33",
            Tone::Strong => "1",
            Tone::Faint => "2",
        };
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_appears_only_where_it_is_allowed() {
        assert_eq!(Style::PLAIN.paint(Tone::Bad, "MISS"), "MISS");
        let colour = Style {
            colour: true,
            ..Style::PLAIN
        };
        assert_eq!(colour.paint(Tone::Bad, "MISS"), "\u{1b}[31;1mMISS\u{1b}[0m");
    }
}
