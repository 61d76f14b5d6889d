//! From children in an order to faults, each with its own moment.

use chaos::catalogue::Injection;
use sim_core::effect::Course;

use super::moment::Moment;
use super::stages::Stages;
use super::{Order, Planned, StartCondition, Step};
use crate::check::{Problem, each};

/// What a method comes to: faults with their paths, and what is wrong with it.
pub(super) struct Placing<'s> {
    pub stages: Stages<'s>,
    pub placed: Vec<(String, Injection)>,
    pub problems: Vec<Problem>,
}

/// What is known of the moment at which a step begins.
#[derive(Clone, Copy)]
enum Start {
    /// Nobody has said anything.
    Open,
    /// The group says so; a child may have a moment of its own.
    Given(Moment),
    /// The child before has ended then.
    Behind(Moment),
}

/// Something is wrong, and stands among the problems.
struct Noted;

impl Placing<'_> {
    /// Places the whole method.
    pub fn method(&mut self, method: &Step) {
        self.step(method, "method", Start::Open);
    }

    /// Places one fault by itself.
    pub fn single(&mut self, planned: &Planned, path: &str) {
        let mut at = None;
        if let Some(written) = &planned.at {
            let Some(moment) = self.own(written, &format!("{path}.at")) else {
                return;
            };
            at = Some(moment.of(written.course()));
        }
        let injection = Injection {
            id: planned.id.clone(),
            fault: planned.fault.clone(),
            at,
            cured_by: planned.cured_by.clone(),
        };
        self.placed.push((path.to_owned(), injection));
    }

    /// Places a step; returns when it ends, where that is known beforehand.
    fn step(&mut self, step: &Step, path: &str, start: Start) -> Option<Moment> {
        let is_fault = step.fault.is_some() && step.id.is_some();
        let is_group = step.template_type.is_some() && !step.children.is_empty();
        let of_fault = step.fault.is_some() || step.id.is_some() || !step.cured_by.is_empty();
        let of_group = step.template_type.is_some() || !step.children.is_empty();
        match step.template_type {
            Some(order) if is_group && !of_fault => self.group(step, order, path, start),
            _ if is_fault && !of_group => self.fault(step, path, start),
            _ => {
                let problem =
                    Problem::error("CM175", path, "neither a fault nor children in an order");
                let help =
                    "write `id` and `fault`, or `template-type` and `children`, and not both";
                self.problems.push(problem.help(help));
                None
            }
        }
    }

    fn group(&mut self, step: &Step, order: Order, path: &str, start: Start) -> Option<Moment> {
        let at = format!("{path}.at");
        if step.at.as_ref().is_some_and(StartCondition::goes_on) {
            let problem =
                Problem::error("CM175", at.clone(), "children go on as each of them says");
            self.problems
                .push(problem.help("write this under `at` of the children"));
        }
        let start = match self.begins(step.at.as_ref(), &at, start).ok()? {
            Some(moment) => Start::Given(moment),
            None => Start::Open,
        };
        let children: Vec<_> = each(&format!("{path}.children"), &step.children).collect();
        match order {
            Order::Parallel => {
                let ends = children
                    .into_iter()
                    .map(|(path, child)| self.step(child, &path, start));
                latest(ends.collect())
            }
            Order::Serial => self.serial(&children, start),
        }
    }

    fn serial(&mut self, children: &[(String, &Step)], mut start: Start) -> Option<Moment> {
        let mut end = None;
        for (place, (path, child)) in children.iter().enumerate() {
            let faulty = self.problems.len();
            end = self.step(child, path, start);
            let Some(moment) = end else {
                if place + 1 < children.len() && self.problems.len() == faulty {
                    self.problems.push(endless(path));
                }
                return None;
            };
            start = Start::Behind(moment);
        }
        end
    }

    fn fault(&mut self, step: &Step, path: &str, start: Start) -> Option<Moment> {
        let (fault, id) = (step.fault.clone()?, step.id.clone()?);
        let usual = (fault.entry().at)();
        let moment = self
            .begins(step.at.as_ref(), &format!("{path}.at"), start)
            .ok()?;
        let goes_on = step
            .at
            .as_ref()
            .filter(|at| at.goes_on() || at.has_moment());
        let course = goes_on.map_or(usual, StartCondition::course);
        let course = moment.unwrap_or_else(|| Moment::begins(&usual)).of(course);
        let injection = Injection {
            id,
            fault,
            at: Some(course),
            cured_by: step.cured_by.clone(),
        };
        self.placed.push((path.to_owned(), injection));
        ends(&course)
    }

    /// Returns the moment at which a step begins, its own or the one that it is given; none where nobody
    /// says anything.
    fn begins(
        &mut self,
        at: Option<&StartCondition>,
        path: &str,
        start: Start,
    ) -> Result<Option<Moment>, Noted> {
        let delayed = |moment: Moment| Moment {
            after: moment
                .after
                .saturating_add(at.and_then(|at| at.delay).unwrap_or_default()),
            within: at.and_then(|at| at.within).or(moment.within),
            ..moment
        };
        let open = matches!(start, Start::Open);
        let own = |at: &&StartCondition| {
            at.has_moment() || open && (at.delay.is_some() || at.within.is_some())
        };
        match (at.filter(own), start) {
            (Some(_), Start::Behind(_)) => {
                let message = "it begins when the one before it has ended";
                let problem = Problem::error("CM175", path, message);
                self.problems.push(
                    problem.help("keep `delay` and how it goes on, or make the steps parallel"),
                );
                Err(Noted)
            }
            (Some(at), _) => self.own(at, path).map(Some).ok_or(Noted),
            (None, Start::Given(moment) | Start::Behind(moment)) => Ok(Some(delayed(moment))),
            (None, Start::Open) => Ok(None),
        }
    }

    fn own(&mut self, at: &StartCondition, path: &str) -> Option<Moment> {
        match at.moment(path, self.stages) {
            Ok(moment) => Some(moment),
            Err(problem) => {
                self.problems.push(*problem);
                None
            }
        }
    }
}

fn endless(path: &str) -> Problem {
    let message = "nobody knows when it ends, and another one is to begin then";
    Problem::error("CM175", path, message)
        .reason("what follows a fault without an end, or one that begins at a drawn moment, has no moment itself")
        .help("give it `at: {lasts: 20m}` and no `within`, or make the steps parallel")
}

/// Returns when a fault ends, where that depends on nothing that is drawn.
fn ends(course: &Course) -> Option<Moment> {
    let lasts = course.lasts.filter(|_| course.within.is_none())?;
    Some(Moment {
        from: course.from,
        after: course.after.saturating_add(lasts),
        within: None,
    })
}

/// Returns the last of the ends, where all are counted from one instant.
fn latest(ends: Vec<Option<Moment>>) -> Option<Moment> {
    let ends: Vec<Moment> = ends.into_iter().collect::<Option<_>>()?;
    let last = ends.iter().max_by_key(|end| end.after)?;
    ends.iter()
        .all(|end| end.from == last.from)
        .then_some(*last)
}
