//! Reading a recording of any form.

use super::cleaning;
use super::csv;
use super::defects::Defects;
use super::exposition;
use super::given::Given;
use super::prometheus;
use super::reading::{Purpose, Reading, Sampling};
use super::series::RecordedSeries;
use super::unit::Unit;
use crate::adapter::k6::{self, Percentiles};
use crate::adapter::{self, Json};
use crate::{Diagnostic, Report};

/// The most bytes that a recording may have: 256 MiB.
pub const BYTES_MAX: usize = 256 << 20;

/// What was recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// A series of values.
    Series(Box<RecordedSeries>),
    /// A k6 summary: a few percentiles of one load test.
    Summary(Percentiles),
}

/// Reads a recording. `name` is only used in messages.
///
/// # Errors
///
/// Everything that makes the recording useless, each kind of defect once with its first place.
pub fn read(name: &str, bytes: &[u8], reading: &Reading) -> Result<Recorded, Report> {
    let text = text(bytes).map_err(|found| Report::new(name, "", vec![*found]))?;
    let refuse = |found: Diagnostic| Report::new(name, text, vec![found]);
    let mut found = Defects::default();
    let rows = if exposition::is_one(text) {
        exposition::rows(text, &mut found)
    } else if text.trim_start().starts_with(['{', '[']) {
        let json = adapter::parse(text).map_err(|fault| refuse(no_json(&fault)))?;
        if !prometheus::is_answer(&json) {
            return summary(&json).map_err(|found| refuse(*found));
        }
        prometheus::rows(&json, text, &mut found)
    } else {
        csv::rows(text, &reading.columns, &mut found)
    };
    let given = given(name, text, reading);
    // With problems in the reading, what is missing afterwards is their consequence.
    if found.has_errors() {
        return Err(Report::new(name, text, found.into_diagnostics()));
    }
    let counted = rows.list.iter().all(|row| row.n.is_some());
    let mut kept = cleaning::history(rows, found, &given)?;
    let unit = unit(&kept, reading, counted);
    unit.into_iter().for_each(|unit| kept.in_unit(unit));
    Ok(Recorded::Series(Box::new(kept)))
}

const fn given<'g>(name: &'g str, source: &'g str, reading: &'g Reading) -> Given<'g> {
    Given {
        name,
        source,
        excluded: reading.exclude.as_slice(),
        requests: matches!(reading.sampling, Sampling::Request),
        purpose: reading.purpose,
    }
}

/// The unit of the values. Cells such as `0.25%` say theirs; a level that a model is fitted to keeps its own.
fn unit(kept: &RecordedSeries, reading: &Reading, counted: bool) -> Option<Unit> {
    let says = kept.unit.as_deref() == Some("%");
    let percent = says && (counted || reading.purpose == Purpose::Play);
    reading.unit.or(percent.then_some(Unit::Percent))
}

fn no_json(fault: &adapter::JsonFault) -> Diagnostic {
    let message = format!("the text is no JSON: {}", fault.message);
    Diagnostic::error("CM300", fault.at..fault.at + 1, message).help(FORMS)
}

const FORMS: &str = "give a CSV with the header timestamp,value[,n][,host][,version] or time,errors,requests, \
    the answer of Prometheus to query_range, promtool tsdb dump, or a k6 summary";

fn summary(json: &Json) -> Result<Recorded, Box<Diagnostic>> {
    let fault = |fault: adapter::InputFault| -> Box<Diagnostic> {
        let help = fault.help.unwrap_or(FORMS);
        Diagnostic::error("CM300", 0..0, fault.message)
            .whole_file()
            .help(help)
            .into()
    };
    k6::percentiles(json).map(Recorded::Summary).map_err(fault)
}

fn text(bytes: &[u8]) -> Result<&str, Box<Diagnostic>> {
    if bytes.len() > BYTES_MAX {
        let message = format!("the recording has more than {BYTES_MAX} bytes");
        return Err(Diagnostic::error("CM301", 0..0, message)
            .whole_file()
            .reason("a calibration needs weeks at the step at which the policy looks, and no more")
            .help("export a shorter stretch or a longer step")
            .into());
    }
    let body = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let text = str::from_utf8(body)
        .ok()
        .filter(|text| !text.contains('\0'));
    let text = text.ok_or_else(|| {
        Diagnostic::error("CM002", 0..0, "the file is not UTF-8 text")
            .whole_file()
            .help("check the path, or save the file as UTF-8")
    })?;
    if text.trim().is_empty() {
        return Err(Diagnostic::error("CM003", 0..0, "the file is empty")
            .whole_file()
            .help(FORMS)
            .into());
    }
    Ok(text)
}
