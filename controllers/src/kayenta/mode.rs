//! What the real judge gets wrong, each as a repair that can be switched on.
//!
//! [`Mode::COMPAT`] has none: it decides as Kayenta a69573b does. [`Mode::FIXED`] has all. Where the two differ a
//! configuration rests on a quirk, and [`super::differences`] says on which.

/// One rule of the real judge and what takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// Roots to 1e-4 in the unit of the metric.
    RootTolerance,
    /// Noise on two constants.
    Noise,
    /// Samples too small for the level.
    TooFewPoints,
    /// A comparison that fails counts nowhere.
    UncountedError,
    /// A group without data counts as 100.
    EmptyGroup,
    /// Weights of groups without metrics are lost.
    LostWeight,
    /// A canary of NaN only becomes one of zeros.
    ReplacedNan,
    /// An empty side passes where NaN is replaced.
    EmptySide,
    /// The ratio of negative means turns round.
    NegativeMeans,
    /// A score equal to the marginal one stops an analysis.
    EqualMarginal,
}

impl Repair {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::RootTolerance,
        Self::Noise,
        Self::TooFewPoints,
        Self::UncountedError,
        Self::EmptyGroup,
        Self::LostWeight,
        Self::ReplacedNan,
        Self::EmptySide,
        Self::NegativeMeans,
        Self::EqualMarginal,
    ];

    /// A short name that stays.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RootTolerance => "root-tolerance",
            Self::Noise => "noise",
            Self::TooFewPoints => "too-few-points",
            Self::UncountedError => "uncounted-error",
            Self::EmptyGroup => "empty-group",
            Self::LostWeight => "lost-weight",
            Self::ReplacedNan => "replaced-nan",
            Self::EmptySide => "empty-side",
            Self::NegativeMeans => "negative-means",
            Self::EqualMarginal => "equal-marginal",
        }
    }

    /// What the real judge does.
    #[must_use]
    pub fn compat(self) -> &'static str {
        match self {
            Self::RootTolerance => {
                "the shift is searched to 0.0001 in the unit of the metric: at n = 60 a rise of 50 % of a metric around \
                 0.00001 is never found where the samples overlap"
            }
            Self::Noise => "two constant samples are compared after random noise was added to both",
            Self::TooFewPoints => {
                "samples of any size are compared: at 2 points a side without a change 12 % are High at 98 % confidence"
            }
            Self::UncountedError => {
                "a comparison that fails is counted in no group and is never critical; one point against one point \
                 always fails within a factor of two, and by rounding beyond"
            }
            Self::EmptyGroup => "a group without data scores 100 with its full weight",
            Self::LostWeight => {
                "weights of groups without metrics are lost, and groups without a weight share what is left of 100, \
                 which may be negative"
            }
            Self::ReplacedNan => "a side that is NaN throughout becomes zeros and is compared",
            Self::EmptySide => "a side without points passes where `nanStrategy` is `replace`",
            Self::NegativeMeans => {
                "the ratio of two negative means is above 1 when the canary is lower, so that effect thresholds hold \
                 the wrong way round"
            }
            Self::EqualMarginal => {
                "a score equal to the marginal one is Marginal for the judge and stops the analysis all the same"
            }
        }
    }

    /// What takes its place.
    #[must_use]
    pub fn fixed(self) -> &'static str {
        match self {
            Self::RootTolerance => "the shift is searched to a millionth of its possible range",
            Self::Noise => "the shift of two constants is their difference, exactly",
            Self::TooFewPoints => {
                "samples whose exact permutation test cannot reach the level (fewer than 5 against 5) are no data"
            }
            Self::UncountedError => "a comparison that fails is no data",
            Self::EmptyGroup => "a group without data is left out, and the others count for it",
            Self::LostWeight => "weights are shares of the weights of the groups that there are",
            Self::ReplacedNan | Self::EmptySide => "it is no data",
            Self::NegativeMeans => "no ratio is made of a mean below zero; only the test decides",
            Self::EqualMarginal => "a score equal to the marginal one goes on",
        }
    }
}

/// A set of repairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode(u16);

impl Mode {
    /// As the real judge.
    pub const COMPAT: Self = Self(0);
    /// All repairs.
    pub const FIXED: Self = Self((1 << Repair::ALL.len()) - 1);

    /// This mode and one repair more.
    #[must_use]
    pub fn with(self, repair: Repair) -> Self {
        Self(self.0 | (1 << repair as u16))
    }

    /// Whether a repair is in force.
    #[must_use]
    pub fn has(self, repair: Repair) -> bool {
        self.0 & (1 << repair as u16) != 0
    }
}
