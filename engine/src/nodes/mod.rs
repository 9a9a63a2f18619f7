//! The built-in processors of the [graph](crate::graph).

mod biquad;
mod compressor;
mod control;
mod decibels;
mod ducker;
mod limiter;
mod peaks;

pub use biquad::{Biquad, BiquadKind};
pub use compressor::Compressor;
pub use ducker::Ducker;
pub use limiter::Limiter;

mod bus;
mod delay;
mod gain;
mod impulse;
mod noise;
mod pan;
mod sample;
mod sample_player;
mod send;
mod sine;
mod vector;

pub use bus::Bus;
pub use delay::Delay;
pub use gain::Gain;
pub use impulse::Impulse;
pub use noise::Noise;
pub use pan::Pan;
pub use sample::Sample;
pub use sample_player::SamplePlayer;
pub use send::AuxSend;
pub use sine::Sine;

mod frame_ring;
#[cfg(feature = "fundsp")]
mod fundsp;
mod handover;
#[cfg(feature = "loudness")]
mod loudness;
mod meter;
mod tap;

#[cfg(feature = "fundsp")]
pub use self::fundsp::Fundsp;
pub use frame_ring::Chunk;
#[cfg(feature = "loudness")]
pub use loudness::{Loudness, LoudnessMeter};
pub use meter::{Level, Meter, Reading};
pub use tap::{Recorder, Tap};
