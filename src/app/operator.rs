//! The operator's work on a data folder, beside a server that may be running on it.
