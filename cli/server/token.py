"""`moodline token`: who may ask the API, and for what."""

from pathlib import Path
from typing import Annotated

import typer

from core.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Say who may ask the API, and for what.")

TokenFileOption = Annotated[
    Path, typer.Option("--token-file", metavar="FILE", help="Where digests of tokens are kept.")
]
OwnerArgument = Annotated[str, typer.Argument(metavar="OWNER", help="Whose media and jobs; local: the commands' own.")]


@app.callback()
def token() -> None:
    """Say who may ask the API, and for what."""


@app.command()
def add(
    owner: OwnerArgument,
    scope: Annotated[str, typer.Option(metavar="NAMES", help="read, write, or both with a comma.")] = "read",
    token_file: TokenFileOption = Path("tokens.json"),
) -> None:
    """Make a token and print it, once: the file holds only its digest."""
    from api.tokens import Scope, add_token

    names = {name.strip() for name in scope.split(",") if name.strip()}
    if not names or not names <= set(Scope):
        raise InputError(f"--scope {scope}: choose from {', '.join(Scope)}")
    typer.echo(add_token(token_file, owner, frozenset(map(Scope, names))))
    typer.echo(f"kept in {token_file} as a digest: this is the only time that the token is shown", err=True)


@app.command()
def remove(owner: OwnerArgument, token_file: TokenFileOption = Path("tokens.json")) -> None:
    """Take every token of an owner back; a running server notices at once."""
    from api.tokens import remove_tokens

    if not token_file.exists():
        raise InputError(f"{token_file}: no such token file; name it with --token-file")
    num_removed = remove_tokens(token_file, owner)
    if not num_removed:
        raise InputError(f"{token_file}: holds no token of {owner}")
    typer.echo(f"{owner}: {num_removed} token{'' if num_removed == 1 else 's'} taken back")
