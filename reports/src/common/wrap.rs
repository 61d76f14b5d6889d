//! Text broken into lines.

/// Breaks text between words so that lines that begin at `indent` end before `columns`. On a page
/// too narrow for that the terminal breaks the lines.
pub fn wrap(text: &str, indent: usize, columns: usize) -> String {
    let room = columns.saturating_sub(indent);
    if room < 20 {
        return text.to_owned();
    }
    let mut wrapped = String::new();
    let mut used = 0;
    // A number and its percent sign belong together.
    let text = text.replace(" %", "\u{a0}%");
    for word in text.split(' ') {
        let width = word.chars().count();
        if used > 0 && used + 1 + width > room {
            wrapped += &format!("\n{:indent$}", "");
            used = 0;
        } else if used > 0 {
            wrapped.push(' ');
            used += 1;
        }
        wrapped += word;
        used += width;
    }
    wrapped.replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_wraps_between_words_and_stays_inside_the_page() {
        let text = "one two three four five six seven eight nine ten";
        assert_eq!(
            wrap(text, 4, 28),
            "one two three four five\n    six seven eight nine ten"
        );
    }
}
