//! The compressor: its curve and its times. The ducker: when it ducks, how far, how long, and that it comes back.

use codetta::{
    graph::{
        Activity, Audio, Curve, Db, Layout, ParamInfo, ParamSpec, Processor, Ratio, Seconds, Setup, Solo,
        Unit,
    },
    nodes::{Compressor, Ducker},
};

#[path = "common/counting.rs"]
mod counting;

#[global_allocator]
static COUNTING: counting::Counting = counting::Counting;

const RATE: u32 = 48_000;

/// A processor of which each call is watched: none allocates.
struct Watched<P>(P);

fn watched<P, U: Unit>(spec: ParamSpec<P, U>) -> ParamSpec<Watched<P>, U> {
    let info = spec.info();
    ParamSpec::new(info.index, info.name, info.range, info.default)
}

impl<P: Processor> Processor for Watched<P> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn params(&self) -> Vec<ParamInfo> {
        self.0.params()
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        self.0.prepare(setup)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let (activity, count) = counting::counted(|| self.0.process(audio));
        assert_eq!(count, 0, "allocations");
        activity
    }

    fn reset(&mut self) {
        let ((), count) = counting::counted(|| self.0.reset());
        assert_eq!(count, 0, "allocations");
    }
}

fn solo<P: Processor>(processor: P, channels: usize) -> Solo<Watched<P>> {
    Solo::new(Watched(processor), Setup::new(RATE, channels))
}

fn sine(hz: f32, amplitude: f32, frames: usize) -> Vec<f32> {
    (0..frames)
        .map(|frame| amplitude * (std::f32::consts::TAU * hz * frame as f32 / RATE as f32).sin())
        .collect()
}

fn db(factor: f32) -> f32 {
    20.0 * factor.log10()
}

fn bits(samples: &[f32]) -> Vec<u32> {
    samples.iter().map(|sample| sample.to_bits()).collect()
}

mod compressor {
    use super::*;

    /// What comes out at a level, in decibels.
    fn curve(level: f32, threshold: f32, ratio: f32, knee: f32) -> f32 {
        let over = level - threshold;
        if 2.0 * over <= -knee {
            level
        } else if 2.0 * over < knee {
            level + (1.0 / ratio - 1.0) * (over + knee / 2.0).powi(2) / (2.0 * knee)
        } else {
            threshold + over / ratio
        }
    }

    /// Tones come out, once it has settled, as the static curve says for their amplitude, within 0.1 dB.
    #[test]
    fn the_static_curve() {
        for (threshold, ratio, knee) in [
            (-20.0, 4.0, 0.0),
            (-20.0, 4.0, 6.0),
            (-30.0, 1.5, 24.0),
            (-40.0, 100.0, 12.0),
            (-10.0, 1.0, 6.0),
        ] {
            for step in 0..26 {
                let level = -50.0 + 2.0 * step as f32;
                let compressor = Compressor::new()
                    .threshold(Db(threshold))
                    .ratio(Ratio(ratio))
                    .knee(Db(knee))
                    .attack(Seconds(0.02))
                    .release(Seconds(0.5));
                let tone = sine(1_000.0, Db(level).linear(), 24_000);
                let out = solo(compressor, 1).process(&[tone]).remove(0);
                let peak = out[19_200..].iter().fold(0.0_f32, |peak, y| peak.max(y.abs()));
                let expected = curve(level, threshold, ratio, knee);
                assert!(
                    (db(peak) - expected).abs() < 0.1,
                    "{level} dB of {threshold} {ratio} {knee}: {}",
                    db(peak)
                );
            }
        }
    }

    /// A step above the threshold is taken down with the attack's time constant, in decibels.
    #[test]
    fn the_attack() {
        let compressor =
            Compressor::new().threshold(Db(-20.0)).ratio(Ratio(4.0)).knee(Db(0.0)).attack(Seconds(0.01));
        let out = solo(compressor, 1).process(&[vec![1.0; 4_800]]).remove(0);
        for (frames, constants) in [(240, 0.5_f32), (480, 1.0), (960, 2.0), (2_400, 5.0)] {
            let expected = -15.0 * (1.0 - (-constants).exp());
            assert!((db(out[frames - 1]) - expected).abs() < 0.01, "{frames}: {}", db(out[frames - 1]));
        }
    }

    /// After it, the gain comes back with the release's time constant, smoothed by the attack's; and all the way.
    #[test]
    fn the_release() {
        let (attack, release) = (0.01_f32, 0.2_f32);
        let compressor = Compressor::new()
            .threshold(Db(-20.0))
            .ratio(Ratio(4.0))
            .knee(Db(0.0))
            .attack(Seconds(attack))
            .release(Seconds(release));
        let mut solo = solo(compressor, 1);
        solo.process(&[vec![1.0; 9_600]]);
        let out = solo.process(&[vec![0.01; 5 * RATE as usize]]).remove(0);
        for frames in [48, 480, 4_800, 9_600, 48_000] {
            let t = frames as f32 / RATE as f32;
            // The step response of the one behind the other.
            let left = (release * (-t / release).exp() - attack * (-t / attack).exp()) / (release - attack);
            let got = db(out[frames - 1] / 0.01);
            assert!((got + 15.0 * left).abs() < 0.02, "{frames}: {got}");
        }
        assert_eq!(out[out.len() - 1], 0.01);
    }

    /// Below the knee, the input passes bit by bit; the make-up is all that is added.
    #[test]
    fn below_the_knee_nothing_happens() {
        let tone = sine(440.0, 0.05, 4_800);
        let out = solo(Compressor::new(), 1).process(std::slice::from_ref(&tone)).remove(0);
        assert_eq!(bits(&out), bits(&tone));
        let out = solo(Compressor::new().makeup(Db(6.0)), 1).process(std::slice::from_ref(&tone)).remove(0);
        assert!(out.iter().zip(&tone).all(|(y, x)| (y - 1.995_262 * x).abs() < 1e-6));
    }

    /// One loud channel takes the others down with it.
    #[test]
    fn channels_are_linked() {
        let (loud, soft) = (sine(300.0, 1.0, 9_600), sine(300.0, 0.01, 9_600));
        let out = solo(Compressor::new(), 2).process(&[loud, soft]);
        assert!(out[0].iter().zip(&out[1]).all(|(loud, soft)| (loud - 100.0 * soft).abs() < 1e-5));
    }

    /// With a side-chain it is that which counts, and what is compressed does not.
    #[test]
    fn the_side_chain_counts() {
        let compressor = || Compressor::new().knee(Db(0.0)).side_chain();
        let (loud, soft) = (vec![1.0; 9_600], vec![0.001; 9_600]);
        let out =
            solo(compressor(), 1).process_with(std::slice::from_ref(&loud), &[std::slice::from_ref(&soft)]);
        assert_eq!(out[0], loud);
        let out = solo(compressor(), 1).process_with(&[soft], &[&[loud]]);
        assert!((db(out[0][9_599]) + 75.0).abs() < 0.01);
    }

    /// The greatest numbers, made up for, stay numbers.
    #[test]
    fn the_loudest_stays_finite() {
        let compressor = Compressor::new().makeup(Db(24.0)).ratio(Ratio(1.0));
        let out = solo(compressor, 1).process(&[vec![f32::MAX; 100]]);
        assert!(out[0].iter().all(|y| y.is_finite()));
    }

    /// The same bits, however the frames are cut into calls.
    #[test]
    fn any_split_is_the_same() {
        let run = |block: usize| {
            let mut solo = solo(Compressor::new(), 2);
            solo.set_block(block);
            let (left, right) = (sine(97.0, 0.9, 20_000), sine(1.5, 0.7, 20_000));
            let mut out = Vec::new();
            for (index, cut) in [0, 777, 2_001, 4_445, 9_003, 15_001, 20_000].windows(2).enumerate() {
                match index {
                    1 => solo.ramp_to(watched(Compressor::THRESHOLD), Db(-40.0), 333, Curve::Smooth),
                    2 => solo.ramp_to(watched(Compressor::RATIO), Ratio(20.0), 1_001, Curve::Linear),
                    3 => solo.set_now(watched(Compressor::ATTACK), Seconds(0.0)),
                    4 => solo.ramp_to(watched(Compressor::MAKEUP), Db(9.0), 777, Curve::Exponential),
                    5 => solo.reset(),
                    _ => {}
                }
                let piece = [left[cut[0]..cut[1]].to_vec(), right[cut[0]..cut[1]].to_vec()];
                out.extend(solo.process(&piece).iter().flat_map(|channel| bits(channel)));
            }
            out
        };
        let whole = run(512);
        for block in [1, 5, 7, 13, 37, 64, 128, 441, 480] {
            assert!(run(block) == whole, "{block}");
        }
    }
}

mod ducker {
    use super::*;

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
            let voice = speech(
                20_000,
                &[(501, 1_777), (2_345, 2_346), (4_000, 9_000), (9_500, 9_600), (15_000, 17_001)],
            );
            let mut out = Vec::new();
            for (index, cut) in [0, 777, 2_001, 4_445, 9_003, 15_101, 20_000].windows(2).enumerate() {
                match index {
                    1 => solo.ramp_to(watched(Ducker::DEPTH), Db(-40.0), 333, Curve::Smooth),
                    2 => solo.ramp_to(watched(Ducker::RELEASE), Seconds(0.03), 1_001, Curve::Linear),
                    3 => solo.ramp_to(watched(Ducker::THRESHOLD), Db(-20.1), 777, Curve::Exponential),
                    4 => solo.set_now(watched(Ducker::HOLD), Seconds(0.001)),
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
}
