//! What the codes of semantic checks mean.

use crate::diagnostic::code_entry::{CodeEntry, entry};

/// The codes from 100 to 199: the meaning of a document.
pub(crate) const CODES: &[CodeEntry] = &[
    entry(
        "CM100",
        "the version of the format is not known",
        "Every file says which version of its format it follows; 1 is the only one so far. A file \
         of a later version may mean something else by the same words.",
    ),
    entry(
        "CM101",
        "a name is used twice",
        "Things of one kind refer to each other by name, so that a name must belong to one of them.",
    ),
    entry(
        "CM102",
        "a name leads nowhere",
        "Nothing is called so: no gate, class, signal, step, role or piece of evidence. A gate that \
         is misspelt guards nothing.",
    ),
    entry(
        "CM103",
        "a name is empty",
        "Reports and references need a name for everything that can be referred to.",
    ),
    entry(
        "CM104",
        "a name is listed twice",
        "The second mention changes nothing, so that another name was probably meant.",
    ),
    entry(
        "CM110",
        "stages are out of order",
        "Stages are played in the order of the file and exposure never falls from one to the next. \
         Equal targets are allowed: a stage may hold the exposure of the one before under other \
         gates.",
    ),
    entry(
        "CM111",
        "the initial share is above the first target",
        "The rollout would begin with more exposure than its first stage allows.",
    ),
    entry(
        "CM112",
        "a ramp never arrives",
        "A step of nothing or a factor of 1 or less never reaches the target, and steps that are \
         too small reach it after more increments than can be simulated (10 000).",
    ),
    entry(
        "CM113",
        "nobody can approve the increments",
        "A manual ramp asks the role that approves the stage, and the stage names none.",
    ),
    entry(
        "CM114",
        "a stage reaches nobody",
        "A target of 0% exposes nothing: a gate of the stage that reads the release has nothing to read. A percentage of a \
         staging console that was typed without its unit is a frequent cause. A first stage that waits, and reads the \
         service or nothing, is one before the release: windows fill, pods start, somebody approves.",
    ),
    entry(
        "CM120",
        "a trigger has no class",
        "The class of a gate says what is done when it fires. A trigger without one would do \
         nothing.",
    ),
    entry(
        "CM121",
        "a signal cannot be measured so",
        "Each kind of signal has its own measures: ratios have a ratio, latencies a quantile, \
         gauges a mean, counts a rate for each host and hour.",
    ),
    entry(
        "CM122",
        "a quantile is not between 0 and 1",
        "Quantiles are fractions: the 99th percentile is 0.99.",
    ),
    entry(
        "CM123",
        "a population is compared with itself",
        "Both sides of the comparison are the same number, so that the gate fires always or never.",
    ),
    entry(
        "CM124",
        "breaches cannot be joined so",
        "A gate's breach is joined with those of other gates that compare with a limit at the same instant: not with \
         itself, not with gates that are joined themselves, and not with tests that take every request once.",
    ),
    entry(
        "CM125",
        "a window cannot be filled",
        "The window asks for nothing, for less time than one evaluation takes, or for more breaches \
         than it holds evaluations.",
    ),
    entry(
        "CM126",
        "the numbers of a test make no sense",
        "Levels lie strictly between 0 and 1, effects and factors are positive, and errors of both \
         kinds stay below 100 % together. Anything else tests nothing.",
    ),
    entry(
        "CM127",
        "a test cannot be fed by its gate",
        "A test of counts reads the ratio of a signal, every request once; a test against the control \
         reads the canary and refers to the control; a test of a known rate has an absolute limit; a \
         window inside the look-back time is shorter than it.",
    ),
    entry(
        "CM128",
        "a unit does not fit",
        "A number may be written with the unit of its signal: a percentage where the signal is a ratio (`1%` is \
         0.01), a length of time where it is a latency (`1.5s` is 1500 milliseconds). Counts, rates and gauges \
         have no unit that could be written.",
    ),
    entry(
        "CM129",
        "nothing can be said before the start",
        "Before a rollout starts everything is on the old version: a gate on the new one, one that compares two versions and \
         a test that takes every request have nothing to look at then. What is red at the start is asked of triggers.",
    ),
    entry(
        "CM130",
        "there is no ladder",
        "A class takes the next rung of a fallback ladder that the policy does not have.",
    ),
    entry(
        "CM131",
        "there is no kill switch",
        "Something throws a kill switch that the policy does not have.",
    ),
    entry(
        "CM135",
        "a distribution makes no sense",
        "The parameters of a delay contradict each other, for example a lower bound above the upper.",
    ),
    entry(
        "CM140",
        "a number makes no sense here",
        "The number is not finite, or outside of the bounds within which it means something: a \
         probability above 1, a negative rate, nothing at a time.",
    ),
    entry(
        "CM141",
        "the weights of a mixture do not add up to 1",
        "Each weight is the probability of its part, and one of the parts always applies.",
    ),
    entry(
        "CM142",
        "the parts of the regions do not add up to 100 %",
        "Every host is in exactly one region, so that the parts of all regions make up the fleet.",
    ),
    entry(
        "CM143",
        "a time is zero",
        "An interval, deadline or horizon of no length would never get on, or be over at once.",
    ),
    entry(
        "CM144",
        "a movement cannot be added to this signal",
        "Summands (`link: identity`) can take a level anywhere, below zero too; ratios, counts and \
         latencies move by factors.",
    ),
    entry(
        "CM145",
        "a history cannot be resampled so",
        "Blocks are a whole number of steps and no longer than the history that they are cut from; a \
         history has at least two values.",
    ),
    entry(
        "CM150",
        "there is too much or too little of something",
        "Lists hold at most 1 000 entries, fleets 1 to 10 000 000 hosts, and things are tried at \
         most 1 000 times; a policy needs a stage and a rollback needs a step. The upper bounds are \
         far beyond real rollouts and keep a hostile file from hanging the machine.",
    ),
    entry(
        "CM151",
        "a run would be too long",
        "A run holds at most 100 000 000 evaluations and 10 000 000 scrapes, and one window at most \
         1 000 000 of either. Beyond that a single run takes hours. One that is told event by event (`run`) has at most \
         300 000 of them.",
    ),
    entry(
        "CM152",
        "a harm that nobody could count",
        "Harm is the share of requests that fail, or that are slow, above normal. A level such as a \
         throughput says of no request that it failed; a weight belongs to a signal that harms users, from 0 \
         to 1, and `slow-above` to a latency, below its time-out.",
    ),
    entry(
        "CM153",
        "a key of a splitter does nothing",
        "Workers keep turns of their own, two choices are drawn by a coin, and a splitter that does not read weights \
         has neither steps nor a ring of them. A key that the other ones leave nothing to do would be accepted \
         and ignored.",
    ),
    entry(
        "CM154",
        "a calendar does nothing, or never opens",
        "A calendar says when a rollout may go forward. One that is always open is accepted for nothing, and one that never \
         opens keeps the rollout where it is for ever.",
    ),
    entry(
        "CM160",
        "an objective cannot be missed",
        "A good release cannot be a missed regression, and a bad one cannot be rolled back falsely.",
    ),
    entry(
        "CM161",
        "an expectation cannot be missed",
        "Every outcome happens in at least 0 % of the runs.",
    ),
    entry(
        "CM162",
        "an objective is always met",
        "At most 100% of the runs, or at least 0% of them: such a limit holds whatever the policy does, and a \
         study that says PASS because of it says nothing.",
    ),
    entry(
        "CM163",
        "an effect changes nothing",
        "The effect is aimed at something that does not exist or that it cannot change. A run whose \
         fault did nothing proves nothing.",
    ),
    entry(
        "CM164",
        "a bad release does nothing",
        "Without effects, faults or flawed evidence there is nothing that a policy could notice.",
    ),
    entry(
        "CM165",
        "an effect begins after the end",
        "The simulation is over before the effect begins.",
    ),
    entry(
        "CM166",
        "the simulation ends before the rollout can",
        "The stages must be observed for longer than the simulation lasts, and the rollout is \
         expected to complete.",
    ),
    entry(
        "CM167",
        "a noise model does not fit its signal",
        "The model was made from another kind of number than the world's signal is: a level cannot \
         take the place of a fraction, and gates on it would read nothing.",
    ),
    entry(
        "CM168",
        "a fault cannot happen here",
        "The policy or the world lacks what the fault would happen to: a kill switch, a step, a signal, a \
         piece of evidence or somebody with the role. It would change nothing and so rehearse nothing.",
    ),
    entry(
        "CM169",
        "a formula means nothing",
        "An invariant of your own is a formula over events and quantities of a rollout, such as \
         `always(rollback_began -> eventually[0s, 60s](serving_new == 0))`. A word in it is misspelt, a \
         bracket is missing, or something is compared that cannot be. `coalmine explain formula` lists \
         the words.",
    ),
    entry(
        "CM170",
        "nothing of the release can be scaled",
        "An operating characteristic plays a release with stronger and weaker effects. That needs an \
         effect on the level of a signal: a summand, a factor or a common shock.",
    ),
    entry(
        "CM171",
        "an effect cannot be scaled so far",
        "A factor below 1 shrinks a level by a part of it; more than the whole of it is nothing that a \
         signal could do.",
    ),
    entry(
        "CM172",
        "an expectation contradicts itself",
        "A rehearsal fails exactly where an invariant is broken. A verdict of `fail` names the invariants \
         under `breaks:`, and any other verdict has none there.",
    ),
    entry(
        "CM173",
        "it is not clear when a fault begins",
        "A rehearsed fault begins at a time (`time: 3h`), after an event (`after: rollback-decided`, with \
         `stage:`, `delay:` and `within:` where they are wanted) or when the rollout is first in a state \
         (`when: \"state == paused\"`). Exactly one of the three is said.",
    ),
    entry(
        "CM174",
        "a state means nothing",
        "The state in which a fault begins is `state == ...`, `stage == ...`, or both joined by `and`: \
         `state == paused and stage == canary`. States are staged, paused, rolling_back, reverted, \
         fallen_back and killed.",
    ),
    entry(
        "CM175",
        "a step of the method has no place",
        "A step is a fault, or children with a `template-type`: `Serial`, where each begins when the one \
         before has ended, or `Parallel`, where all begin together. What others follow must end by itself.",
    ),
    entry(
        "CM176",
        "a tolerance is no bound",
        "What a policy is to withstand is `any`, `none`, or a size at most in the unit of the fault: \
         `<= 12s` for one that lasts or delays, `<= 60%` for one that is a share or a probability.",
    ),
    entry(
        "CM177",
        "a bad release only makes things better",
        "Everything that the release does is in the direction that the gates call harmless: fewer errors, lower \
         latencies. To let it through is right, and the study would call it a missed regression.",
    ),
    entry(
        "CM178",
        "a good release fails its users",
        "The release is called good, and a twentieth or more of the requests of the new version fail for as long as \
         it runs. To take it back is right, and the study would call it a false rollback. What passes by itself, \
         such as a cold cache, has a course that ends; what is not the release's doing belongs under `faults:`.",
    ),
    entry(
        "CM179",
        "a gap is waived without a reason",
        "A policy may leave something unsaid on purpose. The reason says so to whoever reads it next, and to \
         whoever judges the campaign.",
    ),
    entry(
        "CM180",
        "a case does not hold its world",
        "A case is played again long after it was found. What it names elsewhere, in the library or in another \
         file, can change; the case would be another one, and nobody would know.",
    ),
    entry(
        "CM181",
        "a guard that cannot be asked",
        "A guard is a program: it needs a name, a time for its answer, and a meaning for what it answers. Exit codes \
         are answers of a program that is started for each question; one that answers many writes lines.",
    ),
    entry(
        "CM182",
        "a program decides, and nobody lets it run",
        "A file never runs a program on its own: `coalmine run` and `coalmine simulate` do with --allow-exec. No other \
         command asks a guard, and without its guard the policy would be another one.",
    ),
];
