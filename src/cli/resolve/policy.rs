//! Which policy is meant.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use scenarios::library::{self, System};
use scenarios::{Document, Report, files, load, reading};
use sim_core::policy::{Policy, Profile};

use super::source::{quoted, suggestion};
use crate::cli::failure::Failure;

/// The policy under test.
#[derive(Args, Clone, Debug)]
pub struct PolicyArgs {
    /// A system of the library (see `coalmine list`) or a path to a policy file
    pub policy: String,
    /// Which reading of a library system: its document or its code [default: as-written]
    #[arg(long, value_enum)]
    pub profile: Option<ProfileArg>,
}

/// A reading of a library system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileArg {
    /// The document as its authors wrote it.
    AsWritten,
    /// What the code that enforces the document really does.
    AsImplemented,
}

impl From<ProfileArg> for Profile {
    fn from(profile: ProfileArg) -> Self {
        match profile {
            ProfileArg::AsWritten => Self::AsWritten,
            ProfileArg::AsImplemented => Self::AsImplemented,
        }
    }
}

/// A policy, and where it came from.
#[derive(Debug)]
pub struct ChosenPolicy {
    /// The policy.
    pub document: Document<Policy>,
    /// What was said on the command line.
    pub named: String,
    /// The system of the library, and which reading of it.
    pub library: Option<(&'static System, ProfileArg)>,
}

/// Where a policy comes from, before anything of it is read.
#[derive(Clone, Debug)]
pub struct PolicySource {
    /// What was said on the command line.
    pub named: String,
    /// The system of the library, and which reading of it.
    pub library: Option<(&'static System, ProfileArg)>,
}

impl PolicySource {
    /// Finds out what is meant, and reads nothing yet.
    ///
    /// # Errors
    ///
    /// When there is no such system and no such file.
    pub fn find(args: &PolicyArgs) -> Result<Self, Failure> {
        let named = args.policy.clone();
        if let Some(system) = library::system(&named) {
            let profile = args.profile.unwrap_or(ProfileArg::AsWritten);
            let library = Some((system, profile));
            return Ok(Self { named, library });
        }
        if !reading::exists(Path::new(&named)) {
            return Err(unknown(&named));
        }
        if args.profile.is_some() {
            return Err(Failure::usage(
                "--profile chooses between the readings of a library system",
            )
            .help(format!(
                "leave it out: {named} is a file and says its profile itself"
            )));
        }
        Ok(Self {
            named,
            library: None,
        })
    }

    /// Reads the policy.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn read(&self) -> Result<Document<Policy>, Report> {
        let Some((system, profile)) = self.library else {
            return files::policy(Path::new(&self.named));
        };
        let profile = profile.into();
        let text = system.policy(profile).expect("a system has both profiles");
        let word = crate::study::profile_word(profile);
        load::policy(&format!("library:{}/{word}", system.name), text.as_bytes())
    }

    /// Returns the folder of the policy file, for what lies beside it.
    pub fn folder(&self) -> PathBuf {
        let folder = Path::new(&self.named)
            .parent()
            .map(Path::to_path_buf)
            .unwrap_or_default();
        if folder.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            folder
        }
    }

    /// Adds what was read.
    pub fn with(self, document: Document<Policy>) -> ChosenPolicy {
        let Self { named, library } = self;
        ChosenPolicy {
            document,
            named,
            library,
        }
    }

    /// Returns the path of the file called `name` beside the policy, as people would type it.
    pub fn beside(&self, name: &str) -> PathBuf {
        Path::new(&self.named).with_file_name(name)
    }
}

impl ChosenPolicy {
    /// Returns where the policy came from.
    pub fn source(&self) -> PolicySource {
        PolicySource {
            named: self.named.clone(),
            library: self.library,
        }
    }

    /// Returns the folder of the policy file, for what lies beside it.
    pub fn folder(&self) -> PathBuf {
        self.source().folder()
    }

    /// Returns the words that name this policy on a command line.
    pub fn words(&self) -> String {
        match self.library {
            Some((system, ProfileArg::AsImplemented)) => {
                format!("{} --profile as-implemented", system.name)
            }
            _ => quoted(&self.named),
        }
    }
}

/// Finds and loads the policy that is meant.
///
/// # Errors
///
/// When there is no such system and no such file, and for everything that is wrong with the file.
pub fn choose_policy(args: &PolicyArgs) -> Result<ChosenPolicy, Failure> {
    let source = PolicySource::find(args)?;
    let document = source.read()?;
    Ok(source.with(document))
}

/// Finds and loads a policy that is named in one word: a path, a system of the library (its document),
/// or `SYSTEM:PROFILE`.
///
/// # Errors
///
/// As [`choose_policy`], and for a profile that there is not.
pub fn choose_named(named: &str) -> Result<ChosenPolicy, Failure> {
    let whole = PolicyArgs {
        policy: named.to_owned(),
        profile: None,
    };
    let parts = named
        .split_once(':')
        .filter(|_| !reading::exists(Path::new(named)));
    let Some((system, profile)) = parts else {
        return choose_policy(&whole);
    };
    let profile = ProfileArg::from_str(profile, false).map_err(|_| {
        Failure::input(format!("a system has no profile `{profile}`"))
            .help("there are as-written and as-implemented")
    })?;
    if library::system(system).is_none() {
        return Err(unknown(system));
    }
    choose_policy(&PolicyArgs {
        policy: system.to_owned(),
        profile: Some(profile),
    })
}

fn unknown(named: &str) -> Failure {
    let systems = library::systems().iter().map(|system| system.name);
    let help = suggestion(
        named,
        systems,
        "`coalmine list` shows the systems of the library",
    );
    Failure::input(format!("there is no system and no file called `{named}`")).help(help)
}
