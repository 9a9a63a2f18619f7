//! What once went wrong between two operations of one call: here others go on at each of them in turn.

use codetta::{Position, Session, Shutdown, SteppedControl, SteppedDevice, Stream, StreamConfig, simulation};
use std::{cell::RefCell, time::Duration};

/// More than one call of those here has operations.
const OPERATIONS: u64 = 60;

struct Stage {
    device: SteppedDevice,
    control: SteppedControl,
    session: Session,
    stream: Stream,
    before: Option<Position>,
}

thread_local! {
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

/// The producer is suspended inside a write: what it has pushed is heard, and then the session ends by force.
fn ends_meanwhile() {
    STAGE.with(|stage| {
        let mut stage = stage.borrow_mut();
        let Stage { device, control, session, stream, before } = stage.as_mut().expect("set");
        assert!(device.call(&mut [0.0; 480], None));
        *before = Some(stream.position());
        session.begin_shutdown(Shutdown::Discard);
        while control.step().is_some() {
            device.wait(Duration::from_millis(10));
        }
    });
}

/// What was heard of a write that the end cut off was not accepted; but it was heard, and the position went back.
#[test]
fn a_position_does_not_go_back_when_the_end_cuts_a_write_off() {
    simulation::on_pause(ends_meanwhile);
    for operation in 0..OPERATIONS {
        let (session, time) = Session::builder().channels(1).stepped().expect("valid");
        let (device, mut control) = time.apart();
        let config = StreamConfig::new(48_000, 1).prebuffer(Duration::ZERO).fade(Duration::ZERO);
        let (mut writer, stream) = session.stream(config).expect("the first");
        // Some that is accepted and not heard: so much may be heard of the rest without being more than was accepted.
        let _ = (writer.write(&[0.5_f32; 1_000]), writer.clear());
        assert!(device.call(&mut [0.0; 480], None));
        control.step();
        let told = stream.clone();
        STAGE.set(Some(Stage { device, control, session, stream, before: None }));
        simulation::ask_after(operation);
        let _ = writer.write(&[0.5_f32; 480]);
        simulation::ask_after(u64::MAX);
        let stage = STAGE.take().expect("set");
        if let Some(before) = stage.before {
            let now = told.position();
            assert!(
                now.played >= before.played && now.consumed >= before.consumed,
                "{before:?}, then {now:?}"
            );
        }
    }
}
