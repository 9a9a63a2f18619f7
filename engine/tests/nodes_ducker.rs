//! The ducker: when it ducks, how far, how long, and that it comes back.

#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;
#[path = "common/solo.rs"]
mod solo;

use codetta::{
    graph::{Curve, Db, Seconds, Setup, Solo, Unit},
    nodes::Ducker,
};
use counted_node::counted_spec;
use solo::*;

/// 100 frames to go down, 300 to wait, 200 to come back, to a quarter.
fn ducker() -> Ducker {
    let frames = |frames: u32| Seconds(frames as f32 / RATE as f32);
    Ducker::new()
        .threshold(Db(-40.0))
        .attack(frames(100))
        .hold(frames(300))
        .release(frames(200))
        .depth(Db(0.25_f32.log10() * 20.0))
}

/// The gain at each frame, under speech.
fn gains(ducker: Ducker, speech: Vec<f32>) -> Vec<f32> {
    solo(ducker, 1).process_with(&[vec![1.0; speech.len()]], &[&[speech]]).remove(0)
}

/// Speech of −20 dBFS in these frames, as from a sine whose zeros are many; silence elsewhere.
fn speech(frames: usize, spoken: &[(usize, usize)]) -> Vec<f32> {
    let mut speech = sine(200.0, 0.1, frames);
    for (frame, sample) in speech.iter_mut().enumerate() {
        if !spoken.iter().any(|(from, to)| (*from..*to).contains(&frame)) {
            *sample = 0.0;
        }
    }
    // Bounded by frames of speech, so that the times are exact.
    for (from, to) in spoken {
        speech[*from] = 0.1;
        speech[to - 1] = 0.1;
    }
    speech
}

/// Attack, hold and release last as many frames as was said; before and after is unity, exactly.
#[test]
fn its_times_are_frames() {
    let gains = gains(ducker(), speech(3_000, &[(1_000, 2_000)]));
    assert!(gains[..1_000].iter().all(|gain| *gain == 1.0));
    assert!(gains[1_000] < 1.0 && gains[1_098] > 0.25 + 1e-6);
    assert!(gains[1_099..2_300].iter().all(|gain| (gain - 0.25).abs() < 1e-6));
    assert!(gains[2_300] > 0.25 && gains[2_498] < 1.0);
    assert!(gains[2_499..].iter().all(|gain| *gain == 1.0));
    // No corner at either end: the first and the last step are less than a tenth of the mean.

    assert!(1.0 - gains[1_000] < 0.75 / 1_000.0 && gains[1_098] - 0.25 < 0.75 / 1_000.0);
    // Half way at half time; and monotone.
    assert!((gains[1_049] - 0.625).abs() < 1e-3 && (gains[2_399] - 0.625).abs() < 1e-3);
    assert!(gains[1_000..2_000].windows(2).all(|pair| pair[1] <= pair[0]));
    assert!(gains[2_000..].windows(2).all(|pair| pair[1] >= pair[0]));
}

/// Pauses between words up to the hold do not move it; one frame more does.
#[test]
fn it_does_not_pump_between_words() {
    let words = gains(ducker(), speech(3_000, &[(0, 400), (700, 900), (1_200, 1_201), (1_501, 1_800)]));
    assert!(words[100..2_100].iter().all(|gain| (gain - 0.25).abs() < 1e-6));
    let sentences = gains(ducker(), speech(3_000, &[(0, 400), (701, 900)]));
    assert!(sentences[700] > 0.25 + 1e-6);
}

/// Speech that begins while it comes back turns it around where it is.
#[test]
fn it_turns_around_where_it_is() {
    let gains = gains(ducker(), speech(3_000, &[(0, 1_000), (1_400, 2_000)]));
    assert!((gains[1_399] - 0.625).abs() < 1e-3);
    // Half of the way is left, so half of the attack.
    assert!((gains[1_449] - 0.25).abs() < 1e-6 && gains[1_447] > 0.25);
    // No step is above what a smoothstep's middle has: one and a half times its mean.
    assert!(gains.windows(2).all(|pair| (pair[1] - pair[0]).abs() <= 1.5 * 0.75 / 100.0 + 1e-6));
}

/// What is not above the threshold is no speech; what is, is, in whichever channel.
#[test]
fn the_threshold_decides() {
    let quiet = gains(ducker(), vec![0.0099; 1_000]);
    assert!(quiet.iter().all(|gain| *gain == 1.0));
    let loud = gains(ducker(), vec![-0.0101; 1_000]);
    assert!(loud[99..].iter().all(|gain| (gain - 0.25).abs() < 1e-6));
    let music = [vec![1.0; 1_000], vec![0.5; 1_000]];
    let out = solo(ducker(), 2).process_with(&music, &[&[vec![0.0; 1_000], vec![0.1; 1_000]]]);
    assert!((out[0][999] - 0.25).abs() < 1e-6 && (out[1][999] - 0.125).abs() < 1e-6);
}

/// Without speech the music passes bit by bit, also once there was some.
#[test]
fn at_rest_it_is_not_there() {
    let mut solo = solo(ducker(), 1);
    let music = sine(440.0, 0.7, 4_800);
    let out = solo.process_with(std::slice::from_ref(&music), &[&[speech(4_800, &[(0, 100)])]]).remove(0);
    assert_ne!(bits(&out[..599]), bits(&music[..599]));
    assert_eq!(bits(&out[599..]), bits(&music[599..]));
    assert_eq!(bits(&solo.process(std::slice::from_ref(&music))[0]), bits(&music));
}

/// Recorded voices, at the usual settings: from the first syllable to the last the music stays down, as their longest
/// pause is shorter than the hold; and then it is back.
#[test]
fn it_ducks_under_recorded_voices() {
    for name in ["greeting", "interruption", "goodbye"] {
        let path = format!("{}/../examples/player/assets/{name}.wav", env!("CARGO_MANIFEST_DIR"));
        let mut wav = hound::WavReader::open(path).unwrap();
        let rate = wav.spec().sample_rate;
        let mut voice: Vec<f32> =
            wav.samples::<i16>().map(|sample| f32::from(sample.unwrap()) / 32_768.0).collect();
        let loud = |sample: &f32| sample.abs() > 0.01;
        let first = voice.iter().position(loud).unwrap();
        let last = voice.iter().rposition(loud).unwrap();
        voice.resize(voice.len() + 2 * rate as usize, 0.0);

        let mut solo = Solo::new(Ducker::new(), Setup::new(rate, 1));
        let gains = solo.process_with(&[vec![1.0; voice.len()]], &[&[voice]]).remove(0);
        let frames = |seconds: f32| (seconds * rate as f32).round() as usize;
        let depth = Db(-15.0).linear();
        assert!(gains[..first].iter().all(|gain| *gain == 1.0), "{name}");
        let down = first + frames(0.05)..last + frames(0.4);
        assert!(gains[down].iter().all(|gain| (gain - depth).abs() < 1e-6), "{name}");
        let back = last + frames(0.4) + frames(0.8);
        assert!(gains[back - frames(0.01)] < 1.0, "{name}");
        assert!(gains[back..].iter().all(|gain| *gain == 1.0), "{name}");
    }
}

/// The same bits, however the frames are cut into calls.
#[test]
fn any_split_is_the_same() {
    let run = |block: usize| {
        let mut solo = solo(ducker(), 2);
        solo.set_block(block);
        let music = [sine(97.0, 0.9, 20_000), sine(1_001.0, 0.7, 20_000)];
        let voice =
            speech(20_000, &[(501, 1_777), (2_345, 2_346), (4_000, 9_000), (9_500, 9_600), (15_000, 17_001)]);
        let mut out = Vec::new();
        for (index, cut) in [0, 777, 2_001, 4_445, 9_003, 15_101, 20_000].windows(2).enumerate() {
            match index {
                1 => solo.ramp_to(counted_spec(Ducker::DEPTH), Db(-40.0), 333, Curve::Smooth),
                2 => solo.ramp_to(counted_spec(Ducker::RELEASE), Seconds(0.03), 1_001, Curve::Linear),
                3 => solo.ramp_to(counted_spec(Ducker::THRESHOLD), Db(-20.1), 777, Curve::Exponential),
                4 => solo.set_now(counted_spec(Ducker::HOLD), Seconds(0.001)),
                5 => solo.reset(),
                _ => {}
            }
            let piece: Vec<Vec<f32>> = music.iter().map(|music| music[cut[0]..cut[1]].to_vec()).collect();
            let voice = [voice[cut[0]..cut[1]].to_vec()];
            out.extend(solo.process_with(&piece, &[&voice]).iter().flat_map(|channel| bits(channel)));
        }
        out
    };
    let whole = run(512);
    for block in [1, 5, 7, 13, 37, 64, 128, 441, 480] {
        assert!(run(block) == whole, "{block}");
    }
}
