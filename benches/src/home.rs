//! Where results go: beside criterion's own, wherever that is.

use std::path::PathBuf;

/// Returns criterion's output folder.
///
/// `CRITERION_HOME` says it, else `CARGO_TARGET_DIR` holds it, else it lies in the target folder from
/// which this very program was started: `target/` in the project is never assumed, because a build
/// machine keeps its own.
pub fn criterion() -> PathBuf {
    if let Some(home) = std::env::var_os("CRITERION_HOME") {
        return PathBuf::from(home);
    }
    if let Some(target) = std::env::var_os("CARGO_TARGET_DIR") {
        return PathBuf::from(target).join("criterion");
    }
    let program = std::env::current_exe().unwrap_or_default();
    // The program is target/<profile>/deps/<name>.
    let target = program.ancestors().nth(3).map(PathBuf::from);
    target
        .unwrap_or_else(|| PathBuf::from("target"))
        .join("criterion")
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
