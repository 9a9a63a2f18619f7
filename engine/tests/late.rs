//! A flood of calls that come too late: each is a value and a count, and costs nothing else.

#[path = "common/counting.rs"]
mod counting;

use codetta::{
    Clear, Close, Closed, Flush, Interrupt, Rejection, Session, Shutdown, StreamConfig, WriteState,
};
use counting::counted;
use std::{hint::black_box, sync::Barrier, thread, time::Duration};

const THREADS: u64 = 4;
const EACH: u64 = 250_000;

/// The allocator sees what there is to see.
#[test]
fn the_count_counts() {
    assert_eq!(counted(|| drop(black_box(Box::new(1)))).1, 2);
    assert_eq!(counted(|| 1).1, 0);
}

/// A million late flushes from four threads, and as many of every other verb: none panics or allocates, each is counted.
#[test]
fn a_million_late_flushes_are_a_million_in_the_count() {
    let (session, mut offline) = Session::builder().offline().unwrap();
    let streams: Vec<_> =
        (0..THREADS).map(|_| session.stream(StreamConfig::new(24_000, 1)).unwrap()).collect();
    let closing = session.begin_shutdown(Shutdown::Drain(Duration::from_secs(1)));
    offline.render(&mut [0.0; 960]);
    offline.render(&mut [0.0; 960]);
    assert!(closing.poll().is_some());

    let start = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        for (mut writer, stream) in streams {
            let start = &start;
            scope.spawn(move || {
                let samples = [0.5_f32; 10];
                start.wait();
                let ((), allocations) = counted(|| {
                    for _ in 0..EACH {
                        assert!(matches!(writer.flush(), Flush::Rejected(Rejection::Closed)));
                        assert_eq!(writer.write(&samples).state, WriteState::Closed);
                        assert_eq!(writer.clear(), Clear::Closed);
                        assert_eq!(stream.interrupt(), Interrupt::Closed);
                        assert_eq!(writer.close(Close::Drain), Closed::Already);
                        assert_eq!(stream.close(Close::Drain), Closed::Already);
                        assert_eq!(stream.pause(), codetta::Command::Closed);
                    }
                });
                assert_eq!(allocations, 0);
            });
        }
    });
    let (late, all) = (session.late(), THREADS * EACH);
    assert_eq!((late.flushes, late.writes, late.frames), (all, all, 10 * all));
    assert_eq!((late.clears, late.closes, late.commands), (2 * all, 2 * all, all));
}

/// The same while the stream is closed and the session lives.
#[test]
fn after_a_streams_close_late_calls_allocate_nothing() {
    let (session, mut offline) = Session::builder().offline().unwrap();
    let (mut writer, stream) = session.stream(StreamConfig::new(24_000, 1)).unwrap();
    let _ = writer.write(&[0.5_f32; 2_400]);
    let _ = stream.close(Close::Drain);
    for _ in 0..20 {
        let ((), allocations) = counted(|| {
            let _ =
                (writer.write(&[0.5_f32; 10]), writer.flush(), writer.clear(), writer.close(Close::Drain));
            let _ = (stream.close(Close::Drain), stream.position(), stream.stats());
        });
        assert_eq!(allocations, 0);
        offline.render(&mut [0.0; 960]);
    }
    let late = session.late();
    assert_eq!((late.writes, late.flushes, late.clears, late.closes), (20, 20, 20, 40));
    assert_eq!(session.account().ledger.played, 2_400);
}
