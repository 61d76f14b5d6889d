//! Prometheus 3.16.0: alerting rules over a recording, in virtual time.
