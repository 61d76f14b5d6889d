//! "Did you mean": the nearest of several names.

/// Names longer than this are not compared; nobody misspells them by a letter or two.
const MAX_LENGTH: usize = 64;

/// Returns the candidate that `word` most probably is a misspelling of.
///
/// Case and the separators `_`, `-` and blank do not count. Otherwise up to one letter in three
/// may be missing, added, wrong, or swapped with its neighbour; the first of the best counts.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = fold(word)?;
    let limit = (word.len() / 3).max(1);
    let measured = candidates.into_iter().filter_map(|candidate| {
        let distance = distance(&word, &fold(candidate)?);
        (distance <= limit).then_some((distance, candidate))
    });
    measured
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> Option<Vec<char>> {
    let letters = word.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
    let folded: Vec<char> = letters
        .flat_map(char::to_lowercase)
        .take(MAX_LENGTH + 1)
        .collect();
    (!folded.is_empty() && folded.len() <= MAX_LENGTH).then_some(folded)
}

/// The optimal string alignment distance: insertions, deletions, substitutions and swaps of
/// neighbours, no part edited twice.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let substituted = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = substituted.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_only_if_it_is_near() {
        let names = ["name", "target", "hold", "min-samples"];
        let check = |word: &str, expect: Option<&str>| {
            assert_eq!(nearest(word, names), expect, "{word}");
        };
        check("nmae", Some("name"));
        check("targt", Some("target"));
        check("min_samples", Some("min-samples"));
        check("minSamples", Some("min-samples"));
        check("HOLD", Some("hold"));
        check("weight", None);
        check("", None);
        check("-", None);
        check(&"x".repeat(1000), None);
    }
}
