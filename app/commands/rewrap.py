"""`heard rewrap`: a bundle for other keys."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from app import research
from app.research import BundleError, open_bundle
from app.sealing import KeyFileError, SealError, public_key_from_text, read_key_file

from .options import json_option
from .private_key import private_key_options, unlocked
from .progress import with_progress
from .refusal import Refusal

FINDING = 1  # exit status


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@private_key_options
@click.option(
    "--to",
    "to",
    multiple=True,
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A public key, a .pub file, of everybody who is to read on; may be given again.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The bundle to write.",
)
@json_option
@click.pass_context
def rewrap(
    context: click.Context,
    *,
    path: Path,
    key_path: Path | None,
    shares: tuple[str, ...],
    passphrase_file: Path | None,
    to: tuple[Path, ...],
    output: Path,
    as_json: bool,
) -> None:
    """Seal the responses of a bundle to other keys, such as those of a new team.

    Do this on your own computer, never on the server. The old bundle, wherever there is a copy,
    still opens with the old key.
    """
    try:
        recipients = [public_key_from_text(read_key_file(one)) for one in to]
        key = unlocked(key_path, shares, passphrase_file)
        with open_bundle(path) as bundle:
            done = research.rewrap(
                bundle,
                key,
                recipients,
                output,
                lambda ids, total: with_progress(ids, total, "Sealing"),
            )
    except (BundleError, KeyFileError, SealError) as error:
        raise Refusal(str(error)) from None
    if as_json:
        said = {"bundle": str(output), **asdict(done.manifest), "left": done.left_as_they_were}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"{output} holds {done.manifest.count} responses, sealed to:")
        for recipient in recipients:
            click.echo(f"  {recipient.name}   {recipient.fingerprint}")
        if done.left_as_they_were:
            click.echo(
                f"Left as they were, because the key did not open them: {done.left_as_they_were}"
            )
        click.echo(f"{path} still opens with the old key. Delete it, and every copy of it.")
    if done.left_as_they_were:
        context.exit(FINDING)
