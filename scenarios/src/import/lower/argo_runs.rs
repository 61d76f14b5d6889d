//! What runs beside a Rollout: analyses with the templates that they name, experiments and plugins.

use controllers::argo::args;
use controllers::argo::facts;
use controllers::argo::form::{
    AnalysisTemplate, AnalysisTemplateSpec, CanaryStep, RolloutAnalysis, TemplateRef,
};
use controllers::argo::metric::Metric;
use controllers::argo::orders::RunKind;
use controllers::argo::run::AnalysisSpec;
use controllers::argo::templates::{self, Place};
use controllers::flagger::duration;
use serde_json::Value as Json;
use sim_core::decider::{AnswerShape, ArgoRun, ArgoRunner, Probe};
use sim_core::engine::SimDuration;
use sim_core::policy::gate::{Counting, Population};

use super::assumed::{Assumed, figure};
use super::gates::{ABORTS, Gates, answer};
use super::judge::Judge;
use super::meaning::{Meaning, Query, Reads, understand};
use super::population::{VersionNames, counted};
use super::refusal::fault;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::quote;
use crate::import::object::Object;
use crate::import::pool::Pool;
use crate::import::recognise::Product;

/// How deep templates may include templates.
const DEPTH: usize = 8;

/// Finds what a Rollout names, and understands it.
pub(super) struct Finder<'a, 'p> {
    rollout: &'a Object,
    pool: &'p Pool<'a>,
    assumed: &'p Assumed,
    names: VersionNames,
    /// What was found so far.
    pub runs: Vec<ArgoRun>,
    /// The objects that were used.
    pub used: Vec<&'a Object>,
    pub notes: Vec<String>,
    pub wrong: Vec<Diagnostic>,
}

/// The names of gates, and how long what they belong to takes at least.
pub(super) type Watched = (Vec<String>, SimDuration);

impl<'a, 'p> Finder<'a, 'p> {
    pub fn new(rollout: &'a Object, pool: &'p Pool<'a>, assumed: &'p Assumed) -> Self {
        Self {
            rollout,
            pool,
            assumed,
            names: version_names(rollout),
            runs: Vec::new(),
            used: Vec::new(),
            notes: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// What a step starts.
    pub fn step(&mut self, nth: usize, step: &CanaryStep, gates: &mut Gates) -> Watched {
        let path = format!("spec.strategy.canary.steps[{nth}]");
        if let Some(analysis) = &step.analysis {
            return self.analysis(
                RunKind::Step(nth),
                &format!("{path}.analysis"),
                analysis,
                gates,
            );
        }
        if let Some(experiment) = &step.experiment {
            let said = experiment.get("duration").and_then(|it| it.as_str());
            let takes = said
                .and_then(duration::parse)
                .map_or(SimDuration::ZERO, SimDuration::from_secs_f64);
            return self.opaque((RunKind::Experiment(nth), "experiment"), takes, gates);
        }
        if step.plugin.is_some() {
            return self.opaque((RunKind::Plugin(nth), "plugin"), SimDuration::ZERO, gates);
        }
        Watched::default()
    }

    /// Something of which only how often it succeeds is known.
    fn opaque(
        &mut self,
        (kind, what): (RunKind, &str),
        takes: SimDuration,
        gates: &mut Gates,
    ) -> Watched {
        let (RunKind::Experiment(nth) | RunKind::Plugin(nth)) = kind else {
            return Watched::default();
        };
        let meaning = Meaning {
            metric: format!("{what}-of-step-{}", nth + 1),
            reads: Reads::Nothing,
            population: Population::Canary,
            over: SimDuration::from_mins(1),
            words: format!("nothing that is simulated: the {what} of step {}", nth + 1),
        };
        let counting = Counting {
            failures: Some(0),
            ..Counting::default()
        };
        let gate = gates.of(meaning, None, (counting, ABORTS));
        self.notes.push(format!(
            "the {what} of step {} is not simulated: it succeeds in {} % of the rollouts (--checks-pass)",
            nth + 1,
            figure(self.assumed.checks_pass * 100.0)
        ));
        self.runs.push(ArgoRun {
            kind,
            runner: ArgoRunner::Opaque {
                gate,
                passes: self.assumed.checks_pass,
                takes,
            },
        });
        (vec![gates.list[gate].id.clone()], takes)
    }

    /// An analysis: its metrics with their arguments, and the gates that stand for them.
    pub fn analysis(
        &mut self,
        kind: RunKind,
        path: &str,
        analysis: &RolloutAnalysis,
        gates: &mut Gates,
    ) -> Watched {
        if analysis.templates.is_empty() {
            return Watched::default();
        }
        let specs = self.templates(path, analysis);
        self.refused(kind, path, analysis, &specs);
        if !self.wrong.is_empty() {
            return Watched::default();
        }
        let given = templates::passed(analysis, &self.rollout.json);
        let rules = analysis.dry_run.iter().map(|rule| rule.metric_name.clone());
        let rules: Vec<String> = rules.collect();
        let specs: Vec<&AnalysisTemplateSpec> = specs.iter().map(|(_, spec)| spec).collect();
        match templates::analysis(&specs, &given, &rules) {
            Ok(spec) => self.understood(kind, spec, gates),
            Err(why) => {
                self.no_run(path, &why);
                Watched::default()
            }
        }
    }

    /// The templates that an analysis names, with those that they include.
    fn templates(
        &mut self,
        path: &str,
        analysis: &RolloutAnalysis,
    ) -> Vec<(String, AnalysisTemplateSpec)> {
        let mut specs = Vec::new();
        for (nth, reference) in analysis.templates.iter().enumerate() {
            let at = format!("{path}.templates[{nth}]");
            self.template(&at, reference, &mut specs, DEPTH);
        }
        specs
    }

    fn no_run(&mut self, path: &str, why: &str) {
        let what = format!("no run of this analysis can be created: {why}");
        let fault = fault(self.rollout, ("CM463", path), [&what, "", ""]);
        self.wrong.push(fault);
    }

    /// The template that is named, and those that it includes.
    fn template(
        &mut self,
        path: &str,
        reference: &TemplateRef,
        found: &mut Vec<(String, AnalysisTemplateSpec)>,
        depth: usize,
    ) {
        let kind = if reference.cluster_scope {
            "ClusterAnalysisTemplate"
        } else {
            "AnalysisTemplate"
        };
        let name = &reference.template_name;
        let Some(object) = self.pool.find(Product::Argo, kind, name) else {
            let what = format!("there is no {kind} {}", quote(name));
            let why = "what judges this release is not known, so that nothing can be said of it";
            let next = "put the template into the same file, or into one beside it";
            self.wrong
                .push(fault(self.rollout, ("CM465", path), [&what, why, next]));
            return;
        };
        let Ok(template) = object.read::<AnalysisTemplate>() else {
            return;
        };
        if !self.used.iter().any(|known| std::ptr::eq(*known, object)) {
            self.used.push(object);
        }
        if depth > 0 {
            for inner in &template.spec.templates {
                self.template(path, inner, found, depth - 1);
            }
        }
        found.push((name.clone(), template.spec));
    }

    /// What makes the product refuse the Rollout.
    fn refused(
        &mut self,
        kind: RunKind,
        path: &str,
        analysis: &RolloutAnalysis,
        specs: &[(String, AnalysisTemplateSpec)],
    ) {
        let place = if kind == RunKind::Background {
            Place::Background
        } else {
            Place::Inline
        };
        for (name, spec) in specs {
            if let Err(why) = templates::refused(place, (name, spec), analysis) {
                let what = format!("the Rollout is refused (InvalidSpec): {why}");
                let why = "it never starts, so that there is nothing to simulate";
                self.wrong
                    .push(fault(self.rollout, ("CM463", path), [&what, why, ""]));
            }
        }
    }

    fn understood(&mut self, kind: RunKind, spec: AnalysisSpec, gates: &mut Gates) -> Watched {
        let mut probes = Vec::new();
        let (mut names, mut least) = (Vec::new(), SimDuration::ZERO);
        for raw in &spec.metrics {
            let metric = args::resolve(raw, &spec.args).unwrap_or_else(|_| raw.clone());
            let probe = self.probe(&metric, gates);
            names.push(gates.list[probe.gate].id.clone());
            probes.push(probe);
            least = least.max(takes_at_least(&metric));
        }
        self.runs.push(ArgoRun {
            kind,
            runner: ArgoRunner::Analysis { spec, probes },
        });
        (names, least)
    }

    fn probe(&mut self, metric: &Metric, gates: &mut Gates) -> Probe {
        let judge = if metric.judged_by_provider() {
            None
        } else {
            Judge::argo(metric)
        };
        let text = metric.provider.to_string();
        let query = Query {
            name: &metric.name,
            text: &text,
            counts: counted(&asked(&metric.provider), &self.names),
            window: None,
        };
        let shape = judge
            .as_ref()
            .map_or(AnswerShape::Number, |(_, shape)| *shape);
        let judge = judge.as_ref().map(|(judge, _)| judge);
        let meaning = understand(&query, judge);
        if meaning.reads == Reads::Nothing {
            self.notes.push(format!(
                "{} measures nothing that is simulated: each measurement passes with {} % (--checks-pass)",
                quote(&metric.name),
                figure(self.assumed.checks_pass * 100.0)
            ));
        }
        let answer = answer(&meaning, shape, self.assumed.checks_pass);
        let threshold = judge.and_then(Judge::threshold);
        let gate = gates.of(meaning, threshold, (counting(metric), ABORTS));
        Probe { gate, answer }
    }
}

/// The limits of a metric as our windows say them.
fn counting(metric: &Metric) -> Counting {
    let limits = metric.limits();
    let of = |limit: i64| u32::try_from(limit).ok();
    Counting {
        failures: of(limits.failure),
        inconclusive: of(limits.inconclusive),
        errors_in_a_row: of(limits.error),
        of: limits.count.and_then(of),
    }
}

/// How long a metric takes at the least before it is successful.
fn takes_at_least(metric: &Metric) -> SimDuration {
    let limits = metric.limits();
    let whole = facts::guards_for(metric).unwrap_or(0);
    let millis = if limits.success > 0 { 0 } else { whole };
    SimDuration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// What a Rollout calls its versions.
fn version_names(rollout: &Object) -> VersionNames {
    let service = |path: &str| {
        let found = rollout.json.pointer(&format!("/spec/strategy/{path}"));
        found.and_then(Json::as_str).map(str::to_owned)
    };
    let new = ["canary/canaryService", "blueGreen/previewService"];
    VersionNames {
        rollout: rollout.name.clone(),
        new: new.into_iter().filter_map(service).collect(),
        old: service("canary/stableService").into_iter().collect(),
        workload: String::new(),
    }
}

/// What a provider is asked, without where it is and who asks.
fn asked(provider: &Json) -> String {
    let mut provider = provider.clone();
    for one in provider
        .as_object_mut()
        .into_iter()
        .flat_map(|it| it.values_mut())
    {
        if let Some(keys) = one.as_object_mut() {
            keys.retain(|key, _| !["address", "authentication", "headers"].contains(&&key[..]));
        }
    }
    provider.to_string()
}
