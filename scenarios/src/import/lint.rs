//! What the objects of files will do that their owners may not expect.

use super::finding::ObjectFindings;
use super::object::Object;
use super::pool::Pool;
use super::recognise::Product;
use super::report::unknown_keys;
use super::{Imported, argo, flagger, kayenta, prometheus, slo};
use crate::diagnostic::{Diagnostic, Report};

/// The findings about each of several files, in their order; what cannot be read is among them. Objects may name objects
/// of any of these files.
pub fn lint(files: &[Imported]) -> Vec<Report> {
    let of = |(own, file): (usize, &Imported)| {
        let pool = Pool::new(files, own);
        let mut found = file.problems.clone();
        for object in &file.objects {
            found.extend(object_findings(object, &pool));
        }
        Report::new(&file.name, &file.source, found)
    };
    files.iter().enumerate().map(of).collect()
}

fn object_findings(object: &Object, pool: &Pool<'_>) -> Vec<Diagnostic> {
    let mut findings = ObjectFindings::new(object);
    unknown(&mut findings);
    if !object.fits {
        return findings.list;
    }
    match object.product {
        Product::Argo => argo::lint(&mut findings, pool),
        Product::Flagger => flagger::lint(&mut findings, pool),
        Product::Kayenta => kayenta::lint(&mut findings),
        Product::Prometheus => prometheus::lint(&mut findings),
        Product::Sloth | Product::OpenSlo => slo::lint(&mut findings, pool),
        _ => not_read(&mut findings),
    }
    findings.list
}

/// A key that the product does not know is dropped, and with it what it was to hold.
fn unknown(findings: &mut ObjectFindings<'_>) {
    for (path, reason) in unknown_keys(findings.object) {
        let words = [
            "a key is not one of the product's",
            &reason,
            "mend the spelling, or delete the key",
        ];
        findings.warning("CM403", &path, words);
    }
}

fn not_read(findings: &mut ObjectFindings<'_>) {
    let object = findings.object;
    let template = object.product.nearest_template().unwrap_or("wedge");
    let what = format!("this is {}: recognised, not read yet", object.words());
    let next = format!("the nearest template is `coalmine init --template {template}`");
    findings.note("CM404", "", [&what, "", &next]);
}
