"""The notice for people whose faces are analysed (AI Act, Art. 50(3)), written from what a study recorded."""

from core.documents import NOTICE
from core.people.studies import Study


def exposure_notice(study: Study) -> str:
    """Return the notice of a study as Markdown: what is done, why, by whom, and what can be asked of them."""
    kept = (
        "No term of storage was set; ask the contact below."
        if study.retention_days is None
        else f"Rows are due for removal {study.retention_days} days after a recording."
    )
    exempted = [f"This rests on a {study.exemption} reason: {study.reason}"] if study.exemption else []
    return "\n".join(
        [
            f"# Your face is analysed by software: study {study.id}",
            "",
            "Video in which you can be seen is analysed by an emotion recognition system. For each picture it stores "
            "where a face is and how probable it is that people would say it looks angry, disgusted, afraid, happy, "
            "sad, surprised or neutral.",
            "",
            f"**What it says:** {NOTICE} It often errs, and nothing about you is decided by it.",
            "",
            f"* **Purpose:** {study.purpose}",
            *(f"* **Exemption:** {line}" for line in exempted),
            f"* **Controller:** {study.controller}",
            f"* **Contact:** {study.contact}",
            f"* **Storage:** {kept} The system stores numbers, not pictures; the video stays with the controller.",
            "",
            "You may see what is stored about you, withdraw your consent at any time (analysis then stops), and have "
            "it erased. Ask the contact, and name the study and the number or pseudonym that you were given.",
            "",
        ]
    )
