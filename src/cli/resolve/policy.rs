//! Which policy is meant.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use scenarios::library::{self, System};
use scenarios::{Document, Report, files, load, reading};
use sim_core::decider::GuardHandle;
use sim_core::policy::Policy;

use super::assume::AssumeArgs;
use super::exec::Exec;
use super::foreign::{self, ForeignPolicy};
use super::policy_args::{PolicyArgs, ProfileArg};
use super::source::{quoted, suggestion};
use crate::cli::failure::Failure;
use crate::guard::{AskedGuard, NeverAsked};

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
    /// What decides in the place of its gates in a rehearsal with real monitoring.
    pub stand_in: Option<GuardHandle>,
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
            stand_in: None,
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
        if self.stand_in.is_some() {
            return self.stand_in.clone();
        }
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
        let other = self.foreign.as_ref().filter(|foreign| !foreign.is_native());
        let Some(foreign) = other else {
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

pub(super) fn unknown(named: &str) -> Failure {
    let systems = library::systems().iter().map(|system| system.name);
    let help = suggestion(
        named,
        systems,
        "`coalmine list` shows the systems of the library",
    );
    Failure::input(format!("there is no system and no file called `{named}`")).help(help)
}
