//! Addresses of random draws: which purpose every stream of draws serves.
//!
//! A draw is addressed by (purpose, entity, tick). Purposes never change their number: a new purpose
//! gets a new number, so that adding one moves no draw that was there before.

/// How many requests arrive: entity is the population, tick the scrape interval.
pub(crate) const ARRIVALS: u32 = 1;
/// The order of hosts and their own factors: entity is the host.
pub(crate) const HOST_EFFECT: u32 = 2;
/// Which hosts an effect reaches: entity is the effect, tick the host.
pub(crate) const SUBSET: u32 = 3;
/// The delays of people: entity is the operator, tick counts the questions.
pub(crate) const ANSWER: u32 = 4;
/// The delays of rollback steps, rungs and switches: entity is the step, tick counts the retries, and
/// above them the attempts of the rollout and the turns of a step that is repeated.
pub(crate) const STEP: u32 = 5;
/// The first entity of [`STEP`] that is a rung and no step.
pub(crate) const RUNGS: u32 = 1000;
/// The entity of [`STEP`] that is the kill switch.
pub(crate) const SWITCH: u32 = 2000;
/// The entity of [`STEP`] that is the clients behind the kill switch.
pub(crate) const CLIENTS: u32 = 2001;
/// The queue of work that a kill switch or a drain finds: entity counts the drains.
pub(crate) const QUEUE: u32 = 6;
/// The first entity of [`QUEUE`] that is a wave whose workers are replaced, and no drain.
pub(crate) const REPLACED: u32 = 1 << 16;
/// Waves of host updates: the tick is the host, the entity the wave.
pub(crate) const WAVE: u32 = 7;
/// The slow movement that the populations of a signal share: entity is the signal.
pub(crate) const SHARED_NOISE: u32 = 8;
/// The slow movement of one population: entity is the signal and population.
pub(crate) const OWN_NOISE: u32 = 9;
/// The samples of signals: entity is the signal and population, tick the scrape interval.
pub(crate) const SAMPLE: u32 = 10;
/// When in the week the rollout starts, where nobody said so.
pub(crate) const CALENDAR: u32 = 11;
/// The phase of the blocks or steps that a history is resampled in: entity is the signal.
pub(crate) const RESAMPLE_PHASE: u32 = 12;
/// Which part of a history the populations of a signal share: entity is the signal, tick the block or
/// step.
pub(crate) const SHARED_RESAMPLE: u32 = 13;
/// Which part of a history one population plays: entity is the signal and population, tick the block or
/// step.
pub(crate) const OWN_RESAMPLE: u32 = 14;
/// What happens to commands on their way to hosts: entity is the effect and the wave, tick the host.
pub(crate) const COMMAND: u32 = 15;
/// Which samples do not arrive: entity is the effect, or the signal and population, tick the scrape.
pub(crate) const LOSS: u32 = 16;
/// What is added to the delays of people and switches: entity is the effect, tick counts the questions.
pub(crate) const EXTRA: u32 = 17;
/// By how much later than it could an effect begins: entity is the effect, by its id.
pub(crate) const MOMENT: u32 = 18;
/// Which requests of a recording reached the canary: entity is the signal, tick the step of the recording.
pub(crate) const DEALT: u32 = 19;
/// What another product asks and the world does not simulate: entity is the gate, tick counts the calls; beyond
/// [`TICKS`] the phase of its clock.
pub(crate) const FOREIGN: u32 = 20;
/// The entity of [`FOREIGN`] that is the phase of a clock.
pub(crate) const TICKS: u32 = u32::MAX;
/// What a service did before a rollout started: entity is the signal, [`ARRIVALS_BEFORE`] its arrivals, tick counts the
/// scrape intervals backwards from the start.
pub(crate) const BEFORE: u32 = 21;
/// The entity of [`BEFORE`] that is the requests of all signals.
pub(crate) const ARRIVALS_BEFORE: u32 = u32::MAX;
/// What a splitter draws: entity 1 is the users of each part of the range of hashes, 2 the requests of an
/// interval, 3 the sessions that outlive a rollback, 4 and more who always fails, one a signal.
pub(crate) const SPLIT: u32 = 22;
/// When other releases come after this one: tick counts them.
pub(crate) const RELEASES: u32 = 23;
