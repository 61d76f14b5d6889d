//! The queries of the optimise runbook, word for word, in a real PostgreSQL on virtual time.

use super::export;
use super::postgres::Server;

/// Optimize Rollout Runbook, Suggested SQL Snapshots: "Timeout/failure snapshot".
const FAILURES: &str = "
SELECT
  policy_version,
  COUNT(*) AS total_runs,
  COUNT(*) FILTER (WHERE status = 'fail') AS failed_runs
FROM policy_runs
WHERE created_at >= NOW() - INTERVAL '15 minutes'
GROUP BY policy_version
ORDER BY policy_version;
";

/// The same: "No-op and move pressure".
const MOVES: &str = "
SELECT
  r.policy_version,
  COUNT(*) AS runs,
  COUNT(*) FILTER (WHERE r.no_op) AS no_op_runs,
  COALESCE(AVG(m.move_count), 0) AS avg_move_count
FROM policy_runs r
LEFT JOIN (
  SELECT run_id, COUNT(*) AS move_count
  FROM policy_moves
  GROUP BY run_id
) m ON m.run_id = r.run_id
WHERE r.created_at >= NOW() - INTERVAL '15 minutes'
GROUP BY r.policy_version
ORDER BY r.policy_version;
";

const GONE: &str = "DROP SCHEMA coalmine CASCADE;";

/// The rows of an answer, cell by cell.
fn rows(answer: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.split('|').map(str::to_owned).collect();
    answer.lines().map(cells).collect()
}

#[expect(
    clippy::print_stderr,
    reason = "who runs the tests is told what they leave out"
)]
fn server() -> Option<Server> {
    let server = Server::start();
    if server.is_none() {
        eprintln!("left out: the runbook's SQL, because there is no PostgreSQL (initdb, psql)");
    }
    server
}

#[test]
fn the_runbooks_queries_answer_what_the_gates_read() {
    let Some(server) = server() else { return };
    // The code's gate looks back 15 minutes, as the queries do, and once each 15 minutes.
    let rollout = "optimize --profile as-implemented --scenario step-regression --seed 5";
    let tables = export(&format!("sql {rollout}"));
    let answer = rows(&server.psql(&[&tables, FAILURES, GONE]));
    let versions: Vec<_> = answer.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(versions, ["rebal.global.v1", "rebal.greedy.v1"]);
    let number = |cell: &String| cell.parse::<f64>().unwrap();
    let share = number(&answer[0][2]) / number(&answer[0][1]);
    let record = super::parsed(&export(&format!("checklist {rollout}")));
    let gates = record["stages"][0]["gates"].as_array().unwrap();
    let timeouts = gates.iter().find(|gate| gate["signal"] == "timeout_rate");
    let read = timeouts.unwrap();
    assert_eq!(number(&answer[0][1]), read["samples"].as_f64().unwrap());
    assert!(
        (share - read["value"].as_f64().unwrap()).abs() < 1e-9,
        "{share} {read}"
    );
}

#[test]
fn rows_of_the_virtual_future_are_not_counted_and_the_clock_can_be_moved() {
    let Some(server) = server() else { return };
    let at = |minutes: u32| {
        let tables = export(&format!("sql optimize --scenario healthy --at {minutes}m"));
        rows(&server.psql(&[&tables, FAILURES, GONE]))
    };
    let total = |rows: &[Vec<String>]| rows.iter().map(|row| row[1].parse::<u64>().unwrap()).sum();
    // 6000 runs an hour: 1500 in a quarter of it, whatever comes later.
    let total: u64 = total(&at(60));
    assert!((1300..1700).contains(&total), "{total}");
    let tables = export("sql optimize --scenario healthy");
    let back = "UPDATE coalmine.clock SET at = '2000-01-01T01:00:00Z';";
    let moved = rows(&server.psql(&[&tables, back, FAILURES, GONE]));
    assert_eq!(moved, at(60));
    let empty = "UPDATE coalmine.clock SET at = '1999-12-31T23:00:00Z';";
    assert!(rows(&server.psql(&[&tables, empty, FAILURES, GONE])).is_empty());
}

#[test]
fn no_ops_and_moves_come_from_the_world() {
    let Some(server) = server() else { return };
    let tables = export("sql optimize --scenario healthy --at 1h");
    let answer = rows(&server.psql(&[&tables, MOVES, GONE]));
    assert_eq!(answer.len(), 2, "{answer:?}");
    for row in answer {
        let numbers: Vec<f64> = row[1..].iter().map(|cell| cell.parse().unwrap()).collect();
        let (runs, no_op, moves) = (numbers[0], numbers[1], numbers[2]);
        // A tenth of what does not time out moves nothing, the others six times each.
        assert!((0.05..0.15).contains(&(no_op / runs)), "{row:?}");
        assert!((4.0..7.0).contains(&moves), "{row:?}");
    }
}

#[test]
fn a_hostile_name_is_stored_as_it_is() {
    let Some(server) = server() else { return };
    let name = "x'); DROP SCHEMA coalmine CASCADE; --\n\\! false\n\u{202e}<script>";
    let tables = super::hostile::export(name, "sql");
    let ask = "SELECT DISTINCT system_id = convert_from(decode('HEX', 'hex'), 'UTF8') \
               FROM policy_runs;";
    let hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    let answer = server.psql(&[&tables, &ask.replace("HEX", &hex), GONE]);
    assert_eq!(answer.trim(), "t");
}
