//! Kayenta (commit a69573b): the NetflixACAJudge.
pub mod rows;
