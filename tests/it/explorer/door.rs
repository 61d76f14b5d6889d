//! Who is let in.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use super::Explorer;
use crate::command::plain;

#[test]
fn a_foreign_host_origin_token_or_method_is_refused() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    let Explorer { port, token, .. } = &explorer;
    let own = format!("Host: 127.0.0.1:{port}");
    let ask = |line: String, more: &str| {
        explorer
            .raw(format!("{line}\r\n{more}\r\n\r\n").as_bytes())
            .status
    };
    let page = format!("GET /{token}/ HTTP/1.1");
    assert_eq!(ask(page.clone(), &own), 200);
    assert_eq!(ask(page.clone(), &format!("Host: localhost:{port}")), 200);
    for host in [
        "Host: evil.example",
        "Host: 127.0.0.1",
        "X-Nothing: 1",
        "Host: 127.0.0.1:1",
    ] {
        assert_eq!(ask(page.clone(), host), 403, "{host}");
    }
    for origin in ["http://evil.example", "null", "https://127.0.0.1"] {
        assert_eq!(
            ask(page.clone(), &format!("{own}\r\nOrigin: {origin}")),
            403,
            "{origin}"
        );
    }
    assert_eq!(
        ask(
            page.clone(),
            &format!("{own}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors")
        ),
        403
    );
    for path in ["/", "/model", "/0123456789abcdef0123456789abcdef/", "/../"] {
        assert_eq!(ask(format!("GET {path} HTTP/1.1"), &own), 403, "{path}");
    }
    assert_eq!(
        ask(format!("GET /{token}/../../etc/passwd HTTP/1.1"), &own),
        404
    );
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"] {
        assert_eq!(
            ask(format!("{method} /{token}/ HTTP/1.1"), &own),
            405,
            "{method}"
        );
    }
    assert_eq!(explorer.end(), 0, "Ctrl-C ends it");
}

#[test]
fn every_answer_carries_the_policy_of_the_page() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    for path in ["", "main.js", "report.css", "model", "nothing-here"] {
        let head = explorer.get(path, "").head.to_lowercase();
        for line in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
        ] {
            assert!(head.contains(line), "{path}: {line} in {head}");
        }
        assert!(
            !head.contains("access-control"),
            "no other page may read: {head}"
        );
    }
}

#[test]
fn what_is_too_large_or_broken_is_refused_and_others_are_served() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    let Explorer { port, token, .. } = &explorer;
    let long = "a".repeat(20_000);
    let status = |path: &str, more: &str| explorer.get(path, more).status;
    assert!([400, 414, 431].contains(&status(&format!("study?x={long}"), "")));
    assert!([400, 431].contains(&status("", &format!("X-Long: {long}\r\n"))));
    assert_eq!(status(&format!("study?x={}", &long[..9000]), ""), 400);
    assert_eq!(status("study?x=%ff", ""), 400);
    assert_eq!(status("", "Content-Length: 1000000000\r\n"), 413);
    assert_eq!(status("", "Transfer-Encoding: chunked\r\n"), 413);
    for nonsense in [
        &b"\x00\x01\x02\xff\xfe\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        assert!(explorer.raw(nonsense).status != 200);
    }
    let hostile = "set=gates.errors-high.breach.limit.absolute=%3Cscript%3E&set=%00=%0a&regression=..%2F..&most=-5";
    let events = explorer.study(hostile);
    assert_eq!(events[0].0, "refused", "{events:?}");
    let reply = explorer
        .raw(format!("GET /{token}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes());
    assert_eq!(reply.status, 200);
}

/// The head of a request has five seconds.
#[test]
fn a_request_that_trickles_in_is_given_up() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    let begun = Instant::now();
    let mut slow = explorer.connect();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    let mut rest = Vec::new();
    drop(slow.read_to_end(&mut rest));
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "it was held open"
    );
    assert_eq!(explorer.get("", "").status, 200);
}

#[test]
fn a_port_that_is_taken_is_said_and_what_to_type_instead() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    let port = explorer.port.to_string();
    let ran =
        crate::command::coalmine_in(folder.path(), &["serve", "policy.yaml", "--port", &port]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.err.contains("cannot listen") && ran.err.contains("--port"),
        "{}",
        ran.err
    );
}
