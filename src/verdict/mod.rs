//! What follows from many notices.
