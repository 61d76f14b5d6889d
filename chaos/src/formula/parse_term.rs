//! Comparisons, and the numbers and quantities on their sides.

use sim_core::Outcome;

use super::ast::{Comparison, Formula, Relation, Term};
use super::parse::{Parser, Read};
use super::quantity::{EVENTS, QUANTITIES, Quantity, STATES};
use super::token::Token;

impl Parser<'_> {
    pub(super) fn comparison(&mut self, place: usize) -> Read<Formula> {
        let left = self.term(None)?;
        let sign = self.next;
        let Token::Sign(written) = self.take() else {
            return Err(self.misread_at(
                sign,
                "a comparison is missing",
                "write `<`, `<=`, `==`, `!=`, `>=` or `>`",
            ));
        };
        let help = "write `<`, `<=`, `==`, `!=`, `>=` or `>`";
        let is = Relation::of(written)
            .ok_or_else(|| self.misread_at(sign, "a comparison is missing", help))?;
        let right = self.term(quantity(&left))?;
        let named = [&left, &right]
            .into_iter()
            .filter_map(quantity)
            .any(Quantity::is_named);
        if named && !matches!(is, Relation::Equal | Relation::Differs) {
            return Err(self.misread_at(sign, "names have no order", "write `==` or `!=`"));
        }
        if quantity(&left).or(quantity(&right)).is_none() {
            return Err(self.misread_at(place, "this compares two numbers", &known_words()));
        }
        Ok(Formula::Compare(Comparison { left, is, right }))
    }

    /// Reads one side of a comparison, whose other side may be known.
    fn term(&mut self, other: Option<Quantity>) -> Read<Term> {
        let place = self.next;
        match self.take() {
            Token::Number(number, unit) => self.scaled(place, number, unit, other),
            Token::Word(word) => self.named(place, word, other),
            _ => Err(self.misread_at(place, "a number or a quantity is missing", &known_words())),
        }
    }

    fn scaled(&self, place: usize, number: f64, unit: &str, other: Option<Quantity>) -> Read<Term> {
        match (unit, other) {
            ("", _) => Ok(Term::Number(number)),
            ("%", None) => Ok(Term::Number(number / 100.0)),
            ("%", Some(quantity)) if quantity.is_share() => Ok(Term::Number(number / 100.0)),
            _ => Err(self.misread_at(
                place,
                &format!("`{unit}` is not the unit of this number"),
                "shares of the fleet are fractions or per cent; other numbers have no unit",
            )),
        }
    }

    fn named(&self, place: usize, word: &str, other: Option<Quantity>) -> Read<Term> {
        if let Some(quantity) = Quantity::of(word) {
            if quantity.is_final() && !self.at_the_end {
                let what = format!("`{word}` is known at the end alone");
                return Err(self.misread_at(place, &what, "write it inside `final(...)`"));
            }
            return Ok(Term::Quantity(quantity));
        }
        let number = |place: Option<usize>| place.map(|place| Term::Number(place as f64));
        let found = match other {
            Some(Quantity::Stage) => self
                .policy
                .stage_index(word)
                .map(|_| Term::Stage(word.to_owned())),
            Some(Quantity::State) => number(STATES.iter().position(|known| *known == word)),
            Some(Quantity::Outcome) => {
                number(Outcome::ALL.iter().position(|known| known.word() == word))
            }
            _ => None,
        };
        found.ok_or_else(|| {
            let help = choices(other);
            self.misread_at(place, &format!("`{word}` is not known here"), &help)
        })
    }
}

const fn quantity(term: &Term) -> Option<Quantity> {
    match term {
        Term::Quantity(quantity) => Some(*quantity),
        Term::Number(_) | Term::Stage(_) => None,
    }
}

fn known_words() -> String {
    let words = |known: &[super::Word]| {
        let words: Vec<_> = known.iter().map(|known| known.word).collect();
        words.join(", ")
    };
    format!(
        "quantities: {}; events: {}",
        words(QUANTITIES),
        words(EVENTS)
    )
}

fn choices(other: Option<Quantity>) -> String {
    match other {
        Some(Quantity::Stage) => "write the id of a stage of the policy, or its number".to_owned(),
        Some(Quantity::State) => format!("write one of {}", STATES.join(", ")),
        Some(Quantity::Outcome) => {
            format!(
                "write one of {}",
                Outcome::ALL.map(Outcome::word).join(", ")
            )
        }
        _ => known_words(),
    }
}
