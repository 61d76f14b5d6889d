//! Recovery of parameters.
