//! The common form of a condition, `result[0] < 0.05`, without a walk over its tree.

use super::ast::{Node, NodeKind};
use super::value::Value;

/// One element of a vector against one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Common {
    place: usize,
    relation: Relation,
    limit: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Relation {
    Below,
    AtMost,
    Above,
    AtLeast,
}

impl Common {
    /// The common form of a compiled condition; none where it says anything else.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let NodeKind::Binary(op, left, right) = &node.kind else {
            return None;
        };
        Some(Self {
            place: element(left)?,
            relation: match *op {
                "<" => Relation::Below,
                "<=" => Relation::AtMost,
                ">" => Relation::Above,
                ">=" => Relation::AtLeast,
                _ => return None,
            },
            limit: match right.kind {
                NodeKind::Float(limit) => limit,
                NodeKind::Int(limit) => limit as f64,
                _ => return None,
            },
        })
    }

    /// Whether it holds; none where the answer has no such element, so that the engine has words on it.
    pub(super) fn holds(self, result: &Value) -> Option<bool> {
        let Value::Floats(values) = result else {
            return None;
        };
        let value = *values.get(self.place)?;
        Some(match self.relation {
            Relation::Below => value < self.limit,
            Relation::AtMost => value <= self.limit,
            Relation::Above => value > self.limit,
            Relation::AtLeast => value >= self.limit,
        })
    }
}

/// The place that `result[place]` names.
fn element(node: &Node) -> Option<usize> {
    let NodeKind::Member {
        base,
        property,
        optional: false,
        method: false,
    } = &node.kind
    else {
        return None;
    };
    match (&base.kind, &property.kind) {
        (NodeKind::Ident(name), NodeKind::Int(place)) if name == "result" => {
            usize::try_from(*place).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Condition;
    use super::Value;

    fn says(condition: &str, values: &[f64]) -> Result<bool, String> {
        let condition = Condition::new(condition);
        assert!(condition.common.is_some(), "a common form");
        condition.holds(&Value::vector(values))
    }

    #[test]
    fn nothing_holds_of_a_value_that_is_no_number() {
        for relation in ["<", "<=", ">", ">="] {
            let said = says(&format!("result[0] {relation} 1"), &[f64::NAN]);
            assert_eq!(said, Ok(false), "{relation}");
        }
    }

    #[test]
    fn a_limit_belongs_to_at_most_and_at_least_alone() {
        let exactly = [("<", false), ("<=", true), (">", false), (">=", true)];
        for (relation, holds) in exactly {
            let said = says(&format!("result[1] {relation} 0.05"), &[7.0, 0.05]);
            assert_eq!(said, Ok(holds), "{relation}");
        }
    }

    #[test]
    fn an_element_that_is_not_there_is_an_error_in_the_engines_words() {
        let said = says("result[1] > 0", &[7.0]);
        let words = said.expect_err("there is one element");
        assert!(words.contains("out of range"), "{words}");
    }

    #[test]
    fn a_condition_that_says_more_has_no_common_form() {
        for condition in [
            "result[0] == 1",
            "result[-1] < 1",
            "result[0] < 1 && result[1] < 1",
            "result < 1",
        ] {
            assert!(Condition::new(condition).common.is_none(), "{condition}");
        }
    }
}
