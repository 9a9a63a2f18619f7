//! A log of commands, played again.

use super::{Offline, Session};
use crate::{
    graph::NodeId,
    log::{CommandLog, Entry, What},
};

/// Plays a [`CommandLog`] to an offline session: each command at its frame, so that the same sources and the same edits
/// give the same sound, to the bit.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use codetta::{CommandLog, Replay, Session, graph::{Edit, Hz}, nodes::{Gain, Sine}};
///
/// /// What edit number 1 was.
/// fn tone(mut edit: Edit) -> Result<(), codetta::graph::Refused> {
///     let (sine, gain, output) = (edit.add(Sine::new(Hz(440.0))), edit.add(Gain::new()), edit.output());
///     edit.connect(&sine, &gain).connect(&gain, &output);
///     edit.commit()
/// }
///
/// // A run, with its log …
/// let (session, mut offline) = Session::builder().record_commands(1024).offline()?;
/// tone(session.graph().edit())?;
/// let mut heard = vec![0.0; 2 * 4_800];
/// offline.render(&mut heard);
/// let log: CommandLog = session.command_log().ok_or("it was asked for")?;
///
/// // … and once more.
/// let (session, mut offline) = Session::builder().offline()?;
/// let mut again = vec![0.0; 2 * 4_800];
/// let mut replay = Replay::new(log);
/// replay.render(&session, &mut offline, &mut again, |_number| tone(session.graph().edit()).is_ok())?;
/// assert_eq!(heard, again);
/// # Ok(())
/// # }
/// ```
///
/// **Thread**: any one; it allocates.
#[derive(Debug, Clone)]
pub struct Replay {
    log: CommandLog,
    next: usize,
}

/// Why a replay went no further. What had been rendered until then is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The log misses commands: record with more room.
    #[error("the log misses {missed} commands")]
    Incomplete {
        /// How many.
        missed: u64,
    },
    /// Frames are not comparable: make the session at the log's rate.
    #[error("the log is of {log} Hz, and the session of {session} Hz")]
    Rate {
        /// The log's.
        log: u32,
        /// The session's.
        session: u32,
    },
    /// There is no such node: the edits were not made as they were, in the same order.
    #[error("at frame {frame} a command is for {node}, which is not there")]
    Node {
        /// When.
        frame: u64,
        /// Which.
        node: NodeId,
    },
    /// The edit was not made: whoever replays said so.
    #[error("edit {number} at frame {frame} was not made")]
    Edit {
        /// When.
        frame: u64,
        /// Which.
        number: u64,
    },
    /// More commands fall on one frame than the session takes: give it more with `max_commands`.
    #[error("there is no room for a command at frame {frame}")]
    Full {
        /// When.
        frame: u64,
    },
}

impl Replay {
    /// From the log's start.
    pub fn new(log: CommandLog) -> Self {
        Self { log, next: 0 }
    }

    /// Renders `out` (interleaved, as [`Offline::render`]), with the commands that fall into it. `edit` is to make the
    /// edit of that number, and answers whether it did.
    ///
    /// # Errors
    /// [`ReplayError`] says what does not fit.
    pub fn render(
        &mut self,
        session: &Session,
        offline: &mut Offline,
        mut out: &mut [f32],
        mut edit: impl FnMut(u64) -> bool,
    ) -> Result<(), ReplayError> {
        if self.log.missed > 0 {
            return Err(ReplayError::Incomplete { missed: self.log.missed });
        }
        let (log, rate) = (self.log.rate, session.sample_rate());
        if log != rate {
            return Err(ReplayError::Rate { log, session: rate });
        }
        let channels = session.channels();
        while out.len() >= channels {
            let now = session.frame();
            while let Some(entry) =
                self.log.entries.get(self.next).copied().filter(|entry| entry.frame <= now)
            {
                send(session, entry, &mut edit)?;
                self.next += 1;
            }
            let left = out.len() / channels;
            let until = self.log.entries.get(self.next).map_or(u64::MAX, |entry| entry.frame - now);
            let frames = usize::try_from(until).unwrap_or(usize::MAX).min(left);
            let (piece, rest) = out.split_at_mut(frames * channels);
            offline.render(piece);
            out = rest;
        }
        Ok(())
    }

    /// Whether every command has been carried out.
    pub fn is_over(&self) -> bool {
        self.next == self.log.len()
    }
}

fn send(session: &Session, entry: Entry, edit: &mut impl FnMut(u64) -> bool) -> Result<(), ReplayError> {
    let Entry { frame, what } = entry;
    let is_sent = match what {
        What::Edit(number) => return edit(number).then_some(()).ok_or(ReplayError::Edit { frame, number }),
        What::Stream(stream, op) => session.core.commands.send(stream, op),
        What::Node(node, op) => {
            let sent = session.core.desk.send_again(node, op);
            sent.ok_or(ReplayError::Node { frame, node })?
        }
    };
    is_sent.then_some(()).ok_or(ReplayError::Full { frame })
}
