//! What a page asks, read from its address.

use crate::serve::Query;

/// The most rollouts of one policy that a page may ask for, all scenarios together.
const MOST: u64 = 1_000_000;
/// What a page gets that says nothing.
const USUAL: u64 = 10_000;
/// How many rollouts each answer rests on, all scenarios together.
const LEVELS: [u64; 7] = [100, 400, 2_000, 10_000, 50_000, 200_000, MOST];

/// What is asked of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageQuestion {
    /// The numbers that are changed: the path of each, and its text.
    pub sets: Vec<(String, String)>,
    /// How many rollouts the last answer rests on.
    most: u64,
    /// The scenario whose release is scaled.
    pub regression: Option<String>,
    /// The rollout that is to be told: its scenario.
    pub scenario: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Its number, or the first that is looked at.
    pub replication: u64,
    /// Whether it is one of today's policy.
    pub is_today: bool,
}

impl PageQuestion {
    /// Reads a query; names that mean nothing are the page's own.
    pub fn read(query: &Query) -> Self {
        let of = |name: &str| {
            let found = query.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        };
        let number = |name: &str| of(name)?.parse::<u64>().ok();
        let set = |(name, value): &(String, String)| {
            let (path, text) = value.split_once('=').filter(|_| name == "set")?;
            Some((path.to_owned(), text.to_owned()))
        };
        Self {
            sets: query.iter().filter_map(set).collect(),
            most: number("most").unwrap_or(USUAL).clamp(LEVELS[0], MOST),
            regression: of("regression"),
            scenario: of("scenario"),
            outcome: of("outcome"),
            replication: number("replication").unwrap_or(0),
            is_today: of("side").as_deref() == Some("today"),
        }
    }

    /// How many rollouts each answer rests on, in turn.
    pub fn levels(&self) -> impl Iterator<Item = u64> {
        let below = LEVELS.into_iter().filter(|level| *level < self.most);
        below.chain([self.most])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_and_its_answers_rest_on_more_and_more() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let asked = PageQuestion::read(&vec![
            pair("set", "gates.errors.limit=1%"),
            pair("set", "nothing"),
            pair("most", "3000"),
            pair("page", "x"),
        ]);
        assert_eq!(asked.sets, [pair("gates.errors.limit", "1%")]);
        assert_eq!(asked.levels().collect::<Vec<_>>(), [100, 400, 2000, 3000]);
        let usual = PageQuestion::read(&Vec::new());
        assert_eq!(usual.levels().collect::<Vec<_>>(), [100, 400, 2000, 10_000]);
        let wild = PageQuestion::read(&vec![
            pair("most", "99999999999999"),
            pair("replication", "-1"),
        ]);
        assert_eq!(
            (wild.levels().last(), wild.replication),
            (Some(1_000_000), 0)
        );
    }
}
