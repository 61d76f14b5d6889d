//! `coalmine serve`, spoken to over plain TCP.

mod crowd;
mod door;
mod figures;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::command::{command, send};

/// An explorer that runs until it is dropped.
pub struct Explorer {
    child: Child,
    pub port: u16,
    pub token: String,
}

/// What came back.
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Explorer {
    /// Starts one in `folder` and waits until it says where it is.
    pub fn start(folder: &Path, args: &[&str]) -> Self {
        let args = [&["serve"], args].concat();
        let mut command = command(&args);
        command
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://127.0.0.1:").unwrap();
        let (port, token) = address.split_once('/').unwrap();
        let port = port.parse().unwrap();
        let token = token.trim_end_matches('/').to_owned();
        Self { child, port, token }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(120)))
            .unwrap();
        stream
    }

    /// Sends these bytes and reads until the server closes.
    pub fn raw(&self, bytes: &[u8]) -> Reply {
        let mut stream = self.connect();
        // A server that refuses closes before everything is written.
        drop(stream.write_all(bytes));
        let mut all = Vec::new();
        drop(stream.read_to_end(&mut all));
        reply(&all)
    }

    /// Asks for `path` below the token, with more lines in the head.
    pub fn get(&self, path: &str, more: &str) -> Reply {
        let Self { port, token, .. } = self;
        let head = format!("GET /{token}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n");
        self.raw(head.as_bytes())
    }

    /// The events that answer a question: their kinds and their data.
    pub fn study(&self, query: &str) -> Vec<(String, Value)> {
        let reply = self.get(&format!("study?{query}"), "");
        assert_eq!(reply.status, 200, "{}", reply.body);
        events(&reply.body)
    }

    /// The most memory that it ever had, in KiB.
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Ends it as Ctrl-C does, and returns its exit code.
    pub fn end(mut self) -> i32 {
        send("-INT", self.child.id());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Explorer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn reply(bytes: &[u8]) -> Reply {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = if head.to_lowercase().contains("transfer-encoding: chunked") {
        unchunked(body)
    } else {
        body.to_owned()
    };
    Reply {
        status: status.unwrap_or(0),
        head: head.to_owned(),
        body,
    }
}

/// The body without the sizes of its chunks (RFC 9112, section 7.1).
fn unchunked(mut text: &str) -> String {
    let mut body = Vec::new();
    while let Some((size, rest)) = text.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        body.extend(&rest.as_bytes()[..size.min(rest.len())]);
        text = rest.get(size + 2..).unwrap_or("");
    }
    String::from_utf8(body).unwrap()
}

fn events(body: &str) -> Vec<(String, Value)> {
    let each = body.split("\n\n").filter(|event| !event.is_empty());
    let event = |event: &str| {
        let (kind, data) = event.split_once('\n').unwrap();
        let kind = kind.strip_prefix("event: ").unwrap().to_owned();
        let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        (kind, data)
    };
    each.map(event).collect()
}

/// The last event of a kind.
pub fn last<'e>(events: &'e [(String, Value)], kind: &str) -> &'e Value {
    let mut of = events.iter().rev().filter(|(known, _)| known == kind);
    &of.next()
        .unwrap_or_else(|| panic!("no {kind} in {events:?}"))
        .1
}
