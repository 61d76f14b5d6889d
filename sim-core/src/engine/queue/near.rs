//! The near heap: entries that come before those which the wheel has handed out last.

/// A binary minimum heap whose root may be a hole.
///
/// A simulation mostly takes an event and schedules its successor. The head that was taken
/// stays as a hole, which the next entry fills with one sift instead of two.
#[derive(Clone, Debug, Default)]
pub(super) struct NearHeap {
    entries: Vec<u128>,
    /// The root has been taken and `entries[0]` means nothing.
    hole: bool,
}

impl NearHeap {
    pub(super) const fn new() -> Self {
        Self {
            entries: Vec::new(),
            hole: false,
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.entries.len() == usize::from(self.hole)
    }

    #[inline]
    pub(super) fn push(&mut self, entry: u128) {
        if self.hole {
            self.hole = false;
            self.sift_down(0, entry);
        } else {
            self.entries.push(entry);
            self.sift_up(self.entries.len() - 1, entry);
        }
    }

    /// Takes the smallest entry and leaves a hole.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u128> {
        self.fill_hole();
        let first = *self.entries.first()?;
        self.hole = true;
        Some(first)
    }

    /// Returns the smallest entry: with a hole at the root it is one of the two children.
    pub(super) fn peek(&self) -> Option<u128> {
        if self.hole {
            self.entries.iter().skip(1).take(2).min().copied()
        } else {
            self.entries.first().copied()
        }
    }

    #[inline]
    fn fill_hole(&mut self) {
        if self.hole {
            self.hole = false;
            let last = self.entries.pop().expect("a hole is an entry");
            if !self.entries.is_empty() {
                self.sift_down(0, last);
            }
        }
    }

    #[inline]
    fn sift_up(&mut self, start: usize, entry: u128) {
        let entries = &mut self.entries[..];
        let mut index = start;
        while index > 0 {
            let parent = (index - 1) / 2;
            if entries[parent] <= entry {
                break;
            }
            entries[index] = entries[parent];
            index = parent;
        }
        entries[index] = entry;
    }

    #[inline]
    fn sift_down(&mut self, start: usize, entry: u128) {
        let entries = &mut self.entries[..];
        let mut index = start;
        loop {
            let left = 2 * index + 1;
            if left + 1 >= entries.len() {
                if left < entries.len() && entries[left] < entry {
                    entries[index] = entries[left];
                    index = left;
                }
                break;
            }
            // Chosen by arithmetic: which child is smaller cannot be predicted.
            let child = left + usize::from(entries[left + 1] < entries[left]);
            if entries[child] >= entry {
                break;
            }
            entries[index] = entries[child];
            index = child;
        }
        entries[index] = entry;
    }
}
