//! Which policy is meant.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use scenarios::library::{self, System};
use scenarios::{Document, Report, files, load, reading};
use sim_core::decider::GuardHandle;
use sim_core::policy::{Policy, Profile};

use super::assume::AssumeArgs;
use super::exec::{Exec, ExecArgs};
use super::foreign::{self, ForeignPolicy};
use super::source::{quoted, suggestion};
use crate::cli::failure::Failure;
use crate::guard::{AskedGuard, NeverAsked};

/// The policy under test.
#[derive(Args, Clone, Debug)]
pub struct PolicyArgs {
    /// A system of the library (see `coalmine list`) or a path to a policy file
    pub policy: String,
    /// Which reading of a library system: its document or its code [default: as-written]
    #[arg(long, value_enum)]
    pub profile: Option<ProfileArg>,
    /// The world of a file of another product.
    #[command(flatten)]
    pub assume: AssumeArgs,
    /// What becomes of a program that decides.
    #[arg(skip)]
    pub exec: Exec,
}

impl PolicyArgs {
    /// The same policy, whose program may run where the command line says so.
    #[must_use]
    pub fn allowing(&self, exec: ExecArgs) -> Self {
        let exec = Exec::said(exec);
        Self {
            exec,
            ..self.clone()
        }
    }
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
    /// What it was lowered from, where it is a policy of another product.
    pub foreign: Option<Box<ForeignPolicy>>,
    /// What becomes of a program that decides.
    pub exec: Exec,
    /// The program that decides, where it may run.
    pub guard: Option<Arc<AskedGuard>>,
}

/// Where a policy comes from, before anything of it is read.
#[derive(Clone, Debug)]
pub struct PolicySource {
    /// What was said on the command line.
    pub named: String,
    /// The system of the library, and which reading of it.
    pub library: Option<(&'static System, ProfileArg)>,
    /// The world of a policy of another product.
    pub assume: AssumeArgs,
    /// What becomes of a program that decides.
    pub exec: Exec,
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
            let (assume, exec) = (args.assume.clone(), args.exec);
            return Ok(Self {
                named,
                library,
                assume,
                exec,
            });
        }
        if !reading::exists(Path::new(&named)) {
            return Err(unknown(&named));
        }
        if args.profile.is_some() {
            let what = "--profile chooses between the readings of a library system";
            let help = format!("leave it out: {named} is a file and says its profile itself");
            return Err(Failure::usage(what).help(help));
        }
        Ok(Self {
            named,
            library: None,
            assume: args.assume.clone(),
            exec: args.exec,
        })
    }

    /// Reads a policy of our own form.
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

    /// Reads the policy; one of another product is lowered to our form.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn choose(&self) -> Result<ChosenPolicy, Vec<Report>> {
        let path = Path::new(&self.named);
        let foreign = match self.library {
            None => foreign::recognised(path).map_err(|report| vec![report])?,
            Some(_) => None,
        };
        if let Some(file) = foreign {
            let assumed = (&self.assume.assumed(), self.assume.words());
            let (document, foreign) = foreign::lowered(path, file, assumed)?;
            return Ok(self.clone().with(document, Some(Box::new(foreign))));
        }
        let document = self.read().map_err(|report| vec![report])?;
        Ok(self.clone().with(document, None))
    }

    /// Refuses assumptions about a world that the scenarios of the policy describe.
    ///
    /// # Errors
    ///
    /// That there is an option that would say nothing.
    pub fn unasked(&self, chosen: &ChosenPolicy) -> Result<(), Failure> {
        match self.assume.given().filter(|_| chosen.foreign.is_none()) {
            Some(option) => {
                let what =
                    format!("{option} is for a file of Argo Rollouts, of Flagger or of alerts");
                let help = format!(
                    "leave it out: the scenarios of {} say their world",
                    self.named
                );
                Err(Failure::usage(what).help(help))
            }
            None => Ok(()),
        }
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
    fn with(self, document: Document<Policy>, foreign: Option<Box<ForeignPolicy>>) -> ChosenPolicy {
        let guard = self.exec.guard(&document.value, &self.folder());
        let Self {
            named,
            library,
            exec,
            ..
        } = self;
        ChosenPolicy {
            document,
            named,
            library,
            foreign,
            exec,
            guard,
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
            assume: AssumeArgs::default(),
            exec: self.exec,
        }
    }

    /// Returns the folder of the policy file, for what lies beside it.
    pub fn folder(&self) -> PathBuf {
        self.source().folder()
    }

    /// Returns the words that name this policy on a command line.
    pub fn words(&self) -> String {
        if let Some((system, ProfileArg::AsImplemented)) = self.library {
            format!("{} --profile as-implemented", system.name)
        } else {
            let options = self.foreign.as_ref().map(|foreign| &foreign.options[..]);
            quoted(&self.named) + options.unwrap_or_default()
        }
    }

    /// Returns the same policy with another text; one of another product in the world that is assumed.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the text.
    #[cfg(feature = "serve")]
    pub fn rewritten(&self, text: Option<&str>, assume: &AssumeArgs) -> Result<Self, Failure> {
        let source = self.source();
        if let Some(foreign) = &self.foreign {
            let assumed = (&assume.assumed(), assume.words());
            let lowered = foreign::relowered(foreign, text, assumed);
            let (document, foreign) = lowered.map_err(Failure::Reports)?;
            return Ok(source.with(document, Some(Box::new(foreign))));
        }
        let text = text.unwrap_or(&self.document.source);
        let document = load::policy(&self.document.name, text.as_bytes())?;
        Ok(source.with(document, None))
    }

    /// What decides in the place of its gates; none where they do, and where a program may not run.
    pub fn decider(&self) -> Option<GuardHandle> {
        if let Some(guard) = &self.guard {
            let guard = Arc::clone(guard);
            return Some(GuardHandle(guard));
        }
        let looked_at = self.exec == Exec::Unasked && self.document.value.decide.is_some();
        looked_at.then(|| GuardHandle(Arc::new(NeverAsked)))
    }

    /// Refuses a policy that another product's engine decides, or a program.
    ///
    /// # Errors
    ///
    /// That it is one, with why `command` cannot take it.
    pub fn must_decide_itself(&self, command: &str, why: &str) -> Result<(), Failure> {
        if let Some(refusal) = load::not_allowed(&self.document) {
            return Err(Failure::Reports(vec![refusal]));
        }
        let Some(foreign) = &self.foreign else {
            return Ok(());
        };
        let file = (&self.document.name[..], &self.document.source[..]);
        Err(foreign::refusal(
            file,
            &foreign.lowered.subject,
            command,
            why,
        ))
    }
}

/// Finds and loads the policy that is meant.
///
/// # Errors
///
/// When there is no such system and no such file, and for everything that is wrong with the file.
pub fn choose_policy(args: &PolicyArgs) -> Result<ChosenPolicy, Failure> {
    let source = PolicySource::find(args)?;
    let chosen = source.choose().map_err(Failure::Reports)?;
    source.unasked(&chosen)?;
    Ok(chosen)
}

/// Finds and loads a policy that is named in one word: a path, a system of the library (its document),
/// or `SYSTEM:PROFILE`.
///
/// # Errors
///
/// As [`choose_policy`], and for a profile that there is not.
pub fn choose_named(named: &str) -> Result<ChosenPolicy, Failure> {
    choose_assuming(named, &AssumeArgs::default())
}

/// Does the same, and takes one of another product in the world that is assumed.
///
/// # Errors
///
/// As [`choose_named`].
pub fn choose_assuming(named: &str, assume: &AssumeArgs) -> Result<ChosenPolicy, Failure> {
    let whole = PolicyArgs {
        policy: named.to_owned(),
        profile: None,
        assume: assume.clone(),
        exec: Exec::default(),
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
        assume: assume.clone(),
        exec: Exec::default(),
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
