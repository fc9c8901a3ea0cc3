//! That it cannot be unsaid.
