//! Bounds: up to which size a fault is to be withstood.

use sim_core::engine::{Share, SimDuration};

use crate::generator::Knob;

/// Up to which size a fault is to be withstood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// Whatever its size.
    Any,
    /// Not at all.
    None,
    /// Up to this size: seconds, or a fraction, as [`Knob::of`] the fault measures it.
    AtMost(f64),
}

impl Bound {
    /// Reads what a policy says about the fault of this name: `any`, `none`, or `<= 12s`.
    ///
    /// # Errors
    /// What is wrong with it, and what to write instead.
    pub fn read(text: &str, fault: &str) -> Result<Self, (String, String)> {
        let knob = Knob::of(fault);
        let (what, example) = if knob.is_time() {
            ("a length of time", "12s")
        } else {
            ("a share", "60%")
        };
        let refused = |why: &str| {
            let message = format!("`{text}` {why}");
            let word = knob.word();
            let help =
                format!("`{word}` of `{fault}` is {what}: write `<= {example}`, `any` or `none`");
            Err((message, help))
        };
        let size = match (text.trim(), text.trim().strip_prefix("<=")) {
            ("any", _) => return Ok(Self::Any),
            ("none", _) => return Ok(Self::None),
            (_, Some(size)) => size.trim(),
            (_, None) => return refused("is no bound"),
        };
        let time = size.parse().map(SimDuration::as_secs_f64).ok();
        let share = size.parse().map(Share::as_f64).ok();
        match (if knob.is_time() { time } else { share }, time.or(share)) {
            (Some(size), _) => Ok(Self::AtMost(size)),
            (None, Some(_)) => refused("has the wrong unit"),
            (None, None) => refused("holds no size"),
        }
    }

    /// Whether a fault of this size is to be withstood.
    pub fn bears(self, size: f64) -> bool {
        match self {
            Self::Any => true,
            Self::None => false,
            Self::AtMost(most) => size <= most,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, fault: &str, expect: Bound) {
        assert_eq!(Bound::read(text, fault), Ok(expect), "{fault}: {text}");
    }

    #[track_caller]
    fn refused(text: &str, fault: &str, why: &str) {
        let (message, help) = Bound::read(text, fault).expect_err(text);
        assert!(message.contains(why), "{message}; {help}");
    }

    #[test]
    fn a_bound_has_the_unit_of_its_fault() {
        check("<= 12s", "controller.failover", Bound::AtMost(12.0));
        check("<=1m30s", "telemetry.lag", Bound::AtMost(90.0));
        check("<= 0.6", "actuation.cmd_loss", Bound::AtMost(0.6));
        check("<= 30%", "actuation.stuck_hosts", Bound::AtMost(0.3));
        check(" any ", "env.surge", Bound::Any);
        check("none", "env.surge", Bound::None);
        refused("<= 0.6", "controller.failover", "wrong unit");
        refused("<= 12s", "actuation.cmd_loss", "wrong unit");
        refused("12s", "controller.failover", "no bound");
        refused("<= soon", "controller.failover", "no size");
        refused("< 12s", "controller.failover", "no bound");
    }
}
