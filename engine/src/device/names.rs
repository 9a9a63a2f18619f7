//! Which device is meant by a name.

/// A device's two names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: String,
    pub(super) name: String,
}

/// Finds the device that `wanted` means, in whatever case: the one whose id it is, else the first one whose name it is,
/// else the only one that has it in either.
///
/// Part of two names means neither: playing to the wrong loudspeaker is worse than an error that lists them.
pub(super) fn find(wanted: &str, devices: &[Named]) -> Option<usize> {
    let wanted = wanted.to_lowercase();
    let exact =
        |of: fn(&Named) -> &str| devices.iter().position(|device| of(device).to_lowercase() == wanted);
    exact(|device| &device.id).or_else(|| exact(|device| &device.name)).or_else(|| {
        let has = |text: &str| text.to_lowercase().contains(&wanted);
        let mut found = devices
            .iter()
            .enumerate()
            .filter(|(_, device)| !wanted.is_empty() && (has(&device.id) || has(&device.name)));
        match (found.next(), found.next()) {
            (Some((only, _)), None) => Some(only),
            _ => None,
        }
    })
}

/// What to call a device so that the answer finds it again: its name, or its id where others have the same name.
pub(super) fn telling(which: usize, devices: &[Named]) -> String {
    let Named { id, name } = &devices[which];
    let alone = devices.iter().filter(|other| other.name == *name).count() == 1;
    if alone { name.clone() } else { id.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn devices() -> Vec<Named> {
        [
            ("alsa:default", "Default Audio Device"),
            ("alsa:hw:CARD=0,DEV=0", "HDA Intel, Analog"),
            ("alsa:plughw:CARD=0,DEV=0", "HDA Intel, Analog"),
            ("alsa:null", "Discard all samples"),
        ]
        .map(|(id, name)| Named { id: id.into(), name: name.into() })
        .into()
    }

    #[test]
    fn an_id_comes_before_a_name_and_a_name_before_a_part() {
        assert_eq!(find("alsa:HW:card=0,dev=0", &devices()), Some(1));
        assert_eq!(find("hda intel, ANALOG", &devices()), Some(1));
        assert_eq!(find("null", &devices()), Some(3));
        assert_eq!(find("plughw", &devices()), Some(2));
        let mut devices = devices();
        devices.insert(0, Named { id: "alsa:usb".into(), name: "alsa:null".into() });
        assert_eq!(find("alsa:null", &devices), Some(4));
    }

    #[test]
    fn a_part_of_several_means_none() {
        assert_eq!(find("HDA", &devices()), None);
        assert_eq!(find("", &devices()), None);
        assert_eq!(find("theremin", &devices()), None);
    }

    #[test]
    fn every_device_is_found_again_by_what_it_is_called() {
        let devices = devices();
        for which in 0..devices.len() {
            assert_eq!(find(&telling(which, &devices), &devices), Some(which));
        }
    }
}
