//! Reports in JSON: the names and the units that other programs read.
#![cfg(feature = "serde")]

mod common;

use codetta::Shutdown;
use common::*;

#[test]
fn a_report_names_its_outcomes_and_tells_times_in_seconds() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 24_000));
    rig.render(24_000);
    let report = rig.end(Shutdown::Drain(ms(100)));

    let json = serde_json::to_value(&report).expect("it serialises");
    let segment = &json["segments"][0];
    assert_eq!(segment["outcome"], "played");
    assert_eq!([&segment["pushed"], &segment["played"], &segment["discarded"]], [24_000, 24_000, 0]);
    assert_eq!(segment["first_heard"], 0.0);
    let last = segment["last_heard"].as_f64().expect("a number of seconds");
    assert!((last - 0.5).abs() < 1e-6, "{last}");
    assert_eq!(json["ledger"], serde_json::json!({ "pushed": 24_000, "played": 24_000, "discarded": 0 }));
    assert_eq!(json["late"]["flushes"], 0);
    assert!(json["render_time"]["longest"].is_f64());
}
