//! Other people's policies: what a file is, what of it is read, and what it does that its owner may not expect.
//!
//! [`read()`] finds every object of a file; [`fidelity()`] says of each of its keys what becomes of it, so that nothing is
//! dropped in silence; [`lint()`] says what the object will do, each finding with the figure that makes the case. How each product
//! counts is the business of the package `controllers`; the folders here connect its forms, its tables of keys and its
//! facts with places in files.

mod argo;
pub(crate) mod codes;
mod finding;
mod fits;
mod flagger;
mod kayenta;
mod lint;
pub mod lower;
mod object;
mod pool;
mod prometheus;
mod recognise;
mod report;
mod slo;
#[cfg(test)]
mod tests;

pub use lint::lint;
pub use object::Object;
pub use recognise::{Product, Recognised, recognise};
pub use report::{Fate, KeyFate, ObjectFates, fidelity};

use crate::diagnostic::quote::quote;
use crate::diagnostic::{Diagnostic, Report};
use crate::source::documents::documents;
use crate::source::node::Node;

/// What was found in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The name of the file as the user gave it.
    pub name: String,
    /// Its text.
    pub source: String,
    /// The objects of known products, in their order.
    pub objects: Vec<Object>,
    /// What else there is, in words: objects that have no part in a release.
    pub others: Vec<String>,
    /// What cannot be read, each with its place.
    pub problems: Vec<Diagnostic>,
}

impl Imported {
    /// Says that the file holds nothing of a known product; nothing if it does, or if it cannot be read.
    pub fn nothing_known(&self) -> Option<Diagnostic> {
        if !(self.objects.is_empty() && self.problems.is_empty()) {
            return None;
        }
        let what = match self.others.first() {
            Some(other) => format!("there is no policy of a known product, but {other}"),
            None => "there is no policy of a known product".to_owned(),
        };
        let known =
            "known are Argo Rollouts, Flagger, Kayenta, rules of Prometheus, sloth and OpenSLO";
        Some(
            Diagnostic::error("CM405", 0..0, what)
                .whole_file()
                .help(known),
        )
    }

    /// What is wrong with the file.
    pub fn report(&self) -> Report {
        Report::new(&self.name, &self.source, self.problems.clone())
    }
}

/// Reads every object of a file. Never fails as such: what is wrong is listed in the result.
pub fn read(name: &str, bytes: &[u8]) -> Imported {
    let all = documents(bytes);
    let mut file = Imported {
        name: name.to_owned(),
        problems: rendered_first(&all.source, all.diagnostics),
        source: all.source,
        objects: Vec::new(),
        others: Vec::new(),
    };
    for root in all.roots {
        add(&mut file, root);
    }
    for object in &mut file.objects {
        let unfit = fits::problems(object);
        object.fits = unfit.is_empty();
        file.problems.extend(unfit);
    }
    file
}

/// Adds a document: an object, or a `List` of them.
fn add(file: &mut Imported, root: Node) {
    let is_list = recognise::text(&root, "kind").is_some_and(|kind| kind.ends_with("List"));
    if let (true, Some(items)) = (is_list, root.get("items")) {
        for item in items.items() {
            add(file, item.clone());
        }
        return;
    }
    match recognise(&root) {
        Some(what) => file.objects.push(Object::new(root, what)),
        None => file.others.push(recognise::other(&root)),
    }
}

/// Text of a template engine is no YAML; whoever reads `{{` in it needs to hear how to render it.
fn rendered_first(source: &str, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let helm = |span: &std::ops::Range<usize>| {
        let start = source[..span.start.min(source.len())]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let end = source[start..]
            .find('\n')
            .map_or(source.len(), |at| start + at);
        source[start..end].contains("{{")
    };
    let is_template = source.contains("{{") && source.contains("}}");
    let told = |found: Diagnostic| {
        match &found.span {
        Some(span) if is_template && (helm(span) || source.contains("{{- ")) => {
            Diagnostic::error("CM401", span.clone(), "the file is a template, not yet YAML")
                .reason(found.message)
                .help("render it first: `helm template NAME CHART > rendered.yaml`, then import rendered.yaml")
        }
        _ => found,
    }
    };
    found.into_iter().map(told).collect()
}

/// Says what a document is that was given to a reader of our own documents: nothing if it may be one of them.
pub(crate) fn misplaced(source: &str) -> Option<Diagnostic> {
    let all = documents(source.as_bytes());
    let object = all.roots.into_iter().find_map(|root| {
        let what = recognise(&root)?;
        Some(Object::new(root, what))
    })?;
    let name = if object.name.is_empty() {
        String::new()
    } else {
        format!(" named {}", quote(&object.name))
    };
    let span = object.root().span.start..object.root().span.start + 1;
    let found = Diagnostic::error("CM400", span, format!("this is {}{name}", object.words()));
    Some(match object.product.nearest_template() {
        Some(template) => found
            .reason("it is recognised and not read yet")
            .help(format!("write the policy down anew: the nearest template is `coalmine init --template {template}`")),
        None => found
            .reason("this command reads documents of coalmine's own form")
            .help("`coalmine import FILE` says what of it is read, `coalmine lint FILE` what it will do"),
    })
}
