//! Pipelines that play a policy before it is merged.

use std::path::{Component, Path};

use crate::cli::resolve::quoted;

/// Returns the files for GitHub and for GitLab, by name.
pub fn files(folder: &Path) -> [(String, String); 2] {
    let policy = quoted(&in_repository(folder));
    [
        ("ci.github.yaml".to_owned(), github(&policy)),
        ("ci.gitlab.yaml".to_owned(), gitlab(&policy)),
    ]
}

/// The path of the policy from the root of the repository, where a pipeline runs: below the nearest folder
/// with a `.git`, else as it was typed, else the file alone.
fn in_repository(folder: &Path) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let root = whole.ancestors().find(|above| above.join(".git").exists());
    let below = match root.and_then(|root| whole.strip_prefix(root).ok()) {
        Some(below) => below.to_path_buf(),
        None if folder.is_relative() => folder.to_path_buf(),
        None => Path::new("").to_path_buf(),
    };
    // `a/./b` is `a/b`; what leads out of the repository cannot be named in it.
    let parts = below.components();
    let plain = parts.filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    let mut parts: Vec<String> = plain.collect();
    parts.push("policy.yaml".to_owned());
    parts.join("/")
}

/// What installs the command; the address is the team's affair.
const INSTALL: &str = concat!(
    "cargo install --locked --git \"$COALMINE_GIT\" --tag v",
    env!("CARGO_PKG_VERSION"),
    " coalmine"
);

fn github(policy: &str) -> String {
    format!(
        "\
# Copy to .github/workflows/rollout-policy.yaml: each change of the policy is played before it is merged.
name: rollout policy
on: [pull_request]
jobs:
  coalmine:
    runs-on: ubuntu-latest
    env:
      # Where your team gets coalmine from: Settings, Secrets and variables, Actions, Variables.
      COALMINE_GIT: ${{{{ vars.COALMINE_GIT }}}}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/cache@v4
        with: {{path: ~/.cargo/bin/coalmine, key: coalmine-{version}}}
      - run: command -v ~/.cargo/bin/coalmine || {INSTALL}
      - run: coalmine lint {policy}
      # Exit code 99: an objective is missed; 4: more runs are needed; 3: the files are wrong.
      - run: coalmine simulate {policy} --out json=rollout.json --out markdown=rollout.md
      - if: always()
        run: cat rollout.md >> \"$GITHUB_STEP_SUMMARY\"
",
        version = env!("CARGO_PKG_VERSION")
    )
}

fn gitlab(policy: &str) -> String {
    format!(
        "\
# Copy to .gitlab-ci.yml, or include it there: each change of the policy is played before it is merged.
# COALMINE_GIT (Settings, CI/CD, Variables) is where your team gets coalmine from.
rollout-policy:
  image: rust:1
  rules:
    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"
  variables:
    CARGO_HOME: $CI_PROJECT_DIR/.cargo
  cache:
    key: coalmine-{version}
    paths: [.cargo/bin]
  before_script:
    - export PATH=\"$CARGO_HOME/bin:$PATH\"
    - command -v coalmine || {INSTALL}
  script:
    - coalmine lint {policy}
    # Exit code 99: an objective is missed; 4: more runs are needed; 3: the files are wrong.
    - coalmine simulate {policy} --out json=rollout.json --out junit=rollout.xml
  artifacts:
    when: always
    paths: [rollout.json]
    reports: {{junit: rollout.xml}}
",
        version = env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipeline_names_the_policy_from_the_root_of_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("repo/.git")).unwrap();
        let deep = folder.path().join("repo/ops/./rollout");
        assert_eq!(in_repository(&deep), "ops/rollout/policy.yaml");
        assert_eq!(in_repository(&folder.path().join("repo")), "policy.yaml");
        for (name, text) in files(&deep) {
            assert!(!text.contains(folder.path().to_str().unwrap()), "{name}");
            assert!(
                text.contains("coalmine lint ops/rollout/policy.yaml"),
                "{name}"
            );
            assert!(text.contains("cargo install --locked"), "{name}");
        }
    }
}
