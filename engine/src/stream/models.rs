//! Models of the lifecycle word.
