//! Where results go: beside criterion's own, wherever that is.

use std::path::{Path, PathBuf};

/// Returns criterion's output folder.
///
/// `CRITERION_HOME` says it, else `CARGO_TARGET_DIR` holds it, else it lies in the target folder from
/// which this very program was started: `target/` in the project is never assumed, because a build
/// machine keeps its own.
pub fn criterion() -> PathBuf {
    let said = |variable| std::env::var_os(variable).map(PathBuf::from);
    let program = std::env::current_exe().unwrap_or_default();
    resolve(said("CRITERION_HOME"), said("CARGO_TARGET_DIR"), &program)
}

fn resolve(home: Option<PathBuf>, target: Option<PathBuf>, program: &Path) -> PathBuf {
    // The program is target/<profile>/deps/<name>.
    let own = || {
        program
            .ancestors()
            .nth(3)
            .unwrap_or(Path::new("target"))
            .to_owned()
    };
    home.unwrap_or_else(|| target.unwrap_or_else(own).join("criterion"))
}

/// Returns the folder of the verdicts, and makes it.
///
/// # Errors
/// When it cannot be made.
pub fn verdicts() -> std::io::Result<PathBuf> {
    let folder = criterion().join("coalmine");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(home: Option<&str>, target: Option<&str>, expect: &str) {
        let program = Path::new("/pool/x7/release/deps/rollout-1f");
        let found = resolve(home.map(PathBuf::from), target.map(PathBuf::from), program);
        assert_eq!(found, Path::new(expect));
    }

    /// Acceptance row 27: results lie under criterion's folder, wherever a runner has put it.
    #[test]
    fn results_go_where_criterion_puts_its_own() {
        check(Some("/home/c"), Some("/t"), "/home/c");
        check(None, Some("/t"), "/t/criterion");
        check(None, None, "/pool/x7/criterion");
    }
}
