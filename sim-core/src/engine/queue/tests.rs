//! The queue against a naive model: a vector sorted at every step.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{EventQueue, FEW, Ticket};
use crate::engine::{Draws, Key, SimTime};
use proptest::prelude::*;

/// A limit of the tournament that a test can afford to cross all the time.
const FEW_HERE: usize = 16;

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
    /// A queue of which `few_max` events at most play a tournament.
    fn with(few_max: usize) -> Self {
        let mut pair = Self::default();
        pair.queue.few_max = few_max;
        pair
    }

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
    fn any_use_of_the_queue_agrees_with_the_model(
        few_max in prop_oneof![Just(FEW), 0..FEW_HERE],
        steps in prop::collection::vec(step(), 0..120),
    ) {
        let mut pair = Pair::with(few_max);
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

/// Plays `steps` steps that keep about `size` events pending, far more than play the tournament.
fn play_large(seed: u32, size: usize, steps: usize, delay: impl Fn(&mut Draws) -> u64) {
    let mut draws = draws(seed);
    let mut pair = Pair::with(FEW_HERE);
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
fn crowds_agree_with_the_model() {
    play_large(1, 4_096, 9_000, |draws| draws.below(1 << 40));
    play_large(2, 4_096, 9_000, |draws| draws.below(3));
    play_large(3, 4_096, 9_000, |draws| 1 << draws.below(60));
    play_large(4, 4_096, 9_000, |_| 0);
}

#[test]
fn a_burst_before_everything_in_the_wheel_keeps_the_order() {
    let mut pair = Pair::with(FEW_HERE);
    for late in 0..2_048 {
        pair.schedule(1_000_000 + late % 7, 0);
    }
    pair.schedule(5, 0);
    // The crowd brings in late ones; then comes a burst before all of them.
    pair.pop();
    for early in 0..3_072 {
        pair.schedule(10 + early % 11, 1);
    }
    while pair.pop() {}
}

#[test]
fn a_crowd_that_is_gone_leaves_the_place_to_the_tournament() {
    let mut pair = Pair::with(FEW_HERE);
    for round in 0..3 {
        for event in 0..40 {
            pair.schedule(1_000 * round + event % 7, 0);
        }
        assert!(pair.queue.many.is_some());
        // Some of them are cancelled, the last one too.
        for event in (0..40).filter(|event| event % 3 == 0) {
            pair.cancel(40 * round as usize + event);
        }
        while pair.pop() {}
        assert!(pair.queue.many.is_none());
    }
}

/// Folds what is popped into one number that depends on its order (FNV-1a).
fn fold(hash: u64, (at, event): (SimTime, u32)) -> u64 {
    let one = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x0100_0000_01b3);
    one(one(hash, at.as_nanos()), event.into())
}

/// The hold model with `pending` events in the queue and in the standard library's heap, which is
/// the reference: the hash of the order in which each pops them.
fn orders(few_max: usize, pending: u32, delay: impl Fn(&mut Draws) -> u64) -> [u64; 2] {
    let mut draws = draws(pending);
    let (mut queue, mut heap) = (
        EventQueue::with_capacity(pending as usize),
        BinaryHeap::new(),
    );
    queue.few_max = few_max;
    let (mut hashes, mut scheduled, mut now) = ([0, 0], 0_u32, 0);
    for _ in 0..3 * pending {
        if scheduled >= pending {
            let first = queue.pop().expect("as many are pending as before");
            now = first.0.as_nanos();
            let Reverse((at, _, event)) = heap.pop().expect("as many are pending as before");
            hashes = [
                fold(hashes[0], first),
                fold(hashes[1], (SimTime::from_nanos(at), event)),
            ];
        }
        let (at, class) = (now + delay(&mut draws), draws.below(3) as u8);
        queue.schedule(SimTime::from_nanos(at), class, scheduled);
        heap.push(Reverse((at, class, scheduled)));
        scheduled += 1;
    }
    while let (Some(first), Some(Reverse((at, _, event)))) = (queue.pop(), heap.pop()) {
        hashes = [
            fold(hashes[0], first),
            fold(hashes[1], (SimTime::from_nanos(at), event)),
        ];
    }
    hashes
}

/// Ties included: a few delays, a wide range of them, one hundred per instant, and all at once.
#[test]
fn the_pop_order_hash_is_that_of_a_reference_heap_in_every_list_at_every_size() {
    let delays: [fn(&mut Draws) -> u64; 4] = [
        |draws| draws.below(1 << 32),
        |draws| 1 << draws.below(50),
        |draws| 15_000_000_000 * (1 + draws.below(2)),
        |_| 0,
    ];
    let sizes = [1, 2, 3, 100, 1_024, 10_000];
    for (which, delay) in delays.into_iter().enumerate() {
        let beyond = (FEW, FEW as u32 + 5_000);
        let lists = [0, FEW_HERE, FEW].into_iter();
        let cases = lists.flat_map(|few| sizes.map(|size| (few, size)));
        for (few_max, pending) in cases.chain([beyond]) {
            let [queue, heap] = orders(few_max, pending, delay);
            assert_eq!(queue, heap, "delay {which}, {pending} events, {few_max}");
        }
    }
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
    for event in 0..3 * FEW {
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
