//! A word of a condition, and where it stands.

/// The kinds of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// A name.
    Identifier,
    /// A number.
    Number,
    /// A text in quotes.
    Text,
    /// An operator.
    Operator,
    /// A bracket.
    Bracket,
    /// The end.
    End,
}

/// A word with its place in characters.
#[derive(Debug, Clone)]
pub struct PlacedWord {
    /// What kind.
    pub word: Word,
    /// Its text; without quotes and escapes for [`Word::Text`].
    pub text: String,
    /// Characters from the start of the condition.
    pub at: usize,
}

impl PlacedWord {
    /// This word with this text.
    pub fn is(&self, word: Word, text: &str) -> bool {
        self.word == word && self.text == text
    }

    /// As the engine names it in an error.
    pub fn shown(&self) -> String {
        let kind = match self.word {
            Word::Identifier => "Identifier",
            Word::Number => "Number",
            Word::Text => "String",
            Word::Operator => "Operator",
            Word::Bracket => "Bracket",
            Word::End => "EOF",
        };
        if self.text.is_empty() {
            kind.into()
        } else {
            format!("{kind}({:?})", self.text)
        }
    }
}
