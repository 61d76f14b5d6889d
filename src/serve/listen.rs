//! The port: who is connected, for how long, and when it ends.

use std::io;
use std::net::{Ipv4Addr, TcpListener as Bound};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use super::laboratory::Laboratory;
use super::patience::Patient;
use super::routes::{Counter, router};

/// So many connections at a time; others wait until one ends.
const CONNECTIONS: usize = 128;
/// The head of a request has to be there within this time.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
/// The largest head of a request.
const HEAD: usize = 16 * 1024;
/// No connection is longer than this.
const LONGEST: Duration = Duration::from_secs(600);
/// How often somebody looks whether it is to end.
const LOOK: Duration = Duration::from_millis(50);
/// How long what is being played may take to stop.
const END_WITHIN: Duration = Duration::from_secs(2);
/// Threads that play: each study has one, which hands its rollouts to the cores.
const THREADS: usize = 12;

/// Answers on `port` of this machine (0 is any that is free) until `ended` says so. `begun` is told the port once
/// somebody may come.
///
/// # Errors
/// When the port cannot be had, or the system gives no runtime.
pub fn serve(
    laboratory: Arc<dyn Laboratory>,
    (port, token): (u16, String),
    begun: impl FnOnce(u16),
    ended: impl Fn() -> bool,
) -> io::Result<()> {
    let (bound, port) = bind(port)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(THREADS)
        .build()?;
    let counter = Counter::new(laboratory, token, port);
    begun(port);
    let served = runtime.block_on(accept_until(bound, &router(counter.clone()), ended));
    counter.visits.end();
    runtime.shutdown_timeout(END_WITHIN);
    served
}

/// Takes a port of this machine, and says which.
pub(super) fn bind(port: u16) -> io::Result<(Bound, u16)> {
    let bound = Bound::bind((Ipv4Addr::LOCALHOST, port))?;
    bound.set_nonblocking(true)?;
    let port = bound.local_addr()?.port();
    Ok((bound, port))
}

/// Takes connections until `ended` says so.
pub(super) async fn accept_until(
    bound: Bound,
    router: &axum::Router,
    ended: impl Fn() -> bool,
) -> io::Result<()> {
    let listener = TcpListener::from_std(bound)?;
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    while !ended() {
        let Ok(Ok(place)) = timeout(LOOK, room.clone().acquire_owned()).await else {
            continue;
        };
        match timeout(LOOK, listener.accept()).await {
            Ok(Ok((stream, _))) => drop(tokio::spawn(talk(stream, router.clone(), place))),
            // Too many open files, or a client that was gone at once: the next one may have more luck.
            Ok(Err(_)) => sleep(LOOK).await,
            Err(_) => {}
        }
    }
    Ok(())
}

/// One request on one connection: what is cheap on one machine is simple.
async fn talk(stream: TcpStream, router: axum::Router, place: OwnedSemaphorePermit) {
    drop(stream.set_nodelay(true));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD)
        .keep_alive(false)
        .serve_connection(
            TokioIo::new(Patient::new(stream)),
            TowerToHyperService::new(router),
        );
    // A broken connection is the client's affair.
    drop(timeout(LONGEST, connection).await);
    drop(place);
}
