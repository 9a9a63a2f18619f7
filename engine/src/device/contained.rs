//! A device of somebody else's: if it panics it is lost, and nobody else with it.

use super::{Callback, Device, DeviceError, DeviceFault, DeviceInfo, Format};
use crate::guests::{self, let_go};

/// A device whose panics end here.
pub(crate) struct Contained {
    /// Taken when it is dropped, which may panic too.
    device: Option<Box<dyn Device>>,
    name: String,
    panics: u64,
}

impl Contained {
    pub(crate) fn new(device: Box<dyn Device>) -> Self {
        Self { device: Some(device), name: String::from("custom"), panics: 0 }
    }

    /// `None`: it panicked.
    fn ask<R>(&mut self, call: impl FnOnce(&mut dyn Device) -> R) -> Option<R> {
        let device = self.device.as_deref_mut()?;
        let answer = guests::call(|| call(device));
        self.panics += u64::from(answer.is_none());
        answer
    }

    fn panicked(&self) -> DeviceError {
        DeviceError::Unavailable { name: self.name.clone(), reason: String::from("it panicked") }
    }
}

impl Device for Contained {
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
        let info = self.ask(|device| device.open(want)).ok_or_else(|| self.panicked())??;
        self.name.clone_from(&info.name);
        Ok(info)
    }

    fn start(&mut self, callback: Callback) -> Result<(), DeviceError> {
        self.ask(|device| device.start(callback)).ok_or_else(|| self.panicked())?
    }

    fn stop(&mut self) {
        self.ask(|device| device.stop());
    }

    /// One that has panicked is not asked again.
    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        if self.panics == 0
            && let Some(fault) = self.ask(|device| device.fault())
        {
            return fault;
        }
        Some((DeviceFault::Lost, self.panics))
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        let_go(self.device.take());
    }
}
