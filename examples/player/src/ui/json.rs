//! One JSON object a line, for programs.

use codetta::device::DeviceInfo;
use codetta::{Event, Report};
use serde_json::{Value, json};

use super::{Mixed, Ui, View};
use crate::exit::{Exit, complain};
use crate::lines::Lines;
use crate::playlist::Problem;

/// Writes events as they come; the last line is always `closed`, with the exit code and the report.
#[derive(Debug, Default)]
pub struct Json {
    out: Lines,
}

impl Ui for Json {
    fn opened(&mut self, device: &DeviceInfo, view: &View) {
        let files: Vec<&str> = view.tracks.iter().map(|track| track.name.as_str()).collect();
        self.out.line(json!({ "event": "opened", "device": device, "files": files }));
    }

    fn event(&mut self, event: &Event, view: &View) {
        if let Some(line) = line(event, view) {
            self.out.line(line);
        }
    }

    fn input_failed(&mut self, problem: &Problem) {
        complain(problem);
        let Problem { file, error } = problem;
        self.out.line(json!({ "event": "input_failed", "file": file, "error": error }));
    }

    fn mixed(&mut self, mixed: &Mixed) {
        let Mixed { seconds, ducked, deepest, picture } = mixed;
        self.out.line(json!({
            "event": "mixed", "seconds": seconds, "ducked": ducked, "deepest": deepest, "picture": picture,
        }));
    }

    fn closed(&mut self, report: Option<&Report>, exit: Exit) {
        self.out.line(json!({ "event": "closed", "exit": exit as u8, "report": report }));
    }
}

/// `Closed` is not written here: the report is the last line, after all events.
fn line(event: &Event, view: &View) -> Option<Value> {
    Some(match event {
        Event::Started { stream, segment, tag, at, .. } => {
            let track = view.tagged(*tag);
            let spec = track.and_then(|t| t.spec);
            json!({
                "event": "segment_started", "stream": stream, "segment": segment, "tag": tag,
                "at": at.as_secs_f64(),
                "file": track.map(|t| &t.name),
                "rate": spec.map(|s| s.rate), "channels": spec.map(|s| s.channels),
                "frames": spec.and_then(|s| s.frames),
            })
        }
        Event::Progress { stream, segment, tag, pushed, played, .. } => json!({
            "event": "progress", "stream": stream, "segment": segment, "tag": tag,
            "pushed": pushed, "played": played,
        }),
        Event::Finished(outcome) => {
            let mut line = with("segment_finished", json!(outcome));
            line["file"] = json!(view.tagged(outcome.tag).map(|track| &track.name));
            line
        }
        Event::Underrun { stream, episodes, frames, .. } => {
            json!({ "event": "underrun", "stream": stream, "episodes": episodes, "frames": frames })
        }
        Event::DeviceChanged { from, to, reason, .. } => {
            json!({ "event": "device_changed", "from": from, "to": to, "reason": reason })
        }
        Event::Drained(drained) => with("drained", json!(drained)),
        _ => return None,
    })
}

/// The object with its event's name in it.
fn with(event: &str, mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.insert("event".into(), event.into());
    }
    value
}
