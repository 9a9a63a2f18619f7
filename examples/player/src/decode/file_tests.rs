use std::path::Path;

use super::*;

/// The same 6615 frames of a sweep, mono at 22,050 Hz, in each format.
const FRAMES: usize = 6_615;
const EXACT: [&str; 5] = ["sweep.wav", "sweep.flac", "sweep-alac.m4a", "sweep.aiff", "sweep.caf"];
/// With the encoder's delay and padding taken off.
const TRIMMED: [&str; 2] = ["sweep.mp3", "sweep.ogg"];
/// AAC: its delay and padding stay.
const UNTRIMMED: [&str; 2] = ["sweep.m4a", "sweep.aac"];

fn open(name: &str) -> Result<FileSource, DecodeError> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let extension = path.extension().and_then(|e| e.to_str());
    FileSource::open(Box::new(std::fs::File::open(&path).unwrap()), extension)
}

fn from_bytes(bytes: Vec<u8>, extension: &str) -> Result<FileSource, DecodeError> {
    FileSource::open(Box::new(std::io::Cursor::new(bytes)), Some(extension))
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

fn rest(source: &mut FileSource) -> Vec<f32> {
    let (mut every, mut some) = (Vec::new(), Vec::new());
    loop {
        source.read(&mut some).unwrap();
        if some.is_empty() {
            return every;
        }
        every.extend(&some);
    }
}

/// What loses nothing in its coding comes out as it went in.
#[test]
fn lossless_formats_give_the_same_frames() {
    let expected = rest(&mut open("sweep.wav").unwrap());
    assert_eq!(expected.len(), FRAMES);
    for name in EXACT {
        let mut source = open(name).unwrap();
        let spec = source.spec();
        assert_eq!((spec.rate, spec.channels, spec.frames), (22_050, 1, Some(FRAMES as u64)), "{name}");
        assert_eq!(rest(&mut source), expected, "{name}");
        assert_eq!(source.damage(), None, "{name}");
    }
}

/// Lossy formats whose container says how much the encoder added give exactly what went in.
#[test]
fn encoder_delay_is_trimmed_where_the_file_tells_it() {
    for name in TRIMMED {
        assert_eq!(rest(&mut open(name).unwrap()).len(), FRAMES, "{name}");
    }
    for name in UNTRIMMED {
        assert!(rest(&mut open(name).unwrap()).len() >= FRAMES, "{name}");
    }
}

/// A seek lands on the frame asked for, not on its packet, near the end too; and past the end is the end.
#[test]
fn a_seek_finds_the_exact_frame() {
    for name in EXACT.iter().chain(&TRIMMED) {
        let whole = rest(&mut open(name).unwrap());
        for frame in [0, 1, 2_345, 5_000, whole.len() - 7, whole.len(), 1_000_000] {
            let mut source = open(name).unwrap();
            source.start_at(frame as u64).unwrap();
            let found = rest(&mut source);
            assert_eq!(found.len(), whole.len().saturating_sub(frame), "{name} from {frame}");
        }
    }
    for name in UNTRIMMED {
        let whole = rest(&mut open(name).unwrap());
        let mut source = open(name).unwrap();
        source.start_at(2_345).unwrap();
        assert_eq!(rest(&mut source).len(), whole.len() - 2_345, "{name}");
    }
    let whole = rest(&mut open("sweep.flac").unwrap());
    let mut source = open("sweep.flac").unwrap();
    source.start_at(4_321).unwrap();
    assert_eq!(rest(&mut source), whole[4_321..]);
}

/// Opus is refused by its name, with what to do.
#[test]
fn opus_is_refused_by_name() {
    let error = open("sweep.opus").err().expect("Opus has no decoder here").to_string();
    assert!(error.contains("Opus") && error.contains("convert"), "{error}");
}

/// Text, noise, nothing, and half a header are no sound files, and say so.
#[test]
fn what_is_no_sound_file_is_said_to_be_none() {
    let noise = (0..50_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for input in [b"some words".to_vec(), noise, Vec::new(), bytes("sweep.wav")[..30].to_vec()] {
        let error = from_bytes(input, "wav").err().expect("there is no sound in it");
        assert!(matches!(error, DecodeError::UnknownFormat), "{error:?}");
    }
}

/// A header with no frames after it ends; it does not loop.
#[test]
fn a_file_without_frames_has_no_sound() {
    let mut header = bytes("sweep.wav")[..44].to_vec();
    header[40..].fill(0);
    let error = from_bytes(header, "wav").err().expect("there are no frames");
    assert!(matches!(error, DecodeError::NoSound | DecodeError::Damaged(_)), "{error:?}");
}

/// What is left of a cut file is played, and the cut is told.
#[test]
fn a_cut_file_plays_what_is_left() {
    for (name, length) in [("sweep.wav", 6_000), ("sweep.mp3", 900)] {
        let mut source = from_bytes(bytes(name)[..length].to_vec(), &name[6..]).unwrap();
        let frames = rest(&mut source).len();
        assert!(frames > 0 && frames < FRAMES, "{name}: {frames}");
        assert!(source.damage().is_some(), "{name}");
    }
}

/// No cut and no flipped byte makes it panic.
#[test]
fn damage_never_panics() {
    for name in ["sweep.wav", "sweep.flac", "sweep.mp3", "sweep.ogg", "sweep.m4a"] {
        let whole = bytes(name);
        for step in 0..40 {
            let mut input = whole.clone();
            let at = input.len() * step / 40;
            input[at] ^= 0xFF;
            for input in [input, whole[..at].to_vec()] {
                if let Ok(mut source) = from_bytes(input, &name[6..]) {
                    let mut some = Vec::new();
                    while source.read(&mut some).is_ok() && !some.is_empty() {}
                    let _ = source.start_at(100);
                    let _ = source.damage();
                }
            }
        }
    }
}

/// A decoder that panics has failed at this one file. CAF's, of symphonia 0.6.1, multiplies what the header says by eight,
/// however much that is.
#[test]
fn a_decoder_that_panics_is_an_error() {
    let mut caf = b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20".to_vec();
    caf.extend(8_000_f64.to_be_bytes());
    caf.extend(b"alac\0\0\0\0");
    // Bytes and frames a packet, channels, bits.
    caf.extend([0x2000_0001_u32, 4_096, 1, 0].map(u32::to_be_bytes).concat());
    let error = from_bytes(caf, "caf").err().expect("there is no sound in it");
    // Without overflow checks, what comes of it is refused for what it lacks.
    assert!(matches!(error, DecodeError::Panicked) || !cfg!(debug_assertions), "{error:?}");
}
