//! Memory of the wheel's buckets: one block of chunks that go from bucket to bucket.

/// How many entries a chunk holds; with its link it is 512 bytes.
const CHUNK: usize = 31;
const NONE: u32 = u32::MAX;

#[derive(Clone, Debug)]
struct Chunk {
    entries: [u128; CHUNK],
    next: u32,
}

/// Chunks of entries. What a bucket gives back the next one takes: the memory is that of the peak.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    chunks: Vec<Chunk>,
    free: u32,
}

/// Entries in no order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    /// The chunk that is being filled.
    head: u32,
    /// How many entries that chunk has; it is full when there is none.
    fill: u32,
    len: u32,
}

impl Bucket {
    pub(super) const EMPTY: Self = Self {
        head: NONE,
        fill: CHUNK as u32,
        len: 0,
    };

    pub(super) const fn len(self) -> usize {
        self.len as usize
    }
}

impl Pool {
    pub(super) const fn new() -> Self {
        Self {
            chunks: Vec::new(),
            free: NONE,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, bucket: &mut Bucket, entry: u128) {
        if bucket.fill as usize == CHUNK {
            bucket.head = self.allot(bucket.head);
            bucket.fill = 0;
        }
        self.chunks[bucket.head as usize].entries[bucket.fill as usize] = entry;
        bucket.fill += 1;
        bucket.len += 1;
    }

    /// Takes out the entries of one chunk of the bucket; none when it is empty.
    pub(super) fn take_chunk(&mut self, bucket: &mut Bucket) -> Option<Handful> {
        let chunk = self.chunks.get_mut(bucket.head as usize)?;
        let handful = Handful {
            entries: chunk.entries,
            len: bucket.fill as usize,
        };
        let next = std::mem::replace(&mut chunk.next, self.free);
        self.free = std::mem::replace(&mut bucket.head, next);
        bucket.len -= bucket.fill;
        bucket.fill = CHUNK as u32;
        Some(handful)
    }

    fn allot(&mut self, next: u32) -> u32 {
        let index = self.free;
        if let Some(chunk) = self.chunks.get_mut(index as usize) {
            self.free = std::mem::replace(&mut chunk.next, next);
            return index;
        }
        let entries = [0; CHUNK];
        self.chunks.push(Chunk { entries, next });
        (self.chunks.len() - 1) as u32
    }
}

/// The entries of a chunk, taken out of it.
pub(super) struct Handful {
    entries: [u128; CHUNK],
    len: usize,
}

impl Handful {
    pub(super) fn entries(&self) -> &[u128] {
        &self.entries[..self.len]
    }
}
