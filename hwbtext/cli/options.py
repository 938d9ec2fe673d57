"""Options that more than one command takes."""

from __future__ import annotations

from pathlib import Path

import click

delay_option = click.option(
    "--delay",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Time between requests to one host; under 1 only for hosts of --allow.",
)
allow_option = click.option(
    "--allow",
    multiple=True,
    metavar="HOST:PORT",
    help="A host of your own network that may be asked; may be repeated.",
)
ca_bundle_option = click.option(
    "--ca-bundle",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Certificates to trust besides the system's (PEM).",
)
jobs_option = click.option(
    "--jobs",
    default=1,
    type=click.IntRange(1),
    show_default=True,
    metavar="N",
    help="Papers that are read at once.",
)
encoder_option = click.option(
    "--encoder",
    metavar="NAME",
    help="A sentence-transformers model, by folder or hub name, in place of the installed MiniLM.",
)
force_option = click.option("--force", is_flag=True, help="Replace an earlier run in OUT.")
topic_model_option = click.option(
    "--topic-model",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Use the topics of another run as they are: its OUT/topic_model.",
)
run_out_option = click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the results; new or empty, or one whose run was cut off (it goes on).",
)
seed_option = click.option(
    "--seed",
    default=0,
    type=click.IntRange(0, 2**32 - 1),
    show_default=True,
    metavar="N",
    help="Seed of the topic model and of the tests of drift.",
)
site_option = click.option(
    "--site",
    "names",
    multiple=True,
    metavar="NAME",
    help="Council by name, ONS code or base address; may be repeated.",
)
every_option = click.option(
    "--all", "every", is_flag=True, help="Every ModernGov site of the register."
)
board_option = click.option(
    "--board",
    default="Health and Wellbeing",
    show_default=True,
    metavar="TEXT",
    help="Words of the committee's name.",
)
