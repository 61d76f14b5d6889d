//! Kubernetes: an Indexed Job that tries each index by itself again.
//!
//! `backoffLimitPerIndex` is stable since Kubernetes 1.33. A pod is replaced once it has failed, so that no two
//! play one shard at a time; if two ever do, each writes the same bytes. What another try does not mend (a wrong
//! command line, an input that cannot be used) fails its index at once, and a disruption of a node does not count.

use clap::Args;

use super::batch::{Batch, CommonArgs};
use super::client::Submission;
use crate::cli::failure::Failure;

/// What Kubernetes is told.
#[derive(Args, Debug)]
pub struct KubernetesArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// The image, which has `coalmine` as its entry point
    #[arg(long, value_name = "IMAGE", default_value = concat!("coalmine:", env!("CARGO_PKG_VERSION")))]
    image: String,
    /// The volume claim for the results, which many pods can write (or a mounted object store)
    #[arg(long, value_name = "NAME", default_value = "coalmine-results")]
    claim: String,
    /// The memory of a pod
    #[arg(long, value_name = "SIZE", default_value = "512Mi")]
    memory: String,
    /// How many pods there may be at a time
    #[arg(long, value_name = "N", default_value_t = 64)]
    parallelism: u64,
    /// Where the pods find the plan, on the volume of the results; without it the plan goes along in a ConfigMap
    #[arg(long, value_name = "PATH")]
    plan_at: Option<String>,
}

/// A ConfigMap holds 1 MiB; some of it is its own.
const PLAN_MAX: usize = 1_000_000;
/// Where the volume of the results is mounted.
const RESULTS: &str = "/results";

pub fn submission(batch: &Batch<'_>, args: &KubernetesArgs) -> Result<Submission, Failure> {
    let plan = batch.plan.text();
    if args.plan_at.is_none() && plan.len() > PLAN_MAX {
        let what = format!(
            "the plan has {} bytes, and a ConfigMap holds 1 MiB",
            plan.len()
        );
        return Err(Failure::input(what).help("put it on the volume and name it with --plan-at"));
    }
    let mut text = String::new();
    if args.plan_at.is_none() {
        text += &config_map(batch, &plan);
    }
    text += &job(batch, args);
    let apply = ["kubectl", "apply", "-f", "-"];
    Ok(Submission {
        commands: vec![apply.map(str::to_owned).to_vec()],
        input: Some(text),
        warnings: Vec::new(),
    })
}

fn config_map(batch: &Batch<'_>, plan: &str) -> String {
    let name = batch.name();
    let plan: String = plan.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: coalmine
data:
  plan.json: |
{plan}---
"
    )
}

fn job(batch: &Batch<'_>, args: &KubernetesArgs) -> String {
    let name = batch.name();
    let tasks = batch.tasks();
    let parallelism = args.parallelism.min(tasks);
    let pod = pod(batch, args);
    format!(
        "apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: coalmine
spec:
  completionMode: Indexed
  completions: {tasks}
  parallelism: {parallelism}
  backoffLimitPerIndex: 3
  podReplacementPolicy: Failed
  podFailurePolicy:
    rules:
      - action: Ignore
        onPodConditions:
          - {{type: DisruptionTarget, status: \"True\"}}
      - action: FailIndex
        onExitCodes:
          containerName: shard
          operator: In
          values: [2, 3]
  template:
    metadata:
      labels:
        app.kubernetes.io/name: coalmine
{pod}"
    )
}

/// The pod of an index, as a part of the job.
fn pod(batch: &Batch<'_>, args: &KubernetesArgs) -> String {
    let KubernetesArgs {
        image,
        claim,
        memory,
        common,
        ..
    } = args;
    let cpus = common.cpus;
    let words = words(batch, args);
    let (mount, volume) = plan_of(batch, args);
    format!(
        "    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 30
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        fsGroup: 65532
        seccompProfile: {{type: RuntimeDefault}}
      containers:
        - name: shard
          image: {image}
          args: [{words}]
          resources:
            requests: {{cpu: \"{cpus}\", memory: {memory}}}
            limits: {{cpu: \"{cpus}\", memory: {memory}}}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
          volumeMounts:
            - {{name: results, mountPath: {RESULTS}}}{mount}
      volumes:
        - name: results
          persistentVolumeClaim:
            claimName: {claim}{volume}
"
    )
}

/// How the plan gets into the pod, as a mount and a volume; nothing where it is in the image.
fn plan_of(batch: &Batch<'_>, args: &KubernetesArgs) -> (String, String) {
    let name = batch.name();
    match &args.plan_at {
        Some(_) => (String::new(), String::new()),
        None => (
            "
            - {name: plan, mountPath: /plan, readOnly: true}"
                .to_owned(),
            format!(
                "
        - name: plan
          configMap:
            name: {name}"
            ),
        ),
    }
}

/// What a pod is told, as a list in YAML. Its index is in `JOB_COMPLETION_INDEX`.
fn words(batch: &Batch<'_>, args: &KubernetesArgs) -> String {
    let plan = args.plan_at.as_deref().unwrap_or("/plan/plan.json");
    let out = args.common.out.display().to_string();
    let mut words = batch.shard(plan, &format!("{RESULTS}/{}", out.trim_start_matches('/')));
    if !args.common.among.is_empty() {
        let among: Vec<String> = args.common.among.iter().map(u64::to_string).collect();
        words.push(format!("--among={}", among.join(",")));
    }
    let word = |word: &String| serde_json::to_string(word).expect("text is a JSON text");
    words.iter().map(word).collect::<Vec<_>>().join(", ")
}
