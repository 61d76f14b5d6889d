//! Markdown for places that take only so much of it.

/// A comment on a pull request holds 65 536 characters; this leaves room for what others add.
const MOST: usize = 60 * 1024;

/// Returns `text` if it is shorter than 60 KiB, else its first lines with a line that says how many
/// are left out. The same text is always cut at the same place.
pub fn cut(text: String) -> String {
    if text.len() < MOST {
        return text;
    }
    let note = |left: usize| {
        format!("\n*{left} more lines are left out here; the JSON has everything.*\n")
    };
    let room = MOST - note(usize::MAX).len();
    let mut kept = String::new();
    let mut lines = text.split_inclusive('\n');
    for line in lines.by_ref() {
        if kept.len() + line.len() > room {
            return kept + &note(1 + lines.count());
        }
        kept += line;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_with_how_much_is_missing() {
        let line = "| a row of a table | 1 |\n";
        let long = line.repeat(10_000);
        let short = cut(long.clone());
        assert!(short.len() < MOST && short.len() > MOST - 200);
        let kept = short.matches(line).count();
        assert!(short.ends_with(&format!(
            "*{} more lines are left out here; the JSON has everything.*\n",
            10_000 - kept
        )));
        assert_eq!(cut(long), short);
        assert_eq!(cut(line.to_owned()), line);
    }

    #[test]
    fn a_single_endless_line_is_left_out() {
        let shown = cut("x".repeat(100_000));
        assert_eq!(
            shown,
            "\n*1 more lines are left out here; the JSON has everything.*\n"
        );
    }
}
