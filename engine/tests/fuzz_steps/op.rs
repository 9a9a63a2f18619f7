//! What may be done to a session, its streams and its device.

/// One call. Streams go by how long ago they were opened, the latest first; times are in ms.
#[derive(Debug, Clone)]
pub enum Op {
    Open {
        rate: u32,
        stereo: bool,
        fade: u64,
        prebuffer: u64,
        credits: usize,
    },
    /// So many frames of a steady level.
    Write(usize, usize),
    /// So many frames of any bits: some are no numbers.
    WriteBits(usize, usize, u32),
    Flush(usize),
    Begin(usize, u64),
    Clear(usize),
    CloseWriter(usize, bool),
    DropWriter(usize),
    Interrupt(usize),
    Pause(usize),
    Resume(usize),
    Gain(usize, f32, u64),
    Pan(usize, f32, u64),
    /// So many frames from now.
    StartAt(usize, u64),
    CloseStream(usize, bool),
    Drain(usize, u64),
    DrainAll(u64),
    Advance(u64),
    Block(usize),
    Latency(Option<u64>),
    Jitter(u64),
    Rate(u32),
    Stall,
    Restart,
    Lose,
}
