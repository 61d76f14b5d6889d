//! The parser: recursive descent, from the weakest operator to the strongest: `->`, `or`, `and`, `not`.

use std::ops::Range;

use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

use super::ast::{Bounds, Formula, GateState};
use super::quantity::EVENTS;
use super::token::{Misread, Token, tokens};

/// How deeply formulas may be nested, which keeps the parser's own stack small.
const DEPTH_MAX: u32 = 64;

/// Reads a formula about rollouts of `policy`.
///
/// # Errors
/// The first thing that cannot be understood, and where it stands.
pub fn parse(text: &str, policy: &Policy) -> Result<Formula, Misread> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        policy,
        depth: 0,
        at_the_end: false,
    };
    let formula = parser.formula()?;
    match parser.peek() {
        Token::End => Ok(formula),
        _ => Err(parser.misread(
            "this stands behind the end of the formula",
            "join it with `and`, `or` or `->`",
        )),
    }
}

pub(super) struct Parser<'t> {
    tokens: Vec<(Token<'t>, Range<usize>)>,
    pub(super) next: usize,
    pub(super) policy: &'t Policy,
    depth: u32,
    /// Whether the innermost time operator is `final`.
    pub(super) at_the_end: bool,
}

pub(super) type Read<T> = Result<T, Misread>;

impl<'t> Parser<'t> {
    pub(super) fn peek(&self) -> Token<'t> {
        self.tokens[self.next].0
    }

    pub(super) fn take(&mut self) -> Token<'t> {
        let token = self.peek();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn misread(&self, what: &str, help: &str) -> Misread {
        self.misread_at(self.next, what, help)
    }

    pub(super) fn misread_at(&self, place: usize, what: &str, help: &str) -> Misread {
        Misread {
            at: self.tokens[place].1.clone(),
            what: what.to_owned(),
            help: help.to_owned(),
        }
    }

    fn takes(&mut self, token: Token<'_>) -> bool {
        let is = self.peek() == token;
        if is {
            self.take();
        }
        is
    }

    fn expect(&mut self, sign: &'static str, behind: &str) -> Read<()> {
        if self.takes(Token::Sign(sign)) {
            return Ok(());
        }
        Err(self.misread(
            &format!("`{sign}` is missing"),
            &format!("write `{sign}` {behind}"),
        ))
    }

    fn formula(&mut self) -> Read<Formula> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.misread(
                "the formula is nested too deeply",
                "make two invariants of it",
            ));
        }
        let one = self.either()?;
        let formula = if self.takes(Token::Sign("->")) {
            Formula::Implies(one.into(), self.formula()?.into())
        } else {
            one
        };
        self.depth -= 1;
        Ok(formula)
    }

    fn either(&mut self) -> Read<Formula> {
        let mut one = self.both()?;
        while self.takes(Token::Word("or")) {
            one = Formula::Or(one.into(), self.both()?.into());
        }
        Ok(one)
    }

    fn both(&mut self) -> Read<Formula> {
        let mut one = self.single()?;
        while self.takes(Token::Word("and")) {
            one = Formula::And(one.into(), self.single()?.into());
        }
        Ok(one)
    }

    fn single(&mut self) -> Read<Formula> {
        let place = self.next;
        match self.peek() {
            Token::Word("not") => self.negation(),
            Token::Word(word @ ("always" | "eventually" | "once" | "final")) => {
                self.take();
                self.operator(word)
            }
            Token::Word(word @ ("passing" | "breaching" | "flawed")) => {
                self.take();
                self.gate(word)
            }
            Token::Word(word) => match EVENTS.iter().position(|known| known.word == word) {
                Some(event) => {
                    self.take();
                    Ok(Formula::Happens(event))
                }
                None => self.comparison(place),
            },
            Token::Sign("(") => self.bracketed(),
            Token::Number(..) => self.comparison(place),
            Token::Sign(_) | Token::End => Err(self.misread(
                "a condition is missing",
                "write an event, a comparison, or `always(...)`, `eventually[0s, 60s](...)`, `final(...)`",
            )),
        }
    }

    fn negation(&mut self) -> Read<Formula> {
        self.take();
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.misread(
                "the formula is nested too deeply",
                "leave pairs of `not` out",
            ));
        }
        let formula = Formula::Not(self.single()?.into());
        self.depth -= 1;
        Ok(formula)
    }

    fn bracketed(&mut self) -> Read<Formula> {
        self.take();
        let formula = self.formula()?;
        self.expect(")", "behind it")?;
        Ok(formula)
    }

    fn operator(&mut self, word: &str) -> Read<Formula> {
        let bounds = if word == "final" {
            None
        } else {
            self.bounds()?
        };
        self.expect("(", "before what the operator is about")?;
        let outer = std::mem::replace(&mut self.at_the_end, word == "final");
        let one = self.formula()?.into();
        self.at_the_end = outer;
        self.expect(")", "behind what the operator is about")?;
        Ok(match word {
            "always" => Formula::Always(bounds, one),
            "eventually" => Formula::Eventually(bounds, one),
            "once" => Formula::Once(bounds, one),
            _ => Formula::Final(one),
        })
    }

    fn bounds(&mut self) -> Read<Option<Bounds>> {
        if !self.takes(Token::Sign("[")) {
            return Ok(None);
        }
        let from = self.duration()?;
        self.expect(",", "between the bounds")?;
        let place = self.next;
        let to = self.duration()?;
        self.expect("]", "behind the bounds")?;
        if from > to {
            return Err(self.misread_at(
                place,
                "the bounds are the wrong way round",
                "write the smaller one first",
            ));
        }
        Ok(Some(Bounds { from, to }))
    }

    fn duration(&mut self) -> Read<SimDuration> {
        let place = self.next;
        let help = "write a time with its unit, such as `0s`, `60s`, `5m` or `1h`";
        let Token::Number(number, unit) = self.take() else {
            return Err(self.misread_at(place, "a bound is a time", help));
        };
        let text = format!("{number}{unit}");
        let read = text
            .parse()
            .ok()
            .filter(|_| !unit.is_empty() || number == 0.0);
        read.ok_or_else(|| self.misread_at(place, &format!("`{text}` is no time"), help))
    }

    fn gate(&mut self, word: &str) -> Read<Formula> {
        self.expect("(", "before the gate's id")?;
        let place = self.next;
        let help = "write the id of a gate of the policy";
        let Token::Word(id) = self.take() else {
            return Err(self.misread_at(place, "a gate is named by its id", help));
        };
        if self.policy.gate(id).is_none() {
            return Err(self.misread_at(place, &format!("no gate is called `{id}`"), help));
        }
        self.expect(")", "behind the gate's id")?;
        let state = match word {
            "passing" => GateState::Passing,
            "breaching" => GateState::Breaching,
            _ => GateState::Flawed,
        };
        Ok(Formula::Gate(state, id.to_owned()))
    }
}
