//! The answer to a question as a stream of server-sent events.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::visits::Visit;

/// A question has at most so many answers; a client that reads slowly makes nobody wait and keeps no more than these.
const EVENTS: usize = 64;

/// What is sent: it ends when the teller is gone. Once the client is gone it is dropped, and the question with it.
pub(super) struct EventBody {
    events: Receiver<Bytes>,
    _visit: Visit,
}

/// Writes events.
#[derive(Clone)]
pub(super) struct EventSender(Sender<Bytes>);

/// Makes the two ends of the answer to a question.
pub(super) fn events(visit: Visit) -> (EventSender, EventBody) {
    let (sender, events) = channel(EVENTS);
    let body = EventBody {
        events,
        _visit: visit,
    };
    (EventSender(sender), body)
}

impl EventSender {
    /// Sends an event; `data` has no line breaks. Nothing happens where nobody listens.
    pub fn send(&self, kind: &str, data: &str) {
        let text = format!("event: {kind}\ndata: {data}\n\n");
        drop(self.0.try_send(Bytes::from(text)));
    }
}

impl Body for EventBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.events.poll_recv(context);
        next.map(|event| event.map(|data| Ok(Frame::data(data))))
    }
}
