//! What every device keeps to, whoever wrote it: each test runs on all of them.
//!
//! Nothing here sleeps or looks at a clock: a device that breaks a promise of returning makes its test hang.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use codetta::device::{
    Callback, Device, DeviceError, DeviceFault, DeviceInfo, DeviceKind, FileDevice, Format, Virtual,
    WavFormat,
};

const STEREO: Format = Format { sample_rate: 48_000, channels: 2 };

/// A device from outside: it calls back as fast as it can, with another number of frames each time.
#[derive(Default)]
struct Foreign {
    opened: bool,
    running: Option<(Arc<AtomicBool>, mpsc::Receiver<()>)>,
    lost: Arc<AtomicBool>,
}

impl Device for Foreign {
    fn open(&mut self, _: Format) -> Result<DeviceInfo, DeviceError> {
        self.opened = true;
        Ok(DeviceInfo::new("foreign", DeviceKind::Custom, Format { sample_rate: 44_100, channels: 1 }))
    }

    fn start(&mut self, mut callback: Callback) -> Result<(), DeviceError> {
        if !self.opened {
            return Err(DeviceError::Unavailable { name: "foreign".into(), reason: "not opened".into() });
        }
        self.stop();
        let stop = Arc::new(AtomicBool::new(false));
        let (ending, ended) = mpsc::channel::<()>();
        self.running = Some((Arc::clone(&stop), ended));
        let lost = Arc::clone(&self.lost);
        thread::spawn(move || {
            let _ending = ending;
            let mut block = [0.0; 333];
            let mut lengths = (1..=block.len()).cycle();
            while !stop.load(Ordering::Relaxed) {
                let frames = lengths.next().unwrap_or(1);
                let call = std::panic::AssertUnwindSafe(|| callback(&mut block[..frames], None));
                if std::panic::catch_unwind(call).is_err() {
                    lost.store(true, Ordering::Relaxed);
                    break;
                }
                thread::yield_now();
            }
            drop(callback);
        });
        Ok(())
    }

    fn stop(&mut self) {
        if let Some((stop, ended)) = self.running.take() {
            stop.store(true, Ordering::Relaxed);
            let _ = ended.recv_timeout(Duration::from_millis(200));
        }
    }

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        self.lost.swap(false, Ordering::Relaxed).then_some((DeviceFault::Lost, 1))
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs a contract on every device there is.
fn each(test: &str, contract: impl Fn(&mut dyn Device)) {
    let path = std::env::temp_dir().join(format!("codetta-contract-{}-{test}.wav", std::process::id()));
    let mut devices: Vec<Box<dyn Device>> = vec![
        Box::new(Virtual::new()),
        Box::new(Virtual::with_period(7)),
        Box::new(FileDevice::new(&path, WavFormat::Float32)),
        Box::new(Foreign::default()),
    ];
    // The system's own device for nobody needs neither a sound card nor a server.
    #[cfg(all(feature = "cpal", target_os = "linux"))]
    devices.push(Box::new(codetta::device::CpalDevice::named("alsa:null")));
    for device in &mut devices {
        contract(&mut **device);
    }
    drop(devices);
    let _ = std::fs::remove_file(path);
}

/// A callback that tells the length of each block, and by hanging up that it was freed.
fn telling() -> (Callback, mpsc::Receiver<usize>) {
    let (tell, told) = mpsc::channel();
    let callback = move |block: &mut [f32], _| {
        block.fill(0.0);
        // The test's own account is no part of what a callback may do.
        let _ = rtguard::permit(|| tell.send(block.len()));
    };
    (Box::new(callback), told)
}

#[test]
fn opening_says_what_will_be_asked_for_and_blocks_are_whole_frames_of_it() {
    each("frames", |device| {
        let info = device.open(STEREO).unwrap();
        assert!(info.sample_rate > 0 && info.channels > 0);
        let (callback, told) = telling();
        device.start(callback).unwrap();
        for samples in told.iter().take(5) {
            assert!(samples > 0 && samples % info.channels == 0, "{info:?}: {samples} samples");
        }
        device.stop();
        assert_eq!(device.fault(), None, "{info:?}");
    });
}

#[test]
fn no_call_begins_after_stop_and_the_callback_is_freed_by_then() {
    each("stop", |device| {
        device.open(STEREO).unwrap();
        let (callback, told) = telling();
        device.start(callback).unwrap();
        told.recv().unwrap();
        device.stop();
        while told.try_recv().is_ok() {}
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));
    });
}

#[test]
fn stopping_what_does_not_run_is_nothing() {
    each("idle", |device| {
        device.stop();
        device.open(STEREO).unwrap();
        device.stop();
        let (callback, told) = telling();
        device.open(STEREO).unwrap();
        device.start(callback).unwrap();
        told.recv().unwrap();
        device.stop();
        device.stop();
        assert_eq!(device.fault(), None);
    });
}

#[test]
fn it_opens_and_starts_again() {
    each("again", |device| {
        for _ in 0..3 {
            device.open(STEREO).unwrap();
            let (callback, told) = telling();
            device.start(callback).unwrap();
            told.recv().unwrap();
            device.stop();
        }
    });
}

#[test]
fn starting_what_was_not_opened_is_an_error_and_frees_the_callback() {
    each("unopened", |device| {
        let (callback, told) = telling();
        assert!(matches!(device.start(callback), Err(DeviceError::Unavailable { .. })));
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));
    });
}

/// A session that meets its deadline while the callback sleeps must not find it awake later.
#[test]
fn stop_returns_when_the_callback_does_not_and_it_is_not_called_again() {
    each("stuck", |device| {
        device.open(STEREO).unwrap();
        let (release, word) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let callback = move |_: &mut [f32], _| {
            rtguard::permit(|| {
                let _ = tell.send(());
                let _ = word.recv();
            });
        };
        device.start(Box::new(callback)).unwrap();
        told.recv().unwrap();
        device.stop();
        drop(release);
        assert_eq!(told.recv(), Err(mpsc::RecvError), "called again");
    });
}

#[test]
#[cfg_attr(feature = "rt-guard", ignore = "a panic allocates, and prints")]
fn a_callback_that_panics_loses_the_device_once() {
    each("panic", |device| {
        device.open(STEREO).unwrap();
        device.start(Box::new(|_, _| panic!("told to"))).unwrap();
        let fault = loop {
            if let Some(fault) = device.fault() {
                break fault;
            }
            thread::yield_now();
        };
        assert_eq!(fault, (DeviceFault::Lost, 1));
        device.stop();
        assert_eq!(device.fault(), None);
    });
}

#[test]
fn dropping_a_device_that_runs_ends_the_calls() {
    let (callback, told) = telling();
    let mut device = Virtual::new();
    device.open(STEREO).unwrap();
    device.start(callback).unwrap();
    told.recv().unwrap();
    drop(device);
    while told.recv().is_ok() {}
}

/// A build without the feature has nothing to list, and says so without asking the system.
#[cfg(not(feature = "cpal"))]
#[test]
fn without_the_feature_no_device_is_listed() {
    assert!(codetta::device::list().is_empty());
}

#[cfg(feature = "cpal")]
#[test]
fn a_name_that_no_device_has_is_an_error_that_says_it() {
    let Err(DeviceError::NotFound { name }) = codetta::device::CpalDevice::named("theremin").open(STEREO)
    else {
        panic!("opened");
    };
    assert_eq!(name, "theremin");
}
