//! What is found missing: its kinds, and what stages have in common.

use std::collections::BTreeSet;

/// Something that a policy does not declare, or declares so that it does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingDeclaration {
    /// The promise that holds nothing for want of it, by its code.
    pub promise: &'static str,
    /// The kind of gap, by which a policy waives it: one of [`GAPS`].
    pub code: &'static str,
    /// The stage, gate, step, role or piece of evidence that it is about; none where it is the policy.
    pub of: Option<String>,
    /// What is missing, as a sentence without a full stop.
    pub what: String,
    /// Whether somebody has to mend or to waive it; the others are told and cost nothing.
    pub weighs: bool,
}

/// Every kind of gap, with the promise that it empties.
pub const GAPS: &[(&str, &str)] = &[
    ("no-deadline", "INV-ROLLBACK"),
    ("no-rollback-trigger", "INV-ROLLBACK"),
    ("rollback-longer-than-deadline", "INV-ROLLBACK"),
    ("kill-switch-unwatched", "INV-KILL"),
    ("rollback-reverts-nothing", "INV-ROLLBACK"),
    ("rollback-step-optional", "INV-ROLLBACK"),
    ("rollback-step-late", "INV-ORDER"),
    ("ladder-incomplete", "INV-ORDER"),
    ("ladder-order", "INV-ORDER"),
    ("no-blast-radius", "INV-BLAST"),
    ("blast-radius-not-enforced", "INV-BLAST"),
    ("no-pause", "INV-PAUSE"),
    ("stage-without-pause", "INV-PAUSE"),
    ("stage-without-gates", "INV-CAUGHT"),
    ("stage-without-trigger", "INV-TRIGGER"),
    ("stage-without-criterion", "INV-GATE"),
    ("stage-not-evaluated", "INV-OBSERVE"),
    ("look-back-longer-than-stage", "INV-OBSERVE"),
    ("step-back-without-end", "INV-LIVE"),
    ("window-longer-than-stage", "INV-TRIGGER"),
    ("look-back-too-short", "INV-TRIGGER"),
    ("trigger-ignores-gaps", "INV-TRIGGER"),
    ("trigger-never-fires", "INV-TRIGGER"),
    ("trigger-fires-late", "INV-TRIGGER"),
    ("min-samples-never-reached", "INV-TRIGGER"),
    ("any-number-of-samples", "INV-GATE"),
    ("criterion-passes-without-data", "INV-GATE"),
    ("user-signal-without-gate", "INV-CAUGHT"),
    ("stage-without-evidence", "INV-EVIDENCE"),
    ("evidence-of-any-age", "INV-PRE"),
    ("evidence-proves-nothing", "INV-PRE"),
    ("stage-without-approval", "INV-APPROVAL"),
    ("waiver-refused", "INV-WAIVER"),
    ("healthy-release-rolled-back", "INV-NOFALSE"),
    ("healthy-release-stuck", "INV-LIVE"),
];

/// The gaps so far.
pub(super) struct Gaps(pub Vec<MissingDeclaration>);

impl Gaps {
    /// Adds a gap of the policy as a whole.
    pub fn say(&mut self, code: &'static str, what: impl Into<String>) {
        self.add(code, None, what.into(), true);
    }

    /// Adds a gap of one part of the policy.
    pub fn say_of(&mut self, code: &'static str, of: &str, what: impl Into<String>) {
        self.add(code, Some(of.to_owned()), what.into(), true);
    }

    /// Adds what is told and costs nothing.
    pub fn tell(&mut self, code: &'static str, what: impl Into<String>) {
        self.add(code, None, what.into(), false);
    }

    fn add(&mut self, code: &'static str, of: Option<String>, what: String, weighs: bool) {
        let mut known = GAPS.iter().filter(|(known, _)| *known == code);
        let (_, promise) = known.next().expect("every kind of gap is listed");
        self.0.push(MissingDeclaration {
            promise,
            code,
            of,
            what,
            weighs,
        });
    }
}

/// So many other stages must have something for its absence in a middle one to be a gap.
const OTHERS: usize = 3;

/// What all stages but one have, where there are many, what both neighbours of a stage have, and what every
/// stage has but the first.
pub(super) fn lone<'s>(has: &'s [BTreeSet<&'s str>]) -> impl Iterator<Item = (usize, &'s str)> {
    let all: BTreeSet<&str> = has.iter().flatten().copied().collect();
    let pairs = all
        .into_iter()
        .flat_map(move |name| (0..has.len()).map(move |place| (place, name)));
    pairs.filter(move |(place, name)| {
        let there = |at: usize| has.get(at).is_some_and(|has| has.contains(name));
        let others = has.len() - 1;
        let of_others = has.iter().filter(|has| has.contains(name)).count();
        let alone = of_others == others && (others >= OTHERS || (*place == 0 && others > 0));
        let between = *place > 0 && there(place - 1) && there(place + 1);
        !there(*place) && (alone || between)
    })
}

/// What an earlier stage has and a later one, which more users see, has not.
pub(super) fn later<'s>(has: &'s [BTreeSet<&'s str>]) -> impl Iterator<Item = (usize, &'s str)> {
    (1..has.len()).flat_map(move |place| {
        let earlier: BTreeSet<&str> = has[..place].iter().flatten().copied().collect();
        earlier
            .into_iter()
            .filter(move |name| !has[place].contains(name))
            .map(move |name| (place, name))
    })
}

/// So many names are told.
const TOLD: usize = 3;

pub(super) fn list(names: &[&str]) -> String {
    let told: Vec<_> = names
        .iter()
        .take(TOLD)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len().saturating_sub(TOLD) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}
