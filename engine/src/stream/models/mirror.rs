//! Holds the stand-ins to the code that they stand for: where an order is the proof, the real one is that order.

/// The lines of `code` that do one of `steps`, in the order in which they stand after `start`.
fn in_order(code: &str, start: &str, steps: &[&str]) {
    let mut rest = code.split_once(start).expect("the function the models mirror").1;
    for step in steps {
        rest = rest.split_once(step).unwrap_or_else(|| panic!("out of order, or gone: {step}")).1;
    }
}

/// The reader looks at the word, then at the samples' tail, then at the sentinels', and mixes only then.
/// The mutants `real-word-read-after-the-tails` and `real-sentinels-before-samples` break it.
#[test]
fn the_real_reader_looks_in_the_order_of_the_model() {
    let code = include_str!("../reader/mod.rs");
    in_order(code, "fn look(", &["lifecycle.0.read()", "samples.slots()", "sentinels.slots()"]);
    in_order(code, "fn render(", &["note_sentinels(self.sentinels_seen)", "mix_segments("]);
}

/// The real producer sends the ticket, then the begin; the frames before the end.
/// The mutant `real-begin-before-the-ticket` breaks it.
#[test]
fn the_real_producer_pushes_in_the_order_of_the_model() {
    let code = include_str!("../producer.rs");
    in_order(code, "fn take<", &["self.begin()", "push(samples, block)"]);
    in_order(code, "fn begin(", &[".settled.load", "tickets.push(", ".push(Sentinel::Begin"]);
    in_order(code, "fn end_segment(", &["push(samples, block)", "sentinels.push(end)"]);
    in_order(code, "fn end_for_producer(", &["enter_to_end()", "end_segment(false)", "leave_ended()"]);
}

/// Real control takes the report out of its ring before it gives the credit back.
/// The mutant `real-credit-before-the-outcome` breaks it.
#[test]
fn the_real_book_takes_before_it_credits() {
    let code = include_str!("../../session/book.rs");
    in_order(code, "fn collect(", &["settlements.pop()", "self.settle("]);
    in_order(code, "fn settle(", &["outcome.set(", "settled.store("]);
}
