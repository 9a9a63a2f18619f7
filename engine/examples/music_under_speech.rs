//! Music that makes room for speech, on the virtual device: `cargo run -p codetta --example music_under_speech`.
//!
//! A looped chord, a voice that speaks for a second, a ducker between them, and a tap that says what was rendered.

use codetta::{
    Session, Shutdown, StreamConfig,
    graph::{Db, Seconds, When},
    nodes::{Bus, Ducker, Limiter, Sample, SamplePlayer, Tap},
};
use std::{f32::consts::TAU, time::Duration};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let session = Session::builder().channels(1).start()?;

    let mut edit = session.graph().edit();
    let chord = Sample::from_interleaved(&sines(&[200.0, 250.0, 300.0], 24_000), 1, 48_000);
    let music = edit.add(SamplePlayer::new(&chord).looping(..));
    let speech = edit.add_input("speech");
    let ducker = edit.add(Ducker::new().depth(Db(-12.0)).release(Seconds(0.3)));
    let (sum, limiter) = (edit.add(Bus::new("sum")), edit.add(Limiter::new().ceiling(Db(-1.0))));
    let (tap, mut recorder) = Tap::new(Duration::from_secs(1));
    let (tap, output) = (edit.add(tap), edit.output());
    edit.connect(&music, &ducker).connect_side(&speech, &ducker, 0);
    edit.connect(&ducker, &sum).connect(&speech, &sum);
    edit.connect(&sum, &limiter).connect(&limiter, &output).connect(&ducker, &tap);
    edit.commit()?;
    println!("{}", session.graph().to_dot());

    let _ = music.play(Db(-6.0), When::Now);
    // The voice begins half a second from now, at that very frame.
    let (mut voice, stream) = session.stream(StreamConfig::new(24_000, 1).input(&speech))?;
    let start = session.frame() + 24_000;
    let _ = stream.start_at(start);
    let said = std::thread::spawn(move || {
        let _ = voice.write_all(&sines(&[440.0], 24_000), Duration::from_secs(5));
        voice.flush().accepted().and_then(|segment| segment.wait(Duration::from_secs(5)))
    });

    // The music's level, ten times a second, behind the ducker.
    while session.frame() < start + 60_000 {
        std::thread::sleep(Duration::from_millis(100));
        let mut peak = 0.0_f32;
        while let Some(loudest) =
            recorder.read(|chunk| chunk.samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs())))
        {
            peak = peak.max(loudest);
        }
        println!("{:>6} frames: music {:5.1} dB", session.frame(), 20.0 * peak.log10());
    }

    println!("{:?}", said.join().ok().flatten());
    let report = session.shutdown(Shutdown::Drain(Duration::from_secs(1)));
    println!(
        "pushed {} = played {} + discarded {}",
        report.ledger.pushed, report.ledger.played, report.ledger.discarded
    );
    Ok(())
}

/// Sines of these frequencies together, at most half of full scale.
fn sines(frequencies: &[f32], frames: usize) -> Vec<f32> {
    let part = 0.5 / frequencies.len() as f32;
    let at = |frame: usize, hertz: f32| (TAU * hertz * (frame as f32 / 48_000.0)).sin() * part;
    (0..frames).map(|frame| frequencies.iter().map(|hertz| at(frame, *hertz)).sum()).collect()
}
