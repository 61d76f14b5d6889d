//! Every number of a policy that can be varied, with the values that suit a slider.

use super::found::{Found, last};
use super::number::Number;
use super::path::{self, numbers};
use super::rounding::{Spacing, between};
use super::variation::{Place, place};
use super::varied_text::VariedText;
use crate::source::node::Value;

/// A number of a policy that can be varied, as [`super::Variation`] takes its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tunable {
    /// Where it stands, and what is written there.
    pub place: Place,
    /// Values around it, rising, as they would be written; the one that is written is among them.
    pub values: Vec<String>,
    /// The place of what is written among the values.
    pub at: usize,
}

/// How many values lie on either side of what is written: six for each doubling, so that twice and half of it are among them.
const SIDE: usize = 18;
/// How far the values reach, as a factor of what is written.
const REACH: f64 = 8.0;
/// Up to this whole number every whole number is a value.
const COUNTED: f64 = 12.0;

/// Returns the numbers of a text in its order. The version of a file is none of them, nor a number that an anchor lends to
/// several places, nor a key that is not written and stands for nothing.
pub(super) fn tunables(subject: &VariedText<'_>) -> Vec<Tunable> {
    let root = &subject.root;
    let mut all = Vec::new();
    for found in numbers(root) {
        let alone = path::resolve(root, &found.path);
        let is_alone = alone.is_ok_and(|all| all.len() == 1 && all[0].node.span == found.node.span);
        if found.path != "version" && is_alone {
            all.extend(tunable(subject, &found));
        }
    }
    all.sort_by_key(|tunable| tunable.place.span.start);
    all
}

fn tunable(subject: &VariedText<'_>, found: &Found<'_>) -> Option<Tunable> {
    let mut place = place(found, subject);
    if found.node.span.is_empty() {
        // What counts where nothing is written.
        place
            .written
            .clone_from(subject.usual.get(last(&found.path))?);
    }
    let written = match Number::written(found.node)? {
        Number::Plain(_) if found.node.span.is_empty() => Number::read(&place.written)?,
        written => written,
    };
    let whole = written.size().fract() == 0.0 && (0.0..=COUNTED).contains(&written.size());
    let values = match (&found.node.value, written) {
        (Value::Int(_), Number::Plain(size)) if whole => counted(size),
        _ if place.path.ends_with("quantile") => quantiles(written),
        _ => around(written),
    };
    let (values, at) = slider(written, &place.written, values)?;
    Some(Tunable { place, values, at })
}

/// Values around any number, rising, and the place of the number among them; none where the text is no number.
pub fn values_around(text: &str) -> Option<(Vec<String>, usize)> {
    let written = Number::read(text)?;
    slider(written, text, around(written))
}

fn slider(written: Number, text: &str, mut values: Vec<Number>) -> Option<(Vec<String>, usize)> {
    values.retain(|value| value.size() != written.size());
    values.push(written);
    values.sort_by(|one, other| one.size().total_cmp(&other.size()));
    values.dedup_by(|one, other| one.size() == other.size());
    let at = values
        .iter()
        .position(|value| value.size() == written.size())?;
    let of = |value: &Number| value.in_place_of(written);
    let mut values: Vec<String> = values.iter().map(of).collect::<Option<_>>()?;
    text.clone_into(&mut values[at]);
    Some((values, at))
}

fn counted(whole: f64) -> Vec<Number> {
    let most = (whole as u32 * 4).max(10);
    (0..=most)
        .map(|whole| Number::Plain(whole.into()))
        .collect()
}

fn quantiles(written: Number) -> Vec<Number> {
    [0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999]
        .map(|size| written.with(size))
        .to_vec()
}

/// Values in equal quotients up to a factor on either side; of nothing, small amounts.
fn around(written: Number) -> Vec<Number> {
    let size = written.size();
    let of = |size: f64| written.with(size);
    if size == 0.0 {
        let most = match written {
            Number::Percent(_) => 0.05,
            Number::Time(_) => 1800.0,
            _ => 10.0,
        };
        return between(written, of(most), SIDE + 1, Spacing::Linear);
    }
    let most = match written {
        Number::Percent(_) => (size * REACH).min(1.0),
        _ => size * REACH,
    };
    let mut values = between(of(size / REACH), written, SIDE + 1, Spacing::Geometric);
    if most != size {
        values.extend(between(written, of(most), SIDE + 1, Spacing::Geometric));
    }
    if let (Number::Plain(_), true) = (written, size.fract() == 0.0) {
        let whole = |value: &Number| of(value.size().round());
        values = values.iter().map(whole).collect();
    }
    values
}

#[cfg(test)]
mod tests {
    use super::super::Space;
    use crate::source::read::Document;
    use crate::{library, load};
    use sim_core::policy::{Policy, Profile};

    fn wedge() -> Document<Policy> {
        let text = library::system("wedge")
            .unwrap()
            .policy(Profile::AsWritten)
            .unwrap();
        load::policy("policy.yaml", text.as_bytes()).unwrap()
    }

    #[test]
    fn every_number_of_a_policy_is_listed_once_with_values_around_it() {
        let policy = wedge();
        let all = Space::new(&policy, &[]).unwrap().tunables();
        let find = |path: &str| {
            all.iter()
                .find(|tunable| tunable.place.path == path)
                .unwrap()
        };
        let limit = find("gates.error-rate-trigger.breach.limit.absolute");
        assert_eq!(limit.values[limit.at], "0.05");
        assert_eq!(
            (
                &limit.values[0][..],
                &limit.values[limit.values.len() - 1][..]
            ),
            ("0.00625", "0.4")
        );
        let target = find("stages.wide.target");
        assert_eq!(target.values.last().unwrap(), "100%");
        assert_eq!(find("stages.canary.observe").place.written, "1h");
        assert_eq!(find("stages.canary.pause-after-windows").values.len(), 13);
        assert!(all.iter().all(|tunable| tunable.place.path != "version"));
        let mut paths: Vec<_> = all.iter().map(|tunable| &tunable.place.path).collect();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), all.len());
    }

    /// A limit of 1 % can be pulled to 2 %, and not past it. Places have two digits.
    #[test]
    fn twice_and_half_of_what_is_written_are_places_of_its_slider() {
        for (written, others) in [
            ("1%", ["0.25%", "0.5%", "2%", "4%"]),
            ("10m", ["2m30s", "5m", "20m", "40m"]),
            ("0.05", ["0.013", "0.025", "0.1", "0.2"]),
        ] {
            let (values, at) = super::values_around(written).unwrap();
            assert_eq!(values[at], written);
            for other in others {
                assert!(values.iter().any(|value| value == other), "{values:?}");
            }
        }
    }

    #[test]
    fn values_rise_and_each_is_taken_by_vary() {
        let policy = wedge();
        for tunable in Space::new(&policy, &[]).unwrap().tunables() {
            for value in &tunable.values {
                let argument = format!("{}={value}", tunable.place.path);
                assert!(
                    Space::new(&policy, std::slice::from_ref(&argument)).is_ok(),
                    "{argument}"
                );
            }
        }
    }
}
