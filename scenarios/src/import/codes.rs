//! What the codes about other people's policies mean.

use crate::diagnostic::code_entry::{CodeEntry, entry};

/// The codes from 400 to 419: reading; from 420 on: what an object does that its owner may not expect. The facts were
/// seen by running Argo Rollouts 1.10.1, Flagger 1.44.0, Prometheus 3.16.0 and sloth 0.16.0, and read in Kayenta a69573b.
pub(crate) const CODES: &[CodeEntry] = &[
    entry(
        "CM400",
        "the file is a policy of another product",
        "It is well-formed, and it is not one of coalmine's own documents. `coalmine import` says what of it is read, \
         `coalmine lint` what it will do.",
    ),
    entry(
        "CM401",
        "the file is a template that is to be rendered first",
        "Text between `{{` and `}}` is filled in by Helm or another engine; before that the file is no YAML. Render it, and \
         import what comes out.",
    ),
    entry(
        "CM402",
        "a value does not fit the form of its product",
        "The product would refuse the object: a number where a list is expected, a quoted number, a duration without a unit.",
    ),
    entry(
        "CM403",
        "a key is not one of the product's",
        "An API server drops keys that the definition of the resource does not have, without a word: a misspelt limit is a \
         limit that does not hold.",
    ),
    entry(
        "CM404",
        "the file is recognised and not read yet",
        "coalmine knows what it is, and has no rules of counting for this product. The nearest template of `coalmine init` \
         is a policy to start from.",
    ),
    entry(
        "CM405",
        "the file holds no policy of a known product",
        "Known are Argo Rollouts, Flagger, Kayenta, rules of Prometheus, sloth and OpenSLO; AWS CodeDeploy, Kruise Rollouts, \
         Keptn and Spinnaker are recognised.",
    ),
    entry(
        "CM420",
        "a condition never evaluates",
        "It cannot be compiled, or names something that there is not. Each measurement is an Error; five in a row, ten seconds \
         apart, end the run, and the rollout aborts: the release is never at fault, and always stopped.",
    ),
    entry(
        "CM421",
        "every run of an analysis is an Error before it measures",
        "Argo accepts the Rollout and refuses the metric when its run begins: `failureLimit: -1` without \
         `consecutiveSuccessLimit`, a `failureLimit` above `count`, a count without an interval, an argument that nobody \
         declares. The rollout aborts, always.",
    ),
    entry(
        "CM422",
        "a metric cannot fail",
        "A metric fails with more failed measurements than `failureLimit`. Where that equals `count`, all may fail and the \
         result is Successful.",
    ),
    entry(
        "CM423",
        "one failed check ends the release",
        "Without a limit one bad measurement is enough, and there are many of them: a check that is wrong once in a hundred \
         times stops most good releases of a long rollout.",
    ),
    entry(
        "CM424",
        "a background analysis is over before the release is",
        "With a `count` it completes Successful and is not started again; the steps that follow are not guarded.",
    ),
    entry(
        "CM425",
        "nothing judges the release",
        "No analysis, no metric and no webhook that could fail. A release that fails every request advances as a good one does.",
    ),
    entry(
        "CM426",
        "a weight cannot be reached with these replicas",
        "Without a router pods are the weight. The nearest counts of pods may be far from the weight: one replica at 10 % is \
         one canary beside one stable pod, half of all traffic.",
    ),
    entry(
        "CM427",
        "the canary goes beyond its maximum weight",
        "Flagger asks whether the weight is below `maxWeight` before it adds a step, so that steps of 20 to a maximum of 50 \
         reach 60. What is exposed is the weight that is reached.",
    ),
    entry(
        "CM428",
        "what no data means is left to the spelling of a condition",
        "An empty answer is an Error for `result[0]`, passes `mean(result) < x` and `all(...)`, and NaN fails a \
         successCondition and passes a failureCondition. Say what no data means.",
    ),
    entry(
        "CM429",
        "checks look at the same requests",
        "With a window longer than the interval one bad second is in several checks in a row. Limits on failed checks bear \
         fewer incidents than they seem to.",
    ),
    entry(
        "CM430",
        "there are too few requests for the limit",
        "At little traffic one failed request is more than the limit allows. A gate of 99 % at 60 requests a window fails one \
         good check in seventeen; at 300 it fails one in four hundred.",
    ),
    entry(
        "CM431",
        "errors have a clock of their own",
        "A measurement that errs is retried every ten seconds whatever the interval, and five in a row end the run: an outage \
         of the metrics of 40 seconds aborts a rollout that would bear three failures five minutes apart.",
    ),
    entry(
        "CM432",
        "the progress deadline does not abort",
        "It marks the Rollout as Degraded. Only `progressDeadlineAbort: true` rolls back.",
    ),
    entry(
        "CM433",
        "a score cannot be reached",
        "Weights of groups without metrics are lost, so that even a canary in which everything passes stays below the threshold.",
    ),
    entry(
        "CM434",
        "there are too few points for a judgement",
        "Kayenta's judge needs some 50 points. One point against one is an Error, which no score counts; two against two are \
         High by chance in 12 of 100; and its solver stops at 0.0001, so that shares near 0.00001 are never High.",
    ),
    entry(
        "CM435",
        "an aborted canary keeps traffic",
        "A stable set that was scaled down with its weight must be scaled up first; until it can carry the next lower step the \
         canary keeps its weight.",
    ),
    entry(
        "CM436",
        "the order of series decides",
        "`max` and `min` of a list with NaN depend on where the NaN stands.",
    ),
    entry(
        "CM437",
        "a dry run catches more metrics than it names",
        "The name of a dry run is a pattern that is searched for anywhere: `errors` makes `errors-payment` a dry run as well.",
    ),
    entry(
        "CM438",
        "the product refuses the object",
        "It is accepted as YAML and refused by the product's own validation: a release with it never starts, or none of the \
         file's rules is loaded.",
    ),
    entry(
        "CM439",
        "the canary never ends",
        "The next of `stepWeights` is found by the value of the present one: equal or falling neighbours are never left. No \
         failure and no message tells of it.",
    ),
    entry(
        "CM440",
        "a check always fails",
        "A template that asks for `{{ interval }}` gets an empty one unless the metric says it; a metric without a limit allows \
         nothing above 0. Every release is rolled back.",
    ),
    entry(
        "CM441",
        "checks go on while a gate waits",
        "Every tick checks again, failures before and during the wait add up, and a failing tick does not ask the gate: the \
         slower the approver, the more good releases are rolled back.",
    ),
    entry(
        "CM442",
        "a key does something else than it says",
        "For instance weights under a provider that has none, an interval below the floor, or two keys of which one wins.",
    ),
    entry(
        "CM443",
        "missing data counts as good, or as zero",
        "A group of which no metric has data counts as 100 with its full weight. `nanStrategy: replace` makes zeros of NaN, \
         which is Low, or a pass where zero is good.",
    ),
    entry(
        "CM444",
        "any precise change counts",
        "The tolerance of Kayenta's judge is a quarter of the estimated change itself, so that it never excludes a small one. \
         `effectSize` says how large a change must be.",
    ),
    entry(
        "CM445",
        "a rate has too few samples",
        "Windows are open on the left since Prometheus 3: one as long as the scrape interval holds one sample, and a rate \
         needs two.",
    ),
    entry(
        "CM446",
        "no traffic decides an alert",
        "NaN is unequal to everything, so that `!=` fires on it; any other comparison is silent about what is not there.",
    ),
    entry(
        "CM447",
        "a limit switches the alert off",
        "A rule with more alerts than `limit` is an error: its alerts are dropped.",
    ),
    entry(
        "CM448",
        "a restart delays the alert",
        "A `for` is restored after a restart with at least ten minutes to go; one of ten minutes or less begins anew.",
    ),
    entry(
        "CM449",
        "a ratio outlives its target",
        "Both rates shrink alike when samples stop, so that their ratio stays, or rises if the errors were late in the window; \
         a rollback may be decided by data that only ages. A counter that is born with the first errors loses its first jump.",
    ),
    entry(
        "CM450",
        "what sloth makes of an objective",
        "Budgets are computed in floating point and are a little less than written; OpenSLO v1alpha gives rules without \
         alerts, and v1 is refused.",
    ),
    entry(
        "CM451",
        "an expression is outside of what is simulated",
        "The product takes it, and coalmine does not count it. `coalmine import` lists it as unsupported.",
    ),
    entry(
        "CM452",
        "an answer of a webhook counts otherwise than it looks",
        "Flagger takes no status above 202: 204 No Content is a failure. A gate of a blue/green release is asked every second tick.",
    ),
    entry(
        "CM453",
        "a revision can be lost",
        "A failed Canary notes the newest revision on every tick. One that is pushed while the primary is not ready is noted and \
         never rolled out: nothing fails and nothing is said.",
    ),
    entry(
        "CM454",
        "an edit takes the alert back",
        "An alert belongs to its rule as it is written. With another `for`, label or expression it begins anew: what fires is silent \
         until the whole `for` has passed again.",
    ),
    entry(
        "CM455",
        "a second alert waits for its group",
        "Alertmanager counts `group_wait` from when an alert began: one that began longer ago is sent at once and alone, and the \
         next of its group waits for `group_interval`, 5 min unless said otherwise.",
    ),
    entry(
        "CM460",
        "nothing in the file rolls out",
        "A template or a run judges and moves nothing by itself. A Rollout of Argo Rollouts and a Canary of Flagger can be \
         simulated; what they name is found in the same file or beside it. Alerts of Prometheus, sloth and OpenSLO are simulated \
         against a release that gets its traffic at once.",
    ),
    entry(
        "CM461",
        "there are several rollouts in the file",
        "A simulation is of one release. Put each Rollout or Canary into a file of its own.",
    ),
    entry(
        "CM462",
        "a key is not simulated",
        "It decides something, and coalmine does not play it; a result without it would be one of another policy. `coalmine import` \
         lists the same keys as unsupported.",
    ),
    entry(
        "CM463",
        "the product refuses the object",
        "It is invalid by the product's own rules, so that it never starts and there is nothing to simulate.",
    ),
    entry(
        "CM464",
        "the rollout cannot be simulated as it is",
        "Its state, its size or what it measures is beyond what can be played; the reason is said.",
    ),
    entry(
        "CM465",
        "an object that the rollout names is missing",
        "What judges the release is in another object. It is looked for in the same file and in the files beside it; two of one name \
         in other files count as none, since nobody can say which is meant.",
    ),
    entry(
        "CM466",
        "a command does not take the policy of another product yet",
        "It reads or changes gates of coalmine's own form, which do not decide here: the product's engine does.",
    ),
    entry(
        "CM467",
        "a key has no native form",
        "The product's engine decides by it, and a policy of coalmine's own form cannot say it: `coalmine import --native` writes no \
         policy that leaves it out in silence.",
    ),
];
