//! The forms in which each kind of result can be written.

use reports::chart::Chart;
use reports::{
    BacktestReport, CandidateRow, ChaosReport, CompareReport, CurveReport, MutateReport,
    RareReport, RunReport, StudyReport, Style, TuneReport, page,
};

use super::output::Format;
use super::schema::pretty;

/// A typed result that can be written.
pub trait Forms {
    /// What there is besides text and JSON.
    const FORMATS: &'static [Format];

    /// Writes the result.
    fn form(&self, format: Format, style: Style) -> String;

    /// Says what does not fit together in a result that was stored, if anything does not: a reader of files
    /// judges no more than the shape of each part.
    fn flaw(&self) -> Option<String> {
        None
    }

    /// The charts of the result.
    fn charts(&self) -> Vec<Chart> {
        Vec::new()
    }
}

impl Forms for StudyReport {
    const FORMATS: &'static [Format] = &[
        Format::Text,
        Format::Json,
        Format::Markdown,
        Format::Ticket,
        Format::Html,
        Format::Svg,
        Format::Junit,
        Format::Csv,
        Format::Jsonl,
        Format::Github,
    ];

    fn form(&self, format: Format, style: Style) -> String {
        match format {
            Format::Json => pretty(self) + "\n",
            Format::Markdown => reports::cut(reports::study_markdown(self)),
            Format::Ticket => reports::study_ticket(self),
            Format::Html => page::html(&page::study_page(self)),
            Format::Junit => reports::study_junit(self),
            Format::Csv => reports::study_csv(self),
            Format::Jsonl => reports::study_lines(self),
            Format::Github => reports::study_annotations(self),
            Format::Text => reports::study_text(self, style),
            other => other.undeclared(),
        }
    }

    fn charts(&self) -> Vec<Chart> {
        page::study_charts(self)
    }
}

impl Forms for TuneReport {
    const FORMATS: &'static [Format] = &[
        Format::Text,
        Format::Json,
        Format::Markdown,
        Format::Patch,
        Format::Html,
        Format::Svg,
    ];

    fn form(&self, format: Format, style: Style) -> String {
        match format {
            Format::Json => pretty(self) + "\n",
            Format::Markdown => reports::cut(reports::tune_markdown(self)),
            Format::Patch => self.patch.clone(),
            Format::Html => page::html(&page::tune_page(self)),
            Format::Text => reports::tune_text(self, style),
            other => other.undeclared(),
        }
    }

    fn flaw(&self) -> Option<String> {
        tune_flaw(self)
    }

    fn charts(&self) -> Vec<Chart> {
        page::tune_page_charts(self)
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
    const FORMATS: &'static [Format] = &[
        Format::Text,
        Format::Json,
        Format::Markdown,
        Format::Html,
        Format::Svg,
    ];

    fn form(&self, format: Format, style: Style) -> String {
        match format {
            Format::Json => pretty(self) + "\n",
            Format::Markdown => reports::cut(reports::compare_markdown(self)),
            Format::Html => page::html(&page::compare_page(self)),
            Format::Text => reports::compare_text(self, style),
            other => other.undeclared(),
        }
    }

    fn charts(&self) -> Vec<Chart> {
        page::compare_charts(self)
    }
}

impl Forms for CurveReport {
    const FORMATS: &'static [Format] = &[
        Format::Text,
        Format::Json,
        Format::Markdown,
        Format::Csv,
        Format::Html,
        Format::Svg,
    ];

    fn form(&self, format: Format, style: Style) -> String {
        match format {
            Format::Json => pretty(self) + "\n",
            Format::Markdown => reports::cut(reports::curve_markdown(self)),
            Format::Csv => reports::curve_csv(self),
            Format::Html => page::html(&page::curve_page(self)),
            Format::Text => reports::curve_text(self, style),
            other => other.undeclared(),
        }
    }

    fn charts(&self) -> Vec<Chart> {
        page::curve_page_charts(self)
    }
}

impl Forms for ChaosReport {
    const FORMATS: &'static [Format] = &[
        Format::Text,
        Format::Json,
        Format::Markdown,
        Format::Ticket,
        Format::Html,
        Format::Svg,
        Format::Junit,
    ];

    fn form(&self, format: Format, style: Style) -> String {
        match format {
            Format::Json => pretty(self) + "\n",
            Format::Markdown => reports::cut(reports::chaos_markdown(self)),
            Format::Ticket => reports::chaos_ticket(self),
            Format::Html => page::html(&page::chaos_page(self)),
            Format::Junit => reports::chaos_junit(self),
            Format::Text => reports::chaos_text(self, style),
            other => other.undeclared(),
        }
    }

    fn charts(&self) -> Vec<Chart> {
        page::chaos_charts(self)
    }
}

impl Forms for MutateReport {
    const FORMATS: &'static [Format] = &[
        Format::Text,
        Format::Json,
        Format::Markdown,
        Format::Html,
        Format::Svg,
    ];

    fn form(&self, format: Format, style: Style) -> String {
        match format {
            Format::Json => pretty(self) + "\n",
            Format::Markdown => reports::cut(reports::mutate_markdown(self)),
            Format::Html => page::html(&page::mutate_page(self)),
            Format::Text => reports::mutate_text(self, style),
            other => other.undeclared(),
        }
    }

    fn charts(&self) -> Vec<Chart> {
        page::mutate_charts(self)
    }
}

impl Forms for RunReport {
    const FORMATS: &'static [Format] = &[Format::Text, Format::Json, Format::Html, Format::Svg];

    fn form(&self, format: Format, style: Style) -> String {
        match format {
            Format::Json => pretty(self) + "\n",
            Format::Html => page::html(&page::run_page(self)),
            Format::Text => reports::run_text(self, style),
            other => other.undeclared(),
        }
    }

    fn charts(&self) -> Vec<Chart> {
        page::run_charts(self)
    }
}

impl Forms for RareReport {
    const FORMATS: &'static [Format] = &[Format::Text, Format::Json, Format::Markdown];

    fn form(&self, format: Format, style: Style) -> String {
        match format {
            Format::Json => pretty(self) + "\n",
            Format::Markdown => reports::cut(reports::rare_markdown(self)),
            Format::Text => reports::rare_text(self, style),
            other => other.undeclared(),
        }
    }
}

impl Forms for BacktestReport {
    const FORMATS: &'static [Format] = &[
        Format::Text,
        Format::Json,
        Format::Csv,
        Format::Html,
        Format::Svg,
    ];

    fn form(&self, format: Format, style: Style) -> String {
        match format {
            Format::Json => pretty(self) + "\n",
            Format::Csv => reports::backtest_csv(self),
            Format::Html => page::html(&page::backtest_page(self)),
            Format::Text => reports::backtest_text(self, style),
            other => other.undeclared(),
        }
    }

    fn flaw(&self) -> Option<String> {
        let times = [("every_s", self.every_s), ("horizon_s", self.horizon_s)];
        let wrong = times.into_iter().find(|(_, seconds)| *seconds < 0.0);
        wrong.map(|(place, seconds)| format!("{place} is {seconds}, and no time is negative"))
    }

    fn charts(&self) -> Vec<Chart> {
        page::backtest_charts(self)
    }
}
