//! Many clients, rude clients, and questions that nobody waits for any more.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::Explorer;
use crate::command::plain;

/// Asks and does not read.
fn ask(explorer: &Explorer, path: &str) -> TcpStream {
    let Explorer { port, token, .. } = explorer;
    let mut stream = explorer.connect();
    let head = format!("GET /{token}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// How long the page itself takes.
fn page_takes(explorer: &Explorer) -> Duration {
    let begun = Instant::now();
    assert_eq!(explorer.get("", "").status, 200);
    begun.elapsed()
}

#[test]
fn a_hundred_clients_are_served_and_the_rude_ones_bother_nobody() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    // Twenty that say nothing, twenty that ask and do not read, twenty that ask and go.
    let silent: Vec<_> = (0..20).map(|_| explorer.connect()).collect();
    let deaf: Vec<_> = (0..20)
        .map(|it| ask(&explorer, &format!("study?most=100&page=deaf{it}")))
        .collect();
    for it in 0..20 {
        drop(ask(&explorer, &format!("study?most=1000000&page=gone{it}")));
    }
    let streams: Vec<_> = (0..100).map(|_| ask(&explorer, "model")).collect();
    for mut stream in streams {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        assert!(text.contains("\"numbers\""));
    }
    assert!(page_takes(&explorer) < Duration::from_secs(5));
    let events = explorer.study("most=100&page=polite");
    assert_eq!(events[events.len() - 1].0, "done");
    drop((silent, deaf));
    #[cfg(target_os = "linux")]
    assert!(
        explorer.peak_memory() < 400 * 1024,
        "{} KiB",
        explorer.peak_memory()
    );
    assert_eq!(explorer.end(), 0);
}

/// A million rollouts would take minutes: they end when the page asks anew, and leave nothing behind.
#[test]
fn a_new_question_ends_the_old_one_and_fifty_quick_moves_leave_no_backlog() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    let mut open = Vec::new();
    for it in 0..50 {
        let limit = 1.0 + f64::from(it) / 50.0;
        let set = format!("set=gates.errors-high.breach.limit.absolute={limit}%25");
        open.push(ask(
            &explorer,
            &format!("study?page=one&most=1000000&{set}"),
        ));
    }
    let begun = Instant::now();
    let events = explorer.study("page=one&most=100");
    let took = begun.elapsed();
    assert_eq!(
        events[events.len() - 1].0,
        "done",
        "the last question is answered whole"
    );
    assert!(
        took < Duration::from_secs(20),
        "{took:?} behind fifty that nobody waits for"
    );
    for mut stream in open {
        // All ended: nothing more comes.
        let mut text = String::new();
        drop(stream.read_to_string(&mut text));
        assert!(
            !text.contains("event: done"),
            "a million rollouts were played"
        );
    }
}

/// The server stops what it plays when the client has gone: then Ctrl-C has nothing to wait for.
#[test]
fn it_ends_at_once_while_it_plays() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    let mut stream = ask(&explorer, "study?most=1000000");
    let mut some = [0; 64];
    assert!(stream.read(&mut some).unwrap() > 0, "it has begun");
    let begun = Instant::now();
    assert_eq!(explorer.end(), 0);
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
}
