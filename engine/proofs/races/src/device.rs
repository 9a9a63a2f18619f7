//! A device that fails as it is told, and a processor that holds its callback up.

use crate::{Word, dice::Dice};
use codetta::{
    DeviceInfo, DeviceKind,
    device::{Callback, Device, DeviceError, DeviceFault, Format},
    graph::{Activity, Audio, Layout, Processor, Setup},
};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// What the round says to its device, and the thread that the device has.
#[derive(Debug)]
pub struct Rig {
    said: Arc<Said>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    seed: u64,
}

#[derive(Debug, Default)]
struct Said {
    is_lost: Word,
    is_silent: Word,
    /// The round is over: the thread ends, whatever the device was told.
    is_over: Word,
    /// How long the next block takes, in milliseconds.
    stall: AtomicU64,
}

impl Rig {
    /// One for a round.
    pub fn new(dice: &mut Dice) -> Self {
        Self { said: Arc::default(), thread: Arc::default(), seed: dice.throw() }
    }

    /// Its device, to be opened once.
    pub fn device(&self) -> impl Device + use<> {
        Failing {
            said: Arc::clone(&self.said),
            thread: Arc::clone(&self.thread),
            seed: self.seed,
            told: false,
        }
    }

    /// Makes it fail, in one of its ways.
    pub fn fail(&self, dice: &mut Dice) {
        match dice.below(4) {
            0 => self.said.is_lost.say(),
            1 => self.said.is_silent.say(),
            // Shorter and longer than control waits for a callback that is inside.
            2 => self.said.stall.store(100 + dice.below(100), Relaxed),
            _ => self.said.stall.store(700, Relaxed),
        }
    }

    /// Waits for its thread: the callback has come back by then, or comes now.
    pub fn end(&self) {
        self.said.is_over.say();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            thread.join().expect("the callback does not panic");
        }
    }
}

/// Calls from a thread of its own, which `stop` does not wait for: so nothing but the lease stands between its callback and
/// whoever takes the renderer.
struct Failing {
    said: Arc<Said>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    seed: u64,
    told: bool,
}

impl Device for Failing {
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
        Ok(DeviceInfo::new("failing", DeviceKind::Custom, want))
    }

    fn start(&mut self, callback: Callback) -> Result<(), DeviceError> {
        let (said, dice) = (Arc::clone(&self.said), Dice::new(self.seed));
        let thread = thread::Builder::new().spawn(move || call(callback, &said, dice));
        let thread = thread.map_err(DeviceError::Thread)?;
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        Ok(())
    }

    /// As some systems do: calls go on for a while.
    fn stop(&mut self) {}

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        let tells = self.said.is_lost.is_said() && !self.told;
        self.told |= tells;
        tells.then_some((DeviceFault::Lost, 1))
    }
}

fn call(mut callback: Callback, said: &Said, mut dice: Dice) {
    let mut block = vec![0.0_f32; 2 * 1_024];
    while !said.is_over.is_said() {
        if !said.is_silent.is_said() {
            let frames = 1 + dice.below(1_024) as usize;
            callback(&mut block[..2 * frames], Some(dice.millis(20)));
        }
        thread::sleep(dice.millis(4));
    }
}

/// Passes everything on, late if it is told to: the callback is stuck inside for so long.
#[derive(Debug)]
pub struct Stall(Arc<Said>);

impl Stall {
    /// Told by the same rig.
    pub fn new(rig: &Rig) -> Self {
        Self(Arc::clone(&rig.said))
    }
}

impl Processor for Stall {
    fn name(&self) -> &'static str {
        "stall"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::effect(setup.channels, setup.channels)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        let millis = self.0.stall.swap(0, Relaxed);
        if millis > 0 {
            thread::sleep(Duration::from_millis(millis));
        }
        Activity::Sounding
    }
}
