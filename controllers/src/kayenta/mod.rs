//! Kayenta (commit a69573b): the NetflixACAJudge.
