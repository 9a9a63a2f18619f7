//! The session ends while a producer is suspended inside a call, at each of its operations in turn: what the call answers
//! when it comes back, and what the report says of it, are the same.

mod common;

use codetta::{
    Close, Report, Segment, Session, Shutdown, SteppedControl, SteppedDevice, Stream, StreamConfig,
    WriteState, Writer,
};
use common::{meanwhile, no_more};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

/// More than two writes and a flush have together.
const OPERATIONS: u64 = 150;

/// What a producer was told.
#[derive(Debug, Default)]
struct Told {
    frames: u64,
    segments: usize,
    handles: Vec<Segment>,
    closed: bool,
}

struct Producer {
    writer: Writer,
    told: Told,
}

impl Producer {
    fn write(&mut self) {
        let begins = self.told.handles.len() == self.told.segments;
        let write = self.writer.write(&[0.5_f32; 480]);
        self.told.frames += write.frames as u64;
        self.told.segments += usize::from(begins && write.frames > 0);
        self.told.closed |= write.state == WriteState::Closed;
    }

    fn flush(&mut self) {
        match self.writer.flush().segment() {
            Some(segment) => self.told.handles.push(segment),
            None => self.told.closed = true,
        }
    }
}

/// How the session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    WithoutABlock,
    /// What was pushed is taken up first, accepted or not.
    AfterABlock,
    StreamFirst,
    /// While the producer is inside, a callback is as well, and comes back only afterwards.
    BesideAStuckCallback,
}

struct Stage {
    device: SteppedDevice,
    control: RefCell<SteppedControl>,
    session: Session,
    stream: Stream,
    producer: RefCell<Producer>,
    report: Cell<Option<Report>>,
}

impl Stage {
    fn new(rate: u32) -> Self {
        let (session, time) = Session::builder().channels(1).stepped().expect("valid");
        let (device, control) = time.apart();
        let config = StreamConfig::new(rate, 1).prebuffer(Duration::ZERO).fade(Duration::ZERO);
        let (writer, stream) = session.stream(config).expect("the first");
        let producer = RefCell::new(Producer { writer, told: Told::default() });
        Self { device, control: RefCell::new(control), session, stream, producer, report: Cell::default() }
    }

    fn block(&self) {
        assert!(self.device.call(&mut [0.0; 480], None));
    }

    fn end(&self, ending: Ending) {
        if ending == Ending::AfterABlock {
            self.block();
        }
        if ending == Ending::StreamFirst {
            let _ = self.stream.close(Close::Discard);
        }
        let closing = self.session.begin_shutdown(Shutdown::Discard);
        while self.control.borrow_mut().step().is_some() {
            self.device.wait(Duration::from_millis(10));
        }
        self.report.set(closing.poll());
    }
}

/// The deed of a producer, and the end at this operation of it. `false`: the deed has none of that number.
fn cut_off(stage: Rc<Stage>, operation: u64, ending: Ending, deed: fn(&mut Producer)) -> bool {
    let interrupted = Rc::new(Cell::new(false));
    let (on, said) = (Rc::clone(&stage), Rc::clone(&interrupted));
    let produce = move || {
        let ending_on = Rc::clone(&on);
        meanwhile(operation, move || ending_on.end(ending));
        deed(&mut on.producer.borrow_mut());
        said.set(no_more());
    };
    if ending == Ending::BesideAStuckCallback {
        // By its tenth operation the callback has the renderer.
        meanwhile(10, produce);
        stage.block();
        assert!(no_more(), "a block has more operations");
    } else {
        produce();
    }
    interrupted.get()
}

/// A producer at this rate, which has said something `before`, or has not.
fn each_operation(rate: u32, before: bool, deed: fn(&mut Producer)) {
    let endings =
        [Ending::WithoutABlock, Ending::AfterABlock, Ending::StreamFirst, Ending::BesideAStuckCallback];
    for ending in endings {
        let mut refused = 0;
        for operation in 0..OPERATIONS {
            let stage = Rc::new(Stage::new(rate));
            if before {
                let mut producer = stage.producer.borrow_mut();
                producer.write();
                producer.flush();
            }
            stage.block();
            let _ = stage.control.borrow_mut().step();
            if !cut_off(Rc::clone(&stage), operation, ending, deed) {
                break;
            }
            let report = stage.report.take().expect("over");
            let told = &stage.producer.borrow().told;
            let context = format!("{ending:?} at {operation}: {told:?}, {report:?}");
            let pushed: u64 = report.segments.iter().map(|outcome| outcome.pushed).sum();
            assert_eq!((pushed, report.segments.len()), (told.frames, told.segments), "{context}");
            assert!(report.ledger.balances(), "{context}");
            for segment in &told.handles {
                let answer = segment.poll().expect("the session is over");
                assert!(report.segments.contains(&answer), "{context}");
            }
            refused += usize::from(told.closed);
        }
        assert!(refused > 0, "{ending:?}: no call was cut off");
    }
}

#[test]
fn a_first_write() {
    for rate in [48_000, 44_100] {
        each_operation(rate, false, Producer::write);
        each_operation(rate, true, Producer::write);
    }
}

#[test]
fn writes_and_a_flush() {
    for rate in [48_000, 44_100] {
        each_operation(rate, true, |producer| {
            producer.write();
            producer.write();
            producer.flush();
        });
    }
}
