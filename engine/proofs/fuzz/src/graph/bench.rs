//! A session whose graph is edited, rendered by hand.

use super::{
    act::{Act, Value},
    kind::{Kind, Reader},
};
use crate::{
    common::ms,
    handle::Handle,
    tally::{Part, Phase, Tally},
};
use codetta::{
    Offline, Session, Shutdown, Stream, StreamConfig, Writer,
    graph::{Curve, Db, Edit, Factor, Node, ParamInfo, ParamSpec, Processor, TriggerSpec, Unit, When},
};
use std::sync::Arc;

const MAX_NODES: usize = 10;
const MAX_STREAMS: usize = 4;
const CHANNELS: usize = 2;

/// What came of a sequence of acts.
#[derive(Default)]
pub(super) struct Run {
    pub(super) heard: Vec<f32>,
    /// Which edits were taken.
    pub(super) commits: Vec<bool>,
}

pub(super) struct Bench {
    session: Session,
    offline: Offline,
    edit: Option<Edit>,
    /// All that were ever made, with their parameters.
    nodes: Vec<(Handle, Vec<ParamInfo>)>,
    /// Of the edit at hand.
    added: Vec<usize>,
    streams: Vec<(Writer, Stream)>,
    readers: Vec<Reader>,
    tally: Arc<Tally>,
    run: Run,
}

impl Bench {
    /// Does all that is asked for, with blocks of these frames, in turns.
    pub(super) fn run(acts: &[Act], cuts: &[usize]) -> Run {
        let mut bench = Self::new();
        let mut cuts = cuts.iter().copied().cycle();
        for act in acts {
            bench.act(act, &mut cuts);
        }
        bench.render(1_000, &mut cuts);
        bench.end()
    }

    fn new() -> Self {
        let builder = Session::builder().channels(CHANNELS).max_nodes(MAX_NODES).max_streams(MAX_STREAMS);
        let (session, offline) = builder.max_commands(16).offline().expect("a valid format");
        let edit = session.graph().edit();
        let nodes =
            vec![(Handle::Input(edit.streams()), Vec::new()), (Handle::Output(edit.output()), Vec::new())];
        let mut bench = Self {
            session,
            offline,
            edit: None,
            nodes,
            added: Vec::new(),
            streams: Vec::new(),
            readers: Vec::new(),
            tally: Arc::default(),
            run: Run::default(),
        };
        bench.speak(0, 48_000, 1);
        bench
    }

    fn act(&mut self, act: &Act, cuts: &mut impl Iterator<Item = usize>) {
        match *act {
            Act::Add(ref kind, is_heard) => self.add(kind, is_heard),
            Act::AddInput => {
                let node = self.edit(|edit, _| edit.add_input("input"));
                self.added.push(self.nodes.len());
                self.nodes.push((Handle::Input(node), Vec::new()));
            }
            Act::Connect { from, to, port } => {
                let port = usize::from(port % 4);
                self.edit(|edit, nodes| {
                    Handle::connect(edit, &pick(nodes, from).0, &pick(nodes, to).0, port)
                });
            }
            Act::Disconnect { from, to, port } => {
                let port = usize::from(port % 4);
                self.edit(|edit, nodes| {
                    Handle::disconnect(edit, &pick(nodes, from).0, &pick(nodes, to).0, port);
                });
            }
            Act::Remove(node) => self.edit(|edit, nodes| pick(nodes, node).0.remove(edit)),
            Act::Commit => self.commit(),
            Act::Abandon => {
                self.edit = None;
                self.added.clear();
            }
            Act::Turn { node, param, ref to, over, curve, at } => {
                self.turn(node, param, to, (over, curve), at)
            }
            Act::Trigger { node, index, value, at } => {
                if let Handle::Part(node) = &pick(&self.nodes, node).0 {
                    let _ = node.trigger(TriggerSpec::new(u32::from(index), "any"), value, self.when(at));
                }
            }
            Act::Speak { to, rate, stereo } => {
                let rate = [8_000, 44_100, 48_000, 96_000][usize::from(rate % 4)];
                self.speak(to, rate, 1 + usize::from(stereo));
            }
            Act::Gain { stream, db, ramp } => {
                let (_, stream) = pick(&self.streams, stream);
                let _ = stream.set_gain(f32::from(db), ms(u64::from(ramp)));
            }
            Act::StartAt { stream, frames } => {
                let _ = pick(&self.streams, stream).1.start_at(self.when(Some(frames)));
            }
            Act::Interrupt(stream) => {
                let _ = pick(&self.streams, stream).1.interrupt();
            }
            Act::Render(frames) => self.render(usize::from(frames % 2_048), cuts),
            Act::Look => {
                self.readers.iter_mut().for_each(Reader::look);
                assert!(!self.session.graph().to_dot().is_empty());
            }
        }
    }

    fn edit<R>(&mut self, change: impl FnOnce(&mut Edit, &[(Handle, Vec<ParamInfo>)]) -> R) -> R {
        let edit = self.edit.get_or_insert_with(|| self.session.graph().edit());
        change(edit, &self.nodes)
    }

    fn add(&mut self, kind: &Kind, is_heard: bool) {
        let part = Part::new(kind.make(&mut self.readers), &self.tally);
        let params = part.params();
        let node = self.edit(|edit, _| edit.add(part));
        self.tally.made(node.id().0);
        self.added.push(self.nodes.len());
        self.nodes.push((Handle::Part(node), params));
        if is_heard {
            self.edit(|edit, nodes| Handle::connect(edit, &nodes[nodes.len() - 1].0, &nodes[1].0, 0));
        }
    }

    fn commit(&mut self) {
        let Some(edit) = self.edit.take() else { return };
        let result = Phase::Committing.run(|| edit.commit());
        for node in self.added.drain(..) {
            let node = &self.nodes[node].0;
            assert!(result.is_ok() || !node.is_in_graph(), "a refused edit adds nothing");
            if node.is_in_graph() {
                self.tally.committed(node.id());
            }
        }
        self.run.commits.push(result.is_ok());
        if let Err(refused) = result {
            assert!(!refused.to_string().is_empty());
        }
        let now = self.session.graph().snapshot();
        assert!(now.nodes.len() <= MAX_NODES + 2 && now.connections.len() <= 4 * MAX_NODES);
        let is_there = |id| now.nodes.iter().any(|node| node.id == id);
        assert!(now.connections.iter().all(|it| is_there(it.from) && is_there(it.to)));
    }

    fn turn(&mut self, node: u8, param: u8, to: &Value, (over, curve): (u16, u8), at: Option<u16>) {
        let (Handle::Part(node), params) = pick(&self.nodes, node) else { return };
        let curve = [Curve::Linear, Curve::Exponential, Curve::Smooth][usize::from(curve % 3)];
        let when = self.when(at);
        match params.get(usize::from(param)) {
            Some(info) if info.unit == Db::SYMBOL => {
                turn(node, info, Db(to.within(info.range)), over, curve, when)
            }
            Some(info) => turn(node, info, Factor(to.within(info.range)), over, curve, when),
            None => {
                // No parameter of it.
                let spec =
                    ParamSpec::<Part, Factor>::new(u32::from(param), "none", (f32::MIN, f32::MAX), 0.0);
                let _ = node.param(spec).set(Factor(1.0));
            }
        }
    }

    /// Frames from now: so many that most are rendered.
    fn when(&self, at: Option<u16>) -> When {
        at.map_or(When::Now, |frames| When::Frame(self.session.frame() + u64::from(frames % 2_048)))
    }

    /// A stream with a quarter of a second in it, which has begun before anybody looks.
    fn speak(&mut self, to: u8, rate: u32, channels: usize) {
        let config = StreamConfig::new(rate, channels);
        let config = match &pick(&self.nodes, to).0 {
            Handle::Input(input) => config.input(input),
            _ => config,
        };
        if let Ok((mut writer, stream)) = self.session.stream(config) {
            let samples: Vec<f32> = (0..rate as usize / 4 * channels).map(|n| (n as f32).sin()).collect();
            let _ = writer.write(&samples);
            let _ = writer.flush();
            self.streams.push((writer, stream));
        }
    }

    /// Control comes at the same frames, however the blocks are cut.
    fn render(&mut self, frames: usize, cuts: &mut impl Iterator<Item = usize>) {
        let mut out = vec![f32::NAN; frames * CHANNELS];
        let mut rest = &mut out[..];
        while !rest.is_empty() {
            let frames = cuts.next().unwrap_or(usize::MAX).min(rest.len() / CHANNELS);
            let (block, after) = rest.split_at_mut(frames * CHANNELS);
            Phase::Rendering.run(|| self.offline.render_only(block));
            rest = after;
        }
        Phase::Control.run(|| self.offline.step());
        assert!(out.iter().all(|sample| sample.is_finite()), "only numbers are heard");
        self.run.heard.append(&mut out);
    }

    /// Ends the session. Everything goes home.
    fn end(mut self) -> Run {
        self.edit = None;
        let closing = self.session.begin_shutdown(Shutdown::Discard);
        for _ in 0..100 {
            if closing.poll().is_some() {
                break;
            }
            self.render(480, &mut std::iter::repeat(usize::MAX));
        }
        assert!(closing.poll().is_some(), "the end is bounded");
        let Self { session, offline, nodes, streams, readers, tally, run, .. } = self;
        Phase::Control.run(|| drop((closing, streams, nodes, session, offline, readers)));
        tally.assert_all_home();
        run
    }
}

fn turn<U: Unit>(node: &Node<Part>, info: &ParamInfo, to: U, over: u16, curve: Curve, when: When) {
    let spec = ParamSpec::<Part, U>::new(info.index, info.name, info.range, info.default);
    let param = node.param(spec.smoothing(info.smoothing)).at(when);
    let _ = if over == 0 { param.set(to) } else { param.curve_to(to, ms(u64::from(over % 100)), curve) };
}

fn pick<T>(from: &[T], index: u8) -> &T {
    &from[usize::from(index) % from.len()]
}
