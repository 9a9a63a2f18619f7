#!/usr/bin/env python3
"""Draws docs/images/interrupted.svg: a segment of the demo, cut short, and its account. Standard library only."""

import pathlib
import struct
import wave

ROOT = pathlib.Path(__file__).resolve().parent.parent
CUT_AT = 2.7  # seconds, as in `codetta demo`
FADE = 0.005  # seconds, a stream's default
LEFT, WIDTH = 30, 820  # the time axis, in the picture's units
BARS = 205

LIGHT = dict(page="#ffffff", ink="#1f2933", soft="#67737f", line="#d5dbe1", heard="#0f7b6c", lost="#b9c2cb", cut="#c2410c")
DARK = dict(page="#12171d", ink="#e4e9ee", soft="#93a1af", line="#2d3742", heard="#38c7ae", lost="#47535f", cut="#fb923c")


def style():
    """Classes rather than variables: some renderers know no variables."""
    font = 'text { font: 13px ui-sans-serif, "Segoe UI", "DejaVu Sans", sans-serif } .b { font-weight: 600 }'
    code = '.code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre }'

    def rules(palette):
        return " ".join(f".{name} {{ fill: {c} }} .{name}-line {{ stroke: {c} }}" for name, c in palette.items())

    return f"{font} {code} {rules(LIGHT)} @media (prefers-color-scheme: dark) {{ {rules(DARK)} }}"



def read(path):
    with wave.open(str(path)) as wav:
        count = wav.getnframes()
        samples = struct.unpack(f"<{count}h", wav.readframes(count))
        return [sample / 32768 for sample in samples], wav.getframerate()


def text(x, y, content, kind="ink", anchor="start"):
    return f'<text x="{x:.0f}" y="{y:.0f}" xml:space="preserve" class="{kind}" text-anchor="{anchor}">{content}</text>'


def waveform(samples, cut_x, middle, height):
    """One bar for each stretch of time, as high as its peak: heard before the cut, discarded after it."""
    step = len(samples) / BARS
    peaks = [max(abs(s) for s in samples[int(i * step) : int((i + 1) * step)]) for i in range(BARS)]
    scale = height / max(peaks)
    for i, peak in enumerate(peaks):
        x, tall = LEFT + i * WIDTH / BARS, max(1.5, peak * scale)
        colour = "heard" if x + 1.3 < cut_x else "lost"
        yield (
            f'<rect x="{x:.1f}" y="{middle - tall:.1f}" width="2.6" height="{2 * tall:.1f}" rx="1.3"'
            f' class="{colour}"/>'
        )


def close_up(samples, rate, box):
    """The cut itself: what was written, and what is heard of it once the fade has taken it down to silence."""
    x, y, width, height = box
    before, after = 0.008, 0.010
    start, cut = int((CUT_AT - before) * rate), int(CUT_AT * rate)
    window = samples[start : int((CUT_AT + after) * rate)]
    scale = 0.42 * height / max(abs(s) for s in window)
    written, heard = [], []
    for i, sample in enumerate(window):
        at = x + i * width / (len(window) - 1)
        gain = min(1.0, max(0.0, 1 - (start + i - cut) / (FADE * rate)))
        written.append(f"{at:.1f},{y + height / 2 - sample * scale:.1f}")
        heard.append(f"{at:.1f},{y + height / 2 - sample * gain * scale:.1f}")
    cut_x = x + width * before / (before + after)
    fade_x = x + width * (before + FADE) / (before + after)
    yield f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="none" class="line-line"/>'
    yield f'<rect x="{cut_x:.1f}" y="{y}" width="{fade_x - cut_x:.1f}" height="{height}" class="cut" opacity=".13"/>'
    yield f'<polyline points="{" ".join(written)}" fill="none" class="lost-line" stroke-width="1.5"/>'
    yield f'<polyline points="{" ".join(heard)}" fill="none" class="heard-line" stroke-width="2"/>'
    yield text((cut_x + fade_x) / 2, y + 17, "fade, 5 ms", "cut", "middle")
    yield text(x + 10, y + height - 8, "the cut, close up", "soft")


def draw():
    samples, rate = read(ROOT / "examples/player/assets/greeting.wav")
    pushed = len(samples)
    played = round((CUT_AT + FADE) * rate)
    discarded = pushed - played
    cut_x = LEFT + WIDTH * played / pushed
    end_x = LEFT + WIDTH
    title = f"A segment of {pushed:,} frames is interrupted: {played:,} were played and {discarded:,} discarded"
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 400" role="img" aria-label="{title}">'
    yield f"<title>{title}</title><style>{style()}</style>"
    yield '<rect x=".5" y=".5" width="879" height="399" rx="10" class="page line-line"/>'

    yield text(LEFT, 32, "write(…)", "code ink")
    yield text(cut_x, 32, "interrupt()", "code b cut", "middle")
    yield text(end_x, 32, "flush() → Segment", "code ink", "end")
    yield from waveform(samples, cut_x, 112, 62)
    for x, colour in ((LEFT - 2, "soft"), (end_x + 1, "soft"), (cut_x, "cut")):
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="42" y2="222" class="{colour}-line" stroke-width="1.5"/>'

    # The account shares the waveform's time axis.
    yield f'<rect x="{LEFT}" y="192" width="{cut_x - LEFT:.1f}" height="30" class="heard"/>'
    yield f'<rect x="{cut_x:.1f}" y="192" width="{end_x - cut_x:.1f}" height="30" class="lost"/>'
    yield text((LEFT + cut_x) / 2, 212, f"played {played:,}", "page b", "middle")
    yield text((cut_x + end_x) / 2, 212, f"discarded {discarded:,}", "ink b", "middle")

    yield from close_up(samples, rate, (LEFT, 250, 330, 124))
    lines = (
        ("segment.wait(…)", "soft"),
        ("end        Interrupted", "cut b"),
        (f"pushed     {pushed:>7,}", "ink b"),
        (f"played     {played:>7,}   heard: past the device’s latency", "heard b"),
        (f"discarded  {discarded:>7,}   written, and not one of them heard", "ink"),
    )
    for i, (line, kind) in enumerate(lines):
        yield text(395, 270 + 24 * i, line, "code " + kind)
    yield "</svg>"


if __name__ == "__main__":
    picture = "\n".join(line for line in draw()) + "\n"
    (ROOT / "docs/images/interrupted.svg").write_text(picture, encoding="utf-8")
