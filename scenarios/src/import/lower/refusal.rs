//! Refusals: what keeps a policy from being simulated, with its place.

use crate::diagnostic::quote::with_article;
use crate::diagnostic::{Diagnostic, Report};
use crate::import::object::Object;
use crate::import::report::{Fate, fidelity};
use crate::import::{Imported, ObjectFates};

/// The keys of the used objects that are not simulated: the very ones that an import lists.
pub(super) fn unsupported(files: &[Imported], used: &[&Object]) -> Vec<Report> {
    let mut reports = Vec::new();
    let is_used = |object: &Object| used.iter().any(|known| std::ptr::eq(*known, object));
    for file in files.iter().filter(|file| file.objects.iter().any(is_used)) {
        let fates = fidelity(file);
        let pairs = file.objects.iter().zip(&fates);
        let mine = pairs.filter(|(object, _)| is_used(object));
        let found: Vec<Diagnostic> = mine
            .flat_map(|(object, fates)| refused(object, fates))
            .collect();
        if !found.is_empty() {
            reports.push(Report::new(&file.name, &file.source, found));
        }
    }
    reports
}

fn refused(object: &Object, fates: &ObjectFates) -> Vec<Diagnostic> {
    let keys = fates
        .keys
        .iter()
        .filter(|key| key.fate == Fate::Unsupported);
    let refused = keys.map(|key| {
        let what = format!("`{}` is not simulated", key.path);
        let span = object.spans.key(&key.path);
        let span = span.unwrap_or_else(|| object.spans.nearest(&key.path));
        let found = Diagnostic::error("CM462", span, what);
        let found = match &key.reason {
            Some(reason) => found.reason(reason.clone()),
            None => found,
        };
        found.help("a result that left it out would be one of another policy; take it out of a copy of the file to simulate that")
    });
    refused.collect()
}

/// The refusal of a command that needs a policy of our own form.
///
/// `command` is the word after `coalmine`, `subject` what the file holds, such as "Rollout of Argo".
pub fn not_yet((name, source): (&str, &str), subject: &str, command: &str, why: &str) -> Report {
    let what = format!(
        "`coalmine {command}` does not take {} yet",
        with_article(subject)
    );
    let found = Diagnostic::error("CM466", 0..0, what).whole_file().reason(why).help(
        "`coalmine simulate` and `coalmine run` play it, `coalmine compare` and `coalmine curve` measure it, `coalmine tune` \
         searches better numbers, `coalmine lint` says what it will do",
    );
    Report::new(name, source, vec![found])
}

/// A fault at a path of an object.
pub(super) fn fault(
    object: &Object,
    (code, path): (&'static str, &str),
    [what, why, next]: [&str; 3],
) -> Diagnostic {
    let mut found = Diagnostic::error(code, object.spans.nearest(path), what);
    if !why.is_empty() {
        found = found.reason(why);
    }
    if !next.is_empty() {
        found = found.help(next);
    }
    found
}
