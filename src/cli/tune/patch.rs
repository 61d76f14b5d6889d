//! The patch of the user's file.

use std::path::Path;

use scenarios::{reading, search_space};

use crate::cli::resolve::{ChosenPolicy, ProfileArg};

/// Returns the change from the policy's text to `text` as `git apply` takes it where the command ran.
///
/// For a system of the library it is one of the text that is part of this program, under the path that the
/// text has in the sources.
pub fn patch(policy: &ChosenPolicy, text: &str) -> String {
    let source = &policy.document.source;
    let Some((system, profile)) = policy.library else {
        let mark = byte_order_mark(Path::new(&policy.named));
        let [old, new] = [source, text].map(|text| mark.to_owned() + text);
        return search_space::patch(&relative(&policy.named), &old, &new);
    };
    let profile = match profile {
        ProfileArg::AsWritten => "as-written",
        ProfileArg::AsImplemented => "as-implemented",
    };
    let path = format!("scenarios/library/{}/{profile}.policy.yaml", system.name);
    search_space::patch(&path, source, text)
}

/// A mark at the beginning of the file, which reading takes away, is a part of its first line.
fn byte_order_mark(path: &Path) -> &'static str {
    const MARK: &str = "\u{FEFF}";
    let begins = reading::bytes(path, MARK.len() as u64);
    let marked = begins.is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()));
    if marked { MARK } else { "" }
}

/// The path as git wants it: from the current folder, without `./`.
fn relative(named: &str) -> String {
    let path = Path::new(named);
    let here = std::env::current_dir().ok();
    let path = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    let path = path.unwrap_or_else(|| Path::new(named).to_path_buf());
    let text = path.to_string_lossy().into_owned();
    text.trim_start_matches("./")
        .trim_start_matches('/')
        .to_owned()
}
