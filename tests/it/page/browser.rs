//! Pages in a real browser, where there is one.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::kinds::{Made, kinds};
use super::{read, study};
use crate::command::plain;

/// Returns the browser that `CHROMIUM` names, or one under its usual names.
fn browser() -> Option<String> {
    let named = std::env::var("CHROMIUM").into_iter();
    let usual = ["chromium", "chromium-browser", "google-chrome", "chrome"].map(str::to_owned);
    let runs = |name: &String| {
        let output = Command::new(name).arg("--version").output();
        output.is_ok_and(|output| output.status.success())
    };
    named.chain(usual).find(runs)
}

/// Opens a page with further arguments and returns what its console said, one line a message.
fn open(browser: &str, folder: &Path, page: &str, more: &[&str]) -> Vec<String> {
    let mut command = Command::new(browser);
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--enable-logging=stderr",
    ]);
    command.arg(format!(
        "--user-data-dir={}",
        folder.join("profile").display()
    ));
    command
        .args(more)
        .arg(format!("file://{}", folder.join(page).display()));
    let output = command.current_dir(folder).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    text.lines()
        .filter(|line| line.contains("CONSOLE"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_browser_shows_every_page_without_a_complaint_and_without_a_request() {
    let Some(browser) = browser() else {
        println!("left out: there is no Chromium here (set CHROMIUM to name one)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for Made { kind, html, .. } in kinds() {
        fs::write(folder.path().join("page.html"), html).unwrap();
        let said = open(
            &browser,
            folder.path(),
            "page.html",
            &["--screenshot=light.png"],
        );
        assert_eq!(said, Vec::<String>::new(), "{kind}");
    }
    // The same check finds a script and a request: the policy of the page refuses them aloud.
    let bad = "<script>1</script><img src=\"http://127.0.0.1:9/x.png\"></main>";
    let altered = read(folder.path(), "page.html").replace("</main>", bad);
    fs::write(folder.path().join("bad.html"), altered).unwrap();
    let said = open(
        &browser,
        folder.path(),
        "bad.html",
        &["--screenshot=bad.png"],
    );
    assert_eq!(said.len(), 2, "{said:?}");
}

#[test]
fn a_browser_draws_it_dark_narrow_and_on_paper() {
    let Some(browser) = browser() else {
        println!("left out: there is no Chromium here (set CHROMIUM to name one)");
        return;
    };
    let folder = plain();
    study(folder.path());
    let looks: [(&str, &[&str]); 3] = [
        ("light.png", &["--window-size=1240,1600"]),
        (
            "dark.png",
            &[
                "--window-size=1240,1600",
                "--blink-settings=preferredColorScheme=0",
            ],
        ),
        ("narrow.png", &["--window-size=500,1600"]),
    ];
    for (name, more) in looks {
        let shot = format!("--screenshot={name}");
        let said = open(
            &browser,
            folder.path(),
            "page.html",
            &[more, &[&shot]].concat(),
        );
        assert_eq!(said, Vec::<String>::new(), "{name}");
        let bytes = fs::read(folder.path().join(name)).unwrap();
        // An empty page of this size has some 6 kB.
        assert!(bytes.len() > 40_000, "{name}: {} bytes", bytes.len());
    }
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert_ne!(read("light.png"), read("dark.png"));
    open(
        &browser,
        folder.path(),
        "page.html",
        &["--print-to-pdf=paper.pdf"],
    );
    assert!(read("paper.pdf").starts_with(b"%PDF"));
}
