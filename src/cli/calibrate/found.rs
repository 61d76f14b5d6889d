//! What became of a history.

use scenarios::calibrate::{Fit, RunCheck, SummaryFit};
use scenarios::{NoiseModel, Report};

/// One history and what became of it.
pub struct Calibrated {
    /// The name of the history.
    pub name: String,
    /// Warnings of the reading.
    pub warnings: Option<Report>,
    /// What was fitted, or why nothing was.
    pub result: Result<Fitted, Report>,
}

/// What was fitted.
pub enum Fitted {
    /// A history.
    Fit(Box<Fit>),
    /// A k6 summary.
    Summary(Box<SummaryFit>),
}

impl Fitted {
    /// Returns the model.
    pub fn model(&self) -> &NoiseModel {
        match self {
            Self::Fit(fit) => &fit.model,
            Self::Summary(fit) => &fit.model,
        }
    }

    /// Returns how runs were predicted, where they were.
    pub fn runs(&self) -> Option<&RunCheck> {
        match self {
            Self::Fit(fit) => fit.series.as_ref().map(|series| &series.runs),
            Self::Summary(_) => None,
        }
    }
}
