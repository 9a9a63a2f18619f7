//! What the tests of the binary share: sounds, a directory for them, and a way to run it.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use serde_json::Value;

/// A directory of its own, removed at the end.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("codetta-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> String {
        self.0.to_str().unwrap().into()
    }

    pub fn name(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().into()
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.0.join(name), bytes).unwrap();
        self.name(name)
    }

    /// Writes a 16-bit WAV of samples that are all different from their neighbours.
    pub fn wav(&self, name: &str, sample_rate: u32, channels: u16, frames: u32) -> String {
        let spec = hound::WavSpec {
            channels,
            sample_rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(self.0.join(name), spec).unwrap();
        for n in 0..frames * u32::from(channels) {
            writer.write_sample(sample(n)).unwrap();
        }
        writer.finalize().unwrap();
        self.name(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Both ends of the range and much between, in an order in which a lost or repeated sample shows.
pub fn sample(n: u32) -> i16 {
    match n {
        0 => i16::MIN,
        1 => i16::MAX,
        n => (n.wrapping_mul(2_654_435_761) >> 16) as u16 as i16,
    }
}

/// A sound file of the repository.
pub fn sound(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name).to_str().unwrap().into()
}

/// Longer than any run takes, on any machine: who is not done by then hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run of the binary that cannot outlive its test's patience.
pub struct Running {
    pub child: Child,
    /// Its end calls the watchdog off.
    _leash: Sender<()>,
}

/// Starts the binary.
pub fn start(arguments: &[&str]) -> Running {
    let child = spawn(arguments);
    let pid = child.id().to_string();
    let (leash, called_off) = channel::<()>();
    std::thread::spawn(move || {
        if called_off.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &pid]).status();
        }
    });
    Running { child, _leash: leash }
}

fn spawn(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_codetta"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Runs the binary to its end with this on its standard input.
pub fn codetta(arguments: &[&str], input: &[u8]) -> Output {
    let mut running = start(arguments);
    let mut stdin = running.child.stdin.take().unwrap();
    let input = input.to_vec();
    // Who refuses its arguments does not read.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let out = running.child.wait_with_output().unwrap();
    writer.join().unwrap();
    out
}

/// `codetta play`, to the virtual device.
pub fn play(arguments: &[&str], input: &[u8]) -> Output {
    let all: Vec<&str> = ["play", "--output", "virtual"].iter().chain(arguments).copied().collect();
    codetta(&all, input)
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// All lines of `--json`; each must be an object with an event.
pub fn json(out: &Output) -> Vec<Value> {
    objects(&text(&out.stdout))
}

pub fn objects(lines: &str) -> Vec<Value> {
    let objects: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(objects.iter().all(|object| object["event"].is_string()), "{lines}");
    objects
}

/// The report in the last line, and there only. Its ledger balances, as does every segment.
pub fn report(out: &Output) -> Value {
    let lines = json(out);
    let report = closing(&lines);
    assert_eq!(lines.iter().filter(|line| line["event"] == "closed").count(), 1);
    report
}

pub fn closing(lines: &[Value]) -> Value {
    let last = lines.last().expect("there is a last line");
    assert_eq!(last["event"], "closed");
    let report = last["report"].clone();
    let balances = |of: &Value| {
        let n = |field: &str| of[field].as_u64().unwrap();
        n("pushed") == n("played") + n("discarded")
    };
    assert!(balances(&report["ledger"]), "{report}");
    assert!(report["segments"].as_array().unwrap().iter().all(balances), "{report}");
    report
}

/// Reads standard output up to a line that contains `wanted`; the lines.
pub fn until(running: &mut Running, wanted: &str) -> String {
    let stdout = running.child.stdout.as_mut().unwrap();
    let mut read = Vec::new();
    let mut byte = [0];
    while stdout.read(&mut byte).unwrap() > 0 {
        read.push(byte[0]);
        if byte[0] == b'\n' && text(read.rsplit(|b| *b == b'\n').nth(1).unwrap()).contains(wanted) {
            return text(&read);
        }
    }
    panic!("{wanted:?} did not come in\n{}", text(&read));
}
