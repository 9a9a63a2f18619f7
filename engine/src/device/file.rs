//! A WAV file that is played to: paced like a sound card, heard later.

use std::path::PathBuf;

use super::paced::{Paced, Sink};
use super::{
    Callback, Device, DeviceError, DeviceFault, DeviceInfo, DeviceKind, Format, WavFormat, WavWriter,
};

/// The device that writes what it plays to a WAV file, in real time.
///
/// `open` creates the file, or empties the one that is there; a rebuild needs another path. The file is whole once `stop` has
/// returned, and readable up to the last second before, should the process die. When the disk fails the device is
/// [lost](DeviceFault::Lost), and what was written stays.
///
/// **Thread**: the callback and, outside of it, the writing run on `codetta-virtual`.
#[derive(Debug)]
pub struct FileDevice {
    paced: Paced,
    path: PathBuf,
    wav: WavFormat,
    opened: Option<FileSink>,
}

impl FileDevice {
    /// Touches nothing until it is opened.
    pub fn new(path: impl Into<PathBuf>, wav: WavFormat) -> Self {
        Self { paced: Paced::default(), path: path.into(), wav, opened: None }
    }
}

impl Device for FileDevice {
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
        let name = self.path.display().to_string();
        self.paced.open(&name, want)?;
        let writer = WavWriter::create(&self.path, want, self.wav)?;
        let second = want.sample_rate as usize * want.channels;
        self.opened = Some(FileSink { writer, second, unflushed: 0 });
        Ok(DeviceInfo::new(name, DeviceKind::File, want))
    }

    fn start(&mut self, callback: Callback) -> Result<(), DeviceError> {
        let name = self.path.display().to_string();
        match self.opened.take() {
            Some(sink) => self.paced.start(&name, callback, sink),
            // Starting once more would have to empty the file, or to mend its header: neither was asked for.
            None => Err(DeviceError::Unavailable { name, reason: "open it before each start".into() }),
        }
    }

    fn stop(&mut self) {
        self.paced.stop();
    }

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        self.paced.faults.take()
    }
}

#[derive(Debug)]
struct FileSink {
    writer: WavWriter,
    /// Samples a second.
    second: usize,
    unflushed: usize,
}

impl Sink for FileSink {
    fn take(&mut self, block: &[f32]) -> Result<(), DeviceError> {
        self.writer.write(block)?;
        self.unflushed += block.len();
        if self.unflushed >= self.second {
            self.unflushed = 0;
            self.writer.flush()?;
        }
        Ok(())
    }

    fn end(self) -> Result<(), DeviceError> {
        self.writer.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::device::scratch::Scratch;

    const STEREO: Format = Format { sample_rate: 48_000, channels: 2 };

    /// Frame `n` holds `n` on both sides; says how many frames it has made.
    fn counting() -> (Callback, mpsc::Receiver<usize>) {
        let (tell, told) = mpsc::channel();
        let mut frame = 0;
        let callback = move |block: &mut [f32], _| {
            for pair in block.chunks_exact_mut(2) {
                pair.fill(frame as f32 / 8_388_608.0);
                frame += 1;
            }
            let _ = tell.send(frame);
        };
        (Box::new(callback), told)
    }

    #[test]
    fn every_frame_that_was_rendered_is_in_the_file_once_and_in_order() {
        let file = Scratch::new("paced.wav");
        let mut device = FileDevice::new(file.path(), WavFormat::Pcm24);
        assert_eq!(device.open(STEREO).unwrap().kind, DeviceKind::File);
        let (callback, told) = counting();
        device.start(callback).unwrap();
        for _ in 0..5 {
            told.recv().unwrap();
        }
        device.stop();
        let rendered = 480 * 5 + 480 * told.try_iter().count();
        assert_eq!(device.fault(), None);
        let samples: Vec<i32> =
            hound::WavReader::open(file.path()).unwrap().into_samples().map(Result::unwrap).collect();
        let expected: Vec<i32> = (0..rendered as i32).flat_map(|frame| [frame, frame]).collect();
        assert_eq!(samples, expected);
    }

    #[test]
    fn a_path_that_cannot_be_written_is_an_error_that_names_it() {
        let path = std::env::temp_dir().join("codetta-no-such-folder").join("out.wav");
        let Err(DeviceError::File { path: named, source }) =
            FileDevice::new(&path, WavFormat::Pcm16).open(STEREO)
        else {
            panic!("opened");
        };
        assert_eq!((named, source.kind()), (path, std::io::ErrorKind::NotFound));
    }

    /// The device that is always full.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_a_lost_device_and_ends_the_calls() {
        let mut device = FileDevice::new("/dev/full", WavFormat::Float32);
        device.open(STEREO).unwrap();
        let (callback, told) = counting();
        device.start(callback).unwrap();
        while told.recv().is_ok() {}
        device.stop();
        assert_eq!(device.fault(), Some((DeviceFault::Lost, 1)));
    }

    #[test]
    fn a_second_start_does_not_empty_the_file() {
        let file = Scratch::new("again.wav");
        let mut device = FileDevice::new(file.path(), WavFormat::Pcm16);
        device.open(STEREO).unwrap();
        let (callback, told) = counting();
        device.start(callback).unwrap();
        told.recv().unwrap();
        device.stop();
        assert!(matches!(device.start(counting().0), Err(DeviceError::Unavailable { .. })));
        assert!(hound::WavReader::open(file.path()).unwrap().duration() >= 480);
    }
}
