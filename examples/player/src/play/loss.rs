//! When a device that went away is not coming back.

use std::time::{Duration, Instant};

use codetta::{DeviceInfo, DeviceKind};

/// A device that opens and is gone again so often in this time does not play, whatever it says: a sound server without
/// any output is one.
const TOO_OFTEN: usize = 3;
const FLAPPING: Duration = Duration::from_secs(10);

/// Watches the device's comings and goings.
#[derive(Debug)]
pub struct Losses {
    first: DeviceKind,
    times: Vec<Instant>,
}

impl Losses {
    /// For a session that began on a device of this kind.
    pub fn new(first: DeviceKind) -> Self {
        Self { first, times: Vec::new() }
    }

    /// The device has changed to this one, or to none for now. `true`: give up.
    ///
    /// Another device is as good; the virtual one in a real one's place is the end, for it would take all that follows
    /// for heard.
    pub fn is_final(&mut self, to: Option<&DeviceInfo>, now: Instant) -> bool {
        match to {
            Some(device) => self.first == DeviceKind::Hardware && device.kind != DeviceKind::Hardware,
            None => {
                self.times.retain(|time| now.duration_since(*time) < FLAPPING);
                self.times.push(now);
                self.times.len() >= TOO_OFTEN
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codetta::device::Format;

    fn device(kind: DeviceKind) -> DeviceInfo {
        DeviceInfo::new("it", kind, Format { sample_rate: 48_000, channels: 2 })
    }

    /// A loss is bridged by another real device, not by one that nobody hears.
    #[test]
    fn only_a_real_device_replaces_a_real_one() {
        let (mut losses, now) = (Losses::new(DeviceKind::Hardware), Instant::now());
        assert!(!losses.is_final(None, now));
        assert!(!losses.is_final(Some(&device(DeviceKind::Hardware)), now));
        assert!(losses.is_final(Some(&device(DeviceKind::Virtual)), now));
        assert!(!Losses::new(DeviceKind::File).is_final(Some(&device(DeviceKind::Virtual)), now));
    }

    /// Three losses in a row are the end; three in a day are not.
    #[test]
    fn a_device_that_keeps_going_away_is_given_up() {
        let (mut losses, now) = (Losses::new(DeviceKind::Hardware), Instant::now());
        let lost: Vec<bool> = (0..3).map(|_| losses.is_final(None, now)).collect();
        assert_eq!(lost, [false, false, true]);
        let mut rare = Losses::new(DeviceKind::Hardware);
        assert!((0..5).all(|n| !rare.is_final(None, now + FLAPPING * n)));
    }
}
