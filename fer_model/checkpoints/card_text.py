"""A model's card for readers, in Markdown: fixed prose about use, data and law, and the figures of the card's JSON.

Nothing measured is written here by hand; numbers in the prose are facts of the published data.
"""

import json
from typing import Any, Final

from core.documents import NOTICE
from fer_model.checkpoints.card import ModelCard
from fer_model.checkpoints.card_figures import (
    LABEL_SETS,
    accuracy_table,
    calibration_table,
    further_list,
    leaf_list,
    recall_table,
    recipe_list,
    spread_table,
)

_INTENDED: Final = """\
* Research on expressions, on people who know and agree: timelines of what faces in a video appear to show.
* Comparing cuts, conditions or recordings by averages over many frames, with coverage and abstentions beside them.
* A baseline on FER2013 and FER+, measured by the protocol below."""

_FORBIDDEN: Final = """\
* **At work and in education.** The European Union prohibits inferring the emotions of people there (AI Act, Regulation
  2024/1689, Art. 5(1)(f), since 2 February 2025), save for medical or safety reasons.
* **Diagnosis** of any condition, physical or mental.
* **Lie detection**, or judging anybody's truthfulness, intent or character.
* **Hiring, grading, scoring, policing**: any decision about a person.
* **Covert use.** People who are exposed to it must be told (AI Act, Art. 50(3), since 2 August 2026).

Other emotion recognition is high-risk under the AI Act (Annex III, 1(c)), and rows about an identifiable person are
personal data (GDPR). This is not legal advice; more in `docs/limits.md`."""

_DATA: Final = """\
* **FER2013** (Goodfellow et al. 2013): 35,887 grey pictures of 48 x 48 pixels, found in 2013 by searching the web for
  emotion words. A label says which words found the picture, checked by people; it is not what the person felt. Faces
  are mostly posed and mostly Western. Whether those shown agreed is unknown, and the terms of redistribution are
  unclear: the pictures are neither in these weights' files nor in their repository.
* **FER+** (Barsoum et al. 2016): ten taggers' votes on the same pictures. On PrivateTest their favourite is FER2013's
  label for 62 % of pictures, so no reader of faces can satisfy both; the network has a head for each."""

_PROTOCOL: Final = """\
* FER2013's Training split trains. PublicTest calibrates and selects, without twins. PrivateTest is for one reading at
  the end, after which nothing may be chosen.
* Twins are test pictures of which Training holds a pixel-identical copy, votes included: 280 of PublicTest and 288 of
  PrivateTest. Figures "without twins" leave them out.
* FER2013 accuracy compares the FER2013 head with the published label. FER+ accuracy compares the FER+ head with the
  taggers' strict majority; pictures without one are left out.
* One temperature a head, fitted on PublicTest without twins: FER2013's to its labels, FER+'s to the votes, so that .7
  means that seven of ten people would say so.
* ± is half of a 95 % interval, in percentage points. It covers the choice of test pictures, not that of a seed.

All rules: `docs/protocol.md`."""

_LIMITS: Final = """\
* **An expression is not a feeling.** That feelings can be read from faces is disputed (Barrett et al. 2019).
* **Fear, disgust and contempt rest on few pictures**: of the 3,153 in PrivateTest that taggers agree on, 83, 18 and 16.
  Read their figures as rough. Contempt is an answer of FER+'s, but none of the seven emotions that are given out.
* **Abstention** means that even the top emotion would be named by fewer people than the threshold, for doubt or because
  no face can be seen. It is the model's own estimate, and may miss faces unlike those of the training data.
* **Not in the data**, or hardly: profiles, masks, infants, strong blur, faces below about 40 pixels. Expect worse, and
  probabilities that hold less well.
* **Speech moves a mouth**: single frames of a talking face flicker. Average over time."""

_DEMOGRAPHICS: Final = """\
Errors by age, gender, skin colour or origin were not measured. The data carries no such labels, and we infer none from
faces: guesses would only measure another model's bias. That does not make the model fair. Others found, in models
trained on this kind of data:

* stereotyped training data (an emotion shown mostly by one group) moves recall by up to 29 points in extreme cases
  (Dominguez-Catena et al., arXiv 2210.05332), and does more harm than groups of unequal size (arXiv 2406.17405,
  2503.03446);
* on FER2013 too, the more accurate models are biased as well (Faces of Fairness, arXiv 2502.11049);
* differences between groups need significance tests (arXiv 2505.20512).

Before you compare groups of people, measure the model on labelled pictures of those groups."""

_LICENCE: Final = """\
MIT licence; see `LICENSE` and `NOTICE`. The weights were trained by this project from random numbers, on FER2013's
pictures with FER+'s votes (votes under the MIT licence). They contain no picture of either."""

_VIEWS_TEXT: Final = {1: "the picture alone", 2: "the picture and its mirror image, probabilities averaged"}


def render_card(card: ModelCard) -> str:
    """Return a card as a Markdown page."""
    sections = {
        "What it is": _what_it_is(card),
        "Intended uses": _INTENDED,
        "Forbidden uses": _FORBIDDEN,
        "Data": _DATA,
        "How it was measured": _protocol(card),
        "Figures": _figures(card),
        "Limits": _LIMITS,
        "Demographics: not measured": _DEMOGRAPHICS,
        "Training": _training(card),
        "Licence": _LICENCE,
    }
    body = [f"## {title}\n\n{text}" for title, text in sections.items() if text]
    origin = "Written by `moodline card` from the card's JSON: change that, not this page."
    return "\n\n".join([f"# Model card: {card.version}", f"**{NOTICE}**", origin, *body]) + "\n"


def card_document(card: ModelCard) -> dict[str, Any]:
    """Return a card as one document: what was measured as values, prose as Markdown."""
    return {
        "card": json.loads(card.to_json()),
        "figures": card.figures,
        "intended_uses": _INTENDED,
        "forbidden_uses": _FORBIDDEN,
        "data": _DATA,
        "protocol": _protocol(card),
        "limits": _LIMITS,
        "demographics": _DEMOGRAPHICS,
        "licence": _LICENCE,
        "notice": NOTICE,
    }


def _what_it_is(card: ModelCard) -> str:
    """Say what the model takes and gives, as a list of facts."""
    facts = [
        "A convolutional network with two heads. The product speaks with the FER+ head: what share of people would say",
        "that a face appears to show each emotion. The FER2013 head serves the benchmark.",
        "",
        f"* weights: `{card.name}.safetensors`, SHA-256 `{card.sha256}`",
    ]
    if "num_parameters" in card.figures:
        facts.append(f"* parameters: {card.figures['num_parameters']:,}")
    facts += [
        "* takes: one face, 48 x 48 grey levels; everything else happens inside",
        f"* cropped by the rule: {card.crop_rule}",
        f"* views: {_VIEWS_TEXT[card.views]}",
        f"* gives: probabilities of {', '.join(card.emotions)}, which sum to 1;",
        "  and the share of people who could not say, or would see no face",
        f"* abstains: where fewer than {100 * card.abstain_below:g} % of people would name the top emotion",
        f"* temperatures: {card.ferplus_temperature:g} (FER+ head), {card.fer2013_temperature:g} (FER2013 head)",
    ]
    return "\n".join(facts)


def _protocol(card: ModelCard) -> str:
    selection = card.training.get("selection")
    return _PROTOCOL + (f"\n\n**Selection of these weights:** {selection}" if selection else "")


def _figures(card: ModelCard) -> str:
    """Show all that was measured; parts for which there is no figure are left out."""
    recalls = "\n\n".join(table for labels in LABEL_SETS if (table := recall_table(card.figures, labels)))
    view = card.figures.get("view")
    parts = {
        "Accuracy": accuracy_table(card.figures),
        "Views and seeds": spread_table(card.figures),
        "Recall by emotion": recalls,
        "Calibration and abstention": calibration_table(card.figures),
        "Further figures": further_list(card.figures),
    }
    shown = [f"### {title}\n\n{text}" for title, text in parts.items() if text]
    return "\n\n".join([f"View: {view}.", *shown] if view and shown else shown)


def _training(card: ModelCard) -> str:
    recipe = recipe_list(card.training.get("recipe", {}))
    facts = leaf_list({name: value for name, value in card.training.items() if name not in {"recipe", "selection"}})
    told = [facts] if facts else []
    if recipe:
        told.append(f"The recipe in short; augmentation and all else are in the card's JSON:\n\n{recipe}")
    return "\n\n".join(told)
