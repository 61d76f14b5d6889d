//! Policies of other products, lowered to ours.

use std::path::{Path, PathBuf};

use scenarios::import::lower::{Assumed, AssumedSetting, Lowered, lower, native, not_yet};
use scenarios::import::{self, Imported, Product};
use scenarios::{Document, Node, Report, SpanIndex, Value, files};
use sim_core::Decider;
use sim_core::policy::Policy;

use crate::cli::failure::Failure;

/// What was lowered, and the world that is assumed for it.
#[derive(Debug)]
pub struct ForeignPolicy {
    /// The policy, its engine, and how its metrics are understood.
    pub lowered: Lowered,
    /// The scenarios that are played where nobody names one.
    pub setting: AssumedSetting,
    /// The options that were given.
    pub options: String,
    /// What is assumed.
    pub assumed: Assumed,
    /// The file, and those beside it that were read for templates.
    pub files: Vec<Imported>,
}

impl ForeignPolicy {
    /// Whether our own controller decides.
    pub const fn is_native(&self) -> bool {
        self.lowered.decider.is_native()
    }

    /// Whether it is alerts, which are triggers of a release that is assumed.
    pub fn alerts(&self) -> bool {
        let mut objects = self.files.iter().take(1).flat_map(|file| &file.objects);
        self.is_native() && !objects.any(|object| ["Rollout", "Canary"].contains(&&object.kind[..]))
    }

    /// The same in our own form, in a world in which it takes the same time.
    ///
    /// # Errors
    ///
    /// What has no native form.
    pub fn in_own_form(mut self) -> Result<Self, Vec<Report>> {
        if self.is_native() {
            return Ok(self);
        }
        let form = native(&self.files, &self.lowered, &self.assumed)?;
        self.lowered.policy = form.policy;
        self.lowered.decider = Decider::Native;
        let of_us = "taken in coalmine's own form (`coalmine import --native` writes it); what counts otherwise:";
        self.lowered.notes.push(of_us.to_owned());
        self.lowered.notes.extend(form.differs);
        let assumed = Assumed {
            pod_start: form.update,
            ..self.assumed.clone()
        };
        let setting = AssumedSetting::of(&self.lowered, &assumed).map_err(|report| vec![report])?;
        self.setting.scenarios = setting.scenarios;
        Ok(self)
    }
}

/// What a file of another product has somewhere.
const MARKS: [&str; 3] = ["apiVersion", "groups:", "prometheus/v1"];

/// What is wrong with a document when a template is missing that may lie beside it.
const MISSING: &str = "CM465";

/// The objects of a file that rolls something out in another product; none where it does not.
pub fn recognised(path: &Path) -> Result<Option<Imported>, Report> {
    let bytes = files::open(path)?;
    let text = String::from_utf8_lossy(&bytes);
    if !MARKS.iter().any(|mark| text.contains(mark)) {
        return Ok(None);
    }
    let file = import::read(&path.display().to_string(), &bytes);
    Ok(rolls_out(&file).then_some(file))
}

/// Whether a file holds something that can be simulated: a rollout, or alerts.
pub fn rolls_out(file: &Imported) -> bool {
    file.objects.iter().any(|object| {
        matches!(
            (object.product, object.kind.as_str()),
            (Product::Argo, "Rollout") | (Product::Flagger, "Canary")
        ) || matches!(
            object.product,
            Product::Prometheus | Product::Sloth | Product::OpenSlo
        )
    })
}

/// Lowers a file; where a template is missing, those beside it are looked at.
///
/// # Errors
///
/// What keeps it from being simulated.
pub fn lowered(
    path: &Path,
    file: Imported,
    (assumed, options): (&Assumed, String),
) -> Result<(Document<Policy>, ForeignPolicy), Vec<Report>> {
    let (all, lowered) = with_those_beside(path, vec![file], assumed)?;
    all_of(all, lowered, (assumed, options))
}

/// Lowers the first of some files with those that it may name; where a template is missing, those beside it are looked at.
///
/// # Errors
///
/// What keeps it from being simulated.
pub fn with_those_beside(
    path: &Path,
    mut all: Vec<Imported>,
    assumed: &Assumed,
) -> Result<(Vec<Imported>, Lowered), Vec<Report>> {
    let mut lowered = lower(&all, assumed);
    let is_missing = |reports: &Vec<Report>| {
        let mut found = reports.iter().flat_map(|report| &report.diagnostics);
        found.any(|found| found.code == MISSING)
    };
    if lowered.as_ref().is_err_and(is_missing) {
        all.extend(beside(path));
        lowered = lower(&all, assumed);
    }
    Ok((all, lowered?))
}

/// Lowers a file whose text was changed, with the files beside it that were read already.
///
/// # Errors
///
/// What keeps it from being simulated.
#[cfg(feature = "serve")]
pub fn relowered(
    foreign: &ForeignPolicy,
    text: Option<&str>,
    (assumed, options): (&Assumed, String),
) -> Result<(Document<Policy>, ForeignPolicy), Vec<Report>> {
    let mut all = foreign.files.clone();
    if let Some(text) = text {
        all[0] = import::read(&all[0].name, text.as_bytes());
    }
    let lowered = lower(&all, assumed)?;
    all_of(all, lowered, (assumed, options))
}

/// The policy that files were lowered to, in the world that is assumed.
fn all_of(
    mut all: Vec<Imported>,
    lowered: Lowered,
    (assumed, options): (&Assumed, String),
) -> Result<(Document<Policy>, ForeignPolicy), Vec<Report>> {
    let setting = AssumedSetting::of(&lowered, assumed).map_err(|report| vec![report])?;
    // Whatever knows none of the products' objects has no part in it.
    let file = all.remove(0);
    all.retain(|file| !file.objects.is_empty());
    let document = Document {
        name: file.name.clone(),
        source: file.source.clone(),
        value: lowered.policy.clone(),
        spans: SpanIndex::new(nowhere()),
    };
    let foreign = ForeignPolicy {
        lowered,
        setting,
        options,
        assumed: assumed.clone(),
        files: [vec![file], all].concat(),
    };
    Ok((document, foreign))
}

/// A policy that was lowered stands nowhere in a file of ours.
const fn nowhere() -> Node {
    Node {
        span: 0..0,
        value: Value::Map(Vec::new()),
    }
}

/// The most files beside a file that are looked at.
const BESIDE: usize = 500;

/// The objects of the files beside a file, in the order of their names.
fn beside(path: &Path) -> Vec<Imported> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new(".")));
    let paths = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let is_document = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ["yaml", "yml", "json"].contains(&ending))
    };
    let is_other = |other: &PathBuf| other.file_name() != path.file_name();
    let mut paths: Vec<PathBuf> = paths.filter(is_document).filter(is_other).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = files::open(&path).ok()?;
        Some(import::read(&path.display().to_string(), &bytes))
    };
    paths.into_iter().take(BESIDE).filter_map(read).collect()
}

/// The refusal of a command that needs a policy of coalmine's own form.
pub fn refusal(file: (&str, &str), subject: &str, command: &str, why: &str) -> Failure {
    Failure::Reports(vec![not_yet(file, subject, command, why)])
}
