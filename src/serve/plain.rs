//! A port of this machine for programs: questions in, texts out. No page, no token: whoever runs programs here may ask.
//!
//! A browser is kept out all the same: a page of somebody else can neither name this host nor send its origin.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use hyper::http::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, StatusCode};
use tokio::task::spawn_blocking;

use super::door::Door;
use super::laboratory::Query;
use super::listen::{accept_until, bind};
use super::query;

/// The largest body.
const BODY: usize = 1 << 20;
/// How long what is being answered may take to stop.
const END_WITHIN: Duration = Duration::from_secs(2);
/// Answers that are being made at a time.
const THREADS: usize = 8;

/// What a program asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainRequest {
    /// Whether it brings something.
    pub is_post: bool,
    /// The path, without the query.
    pub path: String,
    /// The pairs of the query, then those of a form in the body.
    pub pairs: Query,
    /// The body, where it is no form.
    pub body: String,
}

/// What it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainAnswer {
    /// The status of HTTP.
    pub status: u16,
    /// What the text is.
    pub kind: &'static str,
    /// The text.
    pub text: String,
}

/// Who answers.
pub trait PlainService: Send + Sync + 'static {
    /// Answers one request, on a thread of its own.
    fn answer(&self, request: PlainRequest) -> PlainAnswer;
}

#[derive(Clone)]
struct PlainWindow {
    door: Arc<Door>,
    service: Arc<dyn PlainService>,
}

/// Answers on `port` of this machine (0 is any that is free) until `ended` says so; `begun` is told the port once somebody
/// may come.
///
/// # Errors
/// When the port cannot be had, or the system gives no runtime.
pub fn serve_plain(
    service: Arc<dyn PlainService>,
    port: u16,
    begun: impl FnOnce(u16),
    ended: impl Fn() -> bool,
) -> io::Result<()> {
    let (bound, port) = bind(port)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(THREADS)
        .build()?;
    let door = Arc::new(Door::new(String::new(), port));
    let router = Router::new()
        .fallback(answered)
        .with_state(PlainWindow { door, service });
    begun(port);
    let served = runtime.block_on(accept_until(bound, &router, ended));
    runtime.shutdown_timeout(END_WITHIN);
    served
}

async fn answered(State(window): State<PlainWindow>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(why) = window.door.admit_program(&parts) {
        return why.answer().into_response();
    }
    let Ok(body) = to_bytes(body, BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large\n").into_response();
    };
    let body = String::from_utf8_lossy(&body).into_owned();
    let kind = parts.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    let of_form = if is_form { &body[..] } else { "" };
    let asked = query::read(parts.uri.query().unwrap_or_default());
    let Some((mut pairs, more)) = asked.zip(query::read(of_form)) else {
        return (
            StatusCode::BAD_REQUEST,
            "the question is too long, or no text\n",
        )
            .into_response();
    };
    pairs.extend(more);
    let request = PlainRequest {
        is_post: parts.method == Method::POST,
        path: parts.uri.path().to_owned(),
        pairs,
        body: if is_form { String::new() } else { body },
    };
    let answer = spawn_blocking(move || window.service.answer(request)).await;
    answer.map_or_else(
        |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        response,
    )
}

fn response(answer: PlainAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = (status, Body::from(answer.text)).into_response();
    let kind = HeaderValue::from_static(answer.kind);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
