//! Whose numbers are tried: a policy of our own form, or the file of another product.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sim_core::Steering;
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

use crate::diagnostic::Report;
use crate::load;
use crate::source::node::Node;
use crate::source::read::Document;

/// What a text comes to.
#[derive(Clone, Debug)]
pub(super) struct ReadSteering {
    pub steering: Steering,
    /// How long a rollout is followed, where the text decides it.
    pub horizon: Option<SimDuration>,
}

/// What a text comes to, or what is wrong with it.
type TextReader<'p> = Box<dyn Fn(&str) -> Result<ReadSteering, Report> + Send + Sync + 'p>;

/// A text with numbers that can be tried.
pub(super) struct VariedText<'p> {
    pub source: &'p str,
    /// The numbers, where they stand.
    pub root: Cow<'p, Node>,
    /// What ends an entry that is put in at a place, for keys that are not written.
    pub inserts: BTreeMap<usize, String>,
    /// What counts where such a key is not written; empty where nothing does.
    pub usual: BTreeMap<String, String>,
    pub current: ReadSteering,
    /// What another text comes to.
    pub read: TextReader<'p>,
}

impl<'p> VariedText<'p> {
    /// A policy of our own form.
    pub fn own(policy: &'p Document<Policy>) -> Self {
        let native = |policy: Policy| ReadSteering {
            steering: policy.into(),
            horizon: None,
        };
        Self {
            source: &policy.source,
            root: Cow::Borrowed(policy.spans.root()),
            inserts: BTreeMap::new(),
            usual: BTreeMap::new(),
            current: native(policy.value.clone()),
            read: Box::new(move |text| {
                let document = load::policy(&policy.name, text.as_bytes())?;
                Ok(native(document.value))
            }),
        }
    }
}
