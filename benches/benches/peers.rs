//! coalmine beside other engines: builds and runs `benches/peers`, a package outside of the workspace.
//!
//! Not among the benches that plain `cargo bench` runs: `cargo bench -p benches --bench peers`. What follows
//! `--` goes to the program (`--rounds 7`, `--only hold`).

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use benches::home;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let built = home::criterion().join("peers");
    let stable = Command::new(env!("CARGO"));
    let Some(program) = build(stable, &folder, &built, "peers") else {
        return ExitCode::FAILURE;
    };
    let mut arguments: Vec<OsString> = vec!["run".into()];
    arguments.extend(["--json".into(), built.join("results.json").into()]);
    // desim needs a nightly compiler; where there is none the table has a column less.
    let mut nightly = Command::new("rustup");
    nightly.args(["run", "nightly", "cargo"]);
    if let Some(desim) = build(nightly, &folder.join("desim"), &built, "peer-desim") {
        arguments.extend(["--also".into(), desim.into()]);
    }
    let given = std::env::args_os().skip(1);
    arguments.extend(given.filter(|argument| argument != "--bench"));
    let status = Command::new(program).args(arguments).status();
    ExitCode::from(u8::from(!status.is_ok_and(|status| status.success())))
}

/// Builds a package with optimisation; none when that failed, and the compiler has said why.
fn build(mut cargo: Command, package: &Path, target: &Path, name: &str) -> Option<PathBuf> {
    cargo.args(["build", "--release", "--manifest-path"]);
    cargo.arg(package.join("Cargo.toml"));
    cargo.arg("--target-dir").arg(target);
    // What this bench was built with is not what the other packages are built with.
    cargo.env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN");
    let built = cargo.status().is_ok_and(|status| status.success());
    built.then(|| target.join("release").join(name))
}
