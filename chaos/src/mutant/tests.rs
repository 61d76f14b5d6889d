//! Tests of mutants.
