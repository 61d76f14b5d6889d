//! What every page has, and what none may have.

use scraper::{Html, Selector};

use super::kinds::{Made, kinds};
use super::{parse, read, study};
use crate::command::{coalmine_in, plain};

fn all<'a>(page: &'a Html, css: &str) -> Vec<scraper::ElementRef<'a>> {
    let selector = Selector::parse(css).unwrap();
    page.select(&selector).collect()
}

#[test]
fn every_page_is_whole_and_needs_nothing_from_elsewhere() {
    for Made { kind, html, .. } in kinds() {
        let page = parse(html);
        assert!(html.len() < 500_000, "{kind}: {} bytes", html.len());
        for once in [
            "h1",
            "main",
            "title",
            "style",
            "meta[http-equiv=Content-Security-Policy]",
        ] {
            let many = all(&page, once).len();
            // A drawing has a title of its own.
            assert!(
                many == 1 || once == "title" && many > 1,
                "{kind}: {many} of {once}"
            );
        }
        for none in [
            "script",
            "link",
            "img",
            "iframe",
            "object",
            "form",
            "[src]",
            "[href]",
            "[style]",
            "[onclick]",
        ] {
            assert_eq!(all(&page, none).len(), 0, "{kind} has {none}");
        }
        for word in [
            "url(",
            "@import",
            "@font-face",
            "http://",
            "https://",
            "javascript:",
        ] {
            assert!(!html.contains(word), "{kind} contains {word}");
        }
    }
}

#[test]
fn every_drawing_says_what_it_shows_and_has_its_data_beside_it() {
    for Made { kind, html, .. } in kinds() {
        let page = parse(html);
        let drawings = all(&page, "svg[role=img]");
        assert!(!drawings.is_empty(), "{kind} has drawings");
        for drawing in drawings {
            for name in drawing.attr("aria-labelledby").unwrap().split(' ') {
                let named = all(&page, &format!("#{name}"));
                assert_eq!(named.len(), 1, "{kind}: {name}");
                assert!(
                    !named[0].text().collect::<String>().is_empty(),
                    "{kind}: {name}"
                );
            }
        }
        for part in all(&page, "section.part") {
            let inside = |css: &str| part.select(&Selector::parse(css).unwrap()).count();
            if inside(".plot") > 0 {
                assert!(
                    inside("details table tbody tr") > 0,
                    "{kind}: {}",
                    part.html()
                );
            }
        }
    }
}

#[test]
fn no_identifier_is_used_twice() {
    for Made { kind, html, .. } in kinds() {
        let page = parse(html);
        let mut ids: Vec<_> = all(&page, "[id]")
            .iter()
            .map(|it| it.attr("id").unwrap())
            .collect();
        let many = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), many, "{kind}");
    }
}

#[test]
fn every_row_of_a_table_has_a_cell_for_each_column() {
    for Made { kind, html, .. } in kinds() {
        let page = parse(html);
        for table in all(&page, "table") {
            let inside = |css: &str| Selector::parse(css).unwrap();
            let columns = table.select(&inside("thead tr > *")).count();
            for row in table.select(&inside("tbody tr")) {
                assert_eq!(
                    row.select(&inside("td")).count(),
                    columns,
                    "{kind}: {}",
                    row.html()
                );
            }
        }
    }
}

#[test]
fn equal_inputs_give_equal_pages_on_any_number_of_threads() {
    let folder = plain();
    let page = |threads: &str| {
        let args = [
            "simulate",
            "policy.yaml",
            "-n",
            "200",
            "--no-fail",
            "--format",
            "html",
        ];
        coalmine_in(
            folder.path(),
            &[&args[..], &["--threads", threads]].concat(),
        )
        .out
    };
    let one = page("1");
    assert!(one.len() > 10_000);
    assert_eq!(one, page("3"));
}

#[test]
fn the_first_screen_says_the_verdict_and_how_to_see_the_worst() {
    let folder = plain();
    study(folder.path());
    let page = parse(&read(folder.path(), "page.html"));
    let verdict = all(&page, ".verdict .value")[0].text().collect::<String>();
    assert!(
        ["PASS", "FAIL", "MISS", "INCONCLUSIVE"].contains(&verdict.as_str()),
        "{verdict}"
    );
    assert!(all(&page, ".card").len() >= 5);
    let result: serde_json::Value =
        serde_json::from_str(&read(folder.path(), "result.json")).unwrap();
    if let Some(worst) = result["worst"].as_array().filter(|worst| !worst.is_empty()) {
        let command = all(&page, ".worst code")[0].text().collect::<String>();
        assert!(
            worst.iter().any(|it| it["replay"] == command.as_str()),
            "{command}"
        );
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        let again = coalmine_in(folder.path(), &words);
        assert!([0, 4, 99].contains(&again.code), "{again:#?}");
    }
}
