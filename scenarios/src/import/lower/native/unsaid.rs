//! What has no native form, with its place.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, Report};
use crate::import::Imported;
use crate::import::lower::subject::subject;
use crate::import::object::Object;

/// Something that our own form cannot say.
pub(super) struct Unsaid {
    pub place: UnsaidPlace,
    pub what: String,
    pub why: &'static str,
}

/// Where it stands.
pub(super) enum UnsaidPlace {
    /// A key of the metric of this name, in whatever object it is.
    Metric(String, &'static str),
    /// A path of the rollout itself.
    Own(String),
}

/// The places of what cannot be said.
pub(super) fn located(files: &[Imported], unsaid: &[Unsaid]) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    for one in unsaid {
        let Some((file, object, path)) = place(files, &one.place) else {
            continue;
        };
        let found = Diagnostic::error("CM467", object.spans.nearest(&path), &one.what)
            .reason(one.why)
            .help("`coalmine simulate` plays the file as it is; take it out of a copy to write that in coalmine's own form");
        match reports.iter_mut().find(|report| report.name == file.name) {
            Some(report) => report.diagnostics.push(found),
            None => reports.push(Report::new(&file.name, &file.source, vec![found])),
        }
    }
    reports
}

fn place<'f>(
    files: &'f [Imported],
    place: &UnsaidPlace,
) -> Option<(&'f Imported, &'f Object, String)> {
    let own = files.first()?;
    let rollout = || subject(own).ok().map(|object| (own, object));
    match place {
        UnsaidPlace::Own(path) => rollout().map(|(file, object)| (file, object, path.clone())),
        UnsaidPlace::Metric(name, key) => metric(files, name)
            .map(|(file, object, path)| (file, object, format!("{path}.{key}")))
            .or_else(|| rollout().map(|(file, object)| (file, object, String::new()))),
    }
}

/// The metric of a name: in a template, or in the rollout itself.
fn metric<'f>(files: &'f [Imported], name: &str) -> Option<(&'f Imported, &'f Object, String)> {
    let lists = ["spec.metrics", "spec.analysis.metrics"];
    let objects = files
        .iter()
        .flat_map(|file| file.objects.iter().map(move |object| (file, object)));
    let mut found = objects.flat_map(|(file, object)| {
        let path = lists.iter().filter_map(|list| {
            let all = object
                .json
                .pointer(&format!("/{}", list.replace('.', "/")))?;
            let is_it = |metric: &Json| metric["name"] == name;
            let nth = all.as_array()?.iter().position(is_it)?;
            Some(format!("{list}[{nth}]"))
        });
        path.map(move |path| (file, object, path))
            .collect::<Vec<_>>()
    });
    found.next()
}
