//! `coalmine.toml`: what options are where the command line does not say.
//!
//! ```toml
//! seed = 7            # of every command that has one
//!
//! [simulate]
//! runs = 20000
//!
//! [decide.wedge]      # of a command below a command
//! format = "json"
//! ```
//!
//! The nearest file of that name counts: in the current folder, else in the one above, and so on. What it says
//! becomes the default of the option, so that the command line goes before it and it before what is built in,
//! and `--help` shows it. Switches without a value, and what a command is about, stand on the command line alone.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};
use scenarios::reading;
use scenarios::schema::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::failure::Failure;
use super::resolve::suggestion;

/// What the file is called.
pub const NAME: &str = "coalmine.toml";

/// More is surely the wrong file.
const BYTES_MAX: u64 = 1 << 20;

/// Gives the options of `command` the defaults of the file that is nearest to the folder `here`; returns the
/// command and the file, if there is one.
///
/// # Errors
///
/// For everything in the file that is no default of any option, with its place.
pub fn apply(command: Command, here: &Path) -> Result<(Command, Option<PathBuf>), Failure> {
    let found = here.ancestors().map(|folder| folder.join(NAME));
    let Some(path) = found.into_iter().find(|path| path.is_file()) else {
        return Ok((command, None));
    };
    let text = reading::text(&path, BYTES_MAX)
        .map_err(|error| Failure::input(format!("cannot read {}: {error}", path.display())))?;
    let file = File {
        path: &path,
        text: &text,
    };
    let table = DeTable::parse(&text).map_err(|error| {
        file.refuse(error.span().unwrap_or(0..0), error.message())
            .help("it is written in TOML: `seed = 7`, or `[simulate]` and below it `runs = 20000`")
    })?;
    let command = file.all(command, table.get_ref())?;
    Ok((command, Some(path)))
}

/// The file, for whoever says what is wrong with it.
#[derive(Clone, Copy)]
struct File<'f> {
    path: &'f Path,
    text: &'f str,
}

type Key<'k> = Spanned<std::borrow::Cow<'k, str>>;

impl File<'_> {
    fn refuse(self, at: Range<usize>, what: &str) -> Failure {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let begun = before.rfind('\n').map_or(0, |end| end + 1);
        let column = before[begun..].chars().count() + 1;
        Failure::input(format!("{}:{line}:{column}: {what}", self.path.display()))
    }

    fn all(self, command: Command, table: &DeTable<'_>) -> Result<Command, Failure> {
        table
            .iter()
            .try_fold(command, |command, (key, value)| match value.get_ref() {
                DeValue::Table(inside) => self.of_command(command, key, inside),
                _ => self.of_every(command, key, value),
            })
    }

    /// Defaults of one command.
    fn of_command(
        self,
        command: Command,
        name: &Key<'_>,
        table: &DeTable<'_>,
    ) -> Result<Command, Failure> {
        self.must_be_known(&command, name)?;
        let mut failed = None;
        let command = command.mut_subcommand(name.get_ref(), |mut sub| {
            for (key, value) in table {
                if let DeValue::Table(inside) = value.get_ref()
                    && sub.has_subcommands()
                {
                    match self.of_command(sub.clone(), key, inside) {
                        Ok(below) => sub = below,
                        Err(failure) => failed = failed.take().or(Some(failure)),
                    }
                    continue;
                }
                let set = self.words_of(&sub, name, key, value);
                match set {
                    Ok((arg, words)) => sub = with(sub, &arg, words),
                    Err(failure) => failed = failed.take().or(Some(failure)),
                }
            }
            sub
        });
        failed.map_or(Ok(command), Err)
    }

    /// Refuses a table that is named like no command.
    fn must_be_known(&self, command: &Command, name: &Key<'_>) -> Result<(), Failure> {
        let known: Vec<String> = command
            .get_subcommands()
            .map(|sub| sub.get_name().to_owned())
            .collect();
        if !known.iter().any(|known| known == name.get_ref()) {
            let near = nearest(name.get_ref(), known.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!("did you mean `[{near}]`? "));
            let what = format!("there is no command `{}`", name.get_ref());
            let help = format!("{near}there are {}", known.join(", "));
            return Err(self.refuse(name.span(), &what).help(help));
        }
        Ok(())
    }

    /// The option of a command that a key stands for, and the words that it would have been given.
    fn words_of(
        &self,
        sub: &Command,
        name: &Key<'_>,
        key: &Key<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(Arg, Vec<String>), Failure> {
        match option(sub, key.get_ref()) {
            Some(arg) => self.words(&arg, key, value).map(|words| (arg, words)),
            None => Err(self.unknown(key, &format!("`{}`", name.get_ref()), &options(sub))),
        }
    }

    /// A default of every command that has the option.
    fn of_every(
        self,
        command: Command,
        key: &Key<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Command, Failure> {
        if let Some(arg) = option(&command, key.get_ref()) {
            let words = self.words(&arg, key, value)?;
            return Ok(with(command, &arg, words));
        }
        let mut all = all_options(&command);
        if let Some(command) = self.below(command, key, value)? {
            Ok(command)
        } else {
            all.sort();
            all.dedup();
            Err(self.unknown(key, "any command", &all))
        }
    }

    /// A default of a command and of those below it; none where no one has the option.
    fn below(
        self,
        command: Command,
        key: &Key<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Option<Command>, Failure> {
        let own = option(&command, key.get_ref());
        let mut found = own.is_some();
        let mut command = match own {
            Some(arg) => {
                let words = self.words(&arg, key, value)?;
                with(command, &arg, words)
            }
            None => command,
        };
        let subs: Vec<Command> = command.get_subcommands().cloned().collect();
        for sub in subs {
            let name = sub.get_name().to_owned();
            if let Some(sub) = self.below(sub, key, value)? {
                found = true;
                command = command.mut_subcommand(name, |_| sub);
            }
        }
        Ok(found.then_some(command))
    }

    fn unknown(self, key: &Key<'_>, of: &str, known: &[String]) -> Failure {
        let name = key.get_ref();
        let everything = format!("there are {}", known.join(", "));
        let help = suggestion(name, known.iter().map(String::as_str), &everything);
        let what = format!("{of} has no option `--{name}` with a value");
        self.refuse(key.span(), &what).help(help)
    }

    /// The value as it would be typed, if the option takes it.
    fn words(
        self,
        arg: &Arg,
        key: &Key<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<String>, Failure> {
        let name = key.get_ref();
        let several = matches!(arg.get_action(), ArgAction::Append);
        let words = match value.get_ref() {
            DeValue::Array(values) if several => {
                values.iter().map(|value| word(value.get_ref())).collect()
            }
            single => word(single).map(|word| vec![word]),
        };
        let words: Vec<String> = words.ok_or_else(|| {
            let what = format!("`{name}` is a text or a number");
            let more = if several { ", or a list of them" } else { "" };
            self.refuse(value.span(), &(what + more))
                .help(format!("write `{name} = ...` as you would after --{name}"))
        })?;
        for word in &words {
            taken(arg, word).map_err(|why| {
                self.refuse(value.span(), &format!("`{name}` cannot be {word:?}: {why}"))
                    .help(format!("write what you would after --{name}"))
            })?;
        }
        Ok(words)
    }
}

fn word(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The option with a value that is called so.
fn option(command: &Command, name: &str) -> Option<Arg> {
    let has_value = |arg: &&Arg| arg.get_action().takes_values() && arg.get_long() == Some(name);
    command.get_arguments().find(has_value).cloned()
}

/// The names of all options with a value, of a command and of those below it.
fn all_options(command: &Command) -> Vec<String> {
    let below = command.get_subcommands().flat_map(all_options);
    options(command).into_iter().chain(below).collect()
}

/// The names of the options of one command.
fn options(command: &Command) -> Vec<String> {
    let with_value = command
        .get_arguments()
        .filter(|arg| arg.get_action().takes_values());
    let names = with_value.filter_map(Arg::get_long);
    names.map(str::to_owned).collect()
}

/// Whether the option takes the word; else why not.
fn taken(arg: &Arg, word: &str) -> Result<(), String> {
    let alone = Arg::new("value")
        .long("value")
        .action(ArgAction::Append)
        .value_parser(arg.get_value_parser().clone());
    let tried = Command::new("try")
        .no_binary_name(true)
        .arg(alone)
        .try_get_matches_from([format!("--value={word}")]);
    tried.map(drop).map_err(|error| {
        let text = error.to_string();
        let said: Vec<&str> = text
            .lines()
            .map(str::trim)
            .take_while(|line| !line.starts_with("For more"))
            .filter(|line| !line.is_empty())
            .collect();
        let said = said.join(" ");
        let why = said.split_once("': ").map(|(_, why)| why.to_owned());
        why.or_else(|| said.split_once(" [").map(|(_, all)| format!("[{all}")))
            .unwrap_or(said)
    })
}

fn with(command: Command, arg: &Arg, words: Vec<String>) -> Command {
    // The library keeps defaults for as long as the process lives.
    let kept: Vec<&'static str> = words
        .into_iter()
        .map(|word| &*Box::leak(word.into_boxed_str()))
        .collect();
    command.mut_arg(arg.get_id().as_str(), |arg| {
        arg.required(false).default_values(kept)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::app::command;

    /// What a command line says with such a file, or what is wrong with the file.
    fn seen(text: &str, line: &str, option: &str) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().expect("there is room");
        std::fs::write(folder.path().join(NAME), text).expect("there is room");
        let below = folder.path().join("below");
        let (command, found) =
            apply(command(), &below).map_err(|failure| failure.text(scenarios::Colour::Never))?;
        assert_eq!(found, Some(folder.path().join(NAME)));
        let matches = command
            .try_get_matches_from(line.split(' '))
            .expect("it is well formed");
        let (_, mut matches) = matches.subcommand().expect("there is one");
        while let Some((_, below)) = matches.subcommand() {
            matches = below;
        }
        let raw = matches.get_raw(option).into_iter().flatten();
        Ok(raw
            .map(|word| word.to_string_lossy().into_owned())
            .collect())
    }

    #[test]
    fn the_command_line_goes_before_the_file_and_the_file_before_what_is_built_in() {
        let text = "seed = 7\nthreads = 2\n[simulate]\nruns = 20000\nseed = 8\n\
                    [tune]\nvary = [\"a=1..2\", \"b=3..4\"]\n";
        let check = |line: &str, option: &str, expect: &[&str]| {
            assert_eq!(seen(text, line, option).expect(line), expect, "{line}");
        };
        check("coalmine simulate wedge", "runs", &["20000"]);
        check("coalmine simulate wedge -n 5", "runs", &["5"]);
        check("coalmine run wedge", "seed", &["7"]);
        check("coalmine run wedge --seed 9", "seed", &["9"]);
        check("coalmine simulate wedge", "threads", &["2"]);
        check("coalmine tune wedge", "vary", &["a=1..2", "b=3..4"]);
        check("coalmine tune wedge --vary c=1..2", "vary", &["c=1..2"]);
        let wedge = "coalmine decide wedge --wedge wedge.json";
        let seen = |text: &str, line: &str| seen(text, line, "format").expect(line);
        assert_eq!(seen("[decide.wedge]\nformat = \"json\"\n", wedge), ["json"]);
        assert_eq!(
            seen(
                "[decide.wedge]\nformat = \"json\"\n",
                &format!("{wedge} --format text")
            ),
            ["text"]
        );
        assert_eq!(seen("format = \"json\"\n", wedge), ["json"]);
        assert_eq!(seen("[decide]\nformat = \"json\"\n", wedge), ["text"]);
    }

    #[test]
    fn what_is_no_default_is_refused_with_its_place() {
        for (text, expect) in [
            ("sede = 7", ":1:1: any command has no option `--sede`"),
            ("sede = 7", "did you mean `seed`?"),
            ("\n[simulat]\nruns = 1", "did you mean `[simulate]`?"),
            (
                "[simulate]\n  rnus = 1",
                ":2:3: `simulate` has no option `--rnus`",
            ),
            ("[simulate]\nruns = 0", ":2:8: `runs` cannot be \"0\""),
            ("seed = -1", ":1:8: `seed` cannot be \"-1\""),
            ("color = \"red\"", "[possible values: auto, always, never]"),
            (
                "[lint]\nformat = \"html\"",
                "possible values: text, json, sarif, github",
            ),
            ("seed = true", "`seed` is a text or a number"),
            (
                "[decide.wegde]\nformat = \"json\"",
                "did you mean `[wedge]`?",
            ),
            ("quiet = true", "no option `--quiet` with a value"),
            ("seed = \n", ":1:8: "),
        ] {
            let error = seen(text, "coalmine list", "format").expect_err(text);
            assert!(error.contains(expect), "{text}: {error}");
        }
    }
}
