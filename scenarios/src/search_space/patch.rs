//! A change of the user's own file, as `git apply` takes it.

use similar::TextDiff;

/// Returns the unified diff from `old` to `new`, three lines of context around each change; empty
/// where nothing changes.
///
/// The form is the traditional one, without `diff --git`, whose paths count from the folder in
/// which `git apply` runs.
pub fn patch(path: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    // Only `\n` ends a line for git; a `\r` before it is a part of the line.
    let (before, after): (Vec<_>, Vec<_>) = (
        old.split_inclusive('\n').collect(),
        new.split_inclusive('\n').collect(),
    );
    let diff = TextDiff::configure()
        .newline_terminated(true)
        .diff_slices(&before, &after);
    let name = |side: char| {
        let name = format!("{side}/{path}");
        // A tab ends a name with blanks, as GNU diff writes it.
        if path.contains(' ') {
            name + "\t"
        } else {
            name
        }
    };
    let (from, to) = (name('a'), name('b'));
    diff.unified_diff()
        .context_radius(3)
        .header(&from, &to)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_shows_the_lines_that_change_and_three_around_them() {
        let old = "a\nb\nc\nd: 1 # why\ne\nf\ng\nh\n";
        let new = "a\nb\nc\nd: 2 # why\ne\nf\ng\nh\n";
        let expect = "--- a/x/p.yaml\n+++ b/x/p.yaml\n@@ -1,7 +1,7 @@\n a\n b\n c\n-d: 1 # why\n\
                      +d: 2 # why\n e\n f\n g\n";
        assert_eq!(patch("x/p.yaml", old, new), expect);
        assert_eq!(patch("p", old, old), "");
    }

    #[test]
    fn a_missing_line_break_at_the_end_is_said() {
        let text = patch("my p", "a: 1", "a: 2");
        assert!(text.starts_with("--- a/my p\t\n"), "{text}");
        assert_eq!(
            text.matches("\\ No newline at end of file").count(),
            2,
            "{text}"
        );
    }
}
