//! What the listener is told of a device that goes away.

use codetta::{DeviceInfo, DeviceKind};

/// Follows the device's comings and goings; the session itself looks for another, and ends where there is none.
#[derive(Debug)]
pub struct Losses {
    kind: DeviceKind,
    /// The one that went, until another has come.
    gone: Option<String>,
}

impl Losses {
    /// For a session that began on a device of this kind.
    pub fn new(kind: DeviceKind) -> Self {
        Self { kind, gone: None }
    }

    /// The device has changed to this one, or to none for now. What is to be said where it goes on.
    pub fn changed(&mut self, from: &str, to: Option<&DeviceInfo>) -> Option<String> {
        let Some(to) = to else {
            self.gone = Some(from.into());
            return None;
        };
        self.kind = to.kind;
        let gone = self.gone.take()?;
        Some(format!(
            "output device {gone} was lost, and with it what it still held; playing goes on to {}",
            to.name
        ))
    }

    /// At the end: what is to be said where none has come.
    pub fn for_good(&self) -> Option<String> {
        let gone = self.gone.as_ref()?;
        Some(match self.kind {
            DeviceKind::File => format!("{gone} could not be written to the end: is the disk full?"),
            _ => format!("output device {gone} was lost, and no other could take its place"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codetta::device::Format;

    fn device(kind: DeviceKind) -> DeviceInfo {
        DeviceInfo::new("other", kind, Format { sample_rate: 48_000, channels: 2 })
    }

    /// A loss that another device bridges is told once, and is no loss at the end.
    #[test]
    fn a_device_that_is_replaced_is_told() {
        let mut losses = Losses::new(DeviceKind::Hardware);
        assert_eq!(losses.changed("card", None), None);
        assert!(losses.for_good().is_some_and(|line| line.contains("card was lost")));
        let said = losses.changed("card", Some(&device(DeviceKind::Hardware)));
        assert!(
            said.is_some_and(|line| line.contains("card was lost") && line.ends_with("goes on to other"))
        );
        assert_eq!(losses.for_good(), None);
    }

    /// A file is lost by what holds it.
    #[test]
    fn a_file_asks_for_the_disk() {
        let mut losses = Losses::new(DeviceKind::File);
        let _ = losses.changed("out.wav", None);
        assert!(losses.for_good().is_some_and(|line| line.starts_with("out.wav could not be written")));
    }
}
