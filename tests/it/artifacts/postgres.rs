//! A PostgreSQL server of our own, in a temporary folder, where one is installed.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A running server, stopped when it is dropped.
pub struct Server {
    folder: TempDir,
    programs: PathBuf,
}

impl Server {
    /// Starts a server; none where the programs are not there.
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().unwrap();
        let server = Self { folder, programs };
        if let Some((user, group)) = somebody() {
            chown(server.folder.path(), Some(user), Some(group)).unwrap();
        }
        let data = server.data();
        server.must(
            "initdb",
            &["-D", &data, "-U", "postgres", "-A", "trust", "-N"],
        );
        let socket = server.folder.path().display();
        let options = format!("-F -c listen_addresses='' -k {socket}");
        let log = server.folder.path().join("log").display().to_string();
        let start = ["-D", &data, "-l", &log, "-o", &options, "-w", "start"];
        server.must("pg_ctl", &start);
        Some(server)
    }

    /// Runs SQL files one after the other in one session; fields are separated by `|`.
    pub fn psql(&self, files: &[&str]) -> String {
        let socket = self.folder.path().display().to_string();
        let mut args: Vec<String> = ["-X", "-q", "-A", "-t", "-U", "postgres", "-d", "postgres"]
            .map(str::to_owned)
            .to_vec();
        args.extend(["-v".into(), "ON_ERROR_STOP=1".into(), "-h".into(), socket]);
        for (index, text) in files.iter().enumerate() {
            let path = self.folder.path().join(format!("{index}.sql"));
            fs::write(&path, text).unwrap();
            args.extend(["-f".to_owned(), path.display().to_string()]);
        }
        let output = self.command("psql").args(&args).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn command(&self, program: &str) -> Command {
        let beside = self.programs.join(program);
        let path = if beside.exists() {
            beside
        } else {
            program.into()
        };
        let mut command = Command::new(path);
        command.current_dir("/").stdin(Stdio::null());
        // The server refuses to be the superuser.
        if let Some((user, group)) = somebody() {
            command.uid(user).gid(group);
        }
        command
    }

    /// The server keeps the pipes of whoever starts it, so that nobody must wait for their end.
    fn must(&self, program: &str, args: &[&str]) {
        let mut command = self.command(program);
        command
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let status = command.status().unwrap();
        assert!(status.success(), "{program} {args:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.data();
        let stop = ["-D", &data, "-m", "immediate", "-w", "stop"];
        let mut command = self.command("pg_ctl");
        drop(command.args(stop).stdout(Stdio::null()).status());
    }
}

/// The folder of the server's programs: that of Debian, else the path.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = versions.flatten().map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path: Vec<_> = std::env::split_paths(&path).collect();
    let psql = path.iter().any(|folder| folder.join("psql").exists());
    let whole = |folder: &PathBuf| {
        let there = |program: &str| Path::new(folder).join(program).exists();
        there("initdb") && there("pg_ctl") && (there("psql") || psql)
    };
    debian.chain(path.clone()).find(whole)
}

/// An ordinary user, if we are none: 65534 is nobody.
fn somebody() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    let own = tempfile::tempfile().unwrap().metadata().unwrap().uid();
    (own == 0).then_some((65534, 65534))
}
