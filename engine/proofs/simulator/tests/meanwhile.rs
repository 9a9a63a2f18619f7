//! Somebody else does something while a call is under way, at each of its operations in turn: it comes out as if one had
//! come after the other.

mod common;

use codetta::{Close, Closed, Session, SteppedControl, SteppedDevice, Stream, StreamConfig, Writer};
use common::{meanwhile, no_more};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

/// More than any call here has.
const OPERATIONS: u64 = 100;

fn stage() -> (Session, SteppedDevice, SteppedControl, Writer, Stream) {
    let (session, time) = Session::builder().channels(1).stepped().expect("valid");
    let (device, control) = time.apart();
    let config = StreamConfig::new(48_000, 1).buffer(Duration::from_millis(20)).prebuffer(Duration::ZERO);
    let (writer, stream) = session.stream(config).expect("the first");
    (session, device, control, writer, stream)
}

/// The answers to two closes, the first and the second.
fn one_after_the_other(first: Close, second: Close) -> (Closed, Closed) {
    match (first, second) {
        (Close::Drain, Close::Discard) => (Closed::Now, Closed::Now),
        _ => (Closed::Now, Closed::Already),
    }
}

/// Whoever closes first is told so, and whoever makes a discard of a drain.
#[test]
fn two_close_at_a_time() {
    let closes = [Close::Drain, Close::Discard];
    for (own, others) in closes.into_iter().flat_map(|own| closes.map(|others| (own, others))) {
        for operation in 0..OPERATIONS {
            let (_session, _device, _control, mut writer, stream) = stage();
            let _ = writer.write(&[0.5_f32; 480]);
            let answer = Rc::new(Cell::new(None));
            let told = Rc::clone(&answer);
            meanwhile(operation, move || told.set(Some(stream.close(others))));
            let closed = writer.close(own);
            if !no_more() {
                break;
            }
            let other = answer.get().expect("it was done");
            let (after, before) = (one_after_the_other(own, others), one_after_the_other(others, own));
            assert!(
                (closed, other) == after || (other, closed) == before,
                "{own:?} and {others:?} at {operation}: {closed:?} and {other:?}"
            );
        }
    }
}

/// Set by the waker.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// There is room just as the producer looks for it: either it finds it, or it is woken; and what it was not told of was
/// not taken.
#[test]
fn room_is_made_while_a_producer_looks_for_it() {
    let (mut found, mut woken) = (0, 0);
    for operation in 0..OPERATIONS {
        let (_session, device, control, mut writer, _stream) = stage();
        let mut accepted = 0;
        while let taken @ 1.. = writer.write(&[0.5_f32; 480]).frames {
            accepted += taken;
        }
        let waker = Arc::new(Woken::default());
        let control = Rc::new(RefCell::new(control));
        let others = (device, Rc::clone(&control));
        meanwhile(operation, move || {
            assert!(others.0.call(&mut [0.0; 480], None));
            let _ = others.1.borrow_mut().step();
        });
        let polled =
            writer.poll_write(&mut Context::from_waker(&Waker::from(Arc::clone(&waker))), &[0.5_f32; 960]);
        if !no_more() {
            break;
        }
        let _ = control.borrow_mut().step();
        let was_woken = waker.0.load(Ordering::Relaxed);
        match polled {
            Poll::Ready(write) => accepted += write.frames,
            Poll::Pending => assert!(was_woken, "at {operation}: nobody will"),
        }
        assert_eq!(writer.position().pushed, accepted as u64, "at {operation}: {polled:?}");
        found += u32::from(polled.is_ready());
        woken += u32::from(polled.is_pending());
    }
    assert!(found > 1 && woken > 1, "{found} found, {woken} woken");
}

/// An interruption takes effect while the producer writes, and a block is rendered: what was accepted all the same is in
/// the outcome.
#[test]
fn a_write_is_interrupted_and_counted() {
    for operation in 0..OPERATIONS {
        let (_session, device, control, mut writer, stream) = stage();
        let mut accepted = writer.write(&[0.5_f32; 96]).frames;
        let control = Rc::new(RefCell::new(control));
        let others = (device.clone(), Rc::clone(&control));
        meanwhile(operation, move || {
            let _ = stream.interrupt();
            assert!(others.0.call(&mut [0.0; 480], None));
            let _ = others.1.borrow_mut().step();
        });
        accepted += writer.write(&[0.5_f32; 96]).frames;
        if !no_more() {
            break;
        }
        let segment = writer.flush().segment().expect("written");
        for _ in 0..2 {
            assert!(device.call(&mut [0.0; 480], None));
            let _ = control.borrow_mut().step();
        }
        let outcome = segment.poll().expect("interrupted and over");
        assert_eq!(outcome.pushed, accepted as u64, "at {operation}: {outcome:?}");
    }
}

/// The frames that a conversion ends with are there before their end is known: they stand for no more than was written,
/// whatever is left over.
#[test]
fn a_conversions_end_is_not_taken_for_more() {
    for (length, operation) in
        (328..332).flat_map(|length| (0..OPERATIONS).map(move |operation| (length, operation)))
    {
        let (session, time) = Session::builder().channels(1).stepped().expect("valid");
        let (device, _control) = time.apart();
        let config = StreamConfig::new(192_000, 1).prebuffer(Duration::ZERO);
        let (mut writer, stream) = session.stream(config).expect("the first");
        let written = writer.write(&vec![0.5_f32; length]).frames as u64;
        meanwhile(operation, move || {
            assert!(device.call(&mut [0.0; 4_800], None));
            assert!(device.call(&mut [0.0; 4_800], None));
        });
        let _ = writer.flush();
        if !no_more() {
            continue;
        }
        // A position does not go back, nor beyond what was written: now there is room for more.
        assert_eq!(writer.write(&[0.5_f32; 500]).frames, 500);
        let position = stream.position();
        assert!(
            position.played <= written && position.consumed <= written,
            "{length} at {operation}: {position:?}"
        );
    }
}
