//! Which track of a file is played, and what decodes it.

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatReader, TrackType};
use symphonia::core::units::TimeBase;

use super::DecodeError;

/// The track to play.
pub struct Track {
    pub id: u32,
    pub frames: Option<u64>,
    /// `frames`, where it is counted and not guessed from the file's size.
    pub announced: Option<u64>,
    pub time_base: Option<TimeBase>,
    pub decoder: Box<dyn AudioDecoder>,
}

impl Track {
    /// Picks the track to play and makes its decoder.
    pub fn choose(format: &dyn FormatReader) -> Result<Self, DecodeError> {
        let track = format.default_track(TrackType::Audio).ok_or(DecodeError::NoSound)?;
        let Some(CodecParameters::Audio(params)) = &track.codec_params else {
            return Err(DecodeError::NoSound);
        };
        if params.codec == CODEC_ID_OPUS {
            return Err(DecodeError::Opus);
        }
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(params, &AudioDecoderOptions::default())
            .map_err(|e| match e {
                Error::Unsupported(what) => DecodeError::Codec(what.into()),
                other => other.into(),
            })?;
        // A bare MPEG or ADTS stream has no count, but the encoder may have left one, with its delay.
        let counted = !matches!(format.format_info().short_name, "mp1" | "mp2" | "mp3" | "aac")
            || track.delay.is_some();
        let announced = track.num_frames.filter(|_| counted);
        let (id, frames, time_base) = (track.id, track.num_frames, track.time_base);
        Ok(Self { id, frames, announced, time_base, decoder })
    }
}
