//! The explorer's server: one page, its questions, and the answers that tighten while somebody looks.
//!
//! It knows HTTP and nothing of rollouts: what is asked goes to a [`Laboratory`], and what that tells goes to the page.
//! Only this machine can reach it (127.0.0.1), only with the token of the printed address, and only from the page itself;
//! it takes nothing but `GET`, reads no body, writes no file and opens no connection. What anybody can make it keep is
//! bounded: connections, headers, studies at a time, the time that a slow client may take.

mod door;
mod events;
mod laboratory;
mod listen;
mod page;
mod patience;
mod plain;
mod query;
mod routes;
mod visits;

pub use door::token;
pub use laboratory::{Laboratory, Query, Teller};
pub use listen::serve;
pub use plain::{PlainAnswer, PlainRequest, PlainService, serve_plain};
