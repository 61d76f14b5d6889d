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

/// What a script finds in a page of this width: statuses, limits and marks that lie outside of it, and broken words.
const MEASURE: &str = r#"
const page = document.querySelector("iframe").contentDocument, wide = WIDTH, found = [];
const seen = (node) => node.getClientRects().length > 0;
const outside = (node) => { const box = node.getBoundingClientRect(); return box.right > wide + 0.5 || box.left < -0.5; };
let checked = 0;
for (const node of page.querySelectorAll(".card .value, .card .name, .card .note-line, .worst p, .open td, .narrow li")) {
  if (!seen(node)) continue;
  checked++;
  if (outside(node)) found.push("outside: " + node.textContent);
}
const texts = page.createTreeWalker(page.querySelector("main"), NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const text = texts.currentNode, parent = text.parentElement;
  if (!seen(parent) || parent.closest("svg, pre, code")) continue;
  for (const word of text.data.matchAll(/[A-Za-z]{2,}/g)) {
    const range = page.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
    if (lines.size > 1) found.push("broken: " + word[0] + " in " + text.data.slice(Math.max(0, word.index - 30), word.index + 30));
  }
}
document.title = "done";
document.body.textContent = checked + " checked\n" + found.join("\n");
"#;

/// Lays a page out in a frame of `width` pixels, with the rules for paper where `paper` is set, and returns what
/// [`MEASURE`] says of it, one line a fault behind the count of what was looked at.
fn measure(browser: &str, folder: &Path, html: &str, width: u32, paper: bool) -> Vec<String> {
    let policy = html
        .find("<meta http-equiv")
        .expect("the page has a policy");
    let end = policy + html[policy..].find('>').unwrap() + 1;
    let mut open = format!("{}{}", &html[..policy], &html[end..]);
    if paper {
        open = open
            .replace("@media print", "@media all")
            .replace("@media screen", "@media speech");
    }
    fs::write(folder.join("laid.html"), open).unwrap();
    let script = MEASURE.replace("WIDTH", &width.to_string());
    let frame = format!(
        "<body><iframe src=\"laid.html\" style=\"width:{width}px;height:4000px;border:0\"></iframe>\
         <script>window.onload=()=>{{{script}}}</script></body>"
    );
    fs::write(folder.join("frame.html"), frame).unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
        ])
        .args([
            "--allow-file-access-from-files",
            "--virtual-time-budget=5000",
            "--dump-dom",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .arg(format!("file://{}", folder.join("frame.html").display()))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let body = text
        .split("<body>")
        .nth(1)
        .unwrap_or_else(|| panic!("{text}"));
    let lines = body.split("</body>").next().unwrap().trim().lines();
    lines.map(str::to_owned).collect()
}

#[test]
fn on_a_phone_nothing_that_matters_lies_outside_and_on_paper_no_word_is_broken() {
    let Some(browser) = browser() else {
        println!("left out: there is no Chromium here (set CHROMIUM to name one)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for Made { kind, html, .. } in kinds() {
        // A4 less two margins of 12 mm is 703 pixels wide.
        for (width, paper) in [(375, false), (703, true)] {
            let found = measure(&browser, folder.path(), html, width, paper);
            let checked: usize = found[0].split(' ').next().unwrap().parse().unwrap();
            assert!(checked > 5, "{kind} at {width}: {found:?}");
            assert_eq!(
                &found[1..],
                &[] as &[String],
                "{kind} at {width}, paper {paper}"
            );
        }
    }
    // The same measure finds what is too wide and a word that is broken.
    let bad = "<p class=\"worst\" style=\"width:2em;overflow-wrap:anywhere\">unbreakable</p><section class=\"worst\">\
        <p style=\"width:900px\">far</p></section></main>";
    let html = kinds()[0].html.replace("</main>", bad);
    let found = measure(&browser, folder.path(), &html, 375, false);
    assert!(
        found.contains(&"broken: unbreakable in unbreakable".to_owned()),
        "{found:?}"
    );
    assert!(found.contains(&"outside: far".to_owned()), "{found:?}");
}
