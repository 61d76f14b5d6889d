//! The forms in which each kind of result can be written.

use reports::chart::Chart;
use reports::{
    BacktestReport, CandidateRow, CaseReport, ChaosReport, CompareReport, CurveReport,
    MutateReport, RareReport, RunReport, StudyReport, Style, TuneReport, page,
};

use super::output::Format;
use super::schema::pretty;

/// How a kind of result is written in one form.
#[derive(Clone, Copy, Debug)]
pub enum Renderer<R> {
    /// As one text.
    Text(fn(&R, Style) -> String),
    /// As charts, each a file of its own.
    Charts(fn(&R) -> Vec<Chart>),
}

use Renderer::{Charts, Text};

/// A typed result that can be written.
pub trait Forms: Sized + 'static {
    /// Each form with its renderer: what is declared can be written.
    const FORMS: &'static [(Format, Renderer<Self>)];

    /// Returns the forms that there are.
    fn formats() -> Vec<Format> {
        Self::FORMS.iter().map(|(format, _)| *format).collect()
    }

    /// Writes the result.
    ///
    /// # Panics
    ///
    /// For a form that this kind of result does not have as a text.
    fn form(&self, format: Format, style: Style) -> String {
        let mut forms = Self::FORMS.iter();
        let render = forms.find_map(|(known, renderer)| match renderer {
            Text(render) if *known == format => Some(render),
            _ => None,
        });
        render.expect("a form that is not offered is refused before anything is written")(
            self, style,
        )
    }

    /// Says what does not fit together in a result that was stored, if anything does not: a reader of files
    /// judges no more than the shape of each part.
    fn flaw(&self) -> Option<String> {
        None
    }

    /// The charts of the result.
    fn charts(&self) -> Vec<Chart> {
        let renderers = Self::FORMS.iter().map(|(_, renderer)| renderer);
        renderers
            .flat_map(|renderer| match renderer {
                Charts(draw) => draw(self),
                Text(_) => Vec::new(),
            })
            .collect()
    }
}

impl Forms for StudyReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::study_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (
            Format::Markdown,
            Text(|it, _| reports::cut(reports::study_markdown(it))),
        ),
        (Format::Ticket, Text(|it, _| reports::study_ticket(it))),
        (
            Format::Html,
            Text(|it, _| page::html(&page::study_page(it))),
        ),
        (Format::Svg, Charts(page::study_charts)),
        (Format::Junit, Text(|it, _| reports::study_junit(it))),
        (Format::Csv, Text(|it, _| reports::study_csv(it))),
        (Format::Jsonl, Text(|it, _| reports::study_lines(it))),
        (Format::Github, Text(|it, _| reports::study_annotations(it))),
    ];
}

impl Forms for TuneReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::tune_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (
            Format::Markdown,
            Text(|it, _| reports::cut(reports::tune_markdown(it))),
        ),
        (Format::Patch, Text(|it, _| it.patch.clone())),
        (Format::Html, Text(|it, _| page::html(&page::tune_page(it)))),
        (Format::Svg, Charts(page::tune_page_charts)),
    ];

    fn flaw(&self) -> Option<String> {
        tune_flaw(self)
    }
}

/// Each candidate has a setting for each thing that was varied.
fn tune_flaw(report: &TuneReport) -> Option<String> {
    let wanted = report.variations.len();
    let rows = |name: &'static str, rows: &[CandidateRow]| -> Vec<(String, usize)> {
        let one = |(at, row): (usize, &CandidateRow)| {
            (format!("{name}[{at}].settings"), row.settings.len())
        };
        rows.iter().enumerate().map(one).collect()
    };
    let one = |name: &str, row: &CandidateRow| (format!("{name}.settings"), row.settings.len());
    let refused = report.refused.iter().enumerate();
    let all = [one("current", &report.current)]
        .into_iter()
        .chain(report.recommended.iter().map(|row| one("recommended", row)))
        .chain(report.best_so_far.iter().map(|row| one("best_so_far", row)))
        .chain(rows("front", &report.front))
        .chain(rows("candidates", &report.candidates))
        .chain(refused.map(|(at, row)| (format!("refused[{at}].settings"), row.settings.len())));
    let mut wrong = all.filter(|(_, found)| *found != wanted);
    wrong.next().map(|(place, found)| {
        format!("{place} has the length {found}, and {wanted} things were varied")
    })
}

impl Forms for CompareReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::compare_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (
            Format::Markdown,
            Text(|it, _| reports::cut(reports::compare_markdown(it))),
        ),
        (
            Format::Html,
            Text(|it, _| page::html(&page::compare_page(it))),
        ),
        (Format::Svg, Charts(page::compare_charts)),
    ];
}

impl Forms for CurveReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::curve_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (
            Format::Markdown,
            Text(|it, _| reports::cut(reports::curve_markdown(it))),
        ),
        (Format::Csv, Text(|it, _| reports::curve_csv(it))),
        (
            Format::Html,
            Text(|it, _| page::html(&page::curve_page(it))),
        ),
        (Format::Svg, Charts(page::curve_page_charts)),
    ];
}

impl Forms for ChaosReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::chaos_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (
            Format::Markdown,
            Text(|it, _| reports::cut(reports::chaos_markdown(it))),
        ),
        (Format::Ticket, Text(|it, _| reports::chaos_ticket(it))),
        (
            Format::Html,
            Text(|it, _| page::html(&page::chaos_page(it))),
        ),
        (Format::Svg, Charts(page::chaos_charts)),
        (Format::Junit, Text(|it, _| reports::chaos_junit(it))),
    ];
}

impl Forms for MutateReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::mutate_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (
            Format::Markdown,
            Text(|it, _| reports::cut(reports::mutate_markdown(it))),
        ),
        (
            Format::Html,
            Text(|it, _| page::html(&page::mutate_page(it))),
        ),
        (Format::Svg, Charts(page::mutate_charts)),
    ];
}

impl Forms for RunReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::run_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (Format::Html, Text(|it, _| page::html(&page::run_page(it)))),
        (Format::Svg, Charts(page::run_charts)),
    ];
}

impl Forms for RareReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::rare_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (
            Format::Markdown,
            Text(|it, _| reports::cut(reports::rare_markdown(it))),
        ),
    ];
}

impl Forms for BacktestReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::backtest_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (Format::Csv, Text(|it, _| reports::backtest_csv(it))),
        (
            Format::Html,
            Text(|it, _| page::html(&page::backtest_page(it))),
        ),
        (Format::Svg, Charts(page::backtest_charts)),
    ];

    fn flaw(&self) -> Option<String> {
        let times = [("every_s", self.every_s), ("horizon_s", self.horizon_s)];
        let wrong = times.into_iter().find(|(_, seconds)| *seconds < 0.0);
        wrong.map(|(place, seconds)| format!("{place} is {seconds}, and no time is negative"))
    }
}

/// The Markdown is a page that lies beside the case, and no comment on a pull request.
impl Forms for CaseReport {
    const FORMS: &'static [(Format, Renderer<Self>)] = &[
        (Format::Text, Text(reports::case_text)),
        (Format::Json, Text(|it, _| pretty(it) + "\n")),
        (Format::Markdown, Text(|it, _| reports::case_markdown(it))),
    ];
}
