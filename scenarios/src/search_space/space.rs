//! The space of all candidates: every combination of the values of several variations.

use std::fmt;

use sim_core::Steering;
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

use super::listing::{Tunable, tunables};
use super::variation::{Setting, Variation};
use super::varied_text::{ReadSteering, VariedText};
use crate::diagnostic::quote::quote;
use crate::diagnostic::{Diagnostic, Report};
use crate::import::Imported;
use crate::import::lower::{Assumed, Lowered};
use crate::source::read::Document;

/// The most candidates of one search.
pub const CANDIDATES_MAX: usize = 10_000;

/// A policy and what may vary in it.
pub struct Space<'p> {
    subject: VariedText<'p>,
    /// The variations, in the order of the arguments.
    pub variations: Vec<Variation>,
}

/// A policy that differs from the user's own in the numbers that vary.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The value of each variation; what is written where the text is the user's own.
    pub settings: Vec<String>,
    /// The text of the policy.
    pub text: String,
    /// The policy, and the engine that decides.
    pub steering: Steering,
    /// How long a rollout is followed, where the text decides it.
    pub horizon: Option<SimDuration>,
}

/// A combination that is no sound policy.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The value of each variation.
    pub settings: Vec<String>,
    /// What is wrong.
    pub report: Report,
}

impl fmt::Debug for Space<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variations = &self.variations;
        f.debug_struct("Space")
            .field("variations", variations)
            .finish_non_exhaustive()
    }
}

impl<'p> Space<'p> {
    /// Reads the variations of `policy`, each written `PATH=RANGE`.
    ///
    /// # Errors
    /// Everything that is wrong with the arguments, each located in its own.
    pub fn new(policy: &'p Document<Policy>, arguments: &[String]) -> Result<Self, Vec<Report>> {
        Self::of(VariedText::own(policy), arguments)
    }

    /// Reads the variations of the first of `files`, which came to `current` with the templates in the others.
    ///
    /// # Errors
    /// Everything that is wrong with the arguments, each located in its own.
    ///
    /// # Panics
    /// When there is no file.
    pub fn of_foreign(
        files: &'p [Imported],
        (assumed, current): (&'p Assumed, &Lowered),
        arguments: &[String],
    ) -> Result<Self, Vec<Report>> {
        Self::of(VariedText::foreign(files, assumed, current), arguments)
    }

    fn of(subject: VariedText<'p>, arguments: &[String]) -> Result<Self, Vec<Report>> {
        let mut variations: Vec<Variation> = Vec::new();
        let mut reports = Vec::new();
        for argument in arguments {
            match Variation::read(argument, &subject)
                .and_then(|new| distinct(argument, new, &variations))
            {
                Ok(variation) => variations.push(variation),
                Err(report) => reports.push(report),
            }
        }
        let space = Self {
            subject,
            variations,
        };
        if let Some(last) = arguments.last().filter(|_| space.size() > CANDIDATES_MAX) {
            reports.push(too_many(last, space.size()));
        }
        if reports.is_empty() {
            Ok(space)
        } else {
            Err(reports)
        }
    }

    /// Returns the number of combinations.
    pub fn size(&self) -> usize {
        let sizes = self
            .variations
            .iter()
            .map(|variation| variation.settings.len());
        sizes.fold(1, usize::saturating_mul)
    }

    /// Returns the policy as it is, as a candidate.
    pub fn current(&self) -> Candidate {
        let written = |variation: &Variation| match &variation.places[..] {
            [place] => place.written.clone(),
            places
                if places
                    .iter()
                    .all(|place| place.written == places[0].written) =>
            {
                places[0].written.clone()
            }
            _ => "as written".to_owned(),
        };
        Candidate {
            settings: self.variations.iter().map(written).collect(),
            text: self.subject.source.to_owned(),
            steering: self.subject.current.steering.clone(),
            horizon: self.subject.current.horizon,
        }
    }

    /// Returns every combination but the one that changes nothing: the sound ones, and those that
    /// are not with the reason. The last variation changes fastest.
    pub fn candidates(&self) -> (Vec<Candidate>, Vec<Refused>) {
        let current: Option<Vec<_>> = self.variations.iter().map(Variation::current).collect();
        let (mut sound, mut refused) = (Vec::new(), Vec::new());
        for number in 0..self.size() {
            let choice = self.choice(number);
            if current.as_ref() == Some(&choice) {
                continue;
            }
            let settings = self.settings(&choice);
            let labels = settings
                .iter()
                .map(|setting| setting.label.clone())
                .collect();
            let text = self.text(&settings);
            match (self.subject.read)(&text) {
                Ok(ReadSteering { steering, horizon }) => sound.push(Candidate {
                    settings: labels,
                    text,
                    steering,
                    horizon,
                }),
                Err(report) => refused.push(Refused {
                    settings: labels,
                    report,
                }),
            }
        }
        (sound, refused)
    }

    /// Returns every number that could vary, in the order of the text.
    pub fn tunables(&self) -> Vec<Tunable> {
        tunables(&self.subject)
    }

    /// Returns the text of the policy with the first value of each variation.
    ///
    /// # Panics
    /// If a variation has several values: which one is meant would be a guess.
    pub fn only(&self) -> String {
        let single = |variation: &Variation| variation.settings.len() == 1;
        assert!(self.variations.iter().all(single), "one value each");
        self.text(&self.settings(&vec![0; self.variations.len()]))
    }

    /// Which setting of each variation combination `number` takes.
    fn choice(&self, mut number: usize) -> Vec<usize> {
        let mut choice = vec![0; self.variations.len()];
        for (place, variation) in choice.iter_mut().zip(&self.variations).rev() {
            *place = number % variation.settings.len();
            number /= variation.settings.len();
        }
        choice
    }

    fn settings(&self, choice: &[usize]) -> Vec<&Setting> {
        let pairs = self.variations.iter().zip(choice);
        pairs
            .map(|(variation, &at)| &variation.settings[at])
            .collect()
    }

    /// The policy's text with these settings in their places.
    fn text(&self, settings: &[&Setting]) -> String {
        let mut edits: Vec<_> = Vec::new();
        for (variation, setting) in self.variations.iter().zip(settings) {
            edits.extend(variation.places.iter().zip(&setting.texts));
        }
        edits.sort_by_key(|(place, _)| place.span.start);
        // From the back, so that the places in front stay where they are.
        let mut text = self.subject.source.to_owned();
        for (place, new) in edits.into_iter().rev() {
            match &place.entry {
                // What counts anyway is not written.
                Some((key, _)) if self.subject.usual.get(key) == Some(new) => {}
                Some((key, after)) => {
                    text.insert_str(place.span.start, &format!("{key}: {new}{after}"));
                }
                None if text[place.span.clone()] != **new => {
                    text.replace_range(place.span.clone(), new);
                }
                None => {}
            }
        }
        text
    }
}

/// Refuses a variation of a number that another one varies already.
fn distinct(argument: &str, new: Variation, known: &[Variation]) -> Result<Variation, Report> {
    let places = || known.iter().flat_map(|variation| &variation.places);
    let twice = new
        .places
        .iter()
        .find(|place| places().any(|other| other.is_same(place)));
    let Some(twice) = twice else {
        return Ok(new);
    };
    let message = format!("{} is varied twice", quote(&twice.path));
    let found = Diagnostic::error("CM075", 0..new.path.len(), message)
        .reason("only one of the two values could count")
        .help("delete one of the two, or make the paths more exact");
    Err(Report::new("--vary", argument, vec![found]))
}

fn too_many(argument: &str, size: usize) -> Report {
    let message = format!("there are {size} combinations, at most {CANDIDATES_MAX} are tried");
    let found = Diagnostic::error("CM075", 0..argument.len(), message);
    Report::new(
        "--vary",
        argument,
        vec![found.help("write `:3` behind a range for three values")],
    )
}
