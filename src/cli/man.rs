//! `coalmine man`: the manual pages.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::resolve::suggestion;
use crate::temporary::{Nameless, usual_permissions};

/// Which page, or where all of them go.
#[derive(Args, Debug)]
pub struct ManArgs {
    /// The command whose page is printed; without it the page of coalmine itself
    #[arg(conflicts_with = "out")]
    command: Option<String>,
    /// Write all pages into this folder, such as `~/.local/share/man/man1`
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints a page, or writes all of them.
pub fn answer(args: &ManArgs, command: &Command, console: &Console) -> Answer {
    let pages = pages(command);
    if let Some(folder) = &args.out {
        return write_pages(&pages, folder, console);
    }
    let wanted = match &args.command {
        Some(command) => format!("coalmine-{command}"),
        None => "coalmine".to_owned(),
    };
    let Some((_, page)) = pages.iter().find(|(name, _)| *name == wanted) else {
        let known = pages
            .iter()
            .filter_map(|(name, _)| name.strip_prefix("coalmine-"));
        let help = suggestion(
            args.command.as_deref().unwrap_or_default(),
            known,
            "`coalmine help` lists the commands",
        );
        return Err(Failure::usage(format!("there is no command for {wanted}")).help(help));
    };
    console.answer(page)?;
    Ok(ExitCode::Success)
}

fn write_pages(pages: &[(String, String)], folder: &Path, console: &Console) -> Answer {
    for (name, page) in pages {
        let path = folder.join(format!("{name}.1"));
        write(folder, &path, page).map_err(|error| refused(&path, &error))?;
    }
    console.say(&format!(
        "wrote {} pages into {}",
        pages.len(),
        folder.display()
    ));
    Ok(ExitCode::Success)
}

/// The page of the program and that of each command, by its name.
fn pages(command: &Command) -> Vec<(String, String)> {
    let mut command = command.clone().disable_help_subcommand(true);
    command.build();
    let mut pages = vec![page("coalmine", &command)];
    for inner in command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set())
    {
        pages.push(page(&format!("coalmine-{}", inner.get_name()), inner));
    }
    pages
}

fn page(name: &str, command: &Command) -> (String, String) {
    let mut bytes = Vec::new();
    let shown = command.clone().display_name(name.to_owned());
    Man::new(shown)
        .render(&mut bytes)
        .expect("writing into a vector cannot fail");
    (
        name.to_owned(),
        String::from_utf8_lossy(&bytes).into_owned(),
    )
}

fn write(folder: &Path, path: &Path, page: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = Nameless::new(folder, usual_permissions())?;
    file.file().write_all(page.as_bytes())?;
    file.name(path)
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    Failure::output(format!("cannot write {}: {error}", path.display()))
        .help("choose a folder that you may write with --out")
}
