//! The report, for people.

use codetta::{Late, Outcome, Report};

use crate::lines::Lines;
use crate::ui::ending;

/// Prints what was heard of every segment, and the account.
pub fn print(out: &mut Lines, report: &Report, names: &[&str]) {
    out.line("\nWhat was heard");
    out.line(format_args!(
        "  {:10} {:12} {:>18} {:>18} {:>18} {:>12}",
        "segment", "outcome", "pushed", "played", "discarded", "first heard"
    ));
    for outcome in &report.segments {
        out.line(row(outcome, names));
    }
    let ledger = report.ledger;
    out.line(format_args!(
        "\n  ledger       {} pushed = {} played + {} discarded",
        ledger.pushed, ledger.played, ledger.discarded
    ));
    out.line(format_args!("  late calls   {}", late(&report.late)));
    out.line(format_args!(
        "  underruns    {} ({} frames of silence)",
        report.underruns.episodes, report.underruns.frames
    ));
    let time = &report.render_time;
    out.line(format_args!(
        "  render time  {} blocks: half under {:?}, 99 % under {:?}, the longest {:?}",
        time.blocks(),
        time.quantile(0.5),
        time.quantile(0.99),
        time.longest
    ));
}

fn row(outcome: &Outcome, names: &[&str]) -> String {
    let name = usize::try_from(outcome.tag).ok().and_then(|tag| names.get(tag)).copied().unwrap_or("?");
    let amount = |frames: u64| format!("{frames} ({:.2} s)", frames as f64 / f64::from(outcome.rate.max(1)));
    let first = outcome.first_heard.map_or_else(|| "never".into(), |at| format!("{:.2} s", at.as_secs_f64()));
    format!(
        "  {name:10} {:12} {:>18} {:>18} {:>18} {first:>12}",
        ending(outcome.end),
        amount(outcome.pushed),
        amount(outcome.played),
        amount(outcome.discarded),
    )
}

fn late(late: &Late) -> String {
    let counted = [
        (late.writes, "write"),
        (late.flushes, "flush"),
        (late.clears, "clear"),
        (late.closes, "close"),
        (late.drains, "drain"),
        (late.commands, "command"),
    ];
    let told: Vec<String> =
        counted.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if told.is_empty() { "none".into() } else { told.join(", ") }
}
