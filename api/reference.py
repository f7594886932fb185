"""docs/api.md, made of the OpenAPI: `python -m api.reference` writes it, and a test compares the two."""

import tempfile
from pathlib import Path
from typing import Any, Final

from api.app import make_app
from api.parts import ApiSettings

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "api.md"

_HEAD: Final = """# The HTTP API

Made by `python -m api.reference`; edit the routes, not this page. The same for programs: `/v1/openapi.json`.

```
moodline serve                                              # 127.0.0.1:8000; jobs are worked off beside it
curl --data-binary @clip.mp4 'localhost:8000/v1/media?name=clip.mp4' -H 'Content-Type: application/octet-stream'
curl -d '{"media_id": "9f86d081884c7d65"}' localhost:8000/v1/jobs -H 'Content-Type: application/json'
curl -N localhost:8000/v1/jobs/60303ae22b998861/events      # its progress as it changes
curl 'localhost:8000/v1/media/9f86d081884c7d65/timeline?bin=0.5s'
```

**Who asks.** Without `--token-file` it listens on loopback only, and whoever is on this machine is the owner `local`,
to whom all that commands analysed belongs; pages of other origins are refused. With one, send
`Authorization: Bearer TOKEN`. A token has an owner and scopes: `read` for GET, `write` for all else. What is another
owner's is answered like what is not there: 404. Subjects and studies have no owner of their own: they are `local`'s,
and other owners see none. What concerns the whole archive is `local`'s too: 403 for others.
Beyond this machine, put a proxy with TLS before it: a token in the clear is everybody's. What is done against whom, and
what is not: [security.md](security.md).

**Errors** are `application/problem+json`: `title`, `status`, `code` (a name that does not change), `detail` (one line).

**Pages.** A list says `next_cursor`; give it back as `cursor`. null: that was the last.

**A person's record** is asked for by `from`, `until` and `bin`, from a year by the day to a minute by a tenth of a
second; only that is read. Its files are the command's, byte for byte. Every look is logged. Erasing needs the pseudonym
again in `confirm`, and has no way back.

**While a job runs** its media's timeline and frames tell what is stored so far: `is_partial`, and `not_yet` says which
stretches are to come; these are no gaps of the video.

**Large files** come in pieces by [tus](https://tus.io) 1.0.0 (creation, termination, expiration): POST `/v1/uploads`
with `Upload-Length`, PATCH the bytes, HEAD tells how much is there after a break. The last PATCH answers 204 with
`Moodline-Media-Id`, and HEAD tells it again for a day. All of it needs the scope `write`.

**Uploads** are the body's bytes. They are counted as they come, probed in a child process, and kept by their SHA-256; a
name is for people only. A media is in the list once a job was asked of it. With a pool (`MOODLINE_BROKER_URL` set) jobs
go to its archive queue; without one, `serve` works them off in a process beside it. torch is needed where the work is
done, never in the API.

Every answer tells what faces appeared to show, not what anybody felt: the `notice` says so.
"""


def reference(openapi: dict[str, Any]) -> str:
    """Return the page of an OpenAPI document."""
    lines = [_HEAD]
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            lines += _operation(f"{method.upper()} {path}", operation)
    for title, body in openapi["components"]["schemas"].items():
        if title.endswith("Request"):
            lines += _body(title, body)
    return "\n".join(lines).rstrip("\n") + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(reference(described()), encoding="utf-8")


def described() -> dict[str, Any]:
    """Return the OpenAPI of the routes as they are."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(ApiSettings(db_url=f"sqlite:///{folder}/empty.db", uploads=Path(folder) / "uploads"))
        document = app.openapi()
        app.state.parts.store.close()
    return document


def _operation(title: str, operation: dict[str, Any]) -> list[str]:
    lines = [f"## `{title}`", "", operation.get("description", ""), ""]
    asked = [each for each in operation.get("parameters", ()) if each["in"] != "path"]
    if asked:
        lines += ["| parameter | kind | default | |", "|---|---|---|---|"]
        lines += [
            f"| `{each['name']}` ({each['in']}) | {_kind(each['schema'])} | {each['schema'].get('default', '')} "
            f"| {each.get('description', '')} |"
            for each in asked
        ]
        lines.append("")
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if "$ref" in content["schema"]:
            lines += [f"Body: `{_kind(content['schema'])}`.", ""]
    return [*lines, f"Answers: {', '.join(sorted(operation['responses']))}.", ""]


def _body(title: str, body: dict[str, Any]) -> list[str]:
    lines = [f"## The body `{title}`", "", body.get("description", ""), "", "| field | kind | |", "|---|---|---|"]
    needed = set(body.get("required", ()))
    for name, schema in body["properties"].items():
        must = ", needed" if name in needed else ""
        lines.append(f"| `{name}` | {_kind(schema)}{must} | {schema.get('description', '')} |")
    return [*lines, ""]


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"] if each.get("type") != "null")
    kind = str(schema.get("type", "any"))
    low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    return f"{kind} {low} to {high}" if high is not None else kind


if __name__ == "__main__":
    main()
