//! WAV headers as strangers write them, and WAV files as the engine writes them.

use crate::common::read;
use crate::player::{open::open_source, pipe::PipeSource, wav_header};
use codetta::device::{Format, WavFormat, WavWriter};
use std::{fs, io::Cursor, path::PathBuf};

/// Of odd first bytes the rest is a WAV file, of even ones it is sound that the engine writes to one.
pub fn wav(bytes: &[u8]) {
    match bytes.split_first() {
        Some((first, file)) if first % 2 == 1 => header(file),
        Some((first, rest)) => round_trip(first / 2, rest),
        None => {}
    }
}

/// Any header is an error, or says what can be: of a pipe and of a file.
fn header(file: &[u8]) {
    let mut pipe = file;
    if let Ok(header) = wav_header(&mut pipe) {
        assert!(header.spec.rate > 0 && header.spec.channels > 0, "{header:?}");
        let source = PipeSource::new(pipe, header.spec, header.mask, header.bytes);
        read(&mut source.expect("the header says how many channels"));
    }
    if let Ok(mut source) = open_source(Cursor::new(file.to_vec()), Some("wav")) {
        read(&mut *source);
    }
}

/// What the engine wrote is read back as it was, by both readers.
fn round_trip(format: u8, bytes: &[u8]) {
    let Some((&[channels, rate, piece], bytes)) = bytes.split_first_chunk() else { return };
    let format = [WavFormat::Pcm16, WavFormat::Pcm24, WavFormat::Float32][usize::from(format % 3)];
    let channels = usize::from(channels % 9);
    let samples: Vec<f32> = bytes.as_chunks().0.iter().map(|bits| f32::from_le_bytes(*bits)).collect();
    let path = path();
    let of = Format { sample_rate: u32::from(rate) * 1_000, channels };
    let Ok(mut writer) = WavWriter::create(&path, of, format) else {
        assert!(channels == 0 || rate == 0, "no other format is refused");
        return;
    };
    let whole = samples.len() / channels * channels;
    assert_eq!(writer.write(&samples).is_ok(), whole == samples.len(), "whole frames only");
    if whole < samples.len() {
        for block in samples[..whole].chunks((usize::from(piece) + 1) * channels) {
            writer.write(block).expect("the disk is there");
            assert!(piece % 2 == 0 || writer.flush().is_ok());
        }
    }
    writer.finish().expect("the disk is there");
    let file = fs::read(&path).expect("it was written");
    let _ = fs::remove_file(&path);

    let mut pipe = &file[..];
    let header = wav_header(&mut pipe).expect("a header");
    let source = PipeSource::new(pipe, header.spec, header.mask, header.bytes);
    let from_pipe = read(&mut source.expect("a format"));
    // No frames are no sound.
    let from_file =
        open_source(Cursor::new(file), Some("wav")).map_or(Vec::new(), |mut source| read(&mut *source));
    // What has more channels is mixed down.
    let expected: Vec<f32> = samples[..whole].iter().map(|sample| stored(*sample, format)).collect();
    if channels <= 2 {
        assert_same(&from_pipe, &expected);
    }
    assert_eq!(from_pipe.len(), whole / channels * channels.min(2));
    assert_same(&from_file, &from_pipe);
}

/// A sample as it comes back: rounded and limited where the format is, and silence if it was no number.
fn stored(sample: f32, format: WavFormat) -> f32 {
    let steps = match format {
        WavFormat::Pcm16 => 32_768.0,
        WavFormat::Pcm24 => 8_388_608.0,
        _ => return if sample.is_finite() { sample } else { 0.0 },
    };
    if sample.is_nan() {
        0.0
    } else {
        ((f64::from(sample) * steps).round().clamp(-steps, steps - 1.0) / steps) as f32
    }
}

fn assert_same(a: &[f32], b: &[f32]) {
    assert_eq!(a.len(), b.len());
    // 0.0 and −0.0 are the same here: integers have but one.
    let differs = a.iter().zip(b).position(|(a, b)| a != b);
    assert_eq!(differs, None, "{:?}", differs.map(|at| (a[at], b[at])));
}

/// One file a process, written again and again.
fn path() -> PathBuf {
    std::env::temp_dir().join(format!("codetta-fuzz-{}.wav", std::process::id()))
}
