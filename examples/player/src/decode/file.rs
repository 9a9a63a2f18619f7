//! A sound file, decoded by symphonia.

use symphonia::core::audio::{Channels, GenericAudioBufferRef};
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::units::{TimeBase, Timestamp};

use super::contained::contained;
use super::mixdown::Mixdown;
use super::sample::silence_broken;
use super::track::Track;
use super::{DecodeError, PcmSource, Spec};

/// How many packets in a row may give nothing before the file is given up. Encoder delay hides two or three, and damage
/// some dozens; a file that goes on like this for ever has no sound.
const EMPTY_PACKETS: u32 = 4_096;

/// Frames decoded before the one that is sought: a packet of Vorbis overlaps the one before it, by up to 8192 frames,
/// and one of MP3 may keep its bits there.
const PREROLL: u64 = 8_192;

/// The first audio track of a file.
pub struct FileSource {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    time_base: TimeBase,
    spec: Spec,
    channels: Channels,
    mixdown: Option<Mixdown>,
    /// Frames of the packet read at opening or after a seek, not handed out yet.
    ready: Vec<f32>,
    many: Vec<f32>,
    /// Timestamp of the first frame: where a seek counts from.
    origin: i64,
    ended: bool,
    /// Frames decoded since the start, when the start was the file's: held against what the file announced.
    decoded: Option<u64>,
    announced: Option<u64>,
    lost_packets: u64,
    cut: bool,
}

impl FileSource {
    /// Finds the format by content (the extension is a hint) and decodes the first packet.
    pub fn open(source: Box<dyn MediaSource>, extension: Option<&str>) -> Result<Self, DecodeError> {
        contained(|| Self::probe(source, extension))
    }

    fn probe(source: Box<dyn MediaSource>, extension: Option<&str>) -> Result<Self, DecodeError> {
        let seekable = source.is_seekable();
        let mut hint = Hint::new();
        if let Some(extension) = extension {
            hint.with_extension(extension);
        }
        let stream = MediaSourceStream::new(source, Default::default());
        let format = symphonia::default::get_probe()
            .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|e| match e {
                // The search reads on until the end when nothing fits.
                Error::Unsupported(_) | Error::IoError(_) => DecodeError::UnknownFormat,
                other => other.into(),
            })?;
        let Track { id: track, frames, announced, time_base, decoder } = Track::choose(&*format)?;
        let spec = Spec { rate: 0, channels: 0, frames, seekable };
        let mut file = Self {
            format,
            decoder,
            track,
            time_base: time_base.unwrap_or(TimeBase::from_recip(std::num::NonZero::<u32>::MIN)),
            spec,
            channels: Channels::None,
            mixdown: None,
            ready: Vec::new(),
            many: Vec::new(),
            origin: 0,
            ended: false,
            decoded: Some(0),
            announced,
            lost_packets: 0,
            cut: false,
        };
        let mut first = Vec::new();
        file.origin = file.decode(&mut first)?.ok_or(match frames {
            None | Some(0) if !file.cut => DecodeError::NoSound,
            _ => DecodeError::Damaged("it ends before its first sound".into()),
        })?;
        file.ready = first;
        file.spec.seekable &= time_base.is_some();
        Ok(file)
    }

    /// Decodes up to the next packet that gives sound, into `out`; the timestamp of its first frame, or `None` at the end.
    fn decode(&mut self, out: &mut Vec<f32>) -> Result<Option<i64>, DecodeError> {
        for _ in 0..EMPTY_PACKETS {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ok(None),
                // Another logical stream follows in the same file (chained Ogg).
                Err(Error::ResetRequired) => {
                    let next = Track::choose(&*self.format)?;
                    (self.track, self.decoder, self.announced) = (next.id, next.decoder, None);
                    continue;
                }
                Err(Error::IoError(e)) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                    // Of a file that does not know its length, this is the end.
                    self.cut = self.spec.frames.is_some();
                    return Ok(None);
                }
                Err(e) => return Err(e.into()),
            };
            if packet.track_id != self.track {
                continue;
            }
            let at = packet.pts.get().saturating_add_unsigned(packet.trim_start.get());
            match self.decoder.decode(&packet) {
                Ok(decoded) if decoded.frames() == 0 => {}
                Ok(decoded) => {
                    expect(&mut self.spec, &mut self.channels, &mut self.mixdown, &decoded)?;
                    self.decoded = self.decoded.map(|n| n + decoded.frames() as u64);
                    interleave(&decoded, self.mixdown.as_ref(), &mut self.many, out);
                    return Ok(Some(at));
                }
                // One packet is lost; the next one may be whole.
                Err(Error::DecodeError(_) | Error::IoError(_)) => self.lost_packets += 1,
                Err(e) => return Err(e.into()),
            }
        }
        Err(if self.lost_packets > 0 {
            DecodeError::Damaged("nothing in it can be decoded".into())
        } else {
            DecodeError::NoSound
        })
    }

    /// Lets the reader go to the packet in which `ticks` after the first frame lies.
    fn land(&mut self, ticks: i64) -> Result<(), DecodeError> {
        let ts = Timestamp::new(self.origin.saturating_add(ticks));
        self.format.seek(SeekMode::Accurate, SeekTo::Timestamp { ts, track_id: self.track })?;
        self.decoder.reset();
        Ok(())
    }

    /// A reader lands on a packet at or before the frame; what lies between is decoded and dropped.
    fn seek(&mut self, frame: u64) -> Result<(), DecodeError> {
        self.decoded = None;
        self.ended = self.spec.frames.is_some_and(|frames| frame >= frames);
        if self.ended {
            self.ready.clear();
            return Ok(());
        }
        let mut at = 0;
        if frame > PREROLL {
            self.ready.clear();
            // Some readers cannot find the last packets: then the way there is from the start.
            self.land(self.ticks(frame - PREROLL)).or_else(|_| self.land(0))?;
        }
        let wanted = i64::try_from(frame).unwrap_or(i64::MAX);
        loop {
            if self.ready.is_empty() {
                let mut ready = std::mem::take(&mut self.ready);
                let Some(ts) = self.decode(&mut ready)? else {
                    self.ended = true;
                    return Ok(());
                };
                (self.ready, at) = (ready, self.frames(ts.saturating_sub(self.origin)));
            }
            let skip =
                usize::try_from(wanted.saturating_sub(at)).unwrap_or(0).saturating_mul(self.spec.channels);
            if skip < self.ready.len() {
                self.ready.drain(..skip);
                return Ok(());
            }
            self.ready.clear();
        }
    }

    /// A frame's timestamp, counted from the first.
    fn ticks(&self, frame: u64) -> i64 {
        let TimeBase { numer, denom } = self.time_base;
        let ticks = u128::from(frame) * u128::from(denom.get());
        (ticks / (u128::from(numer.get()) * u128::from(self.spec.rate))).try_into().unwrap_or(i64::MAX)
    }

    /// Frames between two timestamps of the track.
    fn frames(&self, ticks: i64) -> i64 {
        let TimeBase { numer, denom } = self.time_base;
        let frames = i128::from(ticks) * i128::from(numer.get()) * i128::from(self.spec.rate);
        (frames / i128::from(denom.get())).try_into().unwrap_or(i64::MAX)
    }
}

impl PcmSource for FileSource {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn read(&mut self, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        out.clear();
        if !self.ready.is_empty() {
            std::mem::swap(out, &mut self.ready);
        } else if !self.ended {
            self.ended = contained(|| self.decode(out))?.is_none();
        }
        Ok(())
    }

    fn start_at(&mut self, frame: u64) -> Result<(), DecodeError> {
        if !self.spec.seekable {
            return Err(DecodeError::Unseekable);
        }
        contained(|| self.seek(frame))
    }

    fn damage(&self) -> Option<String> {
        let missing = self.announced.zip(self.decoded).map_or(0, |(all, got)| all.saturating_sub(got));
        match self.lost_packets {
            0 if self.cut => Some("ends in the middle".into()),
            0 if self.ended && missing > 0 => Some(format!("damaged: {missing} of its frames are missing")),
            0 => None,
            lost => Some(format!("damaged: {lost} packets could not be decoded and were left out")),
        }
    }
}

/// Takes the format from the first packet, and holds every later one to it.
fn expect(
    spec: &mut Spec,
    channels: &mut Channels,
    mixdown: &mut Option<Mixdown>,
    decoded: &GenericAudioBufferRef<'_>,
) -> Result<(), DecodeError> {
    let (rate, now) = (decoded.spec().rate(), decoded.spec().channels());
    if spec.rate == 0 {
        if now.count() == 0 || rate == 0 {
            return Err(DecodeError::NoSound);
        }
        (spec.rate, spec.channels) = (rate, now.count().min(2));
        *mixdown = Mixdown::new(now);
        channels.clone_from(now);
    } else if spec.rate != rate || channels.count() != now.count() {
        return Err(DecodeError::Damaged("its rate or channels change in the middle".into()));
    }
    Ok(())
}

fn interleave(
    decoded: &GenericAudioBufferRef<'_>,
    mixdown: Option<&Mixdown>,
    many: &mut Vec<f32>,
    out: &mut Vec<f32>,
) {
    match mixdown {
        None => {
            decoded.copy_to_vec_interleaved(out);
            silence_broken(out);
        }
        Some(mixdown) => {
            decoded.copy_to_vec_interleaved(many);
            silence_broken(many);
            out.clear();
            mixdown.apply(many, out);
        }
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
