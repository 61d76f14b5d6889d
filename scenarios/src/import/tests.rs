//! Files as people have them, retyped, and what is said of them.

use crate::Diagnostic;

use super::{Fate, Imported, Product, fidelity, lint, misplaced, read};

fn codes(text: &str) -> Vec<&'static str> {
    let file = read("file.yaml", text.as_bytes());
    let report = lint(std::slice::from_ref(&file)).remove(0);
    report.diagnostics.iter().map(|found| found.code).collect()
}

#[track_caller]
fn finds(text: &str, code: &str, figure: &str) {
    let file = read("file.yaml", text.as_bytes());
    let report = lint(std::slice::from_ref(&file)).remove(0);
    let of_code = report.diagnostics.iter().filter(|found| found.code == code);
    let said = |found: &Diagnostic| {
        format!(
            "{} {}",
            found.message,
            found.reason.as_deref().unwrap_or("")
        )
    };
    let found: Vec<_> = of_code.collect();
    assert!(
        found.iter().any(|found| said(found).contains(figure)),
        "{code}: {:?}",
        report.diagnostics
    );
    assert!(
        found.iter().all(|found| found.span.is_some()),
        "{code} has a place"
    );
}

fn rollout(replicas: u32, strategy: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: shop}}\nspec:\n  replicas: {replicas}\n  strategy:\n    canary: {strategy}\n"
    )
}

fn template(metric: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {{name: success}}\nspec:\n  metrics:\n  - {{name: errors, provider: {{prometheus: {{query: 'sum(rate(x[1m]))'}}}}, {metric}}}\n"
    )
}

fn canary(analysis: &str) -> String {
    format!(
        "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {{name: shop}}\nspec:\n  targetRef: {{kind: Deployment, name: shop}}\n  analysis: {analysis}\n"
    )
}

fn rules(rule: &str) -> String {
    format!("groups:\n- name: shop\n  rules:\n  - {rule}\n")
}

fn recognised(file: &Imported) -> Vec<(Product, String)> {
    let objects = file.objects.iter();
    objects
        .map(|object| (object.product, format!("{} {}", object.kind, object.name)))
        .collect()
}

#[test]
fn documents_are_recognised_by_their_keys_in_files_with_several_and_in_lists() {
    let text = "kind: List\napiVersion: v1\nitems:\n- {apiVersion: argoproj.io/v1alpha1, kind: Experiment, metadata: {name: e}}\n\
                - {apiVersion: v1, kind: Service, metadata: {name: s}}\n---\ngroups: [{name: g, rules: []}]\n---\n\
                version: prometheus/v1\nservice: shop\nslos: []\n---\napiVersion: rollouts.kruise.io/v1beta1\nkind: Rollout\nmetadata: {name: k}\n---\n\
                {metrics: [{name: m, query: {}}], classifier: {}, name: c}\n---\nversion: 0.0\nhooks: {}\n---\n\
                {stages: [{type: wait, refId: '1'}], name: p}\n---\napiVersion: openslo/v1\nkind: Service\nmetadata: {name: o}\n";
    let file = read("all.yaml", text.as_bytes());
    assert_eq!(file.problems, []);
    let expected = [
        (Product::Argo, "Experiment e"),
        (Product::Prometheus, "rule file "),
        (Product::Sloth, "spec shop"),
        (Product::Kruise, "Rollout k"),
        (Product::Kayenta, "CanaryConfig c"),
        (Product::CodeDeploy, "AppSpec "),
        (Product::Spinnaker, "pipeline p"),
        (Product::OpenSlo, "Service o"),
    ]
    .map(|(product, words)| (product, words.to_owned()));
    assert_eq!(recognised(&file), expected);
    assert_eq!(file.others, ["Service (v1)"]);
}

#[test]
fn every_key_is_used_ignored_with_a_reason_or_unsupported_with_its_place() {
    let text = rollout(
        4,
        "{steps: [{setWeight: 20}, {pause: {duration: 5m, durations: 7}}], canaryService: c}",
    );
    let file = read("file.yaml", text.as_bytes());
    let fates = fidelity(&file).remove(0);
    let fate = |path: &str| {
        let key = fates.keys.iter().find(|key| key.path == path);
        key.unwrap_or_else(|| panic!("{path} is not in {:?}", fates.keys))
    };
    assert_eq!(
        fate("spec.strategy.canary.steps[0].setWeight").fate,
        Fate::Used
    );
    let ignored = fate("spec.strategy.canary.canaryService");
    assert_eq!(
        (ignored.fate, ignored.line, ignored.reason.is_some()),
        (Fate::Ignored, 7, true)
    );
    let unknown = fate("spec.strategy.canary.steps[1].pause.durations");
    assert_eq!(unknown.fate, Fate::Unsupported);
    assert!(
        unknown
            .reason
            .as_deref()
            .is_some_and(|why| why.contains("did you mean `duration`?"))
    );
}

#[test]
fn what_is_no_yaml_or_of_another_type_is_located() {
    let located = |text: &str| {
        let file = read("file.yaml", text.as_bytes());
        let found = file
            .problems
            .first()
            .unwrap_or_else(|| panic!("{text} is wrong"));
        assert!(found.span.is_some(), "{found:?}");
        found.code
    };
    assert_eq!(
        located("spec:\n  replicas: {{ .Values.replicas }}\n"),
        "CM401"
    );
    assert_eq!(
        located("{{- if .Values.on }}\nkind: Rollout\n{{- end }}\n"),
        "CM401"
    );
    assert_eq!(located(&rollout(4, "{steps: 7}")), "CM402");
    assert_eq!(located(&canary("{threshold: '5'}")), "CM402");
    assert_eq!(
        located(&canary("{iterations: 9223372036854775807}")),
        "CM402"
    );
    assert_eq!(located("a: [\n"), "CM004");
}

#[test]
fn a_document_of_another_product_is_named_where_one_of_ours_is_read() {
    let found = misplaced(&canary("{stepWeight: 10}")).expect("it is a Canary");
    assert_eq!(found.message, "this is a Canary of Flagger named `shop`");
    let kruise = "apiVersion: rollouts.kruise.io/v1beta1\nkind: Rollout\nmetadata: {name: k}\n";
    let found = misplaced(kruise).expect("it is a Rollout of Kruise");
    assert!(
        found
            .help
            .is_some_and(|help| help.contains("coalmine init --template"))
    );
    assert!(misplaced("name: mine\nstages: [{id: canary}]\n").is_none());
    let policy = crate::load::policy("p.yaml", canary("{stepWeight: 10}").as_bytes());
    let report = policy.expect_err("it is no policy of ours");
    assert_eq!(report.diagnostics.len(), 1);
    assert_eq!(report.diagnostics[0].code, "CM400");
}

/// The figures are those of the closed forms: 1 - 0.99^10, P(Bin(10, 0.0583) >= 1), and of the engines that were run.
#[test]
fn lint_says_what_an_analysis_of_argo_will_do() {
    finds(
        &template("successCondition: 'results[0] < 1', interval: 1m, count: 3, failureLimit: 1"),
        "CM420",
        "40 s",
    );
    finds(
        &template("successCondition: 'result[0] < 1', failureLimit: -1"),
        "CM421",
        "before it measures",
    );
    finds(
        &template("successCondition: 'result[0] < 1', interval: 1m, count: 3, failureLimit: 4"),
        "CM421",
        "always",
    );
    finds(
        &template("successCondition: 'result[0] < 1', interval: 1m, count: 3, failureLimit: 3"),
        "CM422",
        "3 failed measurements of 3",
    );
    finds(
        &template("successCondition: 'result[0] < 1', interval: 1m, count: 10"),
        "CM423",
        "9.6 %",
    );
    finds(
        &template("successCondition: 'result[0] < 1', interval: 1m, count: 10"),
        "CM428",
        "without series is an Error",
    );
    finds(
        &template("successCondition: 'mean(result) < 1', interval: 1m, count: 10"),
        "CM428",
        "without series passes",
    );
    finds(
        &template("successCondition: 'result[0] < 1', interval: 15s, count: 10, failureLimit: 3"),
        "CM429",
        "4 measurements in a row",
    );
    finds(
        &template("successCondition: 'result[0] >= 0.99', interval: 1m, count: 10"),
        "CM430",
        "45 %",
    );
    finds(
        &template("successCondition: 'result[0] < 1', interval: 5m, count: 10, failureLimit: 3"),
        "CM431",
        "40 s",
    );
    finds(
        &template("successCondition: 'max(result) < 1', interval: 5m, count: 10, failureLimit: 3"),
        "CM436",
        "order",
    );
}

#[test]
fn lint_says_what_a_rollout_of_argo_will_do() {
    let timers = "{steps: [{setWeight: 10}, {pause: {duration: 10m}}, {setWeight: 50}, {pause: {duration: 5m}}]}";
    finds(&rollout(10, timers), "CM425", "15 min");
    finds(&rollout(1, timers), "CM426", "weight 10 is 50 % here");
    let routed = "{dynamicStableScale: true, trafficRouting: {nginx: {}}, steps: [{setWeight: 20}, {setWeight: 50}, {setWeight: 80}]}";
    finds(&rollout(10, routed), "CM435", "80, 50, 20, 0");
    finds(
        &rollout(10, "{steps: [{setHeaderRoute: {name: r}}]}"),
        "CM438",
        "requires trafficRouting",
    );
    let guarded = rollout(
        10,
        "{analysis: {templates: [{templateName: success}]}, steps: [{setWeight: 10}, {pause: {duration: 1h}}]}",
    );
    let short =
        template("successCondition: 'result[0] < 1', interval: 1m, count: 6, failureLimit: 2");
    finds(&format!("{guarded}---\n{short}"), "CM424", "guards 5 min");
}

/// 20 by 20 to 50 reaches 60; 7 checks with one bad in a hundred: 1 - 0.99^7.
#[test]
fn lint_says_what_a_canary_of_flagger_will_do() {
    let metric = "metrics: [{name: request-success-rate, thresholdRange: {min: 90}}]";
    finds(
        &canary(&format!(
            "{{threshold: 5, stepWeight: 20, maxWeight: 50, {metric}}}"
        )),
        "CM427",
        "20, 40, 60",
    );
    finds(
        &canary(&format!(
            "{{threshold: 5, stepWeights: [10, 50, 50], {metric}}}"
        )),
        "CM439",
        "stays at 50 %",
    );
    finds(
        &canary(&format!("{{stepWeight: 10, maxWeight: 70, {metric}}}")),
        "CM423",
        "6.8 %",
    );
    finds(&canary("{stepWeight: 10, threshold: 5}"), "CM425", "10 min");
    finds(
        &canary(
            "{stepWeight: 10, threshold: 5, metrics: [{name: own, templateRef: {name: t}, thresholdRange: {max: 1}}]}",
        ),
        "CM440",
        "`[]`",
    );
    finds(
        &canary("{stepWeight: 10, threshold: 5, metrics: [{name: own, query: up}]}"),
        "CM440",
        "0.001",
    );
    let gate = "webhooks: [{name: ok, type: confirm-promotion, url: http://gate}]";
    finds(
        &canary(&format!(
            "{{stepWeight: 10, threshold: 2, {metric}, {gate}}}"
        )),
        "CM441",
        "an hour",
    );
    let wide = "metrics: [{name: request-success-rate, interval: 5m, thresholdRange: {min: 90}}]";
    finds(
        &canary(&format!(
            "{{interval: 1m, stepWeight: 10, threshold: 5, {wide}}}"
        )),
        "CM429",
        "5 checks in a row",
    );
}

/// Seen with 1.44.0: 204 fails, a blue/green gate is asked every second tick, the last of two series decides, a revision
/// that is pushed after a failure is lost where the primary is not ready on that tick.
#[test]
fn lint_says_what_answers_and_scaling_do_to_a_canary() {
    let metric = "metrics: [{name: request-success-rate, thresholdRange: {min: 90}}]";
    let hook = |kind: &str| format!("webhooks: [{{name: own, type: {kind}, url: 'http://own/'}}]");
    let canary_with = |hook: &str| {
        canary(&format!(
            "{{stepWeight: 10, threshold: 5, {metric}, {hook}}}"
        ))
    };
    finds(
        &canary_with(&hook("rollout")),
        "CM452",
        "after 5 of them, 5 min",
    );
    finds(
        &canary_with(&hook("confirm-rollout")),
        "CM452",
        "waits without end",
    );
    let tester = hook("rollout").replace("http://own/", "http://flagger-loadtester.test/");
    assert_eq!(codes(&canary_with(&tester)), [""; 0]);
    let gate = hook("confirm-promotion");
    let blue_green = canary(&format!(
        "{{iterations: 10, threshold: 5, {metric}, {gate}}}"
    ));
    finds(
        &blue_green,
        "CM452",
        "up to 2 min late; there are 11 checks",
    );
    let scaled =
        canary_with(&tester).replace("  analysis:", "  autoscalerRef: {name: a}\n  analysis:");
    finds(&scaled, "CM453", "50 % of the ticks");
    let ready = scaled.replace("threshold: 5", "threshold: 5, primaryReadyThreshold: 75");
    assert_eq!(codes(&ready), [""; 0]);
    let own = |query: &str| {
        canary(&format!(
            "{{stepWeight: 10, threshold: 5, metrics: [{{name: own, interval: 1m, thresholdRange: {{max: 1}}, query: '{query}'}}]}}"
        ))
    };
    finds(
        &own("rate(errors{pod=~\"shop-[a-z]+\"}[{{ interval }}])"),
        "CM436",
        "the last series",
    );
    finds(
        &own("sum by (path) (rate(errors[1m]))"),
        "CM436",
        "the last series",
    );
    for one in [
        "sum(rate(errors[{{ interval }}])) / sum(rate(all[1m])) * 100",
        "histogram_quantile(0.99, sum(rate(b_bucket{job=\"{{ target }}\"}[1m])) by (le))",
    ] {
        assert_eq!(codes(&own(one)), [""; 0], "{one}");
    }
}

/// Seen with Prometheus 3.16 and Alertmanager 0.34.
#[test]
fn lint_says_what_edits_and_groups_do_to_an_alert() {
    let late = rules("{alert: A, expr: 'up == 0', for: 10m}");
    finds(&late, "CM454", "nothing for 10 min");
    let second = "{alert: A, expr: 'up == 0'}\n  - {alert: B, expr: 'up == 0'}";
    finds(&rules(second), "CM455", "5 min");
    assert_eq!(
        codes(&rules("{alert: A, expr: 'up == 0', for: 5m}")),
        [""; 0]
    );
}

#[test]
fn lint_says_what_a_configuration_of_kayenta_will_do() {
    let lost = "{metrics: [{name: m, query: {}, groups: [a]}], classifier: {groupWeights: {a: 50, b: 50}, scoreThresholds: {pass: 75, marginal: 50}}}";
    finds(lost, "CM433", "50 is the best score, 75 is needed");
    let zeros = "{metrics: [{name: m, query: {}, groups: [a], analysisConfigurations: {canary: {nanStrategy: replace}}}], classifier: {groupWeights: {a: 100}}}";
    finds(zeros, "CM443", "zeros of NaN");
    finds(zeros, "CM444", "1 %");
}

#[test]
fn lint_says_what_rules_of_prometheus_and_objectives_will_do() {
    finds(
        &rules("{alert: A, expr: 'rate(errors_total[1m]) > 1'}"),
        "CM445",
        "never has a value",
    );
    finds(
        &rules("{alert: A, expr: 'rate(a_total[5m]) / rate(b_total[5m]) != 0'}"),
        "CM446",
        "without traffic",
    );
    finds(
        &rules("{alert: A, expr: 'up == 0', for: 15m}"),
        "CM448",
        "13 min",
    );
    finds(&rules("{alert: A, expr: 'up ==='}"), "CM438", "refuses");
    finds(
        &rules(
            "{alert: A, expr: 'sum(rate(e_total[5m])) / sum(rate(r_total[5m])) > 0.05', for: 5m}",
        ),
        "CM449",
        "50 %",
    );
    let sloth = "version: prometheus/v1\nservice: shop\nslos:\n- {name: a, objective: 99.9, sli: {raw: {error_ratio_query: 'x[{{.window}}]'}}, alerting: {name: A}}\n";
    finds(sloth, "CM450", "0.0009999999999999432");
    finds(
        "apiVersion: openslo/v1alpha\nkind: SLO\nmetadata: {name: a}\nspec: {objectives: []}\n",
        "CM450",
        "alerts nobody",
    );
}

#[test]
fn a_policy_that_says_everything_has_no_finding() {
    let condition = "successCondition: 'len(result) == 0 || isNaN(result[0]) || result[0] >= 0.95', interval: 1m, failureLimit: 3";
    let guarded = "{maxSurge: 1, analysis: {templates: [{templateName: success}]}, trafficRouting: {nginx: {}}, steps: [{setWeight: 10}, {pause: {duration: 1h}}]}";
    let text = format!("{}---\n{}", rollout(10, guarded), template(condition));
    // The error clock is told all the same: nothing in the file can change it but a limit of its own.
    let own = text.replace(
        "failureLimit: 3",
        "failureLimit: 3, consecutiveErrorLimit: 30",
    );
    assert_eq!(codes(&own), [""; 0]);
    let flagger = canary(
        "{interval: 1m, threshold: 5, stepWeight: 10, maxWeight: 50, metrics: [{name: request-success-rate, interval: 1m, thresholdRange: {min: 95}}]}",
    );
    assert_eq!(codes(&flagger), [""; 0]);
    assert_eq!(
        codes(&rules(
            "{alert: A, expr: 'avg_over_time(latency[5m]) > 0.5', for: 5m}"
        )),
        [""; 0]
    );
}
