//! What came of the cases.

use serde::Serialize;

/// How a case or a quantity came out. The order is the order of concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseStatus {
    /// The known answer was reproduced.
    Ok,
    /// Nothing here can judge it.
    Unknown,
    /// Another answer came out.
    Differs,
}

/// The result of one case.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseResult {
    /// The name of the case; where it has none, its file and line.
    pub id: String,
    /// What kind of case it is.
    pub kind: String,
    /// The file of a recorded decision of a controller: these come by the thousand and are told by the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// How it came out: as its worst quantity did.
    pub status: CaseStatus,
    /// Why it is unknown, or the first field that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The quantities of a closed-form case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quantities: Vec<QuantityResult>,
}

/// The result of one quantity of a closed-form case.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct QuantityResult {
    /// Its name.
    pub name: String,
    /// The exact answer.
    pub expected: f64,
    /// What the simulation gave; none where it gives no such quantity.
    pub simulated: Option<f64>,
    /// By how many standard errors the simulation lies above; none where it has no error.
    pub z: Option<f64>,
    /// How many trials it rests on; 0 where the answer takes none.
    pub trials: u64,
    /// The z of the second run, with a fresh seed and ten times the trials, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<f64>,
    /// How it came out.
    pub status: CaseStatus,
}

/// How the rows of one kind in one file came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Rows {
    /// The file.
    pub file: String,
    /// The kind.
    pub kind: String,
    /// Rows that were reproduced.
    pub ok: usize,
    /// Rows with another outcome.
    pub differ: usize,
    /// Rows that nothing here can judge.
    pub unknown: usize,
}

/// The results of all cases.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verification {
    /// The cases, in the order of the files.
    pub cases: Vec<CaseResult>,
}

impl CaseResult {
    /// A case that nothing here can judge.
    pub fn unknown(id: impl Into<String>, kind: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            kind: kind.into(),
            file: None,
            status: CaseStatus::Unknown,
            note: Some(why.into()),
            quantities: Vec::new(),
        }
    }
}

impl Rows {
    fn none(file: &str, kind: &str) -> Self {
        Self {
            file: file.to_owned(),
            kind: kind.to_owned(),
            ok: 0,
            differ: 0,
            unknown: 0,
        }
    }
}

/// From so many z on their root mean square says something: its standard deviation is then 0.1.
const ENOUGH_Z: usize = 50;

impl Verification {
    /// Returns how many cases came out as `status`.
    pub fn count(&self, status: CaseStatus) -> usize {
        self.cases
            .iter()
            .filter(|case| case.status == status)
            .count()
    }

    /// Adds up the rows of controllers by file and kind, in the order of the files.
    pub fn rows(&self) -> Vec<Rows> {
        let mut all: Vec<Rows> = Vec::new();
        for case in &self.cases {
            let Some(file) = &case.file else { continue };
            let known = all
                .iter()
                .position(|rows| rows.file == *file && rows.kind == case.kind);
            let at = known.unwrap_or_else(|| {
                all.push(Rows::none(file, &case.kind));
                all.len() - 1
            });
            let rows = &mut all[at];
            match case.status {
                CaseStatus::Ok => rows.ok += 1,
                CaseStatus::Differs => rows.differ += 1,
                CaseStatus::Unknown => rows.unknown += 1,
            }
        }
        all
    }

    /// Returns the root mean square of z over all quantities of the first runs and their number.
    ///
    /// It is near 1 when the errors are honest; a small bias everywhere, too small for any single
    /// case, lifts it. NaN when no quantity has a z.
    pub fn rms_z(&self) -> (f64, usize) {
        let quantities = self.cases.iter().flat_map(|case| &case.quantities);
        let squares: Vec<f64> = quantities.filter_map(|one| one.z).map(|z| z * z).collect();
        let mean = squares.iter().sum::<f64>() / squares.len() as f64;
        (mean.sqrt(), squares.len())
    }

    /// Says whether the root mean square of z lies where chance puts it, in 0.8 to 1.2; always true
    /// for fewer than 50 quantities, which cannot tell.
    pub fn rms_is_sound(&self) -> bool {
        let (rms, quantities) = self.rms_z();
        quantities < ENOUGH_Z || (0.8..=1.2).contains(&rms)
    }

    /// Returns how everything together came out.
    pub fn status(&self) -> CaseStatus {
        if !self.rms_is_sound() {
            return CaseStatus::Differs;
        }
        self.cases
            .iter()
            .map(|case| case.status)
            .max()
            .unwrap_or(CaseStatus::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(status: CaseStatus, zs: &[f64]) -> CaseResult {
        let quantity = |z: &f64| QuantityResult {
            name: "p".to_owned(),
            expected: 0.5,
            simulated: Some(0.5),
            z: Some(*z),
            trials: 100,
            again: None,
            status: CaseStatus::Ok,
        };
        let quantities = zs.iter().map(quantity).collect();
        CaseResult {
            status,
            quantities,
            ..CaseResult::unknown("a", "b", "c")
        }
    }

    #[test]
    fn the_worst_case_decides_and_no_case_at_all_is_no_success() {
        let status = |all: &[CaseStatus]| {
            let cases = all.iter().map(|status| case(*status, &[])).collect();
            Verification { cases }.status()
        };
        assert_eq!(status(&[CaseStatus::Ok, CaseStatus::Ok]), CaseStatus::Ok);
        assert_eq!(
            status(&[CaseStatus::Ok, CaseStatus::Unknown]),
            CaseStatus::Unknown
        );
        assert_eq!(
            status(&[CaseStatus::Differs, CaseStatus::Unknown]),
            CaseStatus::Differs
        );
        assert_eq!(status(&[]), CaseStatus::Unknown);
    }

    #[test]
    fn a_bias_that_no_single_case_shows_is_found_by_all_of_them_together() {
        let all = |z: f64, quantities: usize| {
            Verification {
                cases: vec![case(CaseStatus::Ok, &vec![z; quantities])],
            }
            .status()
        };
        assert_eq!(all(1.0, 50), CaseStatus::Ok);
        assert_eq!(all(1.3, 50), CaseStatus::Differs);
        assert_eq!(
            all(0.1, 50),
            CaseStatus::Differs,
            "errors that are too large hide a bias"
        );
        assert_eq!(all(1.3, 49), CaseStatus::Ok);
    }
}
