//! Operators of PromQL: what each is called, how tightly it binds, what it says of two numbers.

/// Operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    And,
    Or,
    Unless,
}

impl Op {
    /// All operators.
    pub(super) const ALL: [Self; 14] = [
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::Mod,
        Self::Equal,
        Self::NotEqual,
        Self::Greater,
        Self::Less,
        Self::GreaterEqual,
        Self::LessEqual,
        Self::And,
        Self::Or,
        Self::Unless,
    ];

    /// Tells whether it compares.
    pub fn compares(self) -> bool {
        use Op::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
        matches!(
            self,
            Equal | NotEqual | Greater | Less | GreaterEqual | LessEqual
        )
    }

    /// Tells whether it joins sets.
    pub fn joins(self) -> bool {
        matches!(self, Op::And | Op::Or | Op::Unless)
    }

    /// Returns how tightly it binds.
    pub(super) fn precedence(self) -> u8 {
        match self {
            Op::Or => 1,
            Op::And | Op::Unless => 2,
            _ if self.compares() => 3,
            Op::Add | Op::Sub => 4,
            _ => 5,
        }
    }

    /// Returns the comparison with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Op::Greater => Op::Less,
            Op::Less => Op::Greater,
            Op::GreaterEqual => Op::LessEqual,
            Op::LessEqual => Op::GreaterEqual,
            other => other,
        }
    }

    /// Compares two numbers; NaN is in no relation but `!=`.
    ///
    /// # Panics
    ///
    /// When the operator does not compare.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Op::Equal => left == right,
            Op::NotEqual => left != right,
            Op::Greater => left > right,
            Op::Less => left < right,
            Op::GreaterEqual => left >= right,
            Op::LessEqual => left <= right,
            _ => panic!("{self:?} compares nothing"),
        }
    }

    /// Returns the operator as PromQL writes it.
    pub fn symbol(self) -> &'static str {
        match self {
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "*",
            Op::Div => "/",
            Op::Mod => "%",
            Op::Equal => "==",
            Op::NotEqual => "!=",
            Op::Greater => ">",
            Op::Less => "<",
            Op::GreaterEqual => ">=",
            Op::LessEqual => "<=",
            Op::And => "and",
            Op::Or => "or",
            Op::Unless => "unless",
        }
    }
}
