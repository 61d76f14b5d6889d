//! What the project promises, seen from outside: one test binary, one module for each subject.

mod tidy;
