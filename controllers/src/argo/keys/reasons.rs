//! Why a key of Argo decides nothing in a simulation.

use crate::keys::Role;

pub(super) const OBJECT: Role = Role::Ignored("identity of the object");
pub(super) const STATUS: Role = Role::Ignored("what a controller wrote; a simulation starts anew");
pub(super) const PODS: Role = Role::Ignored("shapes pods; how they behave is the scenario's");
pub(super) const CLUSTER: Role = Role::Ignored("names objects of the cluster; it decides nothing");
pub(super) const ROUTER: Role =
    Role::Ignored("any router is taken as one that sets weights at once");
pub(super) const HISTORY: Role = Role::Ignored("keeps history; it decides nothing");
pub(super) const SOURCE: Role = Role::Ignored("where it is measured; the scenario answers");
pub(super) const REVISIONS: Role =
    Role::Ignored("counts earlier revisions; a simulation has one new one");
pub(super) const ROUTES: Role =
    Role::Ignored("which requests a route takes; the scenario's traffic is not told apart");
pub(super) const GATE: Role = Role::Ignored(
    "an experiment or a plugin is a gate with a duration and a probability of the scenario",
);
