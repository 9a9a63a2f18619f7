//! A device that says that it is lost, falls silent, or is stuck inside its callback and comes back; and what goes on.

use codetta::{OnDeviceLoss, Output, Session, Shutdown, StreamConfig};
use codetta_races::{
    Word,
    check::check,
    device::{Rig, Stall},
    dice::Dice,
    producer, run, steering, watching,
};
use std::{thread, time::Duration};

fn main() {
    run::rounds("devices", round);
}

fn round(dice: &mut Dice) -> run::Counts {
    let rig = Rig::new(dice);
    let policy = [OnDeviceLoss::Rebuild, OnDeviceLoss::Virtual, OnDeviceLoss::Stop][dice.below(3) as usize];
    let builder = Session::builder().heartbeat(Duration::from_millis(60)).on_device_loss(policy);
    let session = builder.output(Output::Custom(Box::new(rig.device()))).start().expect("it starts");
    let mut edit = session.graph().edit();
    let (stall, streams, output) = (edit.add(Stall::new(&rig)), edit.streams(), edit.output());
    edit.disconnect(&streams, &output).connect(&streams, &stall).connect(&stall, &output);
    edit.commit().expect("a chain");
    let mut writers = Vec::new();
    let mut streams = Vec::new();
    for _ in 0..1 + dice.below(2) {
        let config = StreamConfig::new(48_000, 2).buffer(Duration::from_millis(60)).fade(dice.millis(6));
        let (writer, stream) = session.stream(config).expect("there is room");
        writers.push(writer);
        streams.push(stream);
    }
    let over = Word::default();
    let (session, streams, over) = (&session, &streams[..], &over);
    let counts = thread::scope(|scope| {
        let producers = writers.into_iter().map(|writer| {
            let mut dice = dice.fork();
            scope.spawn(move || producer::produce(writer, 2, over, &mut dice))
        });
        let producers: Vec<_> = producers.collect();
        let (mut a, mut b) = (dice.fork(), dice.fork());
        let callers = [
            scope.spawn(move || watching::watch(session, streams, over, &mut a)),
            scope.spawn(move || steering::steer(session, streams, over, &mut b)),
        ];
        thread::sleep(dice.millis(30));
        // Some rounds end while it is stuck, others when another device has gone on.
        rig.fail(dice);
        thread::sleep(if dice.one_in(2) {
            dice.millis(20)
        } else {
            Duration::from_millis(150) + dice.millis(300)
        });
        let shutdown = if dice.one_in(2) { Shutdown::Discard } else { Shutdown::Drain(dice.millis(60)) };
        let closing = session.begin_shutdown(shutdown);
        let report = closing.wait(Duration::from_secs(30)).expect("an end within its deadline");
        over.say();
        let told: Vec<_> = producers.into_iter().map(|thread| thread.join().expect("no panic")).collect();
        let calls: u64 = callers.into_iter().map(|thread| thread.join().expect("no panic")).sum();
        run::Counts {
            blocks: report.render_time.blocks(),
            operations: calls + told.iter().map(|told| told.operations).sum::<u64>(),
            segments: check(&report, &told),
        }
    });
    rig.end();
    counts
}
