//! `codetta devices`: what there is to play to.

use codetta::device::{DeviceDescription, list};
use serde_json::json;

use crate::cli;
use crate::exit::{Exit, complain};
use crate::lines::Lines;

/// Lists the devices. None is an answer, not an error.
pub fn run(args: &cli::Devices) -> Exit {
    let devices = list();
    let mut out = Lines::new();
    if args.json {
        out.line(json!(devices));
        return Exit::Ok;
    }
    if devices.is_empty() {
        complain(if cfg!(feature = "cpal") {
            "no output devices; sound goes to the virtual device (--output virtual) or a file (--output file:PATH.wav)"
        } else {
            "built without sound cards (feature `cpal`); sound goes to the virtual device or a file"
        });
        return Exit::Ok;
    }
    let width = devices.iter().map(|d| d.id.chars().count()).max().unwrap_or(0);
    for device in &devices {
        out.line(format_args!("{}", row(device, width)));
    }
    Exit::Ok
}

fn row(device: &DeviceDescription, width: usize) -> String {
    let mark = if device.is_default { '*' } else { ' ' };
    let format = match (device.sample_rate, device.channels) {
        (Some(rate), Some(channels)) => format!("{rate} Hz, {channels} channels"),
        _ => "does not open".into(),
    };
    format!("{mark} {:width$}  {}  ({format})", device.id, device.name)
}
