//! Which address gives what.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use hyper::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{StatusCode, Uri};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::door::Door;
use super::events::events;
use super::laboratory::{Laboratory, Query};
use super::page;
use super::query;
use super::visits::{Visit, Visits};

/// So many studies are played at a time; others wait.
const STUDIES: usize = 4;
/// How long they wait before they are sent away.
const WAIT: Duration = Duration::from_secs(30);

/// The page's own files and questions and nothing else; no inline code, no frame around it, no trace of the address.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// What answers need.
#[derive(Clone)]
pub(super) struct Counter {
    door: Arc<Door>,
    laboratory: Arc<dyn Laboratory>,
    /// What is being played.
    pub visits: Arc<Visits>,
    studies: Arc<Semaphore>,
}

impl Counter {
    pub fn new(laboratory: Arc<dyn Laboratory>, token: String, port: u16) -> Self {
        Self {
            door: Arc::new(Door::new(token, port)),
            laboratory,
            visits: Arc::default(),
            studies: Arc::new(Semaphore::new(STUDIES)),
        }
    }
}

pub(super) fn router(counter: Counter) -> Router {
    Router::new()
        .route("/{token}/", get(|| async { file("index.html") }))
        .route("/{token}/model", get(model))
        .route("/{token}/study", get(study))
        .route("/{token}/why", get(why))
        .route(
            "/{token}/{file}",
            get(|Path((_, name)): Path<(String, String)>| async move { file(&name) }),
        )
        .layer(from_fn_with_state(counter.clone(), admit))
        .with_state(counter)
}

/// Lets in who may come in, and puts the headers on whatever they get.
async fn admit(State(counter): State<Counter>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut response = match counter.door.admit(&parts) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(why) => why.answer().into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn file(name: &str) -> Response {
    page::file(name).map_or_else(missing, typed)
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "there is nothing here\n").into_response()
}

fn typed((kind, text): (&'static str, String)) -> Response {
    ([(CONTENT_TYPE, kind)], text).into_response()
}

const JSON: &str = "application/json";

async fn model(State(counter): State<Counter>) -> Response {
    let laboratory = counter.laboratory;
    let model = spawn_blocking(move || laboratory.model()).await;
    model.map_or_else(|_| broken(), |model| typed((JSON, model)))
}

/// A mistake of this program, which it has told on stderr.
fn broken() -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "this is a mistake in coalmine itself\n",
    )
        .into_response()
}

async fn study(State(counter): State<Counter>, uri: Uri) -> Response {
    let Some((asked, visit)) = question(&counter, &uri, "") else {
        return unclear();
    };
    let Ok(Ok(turn)) = timeout(WAIT, counter.studies.clone().acquire_owned()).await else {
        return busy();
    };
    let stop = visit.stop.clone();
    let (sender, body) = events(visit);
    let laboratory = counter.laboratory;
    drop(spawn_blocking(move || {
        laboratory.study(&asked, &stop, &|kind, data| sender.send(kind, data));
        drop(turn);
    }));
    let kind = [(CONTENT_TYPE, "text/event-stream")];
    (kind, Body::new(body)).into_response()
}

async fn why(State(counter): State<Counter>, uri: Uri) -> Response {
    let Some((asked, visit)) = question(&counter, &uri, "/why") else {
        return unclear();
    };
    let Ok(Ok(turn)) = timeout(WAIT, counter.studies.clone().acquire_owned()).await else {
        return busy();
    };
    let (laboratory, stop) = (counter.laboratory, visit.stop.clone());
    let told = spawn_blocking(move || {
        let told = laboratory.why(&asked, &stop);
        drop(turn);
        told
    });
    let told = told.await;
    drop(visit);
    told.map_or_else(|_| broken(), |told| typed((JSON, told)))
}

/// What is asked, and by which page: a page that asks again needs the answer to its last question no more.
fn question(counter: &Counter, uri: &Uri, of: &str) -> Option<(Query, Visit)> {
    let asked = query::read(uri.query().unwrap_or_default())?;
    let page = asked.iter().find(|(name, _)| name == "page");
    let page: String = page.map_or("", |(_, page)| page).chars().take(32).collect();
    let visit = counter.visits.begin(page + of);
    Some((asked, visit))
}

fn unclear() -> Response {
    (
        StatusCode::BAD_REQUEST,
        "the question is too long or no text\n",
    )
        .into_response()
}

fn busy() -> Response {
    let again = [("retry-after", "1")];
    (
        StatusCode::SERVICE_UNAVAILABLE,
        again,
        "others are being answered\n",
    )
        .into_response()
}
