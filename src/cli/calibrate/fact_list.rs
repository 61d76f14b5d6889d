//! Facts in the order of the text.

use reports::Fact;

/// Facts in the order of the text.
pub(super) struct FactList(pub Vec<Fact>);

impl FactList {
    pub fn add(&mut self, topic: &str, key: &str, value: f64, words: String) {
        self.0.push(Fact {
            topic: topic.to_owned(),
            key: key.to_owned(),
            // JSON has no word for what is not finite.
            value: Some(value).filter(|value| value.is_finite()),
            words,
        });
    }
}
