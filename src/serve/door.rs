//! Who may come in: this machine's browser, on the page of this server, with its token.

use hyper::http::header::{CONTENT_LENGTH, HOST, ORIGIN, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

/// The bytes of a token.
const TOKEN: usize = 16;

/// What a request has to show.
#[derive(Clone, Debug)]
pub(super) struct Door {
    token: String,
    hosts: [String; 2],
}

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TurnedAway {
    /// It asks for another host: a name that was made to lead here (DNS rebinding).
    Host,
    /// It was sent by another page.
    Origin,
    /// It does not know the address that was printed.
    Token,
    /// It wants to change something.
    Method,
    /// It has a body.
    Body,
}

impl TurnedAway {
    /// Returns the status and what to say.
    pub const fn answer(self) -> (StatusCode, &'static str) {
        match self {
            Self::Host => (
                StatusCode::FORBIDDEN,
                "another host was asked for: use the address that coalmine printed\n",
            ),
            Self::Origin => (
                StatusCode::FORBIDDEN,
                "another page asks: only the page of this address may\n",
            ),
            Self::Token => (
                StatusCode::FORBIDDEN,
                "the token is missing: use the whole address that coalmine printed\n",
            ),
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "only GET is answered: nothing can be changed here\n",
            ),
            Self::Body => (StatusCode::PAYLOAD_TOO_LARGE, "no body is read\n"),
        }
    }
}

impl Door {
    /// A door that opens for `token` on a port of this machine.
    pub fn new(token: String, port: u16) -> Self {
        let hosts = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"));
        Self { token, hosts }
    }

    /// Looks at what a program of this machine asks: no token, and it may bring something.
    pub fn admit_program(&self, request: &Parts) -> Result<(), TurnedAway> {
        let reads = [Method::GET, Method::POST].contains(&request.method);
        let checks = [
            (self.host(request), TurnedAway::Host),
            (self.origin(request), TurnedAway::Origin),
            (reads, TurnedAway::Method),
        ];
        let refused = checks.into_iter().find(|(fine, _)| !fine);
        refused.map_or(Ok(()), |(_, why)| Err(why))
    }

    /// Looks at a request before anything is done for it.
    pub fn admit(&self, request: &Parts) -> Result<(), TurnedAway> {
        let checks = [
            (self.host(request), TurnedAway::Host),
            (self.origin(request), TurnedAway::Origin),
            (self.knows(request.uri.path()), TurnedAway::Token),
            (request.method == Method::GET, TurnedAway::Method),
            (has_no_body(request), TurnedAway::Body),
        ];
        let refused = checks.into_iter().find(|(fine, _)| !fine);
        refused.map_or(Ok(()), |(_, why)| Err(why))
    }

    /// Exactly one `Host`, which is ours, and no other authority in the request line.
    fn host(&self, request: &Parts) -> bool {
        let mut named = request.headers.get_all(HOST).iter();
        let (first, second) = (named.next(), named.next());
        let ours = |host: &str| self.hosts.iter().any(|known| known == host);
        let fine = first.is_some_and(|host| host.to_str().is_ok_and(ours));
        let authority = request.uri.authority();
        fine && second.is_none() && authority.is_none_or(|authority| ours(authority.as_str()))
    }

    /// A browser says which page asks. A link that somebody follows is no page that asks.
    fn origin(&self, request: &Parts) -> bool {
        let text = |name: &str| Some(request.headers.get(name)?.to_str().unwrap_or("?"));
        let ours = |origin: &str| {
            let host = origin.strip_prefix("http://");
            host.is_some_and(|host| self.hosts.iter().any(|known| known == host))
        };
        let site = match text("sec-fetch-site") {
            None | Some("same-origin" | "none") => true,
            Some(_) => text("sec-fetch-mode") == Some("navigate"),
        };
        site && request
            .headers
            .get_all(ORIGIN)
            .iter()
            .all(|origin| origin.to_str().is_ok_and(ours))
    }

    /// Compared in the same time wherever the first difference is.
    fn knows(&self, path: &str) -> bool {
        let said = path.split('/').nth(1).unwrap_or_default().as_bytes();
        let token = self.token.as_bytes();
        let pairs = said.iter().zip(token);
        said.len() == token.len() && pairs.fold(0, |sum, (one, other)| sum | (one ^ other)) == 0
    }
}

fn has_no_body(request: &Parts) -> bool {
    let length = request.headers.get(CONTENT_LENGTH);
    length.is_none_or(|length| length == "0") && !request.headers.contains_key(TRANSFER_ENCODING)
}

/// Makes a token that nobody can guess: 128 bits from the system, in 32 hexadecimal digits.
///
/// # Errors
/// When the system has no random numbers.
pub fn token() -> std::io::Result<String> {
    let mut bytes = [0; TOKEN];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    #[track_caller]
    fn check(lines: &[(&str, &str)], path: &str, expect: Result<(), TurnedAway>) {
        let mut request = Request::builder().uri(path);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let door = Door::new("secret".into(), 4000);
        assert_eq!(door.admit(&parts), expect, "{lines:?} {path}");
    }

    #[test]
    fn only_the_page_of_this_machine_with_its_token_comes_in() {
        let host = ("host", "127.0.0.1:4000");
        check(&[host], "/secret/", Ok(()));
        check(&[("host", "localhost:4000")], "/secret/study", Ok(()));
        check(&[], "/secret/", Err(TurnedAway::Host));
        for other in [
            "evil.example",
            "127.0.0.1",
            "127.0.0.1:4001",
            "127.0.0.1:4000.evil.example",
        ] {
            check(&[("host", other)], "/secret/", Err(TurnedAway::Host));
        }
        check(
            &[host, ("host", "evil.example")],
            "/secret/",
            Err(TurnedAway::Host),
        );
        check(
            &[host],
            "http://evil.example/secret/",
            Err(TurnedAway::Host),
        );
        check(
            &[host, ("origin", "http://127.0.0.1:4000")],
            "/secret/",
            Ok(()),
        );
        for other in ["null", "http://evil.example", "https://127.0.0.1:4000"] {
            check(
                &[host, ("origin", other)],
                "/secret/",
                Err(TurnedAway::Origin),
            );
        }
        check(
            &[host, ("sec-fetch-site", "cross-site")],
            "/secret/",
            Err(TurnedAway::Origin),
        );
        let link = [
            host,
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
        ];
        check(&link, "/secret/", Ok(()));
        for path in ["/", "/secre/", "/secrets/", "//secret/", "/other/study"] {
            check(&[host], path, Err(TurnedAway::Token));
        }
        check(
            &[host, ("content-length", "5")],
            "/secret/",
            Err(TurnedAway::Body),
        );
        check(
            &[host, ("transfer-encoding", "chunked")],
            "/secret/",
            Err(TurnedAway::Body),
        );
    }

    #[test]
    fn a_program_of_this_machine_may_ask_and_a_page_of_somebody_else_may_not() {
        let door = Door::new(String::new(), 9090);
        for (lines, fine) in [
            (vec![("host", "127.0.0.1:9090")], true),
            (vec![("host", "localhost:9090")], true),
            (vec![("host", "evil.example:9090")], false),
            (
                vec![
                    ("host", "127.0.0.1:9090"),
                    ("origin", "http://evil.example"),
                ],
                false,
            ),
            (
                vec![("host", "127.0.0.1:9090"), ("sec-fetch-site", "cross-site")],
                false,
            ),
        ] {
            let mut request = Request::builder().method("POST").uri("/api/v1/query");
            for (name, value) in &lines {
                request = request.header(*name, *value);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(door.admit_program(&parts).is_ok(), fine, "{lines:?}");
        }
    }

    #[test]
    fn two_tokens_differ() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
