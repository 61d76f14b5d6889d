//! The forms in which each kind of result can be written.

use reports::chart::Chart;
use reports::{
    BacktestReport, ChaosReport, CompareReport, CurveReport, MutateReport, RareReport, RunReport,
    StudyReport, Style, TuneReport, page,
};

use super::output::Format;
use super::schema::pretty;

/// A typed result that can be written.
pub trait Forms {
    /// What there is besides text and JSON.
    const FORMATS: &'static [Format];

    /// Writes the result.
    fn form(&self, format: Format, style: Style) -> String;

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
            _ => reports::study_text(self, style),
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
            _ => reports::tune_text(self, style),
        }
    }

    fn charts(&self) -> Vec<Chart> {
        page::tune_page_charts(self)
    }
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
            _ => reports::compare_text(self, style),
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
            _ => reports::curve_text(self, style),
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
            _ => reports::chaos_text(self, style),
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
            _ => reports::mutate_text(self, style),
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
            _ => reports::run_text(self, style),
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
            _ => reports::rare_text(self, style),
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
            _ => reports::backtest_text(self, style),
        }
    }

    fn charts(&self) -> Vec<Chart> {
        page::backtest_charts(self)
    }
}
