"""A visitor's job, and the news of it, as messages; and what the studio takes on."""

from __future__ import annotations

import io

import PIL.Image

from stylelab.labs import shading
from stylelab.pictures import images
from stylelab.pictures.files import decode
from stylelab.pictures.images import as_tuple, base_name, open_picture
from stylelab.runs.live import Shot, Waiting
from stylelab.runs.recipe import Recipe, recipe_for
from stylelab.runs.run import Result
from stylelab.runs.sweep import Job
from stylelab.studio.messages import Message

# What one visitor may take from the others: about two minutes on two cores.
MOST = {"size": 512, "steps": 300}
# A name would be a file of this machine, or a download.
OFFERED = {"start": ("noise", "photo", "style"), "weights": ("original", "random")}


def check_offered(recipe: Recipe) -> Recipe:
    """`recipe`, or a ValueError: what the studio does not do."""
    for name, most in MOST.items():
        if getattr(recipe, name) > most:
            raise ValueError(
                f"{name} is {getattr(recipe, name)}: the studio goes up to {most}"
            )
    for name, offered in OFFERED.items():
        if getattr(recipe, name) not in offered:
            raise ValueError(f"{name} can only be {' or '.join(offered)} here")
    return recipe


def order_of(job: Job) -> Message:
    """A job, ready to travel: no file is named in it. Raises ValueError, in words."""
    facts, encoded = {"recipe": check_offered(job.recipe).to_dict(), "roles": []}, []
    for role, source in job.sources.items():
        shown = as_tuple(source)
        facts["roles"].append([role, [base_name(one) for one in shown]])
        encoded += [shading.png(open_picture(one)) for one in shown]
    return Message("make", facts, tuple(encoded))


def job_of(order: Message) -> Job:
    """The job again. Raises ValueError, in words, where it is not one of ours."""
    options = dict(order.facts["recipe"])
    recipe = check_offered(recipe_for(options.pop("task"), options))
    encoded, sources = iter(order.pictures), {}
    for role, names in order.facts["roles"]:
        sources[role] = [_named(next(encoded), name) for name in names]
    return Job(recipe, sources)


def _named(png: bytes, name: str) -> PIL.Image.Image:
    image = decode(io.BytesIO(png), f"'{name}'")
    image.filename = name  # what the record calls it; nothing is opened by it
    return image


def message_of(news: Waiting | Shot | Result) -> Message:
    """What a worker tells of its run."""
    if isinstance(news, Waiting):
        return Message("waiting", {"place": news.place})
    facts = dict(vars(news))
    if isinstance(news, Shot):
        return Message("shot", facts, (facts.pop("jpeg"),))
    picture = images.to_image(facts.pop("picture"))
    return Message("result", facts, (shading.png(picture),))


def news_of(message: Message) -> Waiting | Shot | Result:
    """The same again, on the page. Raises ValueError with the words of an error."""
    facts = message.facts
    if message.kind == "error":
        raise ValueError(facts["words"])
    if message.kind == "waiting":
        return Waiting(**facts)
    if message.kind == "shot":
        return Shot(**facts, jpeg=message.pictures[0])
    picture = images.load(decode(io.BytesIO(message.pictures[0]), "the result"))
    history = tuple(facts["history"])
    return Result(**{**facts, "picture": picture, "history": history})
