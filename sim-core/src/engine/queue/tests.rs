//! The queue against a naive model: a vector sorted at every step.

use super::{EventQueue, NEAR_MAX, Ticket};
use crate::engine::{Draws, Key, SimTime};
use proptest::prelude::*;

/// Pending events as (time, class, order of scheduling).
#[derive(Default)]
struct Model {
    pending: Vec<(u64, u8, usize)>,
    scheduled: usize,
}

impl Model {
    fn schedule(&mut self, at: u64, class: u8) -> usize {
        self.pending.push((at, class, self.scheduled));
        self.scheduled += 1;
        self.scheduled - 1
    }

    fn cancel(&mut self, event: usize) -> bool {
        let before = self.pending.len();
        self.pending.retain(|pending| pending.2 != event);
        self.pending.len() < before
    }

    fn pop(&mut self) -> Option<(SimTime, usize)> {
        let first = self.pending.iter().copied().min()?;
        self.cancel(first.2);
        Some((SimTime::from_nanos(first.0), first.2))
    }

    fn peek(&self) -> Option<SimTime> {
        self.pending
            .iter()
            .min()
            .map(|first| SimTime::from_nanos(first.0))
    }
}

/// The queue and the model, doing the same things.
#[derive(Default)]
struct Pair {
    queue: EventQueue<usize>,
    model: Model,
    tickets: Vec<Ticket>,
}

impl Pair {
    fn schedule(&mut self, at: u64, class: u8) {
        let event = self.model.schedule(at, class);
        self.tickets
            .push(self.queue.schedule(SimTime::from_nanos(at), class, event));
        self.agree();
    }

    fn cancel(&mut self, event: usize) {
        if event < self.tickets.len() {
            assert_eq!(
                self.queue.cancel(self.tickets[event]),
                self.model.cancel(event)
            );
            self.agree();
        }
    }

    fn pop(&mut self) -> bool {
        let popped = self.queue.pop();
        assert_eq!(popped, self.model.pop());
        self.agree();
        popped.is_some()
    }

    fn agree(&self) {
        assert_eq!(self.queue.peek_time(), self.model.peek());
        assert_eq!(self.queue.len(), self.model.pending.len());
        assert_eq!(self.queue.is_empty(), self.model.pending.is_empty());
    }
}

#[derive(Clone, Debug)]
enum Step {
    Schedule(u64, u8),
    Cancel(usize),
    Pop,
}

fn step() -> impl Strategy<Value = Step> {
    // Few instants and classes, so that ties are common; and the ends of time.
    let at = prop_oneof![8 => 0_u64..20, 1 => any::<u64>(), 1 => Just(u64::MAX)];
    prop_oneof![
        4 => (at, 0_u8..3).prop_map(|(at, class)| Step::Schedule(at, class)),
        1 => (0_usize..60).prop_map(Step::Cancel),
        2 => Just(Step::Pop),
    ]
}

proptest! {
    #[test]
    fn any_use_of_the_queue_agrees_with_the_model(steps in prop::collection::vec(step(), 0..120)) {
        let mut pair = Pair::default();
        for step in steps {
            match step {
                Step::Schedule(at, class) => pair.schedule(at, class),
                Step::Cancel(event) => pair.cancel(event),
                Step::Pop => { pair.pop(); }
            }
        }
        while pair.pop() {}
    }
}

fn draws(entity: u32) -> Draws {
    Key::for_replication(20_261_121, 0).draws(1, entity, 0)
}

/// Plays `steps` steps that keep about `size` events pending, far more than the heap keeps.
fn play_large(seed: u32, size: usize, steps: usize, delay: impl Fn(&mut Draws) -> u64) {
    let mut draws = draws(seed);
    let mut pair = Pair::default();
    let mut now = 0;
    for _ in 0..steps {
        let pending = pair.model.pending.len();
        if draws.below(size as u64) >= pending as u64 / 2 {
            let at = now + delay(&mut draws);
            pair.schedule(at, draws.below(3) as u8);
        } else if draws.chance(0.2) {
            pair.cancel(draws.below(pair.tickets.len() as u64) as usize);
        } else {
            now = pair.model.peek().map_or(now, SimTime::as_nanos);
            pair.pop();
        }
    }
    while pair.pop() {}
}

#[test]
fn queues_beyond_the_heap_agree_with_the_model() {
    play_large(1, 4 * NEAR_MAX, 9_000, |draws| draws.below(1 << 40));
    play_large(2, 4 * NEAR_MAX, 9_000, |draws| draws.below(3));
    play_large(3, 4 * NEAR_MAX, 9_000, |draws| 1 << draws.below(60));
    play_large(4, 4 * NEAR_MAX, 9_000, |_| 0);
}

#[test]
fn a_burst_before_everything_in_the_buckets_keeps_the_order() {
    let mut pair = Pair::default();
    for late in 0..2 * NEAR_MAX as u64 {
        pair.schedule(1_000_000 + late % 7, 0);
    }
    pair.schedule(5, 0);
    // The heap runs empty and takes the late ones; then comes a burst before all of them.
    pair.pop();
    for early in 0..3 * NEAR_MAX as u64 {
        pair.schedule(10 + early % 11, 1);
    }
    while pair.pop() {}
}

#[test]
fn events_of_one_instant_keep_the_order_in_which_they_were_scheduled() {
    let mut queue = EventQueue::new();
    for event in 0..5_000 {
        queue.schedule(SimTime::from_nanos(7), 2, event);
    }
    for expect in 0..5_000 {
        assert_eq!(queue.pop(), Some((SimTime::from_nanos(7), expect)));
    }
    assert_eq!(queue.pop(), None);
}

#[test]
fn a_ticket_does_not_cancel_a_later_event_in_the_same_place() {
    let mut queue = EventQueue::new();
    let first = queue.schedule(SimTime::ZERO, 0, 'a');
    assert_eq!(queue.pop(), Some((SimTime::ZERO, 'a')));
    let second = queue.schedule(SimTime::ZERO, 0, 'b');
    assert!(!queue.cancel(first));
    assert!(queue.cancel(second));
    assert!(!queue.cancel(second));
    assert_eq!(queue.pop(), None);
}

#[test]
fn a_cleared_queue_starts_over() {
    let mut queue = EventQueue::with_capacity(8);
    for event in 0..3 * NEAR_MAX {
        queue.schedule(SimTime::from_nanos(event as u64), 0, event);
    }
    queue.clear();
    assert_eq!(
        (queue.len(), queue.peek_time(), queue.pop()),
        (0, None, None)
    );
    queue.schedule(SimTime::MAX, 0, 1);
    assert_eq!(queue.pop(), Some((SimTime::MAX, 1)));
}
