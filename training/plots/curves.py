"""Loss and accuracy of a run over its epochs, as a picture that is drawn anew while it trains."""

from pathlib import Path

from training.learning.run_folder import RunFolder

#: Keys of a log line that are not accuracies.
_NOT_ACCURACIES = ("epoch", "loss", "seconds")

#: Okabe and Ito's colours that everybody can tell apart, with a marker each for print.
_STYLES = (("#0072B2", "o"), ("#D55E00", "s"), ("#009E73", "^"))


def draw_curves(folder: RunFolder, *, title: str) -> Path:
    """Draw the log of a run into its folder; return the picture's path."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    lines = folder.lines()
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    losses, accuracies = figure.subplots(1, 2)
    losses.plot([line["epoch"] for line in lines], [line["loss"] for line in lines], color=_STYLES[0][0])
    losses.set(xlabel="epoch", ylabel="training loss", title=title)
    names = [key for key in dict.fromkeys(key for line in lines for key in line) if key not in _NOT_ACCURACIES]
    for name, (colour, marker) in zip(names, _STYLES, strict=False):
        measured = [line for line in lines if name in line]
        shares = [100 * line[name] for line in measured]
        accuracies.plot([line["epoch"] for line in measured], shares, color=colour, marker=marker, label=name)
    accuracies.set(xlabel="epoch", ylabel="accuracy, %", title="PublicTest without twins")
    if names:
        accuracies.legend()
    for axes in (losses, accuracies):
        axes.grid(alpha=0.3)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))  # there is no half epoch
    figure.savefig(folder.curves, dpi=110)
    return folder.curves
