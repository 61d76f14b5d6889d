//! A ring of points, each of a server, on which keys fall.

use super::Server;

/// The points in their order. Of equal places one point counts.
pub(super) struct Ring<P> {
    points: Vec<(P, Server)>,
}

impl<P: Copy + Ord> Ring<P> {
    /// Of points at one place the first that was given stays.
    pub fn new(points: impl IntoIterator<Item = (P, Server)>) -> Self {
        let mut points: Vec<_> = points.into_iter().collect();
        points.sort_by_key(|(place, _)| *place);
        points.dedup_by_key(|(place, _)| *place);
        Self { points }
    }

    /// The first point at `place` or after it, round the end.
    pub fn after(&self, place: P) -> (P, Server) {
        self.points[self.index(place) % self.points.len()]
    }

    /// The last point before `place`, round the beginning.
    pub fn before(&self, place: P) -> (P, Server) {
        let last = self.points.len() - 1;
        let index = self.index(place);
        self.points[index.checked_sub(1).unwrap_or(last)]
    }

    /// The points in their order.
    pub fn points(&self) -> &[(P, Server)] {
        &self.points
    }

    fn index(&self, place: P) -> usize {
        self.points.partition_point(|(point, _)| *point < place)
    }
}
