//! A device that is lost while its callback is under way, the next device, and the first one's callback, late.

use super::{
    super::{Event, OnDeviceLoss, Session, Shutdown},
    drains::drain,
    explore::explore,
    stage::{Stage, audio_thread, millis, shutdown},
    told::{Accepted, Pusher, check},
};
use shuttle::thread;

/// The late callback of the lost device renders silence and touches nothing, whether the next device goes on or the
/// session ends with it.
fn lose(policy: OnDeviceLoss) {
    explore(move || {
        let stage = Stage::of(Session::builder().max_streams(2).on_device_loss(policy));
        let (session, accepted, over) = (stage.session.clone(), Accepted::default(), stage.over.clone());
        let producers = [stage.stream(), stage.stream()].map(|(writer, _)| {
            let mut pusher = Pusher::new(writer, &accepted);
            thread::spawn(move || {
                for frames in [2, 11, 5] {
                    pusher.write(frames);
                    pusher.flush();
                }
                pusher.write(3);
                pusher.told()
            })
        });
        let (audio, device) = (stage.audio(None), stage.device.clone());
        let events = session.events();
        let stale = audio_thread(move || {
            let mut is_given_up = false;
            for _ in 0..20 {
                while let Some(event) = events.try_recv() {
                    is_given_up |= matches!(event, Event::DeviceChanged { to: None, .. });
                }
                let mut out = [1.0; 8];
                // Until control has noticed, it is this device's turn still.
                if device.call_stale(&mut out, None) && is_given_up {
                    assert_eq!(out, [0.0; 8], "of a device that was given up");
                }
                thread::yield_now();
            }
        });
        let (fault, asker, known) = (stage.device.clone(), session.clone(), accepted.clone());
        let control = stage.control(millis(2));
        let losing = thread::spawn(move || fault.lose());
        let asked = thread::spawn(move || drain(&asker, &known, millis(30), None));
        let told = producers.map(|thread| thread.join().expect("a producer"));
        losing.join().expect("whoever pulls the plug");
        if policy == OnDeviceLoss::Stop {
            // It ends by itself.
            over.wait();
        }
        let report = shutdown(&session, Shutdown::Drain(millis(50)));
        asked.join().expect("a drain");
        control.join().expect("control");
        audio.join().expect("the callback");
        stale.join().expect("the callback before");
        check(&report, told);
    });
}

/// The mutant `generation-stays` breaks it.
#[test]
fn another_device_goes_on() {
    lose(OnDeviceLoss::Rebuild);
}

/// The mutants `lost-session-goes-on` and `drains-forgotten-at-the-end` break it.
#[test]
fn without_another_device_the_session_ends() {
    lose(OnDeviceLoss::Stop);
}
