//! Pages, charts and other forms of a result.

mod browser;
mod forms;
mod hostile;
mod kinds;
mod numbers;
mod structure;

use std::fs;
use std::path::Path;

use scraper::Html;

use crate::command::{Ran, coalmine_in};

/// Plays a small study in `folder` and returns what the command said; `page.html` and `result.json` lie
/// in the folder then.
pub fn study(folder: &Path) -> Ran {
    let simulate = [
        "simulate",
        "policy.yaml",
        "-n",
        "96",
        "--no-fail",
        "--out",
        "html=page.html",
        "--out",
        "json=result.json",
    ];
    let ran = coalmine_in(folder, &simulate);
    assert!([0, 4].contains(&ran.code), "{ran:#?}");
    ran
}

pub fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Parses a page as a browser does.
pub fn parse(html: &str) -> Html {
    let page = Html::parse_document(html);
    assert_eq!(
        page.errors,
        Vec::<String>::new(),
        "the page is not well formed"
    );
    page
}
