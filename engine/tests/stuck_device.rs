//! A device that never comes back from its callback: nobody waits for it, and the answers come.

mod common;

use codetta::{
    DeviceInfo, DeviceKind, Drained, End, Output, Session, Shutdown,
    device::{Callback, Device, DeviceError, DeviceFault, Format},
};
use common::*;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

const LONG: Duration = Duration::from_secs(60);

/// A device that asks for no block, and does not even let go when it is stopped.
struct Stuck {
    done: mpsc::Sender<()>,
    release: Arc<AtomicBool>,
}

impl Device for Stuck {
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
        Ok(DeviceInfo::new("stuck", DeviceKind::Custom, want))
    }

    fn start(&mut self, mut callback: Callback) -> Result<(), DeviceError> {
        let (done, release) = (self.done.clone(), Arc::clone(&self.release));
        thread::spawn(move || {
            let _ = done.send(());
            while !release.load(Ordering::Relaxed) {
                thread::park_timeout(ms(5));
            }
            // And then it wakes, long after everybody has given it up.
            let mut block = [0.0; 2 * 480];
            callback(&mut block, Some(ms(10)));
            assert!(block.iter().all(|sample| *sample == 0.0), "silence is all there is for it");
            let _ = done.send(());
        });
        Ok(())
    }

    fn stop(&mut self) {}

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        None
    }
}

/// A session on such a device, what tells when it wakes, and what wakes it.
fn stuck() -> (Session, mpsc::Receiver<()>, Arc<AtomicBool>) {
    let (done, told) = mpsc::channel();
    let release = Arc::new(AtomicBool::new(false));
    let device = Stuck { done, release: Arc::clone(&release) };
    let session = Session::builder().output(Output::Custom(Box::new(device))).start().expect("a thread");
    told.recv().expect("it starts");
    (session, told, release)
}

/// Its thread sits on the callback for ever: shutdown keeps its deadline, and only what was heard counts.
#[test]
fn a_device_that_never_returns_holds_nobody_up() {
    let (session, told, release) = stuck();
    let (mut writer, stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 4_800));
    assert_eq!(stream.drain(ms(5)), Drained::DeadlineExceeded { frames_left: 4_800 });
    let report = session.shutdown(Shutdown::Drain(ms(10)));
    assert_truthful(&report);
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played), (End::DeadlineExceeded, 0));
    release.store(true, Ordering::Relaxed);
    told.recv().unwrap();
    assert_eq!(session.account(), report);
}

/// The session is dropped while its device sits on the callback: dropping does not wait, and the answer comes.
#[test]
fn dropping_a_session_with_a_stuck_device_does_not_wait() {
    let (session, told, release) = stuck();
    let (mut writer, _stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 4_800));
    drop(session);
    assert_eq!(segment.wait(LONG).map(|outcome| (outcome.end, outcome.played)), Some((End::Discarded, 0)));
    release.store(true, Ordering::Relaxed);
    told.recv().unwrap();
}
