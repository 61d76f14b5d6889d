//! One self-contained page for each kind of result.
//!
//! A page is built as data ([`Page`]): badge, cards, worst case, sections with charts and tables. One
//! template turns it into HTML without scripts and without anything from elsewhere; every text from a
//! file is escaped there. All numbers come from the typed result, in the words of [`crate::figure`].

mod backtest;
mod chaos;
mod compare;
mod curve;
mod html;
mod model;
mod mutate;
mod outcomes;
mod run;
mod study;
mod study_cards;
mod tune;
mod words;

pub use crate::common::badge::{Badge, Tint, Worst};
pub use backtest::{backtest_charts, backtest_page};
pub use chaos::{chaos_charts, chaos_page};
pub use compare::{compare_charts, compare_page};
pub use curve::{curve_page, curve_page_charts};
pub use html::{html, style};
pub use model::{Card, Page, PageFact, Section};
pub use mutate::{mutate_charts, mutate_page};
pub use run::{run_charts, run_page};
pub use study::{study_charts, study_page};
pub(crate) use study_cards::tint;
pub use tune::{tune_page, tune_page_charts};
