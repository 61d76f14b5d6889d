//! Which object of a file rolls out, and what it comes to.

use super::assumed::Assumed;
use super::lowered::Lowered;
use super::meaning::Meaning;
use super::{alerts, argo, flagger, refusal};
use crate::diagnostic::{Diagnostic, Report};
use crate::import::Imported;
use crate::import::object::Object;
use crate::import::pool::Pool;
use crate::import::recognise::Product;

/// Makes a policy of the object of `files[0]` that is a rollout; the other files are those that it may name objects of.
///
/// # Errors
/// What keeps it from being simulated, each with its place: keys that are not supported, objects that are missing, a
/// Rollout that its product refuses.
pub fn lower(files: &[Imported], assumed: &Assumed) -> Result<Lowered, Vec<Report>> {
    lower_of((files, 0), assumed)
}

/// How the metrics of the rollout in the file number `own` are understood; none where it is none that is simulated.
pub fn meanings(files: &[Imported], own: usize) -> Vec<Meaning> {
    let lowered = lower_of((files, own), &Assumed::default());
    lowered.map_or_else(|_| Vec::new(), |lowered| lowered.meanings)
}

fn lower_of((files, own): (&[Imported], usize), assumed: &Assumed) -> Result<Lowered, Vec<Report>> {
    let file = &files[own];
    if !file.problems.is_empty() {
        return Err(vec![file.report()]);
    }
    let subject = subject(file).map_err(|found| vec![report(file, vec![*found])])?;
    let pool = Pool::new(files, own);
    let lowered = match subject.product {
        _ if alerts::alerts(subject) => alerts::lower(&pool, subject, assumed),
        Product::Argo => argo::lower(&pool, subject, assumed),
        _ => flagger::lower(&pool, subject, assumed),
    };
    let lowered = lowered.map_err(|found| vec![report(file, found)])?;
    let refused = refusal::unsupported(files, &lowered.1);
    if refused.is_empty() {
        Ok(lowered.0)
    } else {
        Err(refused)
    }
}

fn report(file: &Imported, found: Vec<Diagnostic>) -> Report {
    Report::new(&file.name, &file.source, found)
}

/// The one object of a file that is a rollout.
pub(super) fn subject(file: &Imported) -> Result<&Object, Box<Diagnostic>> {
    let is_rollout = |object: &&Object| {
        matches!(
            (object.product, object.kind.as_str()),
            (Product::Argo, "Rollout") | (Product::Flagger, "Canary")
        )
    };
    let mut rollouts = file.objects.iter().filter(is_rollout);
    let found = match (rollouts.next(), rollouts.next()) {
        (Some(only), None) => return Ok(only),
        (Some(_), Some(second)) => {
            let what = format!("this is a second rollout, {}", second.words());
            let found = Diagnostic::error("CM461", second.root().span.clone(), what);
            found.help(
                "put each rollout into a file of its own; templates may stay in files beside it",
            )
        }
        (None, _) => {
            if let Some(first) = file.objects.iter().find(|object| alerts::alerts(object)) {
                return Ok(first);
            }
            nothing_rolls_out(file)
        }
    };
    Err(Box::new(found))
}

fn nothing_rolls_out(file: &Imported) -> Diagnostic {
    let what = file.objects.first().map_or_else(
        || "there is nothing that rolls out".to_owned(),
        |object| format!("{} rolls nothing out by itself", object.words()),
    );
    Diagnostic::error("CM460", 0..0, what)
                .whole_file()
                .reason("a Rollout of Argo Rollouts, a Canary of Flagger, and alerts of Prometheus, sloth and OpenSLO can be simulated")
                .help("name the file of the rollout; files beside it are read for the templates that it names")
}
