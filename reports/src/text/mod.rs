//! Results as text, for people at a terminal. The other forms say the same, and borrow the sentences and the tables.

pub(crate) mod backtest;
pub(crate) mod case;
pub(crate) mod causes;
pub(crate) mod chaos;
pub(crate) mod compare;
pub(crate) mod curve;
mod fidelity;
mod fit;
pub(crate) mod gates;
pub(crate) mod lowered;
pub(crate) mod mutate;
pub(crate) mod rare;
pub(crate) mod run;
mod spark;
pub(crate) mod study;
mod ticket;
mod timeline;
pub(crate) mod tune;

pub use backtest::backtest_text;
pub use case::case_text;
pub use causes::{cause_sentence, study_causes};
pub use chaos::chaos_text;
pub use compare::compare_text;
pub use curve::curve_text;
pub use fidelity::fidelity_text;
pub use fit::{fit_text, number};
pub use mutate::mutate_text;
pub use rare::rare_text;
pub use run::run_text;
pub use study::study_text;
pub use ticket::chaos::chaos_ticket;
pub use ticket::study::study_ticket;
pub use timeline::timeline;
pub use tune::tune_text;
