//! The workload of a day: a gate a minute for 24 hours.
