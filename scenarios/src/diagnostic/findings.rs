//! A list of findings that a hostile file cannot make endless.

use crate::diagnostic::Diagnostic;

/// The most findings that are listed.
const MAX_FOUND: usize = 100;

/// The first hundred findings, and whether there were more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Diagnostic>,
    overflowed: bool,
}

impl Findings {
    /// Adds a finding, which is only made if there is room for it.
    pub fn add(&mut self, make: impl FnOnce() -> Diagnostic) {
        if self.is_full() {
            self.overflowed = true;
        } else {
            self.list.push(make());
        }
    }

    /// Says whether further findings are dropped.
    pub const fn is_full(&self) -> bool {
        self.list.len() >= MAX_FOUND
    }

    /// Notes that something was not looked at, the list being full.
    pub const fn overflow(&mut self) {
        self.overflowed = true;
    }

    /// Drops the findings of which `is_void` holds.
    pub fn withdraw(&mut self, is_void: impl Fn(&Diagnostic) -> bool) {
        self.list.retain(|found| !is_void(found));
    }

    /// Returns the findings, and a note about the others if there were more.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        if self.overflowed {
            let message = format!("only the first {MAX_FOUND} problems are shown");
            let note = Diagnostic::note("CM033", 0..0, message).whole_file();
            self.list
                .push(note.help("mend some of them and look again"));
        }
        self.list
    }
}
