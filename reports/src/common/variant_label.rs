//! Names of variants as words.

use std::fmt::Debug;

/// Returns the name of a variant as words in lower case: `AwaitingSignOff` is `awaiting sign off`.
///
/// Only for enums without fields, whose names are words of the field.
pub(crate) fn variant_label(variant: &impl Debug) -> String {
    let mut words = String::new();
    for letter in format!("{variant:?}").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    enum Sample {
        AwaitingSignOff,
        Nan,
    }

    #[test]
    fn variants_are_spoken_as_words() {
        assert_eq!(variant_label(&Sample::AwaitingSignOff), "awaiting sign off");
        assert_eq!(variant_label(&Sample::Nan), "nan");
    }
}
