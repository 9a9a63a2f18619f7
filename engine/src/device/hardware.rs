//! Sound cards and sound servers, by cpal. No other file names it: its next release renames and changes its calls.
//!
//! What was seen to happen, and what is done about it: a backend's drop that hangs for ever ([`reaper`]); blocks of any
//! size and panics that end a process ([`feed`](super::feed)); 300,000 errors a second ([`fault`](super::fault)); a server
//! whose default buffer is two seconds (a period is always asked for); a device that goes without a word (the engine
//! watches the heartbeat, not this file).

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{BufferSize, ErrorKind};

use super::{Callback, Device, DeviceDescription, DeviceError, DeviceFault, DeviceInfo, DeviceKind, Format};
use super::{
    fault::Faults,
    feed::{Encoded, Feed},
    names::{self, Named},
    offer::{self, Choice, Encoding, Offer},
    reaper,
};

/// How long the system may take to give a stream, where it keeps to such a limit.
const PATIENCE: Duration = Duration::from_secs(2);

/// A sound card, or what a sound server shows as one.
///
/// `open` looks for the device and chooses the format nearest to what is wanted; `start` asks for the stream. Both wait
/// for the system. `stop` returns within half a second.
///
/// **Thread**: the callback runs on the backend's thread, in blocks of 1 to 1,024 frames.
pub struct CpalDevice {
    wanted: Option<String>,
    opened: Option<Opened>,
    running: Option<Running>,
    /// A new one each start: a stream that had to be left behind speaks for itself only.
    faults: Arc<Faults>,
}

struct Opened {
    device: cpal::Device,
    name: String,
    choice: Choice,
}

struct Running {
    stream: cpal::Stream,
    stop: Arc<AtomicBool>,
}

impl CpalDevice {
    /// Whatever is the system's default output when it is opened.
    pub fn default_output() -> Self {
        Self::new(None)
    }

    /// The device of that id or name, or the only one with that in either; in any case of letters.
    pub fn named(id: impl Into<String>) -> Self {
        Self::new(Some(id.into()))
    }

    fn new(wanted: Option<String>) -> Self {
        Self { wanted, opened: None, running: None, faults: Arc::default() }
    }

    fn name(&self) -> &str {
        match &self.opened {
            Some(opened) => &opened.name,
            None => self.wanted.as_deref().unwrap_or("default"),
        }
    }
}

impl Device for CpalDevice {
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
        self.stop();
        self.opened = None;
        let (device, name) = match &self.wanted {
            None => default_output()?,
            Some(wanted) => named(wanted)?,
        };
        let offers = offers(&device).map_err(|error| match error.kind() {
            // The default of a machine without a sound card is there, and says so only now.
            ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable if self.wanted.is_none() => {
                DeviceError::NoDefault
            }
            _ => refused(&name, want, &error),
        })?;
        let choice = offer::choose(&offers, want).ok_or_else(|| unsupported(&name, want))?;
        let info = DeviceInfo::new(name.clone(), DeviceKind::Hardware, choice.format);
        self.opened = Some(Opened { device, name, choice });
        Ok(info)
    }

    fn start(&mut self, callback: Callback) -> Result<(), DeviceError> {
        self.stop();
        let Some(Opened { device, name, choice }) = &self.opened else {
            let reason = "it was not opened".into();
            return Err(DeviceError::Unavailable { name: self.name().into(), reason });
        };
        self.faults = Arc::default();
        let stop = Arc::new(AtomicBool::new(false));
        let feed = Feed::new(callback, choice.format, Arc::clone(&stop), Arc::clone(&self.faults));
        let (stream, mut hand) =
            build(device, *choice, &self.faults).map_err(|error| refused(name, choice.format, &error))?;
        // There is room for one, and this is the one; the stream owns the other end.
        let _ = hand.push(feed);
        if let Err(error) = stream.play() {
            let error = refused(name, choice.format, &error);
            reaper::reap(stream, reaper::LIMIT);
            return Err(error);
        }
        self.running = Some(Running { stream, stop });
        Ok(())
    }

    fn stop(&mut self) {
        if let Some(Running { stream, stop }) = self.running.take() {
            stop.store(true, Ordering::Relaxed);
            reaper::reap(stream, reaper::LIMIT);
        }
    }

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        self.faults.take()
    }
}

impl Drop for CpalDevice {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for CpalDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CpalDevice")
            .field("name", &self.name())
            .field("choice", &self.opened.as_ref().map(|opened| opened.choice))
            .field("running", &self.running.is_some())
            .finish_non_exhaustive()
    }
}

/// Every output device of every system that this was built for.
pub(super) fn list() -> Vec<DeviceDescription> {
    let default = cpal::default_host().default_output_device().and_then(|device| device.id().ok());
    let describe = |(device, Named { id, name }): (cpal::Device, Named)| {
        let config = device.default_output_config().ok();
        DeviceDescription {
            host: id.split(':').next().unwrap_or_default().into(),
            is_default: device.id().ok() == default,
            sample_rate: config.as_ref().map(|config| config.sample_rate()),
            channels: config.as_ref().map(|config| usize::from(config.channels())),
            id,
            name,
        }
    };
    outputs().into_iter().map(describe).collect()
}

/// Those of every host that play, or that might: some can only be asked by opening them.
fn outputs() -> Vec<(cpal::Device, Named)> {
    let hosts = cpal::available_hosts().into_iter().filter_map(|id| cpal::host_from_id(id).ok());
    hosts.flat_map(|host| outputs_of(&host)).collect()
}

fn outputs_of(host: &cpal::Host) -> Vec<(cpal::Device, Named)> {
    let named = |device: cpal::Device| {
        let description = device.description().ok();
        let captures = description.is_some_and(|of| of.direction() == cpal::DeviceDirection::Input);
        let named = Named { id: device.id().ok()?.to_string(), name: device.to_string() };
        (!captures).then_some((device, named))
    };
    host.devices().into_iter().flatten().filter_map(named).collect()
}

fn default_output() -> Result<(cpal::Device, String), DeviceError> {
    let host = cpal::default_host();
    let device = host.default_output_device().ok_or(DeviceError::NoDefault)?;
    let Ok(id) = device.id() else {
        let name = device.to_string();
        return Ok((device, name));
    };
    // A default may go by a name that no listed device has.
    let id = id.to_string();
    let (_, names): (Vec<_>, Vec<_>) = outputs_of(&host).into_iter().unzip();
    let name = match names.iter().position(|named| named.id == id) {
        Some(listed) => names::telling(listed, &names),
        None => id,
    };
    Ok((device, name))
}

fn named(wanted: &str) -> Result<(cpal::Device, String), DeviceError> {
    let (mut devices, names): (Vec<_>, Vec<_>) = outputs().into_iter().unzip();
    let found = names::find(wanted, &names).ok_or_else(|| DeviceError::NotFound { name: wanted.into() })?;
    Ok((devices.swap_remove(found), names::telling(found, &names)))
}

fn offers(device: &cpal::Device) -> Result<Vec<Offer>, cpal::Error> {
    let offer = |config: cpal::SupportedStreamConfigRange| {
        Some(Offer {
            channels: usize::from(config.channels()),
            rates: (config.min_sample_rate(), config.max_sample_rate()),
            period: match *config.buffer_size() {
                cpal::SupportedBufferSize::Range { min, max } if min <= max && max > 0 => Some((min, max)),
                _ => None,
            },
            encoding: match config.sample_format() {
                cpal::SampleFormat::F32 => Encoding::F32,
                cpal::SampleFormat::I32 => Encoding::I32,
                cpal::SampleFormat::I16 => Encoding::I16,
                cpal::SampleFormat::U16 => Encoding::U16,
                _ => return None,
            },
        })
    };
    Ok(device.supported_output_configs()?.filter_map(offer).collect())
}

/// A stream, and the way by which it gets its feed: a build that fails keeps what it was given, and may be tried twice.
type Built = (cpal::Stream, rtrb::Producer<Feed>);

fn build(device: &cpal::Device, choice: Choice, faults: &Arc<Faults>) -> Result<Built, cpal::Error> {
    let build = match choice.encoding {
        Encoding::F32 => build_as::<f32>,
        Encoding::I32 => build_as::<i32>,
        Encoding::I16 => build_as::<i16>,
        Encoding::U16 => build_as::<u16>,
    };
    let built = build(device, choice, BufferSize::Fixed(choice.period), faults);
    // Where a card does not say which periods it takes, it may refuse any; but PulseAudio's own choice is two seconds.
    let pulse = device.id().is_ok_and(|id| id.to_string().starts_with("pulseaudio:"));
    match built {
        Err(error) if error.kind() == ErrorKind::UnsupportedConfig && !choice.period_known && !pulse => {
            build(device, choice, BufferSize::Default, faults)
        }
        built => built,
    }
}

fn build_as<T: Encoded + cpal::SizedSample>(
    device: &cpal::Device,
    choice: Choice,
    buffer_size: BufferSize,
    faults: &Arc<Faults>,
) -> Result<Built, cpal::Error> {
    let (hand, mut handed) = rtrb::RingBuffer::<Feed>::new(1);
    let mut feed = None;
    let config = cpal::StreamConfig {
        // `offer` chooses from what came as `u16`.
        channels: choice.format.channels as u16,
        sample_rate: choice.format.sample_rate,
        buffer_size,
    };
    let data = move |out: &mut [T], info: &cpal::OutputCallbackInfo| {
        if feed.is_none() {
            feed = handed.pop().ok();
        }
        let at = info.timestamp();
        match &mut feed {
            // A system that knows no latency may answer with an instant before the call.
            Some(feed) => feed.fill(out, at.playback.checked_duration_since(at.callback)),
            None => out.fill(T::SILENCE),
        }
    };
    let faults = Arc::clone(faults);
    let error = move |error: cpal::Error| match error.kind() {
        ErrorKind::DeviceNotAvailable | ErrorKind::StreamInvalidated | ErrorKind::HostUnavailable => {
            faults.lost()
        }
        // It plays as it did.
        ErrorKind::RealtimeDenied => {}
        // Anything else has been seen from streams that went on; one that did not is found by its heartbeat.
        _ => faults.trouble(),
    };
    Ok((device.build_output_stream(config, data, error, Some(PATIENCE))?, hand))
}

fn refused(name: &str, want: Format, error: &cpal::Error) -> DeviceError {
    match error.kind() {
        ErrorKind::UnsupportedConfig => unsupported(name, want),
        _ => DeviceError::Unavailable { name: name.into(), reason: error.to_string() },
    }
}

fn unsupported(name: &str, Format { sample_rate, channels }: Format) -> DeviceError {
    DeviceError::Unsupported { name: name.into(), sample_rate, channels }
}
