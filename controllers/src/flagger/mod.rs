//! Flagger 1.44.0: the tick of its scheduler.
