//! The tables behind the queries of the optimise runbook, as SQL for PostgreSQL on virtual time.
//!
//! The queries ask for what was created since `NOW() - INTERVAL '15 minutes'` and name no upper bound. So
//! the schema brings a clock of its own and shows the tables through views that end at it: without them,
//! rows of the virtual future would be counted.

use sim_core::engine::SimTime;

use super::instant::stamp;
use crate::common::escape::escape;

/// What became of the runs of one version in one interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// When the interval began.
    pub from: SimTime,
    /// When it ended.
    pub to: SimTime,
    /// Whether the runs are those of the new version.
    pub new: bool,
    /// How many runs there were.
    pub runs: u64,
    /// How many of them timed out; at most `runs`.
    pub failed: u64,
    /// How many of the others moved nothing; at most what `failed` leaves.
    pub no_op: u64,
    /// How many moves each run made that did move something.
    pub moves: u64,
}

/// The tables, and the instant at which the queries are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables<'a> {
    /// What the file says of itself.
    pub title: &'a str,
    /// The system that runs the policies.
    pub system: &'a str,
    /// The old version and the new one.
    pub versions: [&'a str; 2],
    /// The hash of what was played.
    pub digest: &'a str,
    /// The virtual now.
    pub now: SimTime,
    /// The runs.
    pub buckets: Vec<Bucket>,
}

/// The columns are those of the system's migration 0012 (`policy_runs`, `policy_moves`).
const SCHEMA: &str = "
BEGIN;
SET LOCAL standard_conforming_strings = on;
CREATE SCHEMA coalmine;

-- The virtual clock. Move it to ask the same queries at another instant:
-- UPDATE coalmine.clock SET at = at - INTERVAL '10 minutes';
CREATE TABLE coalmine.clock (at timestamptz NOT NULL);
CREATE FUNCTION coalmine.now() RETURNS timestamptz LANGUAGE sql STABLE
  AS 'SELECT at FROM coalmine.clock';

CREATE TABLE coalmine.every_run (
  run_id bigint PRIMARY KEY,
  system_id text NOT NULL,
  policy_version text NOT NULL,
  policy_spec_sha256 text NOT NULL,
  sv text NOT NULL,
  decision_bucket_ts timestamptz NOT NULL,
  horizon_steps integer NOT NULL DEFAULT 0,
  input_quality text NOT NULL DEFAULT 'ok',
  status text NOT NULL CHECK (status IN ('success', 'fail')),
  no_op boolean NOT NULL DEFAULT false,
  no_op_reason text,
  error_reason text,
  created_at timestamptz NOT NULL,
  CHECK ((status = 'fail') = (error_reason IS NOT NULL))
);
CREATE TABLE coalmine.every_move (
  run_id bigint NOT NULL REFERENCES coalmine.every_run,
  move_rank integer NOT NULL,
  from_station_key text NOT NULL,
  to_station_key text NOT NULL,
  bikes_moved integer NOT NULL,
  dist_m double precision NOT NULL,
  budget_exhausted boolean NOT NULL DEFAULT false,
  neighbor_exhausted boolean NOT NULL DEFAULT false,
  reason_codes text[] NOT NULL DEFAULT ARRAY[]::text[],
  PRIMARY KEY (run_id, move_rank)
);

-- What has happened by the virtual now; the queries name no upper bound.
CREATE VIEW coalmine.policy_runs AS
  SELECT * FROM coalmine.every_run WHERE created_at <= coalmine.now();
CREATE VIEW coalmine.policy_moves AS
  SELECT m.* FROM coalmine.every_move m JOIN coalmine.policy_runs r USING (run_id);

-- One row for each interval and version; the runs are spread evenly over the interval, and those
-- that failed evenly over the runs.
CREATE TABLE coalmine.bucket (
  opened timestamptz NOT NULL,
  closed timestamptz NOT NULL,
  policy_version text NOT NULL,
  runs bigint NOT NULL,
  failed bigint NOT NULL,
  no_op bigint NOT NULL,
  moves bigint NOT NULL
);
";

/// A run is one of the `failed` among the `runs` where their running count, spread evenly, rises with it.
const ROWS: &str = "
INSERT INTO coalmine.every_run
  (run_id, system_id, policy_version, policy_spec_sha256, sv, decision_bucket_ts, status, no_op,
   no_op_reason, error_reason, created_at)
SELECT row_number() OVER (ORDER BY opened, policy_version, i), SYSTEM, policy_version, DIGEST,
  'sv-' || row_number() OVER (ORDER BY opened, policy_version, i), opened,
  CASE WHEN fails THEN 'fail' ELSE 'success' END, idle,
  CASE WHEN idle THEN 'no_deficits' END, CASE WHEN fails THEN 'timeout' END,
  opened + (closed - opened) * ((i - 0.5) / runs)
FROM (
  SELECT *, NOT fails AND (i - i * failed / runs) * no_op / greatest(runs - failed, 1)
      > (i - i * failed / runs - 1) * no_op / greatest(runs - failed, 1) AS idle
  FROM (
    SELECT b.*, i, i * failed / runs > (i - 1) * failed / runs AS fails
    FROM coalmine.bucket b, generate_series(1, b.runs) AS i
  ) AS counted
) AS told;

INSERT INTO coalmine.every_move (run_id, move_rank, from_station_key, to_station_key, bikes_moved, dist_m)
SELECT r.run_id, rank, 'from-' || rank, 'to-' || rank, 1, 0
FROM coalmine.every_run r
JOIN coalmine.bucket b
  ON b.opened = r.decision_bucket_ts AND b.policy_version = r.policy_version,
  generate_series(1, b.moves) AS rank
WHERE r.status = 'success' AND NOT r.no_op;
COMMIT;

-- From here on NOW(), policy_runs and policy_moves are the virtual ones.
SET search_path = coalmine, public, pg_catalog;
";

/// Writes the tables. `psql -f` of this file and then of the runbook's queries, in one session, answers
/// them as of the virtual now.
///
/// Whatever a name holds, it is a literal: quotes are doubled and a character that PostgreSQL cannot
/// store is left out.
pub fn sql(tables: &Tables<'_>) -> String {
    let mut text = format!("-- {}\n", escape(tables.title));
    text += "-- Take it away again with: DROP SCHEMA coalmine CASCADE;\n";
    text += "SET client_encoding = 'UTF8';";
    text += SCHEMA;
    text += &format!(
        "INSERT INTO coalmine.clock VALUES ('{}');\n",
        stamp(tables.now)
    );
    if !tables.buckets.is_empty() {
        let rows: Vec<_> = tables
            .buckets
            .iter()
            .map(|bucket| row(tables, bucket))
            .collect();
        text += &format!(
            "INSERT INTO coalmine.bucket VALUES\n{};\n",
            rows.join(",\n")
        );
    }
    // The names come last, and each once, so that a name cannot be taken for a mark.
    let (before, rest) = ROWS.split_once("SYSTEM").expect("the text names it");
    let (between, after) = rest.split_once("DIGEST").expect("the text names it");
    let (system, digest) = (literal(tables.system), literal(tables.digest));
    text + before + &system + between + &digest + after
}

fn row(tables: &Tables<'_>, bucket: &Bucket) -> String {
    let version = literal(tables.versions[usize::from(bucket.new)]);
    let (from, to) = (stamp(bucket.from), stamp(bucket.to));
    let Bucket {
        runs,
        failed,
        no_op,
        moves,
        ..
    } = bucket;
    format!("  ('{from}', '{to}', {version}, {runs}, {failed}, {no_op}, {moves})")
}

/// A text as an SQL literal under standard conforming strings.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_ends_its_literal_or_its_comment() {
        let hostile = "x'); DROP TABLE clock; --\n\\q\0";
        let tables = Tables {
            title: hostile,
            system: hostile,
            versions: [hostile, "SYSTEM DIGEST"],
            digest: "0123",
            now: SimTime::ZERO,
            buckets: vec![],
        };
        let text = sql(&tables);
        let first = text.lines().next().expect("there is a line");
        assert_eq!(first, "-- x'); DROP TABLE clock; --\\u{a}\\q\\u{0}");
        assert!(text.contains("'x''); DROP TABLE clock; --\n\\q'"), "{text}");
        assert!(!text.contains("'x')"), "{text}");
    }
}
