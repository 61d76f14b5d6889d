//! From what was found in files to the result that is written.

use reports::{
    FidelityKey, FidelityObject, FidelityOther, FidelityProblem, FidelityReport, FidelityStatus,
    UnderstoodMetric,
};
use scenarios::Report;
use scenarios::import::lower::meanings;
use scenarios::import::{Fate, Imported, KeyFate, ObjectFates, Product, fidelity};

use crate::cli::inputs::understood;

/// The result of an import.
pub(super) fn report(files: &[Imported], wrong: &[Report]) -> FidelityReport {
    let objects = |(own, file): (usize, &Imported)| {
        let metrics = || meanings(files, own).iter().map(understood).collect();
        let all = fidelity(file).into_iter();
        all.map(|fates| object(&file.name, fates, &metrics))
            .collect::<Vec<_>>()
    };
    let others = |file: &Imported| {
        let what = file.others.iter();
        what.map(|what| FidelityOther {
            file: file.name.clone(),
            what: what.clone(),
        })
        .collect::<Vec<_>>()
    };
    FidelityReport {
        schema: "coalmine/import".to_owned(),
        version: 1,
        objects: files.iter().enumerate().flat_map(objects).collect(),
        others: files.iter().flat_map(others).collect(),
        problems: wrong.iter().flat_map(problems).collect(),
    }
}

fn object(
    file: &str,
    fates: ObjectFates,
    metrics: &dyn Fn() -> Vec<UnderstoodMetric>,
) -> FidelityObject {
    let rolls_out = matches!(
        (fates.product, fates.kind.as_str()),
        (Product::Argo, "Rollout") | (Product::Flagger, "Canary")
    );
    FidelityObject {
        metrics: if rolls_out { metrics() } else { Vec::new() },
        file: file.to_owned(),
        kind: fates.kind,
        name: fates.name,
        product: fates.product.name().to_owned(),
        unread: fates.unread,
        keys: fates.keys.into_iter().map(key).collect(),
    }
}

fn key(key: KeyFate) -> FidelityKey {
    FidelityKey {
        path: key.path,
        status: match key.fate {
            Fate::Used => FidelityStatus::Used,
            Fate::Ignored => FidelityStatus::Ignored,
            Fate::Unsupported => FidelityStatus::Unsupported,
        },
        reason: key.reason,
        line: key.line,
    }
}

fn problems(report: &Report) -> Vec<FidelityProblem> {
    let problem = |found: &scenarios::Diagnostic| {
        let start = report.positions(found).map(|(start, _)| start);
        FidelityProblem {
            code: found.code.to_owned(),
            file: report.name.clone(),
            line: start.map(|at| at.line),
            column: start.map(|at| at.column),
            message: found.message.clone(),
        }
    };
    report.diagnostics.iter().map(problem).collect()
}
