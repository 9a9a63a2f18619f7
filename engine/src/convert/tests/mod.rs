//! The conversion's contract: length, isolation and chunking to the bit; quality in decibels.

mod chunking;
mod format;
mod length;
mod position;
mod quality;
mod segment;
mod support;
