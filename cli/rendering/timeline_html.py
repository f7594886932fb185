"""A timeline as one HTML file that works offline: hover shows each bin's values. Knows values and plotly only."""

from pathlib import Path

from plotly import graph_objects
from plotly.subplots import make_subplots

from cli.rendering.timeline_table import COLOURS
from core.documents import NOTICE
from core.emotions import EMOTIONS
from core.timeline import Timeline


def write_timeline_html(timeline: Timeline, out: Path, *, title: str) -> None:
    """Write the page with plotly's own script inside, so that it opens without a network."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.82, 0.18], vertical_spacing=0.06)
    half_bin = (timeline.bin_us or 0) / 2e6
    middles = [point.start_seconds + half_bin for point in timeline.points]
    for index, emotion in enumerate(EMOTIONS):
        values = [None if p.probs is None else p.probs[index] for p in timeline.points]
        line = {"color": COLOURS[emotion], "width": 2.5, "shape": "hvh"}
        figure.add_trace(
            graph_objects.Scatter(
                x=middles,
                y=values,
                name=emotion,
                line=line,
                mode="lines+markers",
                marker={"size": 3},
                connectgaps=False,
                hovertemplate="%{y:.1%}",
            ),
            row=1,
            col=1,
        )
    counts = [
        f"{p.num_face_frames} of {p.num_frames} frames with a face, {p.num_rejected_frames} too unsure"
        for p in timeline.points
    ]
    shares = [p.num_face_frames / p.num_frames if p.num_frames else 0 for p in timeline.points]
    figure.add_trace(
        graph_objects.Bar(
            x=middles,
            y=shares,
            width=timeline.bin_us / 1e6 if timeline.bin_us else None,
            customdata=counts,
            hovertemplate="%{customdata}<extra></extra>",
            marker={"color": "#4d4d4d", "line": {"width": 0}},
            name="coverage",
            showlegend=False,
        ),
        row=2,
        col=1,
    )
    _label(figure, timeline, title)
    page = figure.to_html(include_plotlyjs=True, full_html=True, config={"displaylogo": False, "responsive": True})
    out.write_text(page.replace("<head>", f"<head><title>{_escaped(title)}</title>", 1), encoding="utf-8")


def _label(figure: graph_objects.Figure, timeline: Timeline, title: str) -> None:
    smoothed = ", smoothed" if timeline.smoothed else ""
    figure.update_layout(
        title={
            "text": f"<b>{_escaped(title)}</b>: what the faces appear to show{smoothed}"
            f"<br><sup>{NOTICE} Model {_escaped(timeline.model_version)}, {timeline.detector} detector.</sup>"
        },
        template="plotly_white",
        hovermode="x unified",
        legend={"title": {"text": "appears"}},
        bargap=0,
        height=620,
    )
    figure.update_yaxes(title_text="mean probability", range=[-0.02, 1.02], tickformat=".0%", row=1, col=1)
    figure.update_yaxes(title_text="coverage", range=[0, 1], tickformat=".0%", nticks=2, row=2, col=1)
    figure.update_xaxes(title_text="seconds in the video", row=2, col=1)


def _escaped(text: str) -> str:
    """A file's name may hold markup; plotly takes titles as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
