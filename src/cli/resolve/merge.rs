//! Findings about one file, found more than once.

use scenarios::Report;

/// Puts the findings about a file into one report, each once: two scenarios may find the same fault of
/// their policy or of their world.
pub fn merged(reports: Vec<Report>) -> Vec<Report> {
    let mut files: Vec<Report> = Vec::new();
    for report in reports {
        match files.iter_mut().find(|file| file.name == report.name) {
            Some(file) => {
                let new = |found: &_| !file.diagnostics.contains(found);
                let new: Vec<_> = report.diagnostics.into_iter().filter(new).collect();
                file.diagnostics.extend(new);
            }
            None => files.push(report),
        }
    }
    for file in &mut files {
        file.diagnostics
            .sort_by_key(|found| found.span.as_ref().map_or(usize::MAX, |span| span.start));
    }
    files
}
