//! The maker: collects mutants and leaves out what changes nothing.

use sim_core::policy::{Action, Gate, Policy};

use super::table::{OPERATORS, Operator};
use crate::mutant::Mutant;
use crate::mutant::manual_triggers::is_by_hand;

/// Makes the mutants of one policy.
pub(super) struct Maker<'p> {
    pub policy: &'p Policy,
    mutants: Vec<Mutant>,
}

/// Where an operator is applied, and what is lost there.
pub(super) struct Site {
    pub name: String,
    pub loses: String,
    pub needs: Vec<String>,
    pub dead: bool,
}

impl Site {
    pub fn new(name: impl Into<String>, loses: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            loses: loses.into(),
            needs: Vec::new(),
            dead: false,
        }
    }

    /// A place that the policy can come to only if `alive`.
    #[must_use]
    pub const fn if_alive(mut self, alive: bool) -> Self {
        self.dead = !alive;
        self
    }

    /// Something that puts the place to the test; any one of several will do.
    #[must_use]
    pub fn needing(mut self, need: impl Into<String>) -> Self {
        self.needs.push(need.into());
        self
    }
}

impl<'p> Maker<'p> {
    pub const fn new(policy: &'p Policy) -> Self {
        Self {
            policy,
            mutants: Vec::new(),
        }
    }

    /// Whether any gate or piece of evidence that a stage looks at can do this.
    pub fn can(&self, action: Action) -> bool {
        let policy = self.policy;
        policy
            .classes
            .iter()
            .any(|class| class.action == action && self.acts(&class.id))
    }

    /// Whether the policy can ever roll back.
    pub fn rolls_back(&self) -> bool {
        let enforced = self
            .policy
            .blast_radius
            .is_some_and(|radius| radius.enforced);
        enforced || self.can(Action::Rollback) || self.can(Action::StepBack)
    }

    /// Whether a class can ever act: by a gate, by evidence, or because somebody calls for it.
    pub fn acts(&self, class: &str) -> bool {
        let has = |known: &Option<String>| known.as_deref() == Some(class);
        let policy = self.policy;
        let mut classes = policy.classes.iter();
        classes.any(|known| known.id == class && is_by_hand(policy, known))
            || policy.stages.iter().any(|stage| {
                let mut gates = policy.gates.iter();
                let mut evidence = policy.evidence.iter();
                gates.any(|gate| has(&gate.class) && stage.triggers.contains(&gate.id))
                    || evidence.any(|known| has(&known.class) && stage.hold.contains(&known.id))
            })
    }

    /// Adds the policy as `edit` leaves it, unless that is as it was.
    pub fn policy(&mut self, operator: &'static str, site: Site, edit: impl FnOnce(&mut Policy)) {
        let mut policy = self.policy.clone();
        edit(&mut policy);
        if policy != *self.policy {
            let mutant = Self::mutant(operator, site, policy);
            self.mutants.push(mutant);
        }
    }

    /// Adds the policy with one gate as `edit` leaves it.
    pub fn gate(
        &mut self,
        operator: &'static str,
        gate: &Gate,
        loses: impl Into<String>,
        edit: impl FnOnce(&mut Gate),
    ) {
        let site = Site::new(&gate.id, loses).needing(format!("gate:{}", gate.id));
        self.policy(operator, site, |policy| {
            let known = policy.gates.iter_mut().find(|known| known.id == gate.id);
            edit(known.expect("it is a gate of the policy"));
        });
    }

    /// Adds the policy as it is, carried out by a machine that `edit` makes worse.
    pub fn machine(&mut self, operator: &'static str, site: Site, edit: impl FnOnce(&mut Mutant)) {
        let mut mutant = Self::mutant(operator, site, self.policy.clone());
        edit(&mut mutant);
        self.mutants.push(mutant);
    }

    fn mutant(name: &'static str, site: Site, policy: Policy) -> Mutant {
        let known = |operator: &&Operator| operator.name == name;
        let operator = OPERATORS.iter().find(known);
        Mutant {
            operator: name,
            site: site.name,
            loses: site.loses,
            critical: operator.expect("every operator is in the table").critical,
            needs: site.needs,
            dead: site.dead,
            policy,
            forgets: Vec::new(),
            gives_up: false,
            lapses: Vec::new(),
        }
    }

    /// Returns the mutants in the order of the table.
    pub fn finish(mut self) -> Vec<Mutant> {
        let place = |mutant: &Mutant| {
            OPERATORS
                .iter()
                .position(|known| known.name == mutant.operator)
        };
        self.mutants.sort_by_key(place);
        self.mutants
    }
}
