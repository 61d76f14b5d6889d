//! Reading as a whole, on a small document that has one of everything.

mod broken;
mod case;
mod drawn;
mod extremes;
mod keywords;
mod noise;
mod plan;
mod random;
mod rehearse;
mod sound;
