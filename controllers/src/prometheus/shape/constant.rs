//! Expressions of numbers only, and limits.

use super::Limit;
use crate::prometheus::ast::{Expr, Kind};
use crate::prometheus::op::Op;

impl Limit {
    pub(super) fn of(expr: &Expr) -> Option<Self> {
        let value = constant(expr)?;
        let product = match &expr.bare().kind {
            Kind::Binary(binary) if binary.op == Op::Mul => {
                let (a, b) = (constant(&binary.left)?, constant(&binary.right)?);
                // An error budget is a share and the smaller of the two.
                Some(if a >= b { (a, b) } else { (b, a) })
            }
            _ => None,
        };
        Some(Self { value, product })
    }
}

/// Returns the value of an expression of numbers only.
pub fn constant(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        Kind::Number(number) => Some(*number),
        Kind::Paren(inner) => constant(inner),
        Kind::Negate(inner) => constant(inner).map(|number| -number),
        Kind::Binary(binary) => {
            let (a, b) = (constant(&binary.left)?, constant(&binary.right)?);
            Some(match binary.op {
                Op::Add => a + b,
                Op::Sub => a - b,
                Op::Mul => a * b,
                Op::Div => a / b,
                Op::Mod => a % b,
                _ => return None,
            })
        }
        _ => None,
    }
}
