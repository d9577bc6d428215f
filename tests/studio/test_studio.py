"""The studio without a browser: its queue, its workers, and what it takes from whom."""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from multiprocessing import AuthenticationError, Pipe
from multiprocessing.connection import Client
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import PIL.Image
import psutil
import pytest
import torch
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.channels import (
    ZMQChannelsWebsocketConnection,
)
from studio_visits import huge_png, wait_until

from stylelab.cli.options import main
from stylelab.core.statistics import STATISTICS
from stylelab.labs.widgets.picture_picker import UPLOADS, PicturePicker
from stylelab.pictures import images
from stylelab.pictures.files import PictureError, read_record
from stylelab.pictures.uploads import open_upload
from stylelab.runs import guess as guessing
from stylelab.runs.cost import StepTime
from stylelab.runs.here import make_here
from stylelab.runs.job import Job
from stylelab.runs.live import LiveRun, Shot
from stylelab.runs.recipe import Recipe, recipe_for
from stylelab.runs.run import Result
from stylelab.studio import (
    doors,
    job_messages,
    messages,
    run_queue,
    server,
    visits,
    worker,
)
from stylelab.studio.job_messages import make_there
from stylelab.studio.page import Page, foresee
from stylelab.studio.painting_panel import PaintingPanel
from stylelab.studio.run_queue import RunQueue
from stylelab.studio.worker import STEPS, adjust


def job(steps: int = 3, **options: object) -> Job:
    recipe = recipe_for("transfer", {"size": 32, "steps": steps, **options})
    return Job(recipe, {"photo": "palace", "style": "brick"})


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    PIL.Image.new(mode, (width, height), "red").save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def shared() -> Iterator[RunQueue]:
    """One queue with one worker, for all tests that leave it whole."""
    queue = RunQueue()
    yield queue
    queue.close()


@pytest.fixture
def queue(shared: RunQueue, monkeypatch: pytest.MonkeyPatch) -> RunQueue:
    monkeypatch.setenv(messages.QUEUE, shared.address)
    return shared


def begun(long: Job, changed=None) -> LiveRun:
    """A run that has shown its first picture."""
    live = LiveRun(make_there, changed)
    assert live.start(long)
    wait_until(lambda: live.shot or live.state == "error")
    assert live.shot, live.error
    return live


def worker_process(queue: RunQueue) -> psutil.Process:
    (worker,) = queue.workers
    return psutil.Process(worker.process.pid)


def works(make=make_there) -> Result:
    live = LiveRun(make)
    live.start(job())
    assert live.join(300) == "done", live.error
    return live.result


# --- Messages -------------------------------------------------------------------------

jsonable = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.text(max_size=9), jsonable), st.lists(st.binary(), max_size=3)
)
@settings(max_examples=30, deadline=None)
def test_a_message_arrives_as_it_was_sent(facts: dict, parts: list[bytes]) -> None:
    here, there = Pipe()
    with here, there:
        sent = messages.Message("shot", facts, tuple(parts))
        messages.send(here, sent)
        assert messages.receive(there) == sent


def test_a_job_travels_as_recipe_and_pictures_alone() -> None:
    image = PIL.Image.open(io.BytesIO(png(50, 40)))
    image.filename = "/home/ada/secret/holiday.jpg"
    sent = Job(Recipe(brush=2.0), {"photo": image, "style": ["brick", "gravel"]})
    message = job_messages.pack_job(sent)
    assert "secret" not in repr(message.facts)
    got = job_messages.unpack_job(message)
    assert got.recipe == sent.recipe
    names = [images.base_name(one) for one in got.sources["style"]]
    assert names == ["brick", "gravel"]
    (photo,) = got.sources["photo"]
    assert images.base_name(photo) == "holiday.jpg"
    assert images.fingerprint(photo) == images.fingerprint(image)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": 1500}, "size is 1500: the studio goes up to 1024"),
        ({"steps": 5000}, "steps is 5000: the studio goes up to 300"),
        ({"tile": 256}, "tile is 256: the studio goes up to 0"),
        ({"weights": "/etc/passwd"}, "weights can only be original or random here"),
        ({"weights": "torchvision"}, "weights can only be original or random here"),
        (
            {"start": "/etc/passwd"},
            "start can only be noise or photo or style or guess here",
        ),
    ],
)
def test_what_the_studio_does_not_do_is_refused_on_both_sides(
    queue: RunQueue, options: dict, words: str
) -> None:
    wrong = job(**options)
    with pytest.raises(ValueError, match=words):
        job_messages.pack_job(wrong)
    # A page that sent it all the same would be told so by the worker.
    message = job_messages.pack_job(job())
    facts = {**message.facts, "recipe": {**message.facts["recipe"], **options}}
    facts |= {"visit": job_messages.new_secret(), "run": "wrong"}
    key, _, address = queue.address.partition("@")
    with Client(address, authkey=bytes.fromhex(key)) as page:
        messages.send(page, messages.Message("make", facts, message.pictures))
        answer = messages.receive(page)
        while answer.kind == "waiting":
            answer = messages.receive(page)
    assert answer.kind == "error"
    assert words in answer.facts["words"]


# --- The queue and its worker ---------------------------------------------------------


def test_a_guess_comes_beside_a_run_and_from_another_process(queue: RunQueue) -> None:
    first = begun(job(steps=300))
    encoded = job_messages.guess_there(job())
    assert PIL.Image.open(io.BytesIO(encoded)).size == (48, 32)
    assert first.state == "running"
    first.stop()
    first.join(30)


def test_a_guesser_that_was_lost_is_replaced(queue: RunQueue) -> None:
    queue._guesser.process.kill()
    queue._guesser.process.join()
    assert job_messages.guess_there(job())[:2] == b"\xff\xd8"


def test_what_cannot_be_guessed_is_said_in_words(queue: RunQueue) -> None:
    narrow = PIL.Image.open(io.BytesIO(png(40, 12)))
    with pytest.raises(ValueError, match="measures 40 x 12 pixels; as a style"):
        job_messages.guess_there(Job(job().recipe, {"photo": "cat", "style": narrow}))


def test_a_page_without_guesses_says_so_once(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "PACKAGES", ("no_such_package",))
    guessing._network.cache_clear()
    answer = worker._guess(job_messages.pack_job(job()))
    monkeypatch.setattr(queue, "_guess", lambda message: answer)
    panel = PaintingPanel(job, make_there, lambda job: "A while.", {})
    for said in ("a guess needs no_such_package", ""):
        panel.refresh()
        panel.ahead.join(60)
        assert said in panel.message.value
        assert said or not panel.message.value
        assert "A while." in panel.forecast.value


def test_a_run_there_gives_the_picture_of_a_run_here(queue: RunQueue) -> None:
    there, here = works(make_there), works(make_here)
    assert images.fingerprint(there.image()) == images.fingerprint(here.image())
    assert there.history == here.history
    assert there.finished
    assert json.dumps(there.record) == json.dumps(here.record)


def test_the_steps_of_all_levels_are_counted(queue: RunQueue) -> None:
    live = begun(job(steps=200, size=64, levels=2))
    assert live.shot.total == 300
    live.stop()
    live.join(10)


def test_two_visitors_take_turns_and_see_their_places(queue: RunQueue) -> None:
    first = begun(job(steps=300))
    places = []
    second, third = (
        LiveRun(
            make_there,
            lambda live, i=i: places.append((i, live.state, live.waiting.place)),
        )
        for i in (2, 3)
    )
    second.start(job(steps=300))
    wait_until(lambda: second.state == "waiting")
    third.start(job())
    wait_until(lambda: third.state == "waiting")
    assert (2, "waiting", 1) in places
    assert (3, "waiting", 2) in places
    first.stop()
    assert 0 < second.waiting.seconds < third.waiting.seconds  # 300 steps each
    wait_until(lambda: (third.state, third.waiting.place) == ("waiting", 1))
    second.stop()
    assert [live.join(300) for live in (first, second, third)] == [
        "stopped",
        "stopped",
        "done",
    ]


def test_a_stopped_run_keeps_its_picture(queue: RunQueue) -> None:
    live = begun(job(steps=300))
    live.stop()
    assert live.join(10) == "stopped"
    assert not live.result.finished
    assert 1 <= len(live.result.history) < 300


def test_who_stops_while_waiting_leaves_the_line_at_once(queue: RunQueue) -> None:
    first, second = begun(job(steps=300)), LiveRun(make_there)
    second.start(job())
    wait_until(lambda: second.state == "waiting")
    second.stop()
    assert second.join(5) == "stopped"
    assert first.busy
    first.stop()
    first.join(10)


def test_a_page_that_goes_away_frees_its_place(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "VANISHED", 0.5)
    make = make_there(job(steps=300), threading.Event())
    assert any(isinstance(progress, Shot) for progress in make)
    make.close()
    assert works().finished


def test_an_error_is_said_in_words_and_the_next_run_works(queue: RunQueue) -> None:
    live = LiveRun(make_there)
    live.start(job(mix=(1, 2, 3)))
    assert live.join(30) == "error"
    assert "give one weight for each style" in live.error
    assert works().finished


def test_a_killed_worker_costs_its_run_alone(queue: RunQueue) -> None:
    live = begun(job(steps=300))
    worker_process(queue).kill()
    assert live.join(10) == "error"
    assert "ended from outside" in live.error
    assert works().finished


def test_a_worker_that_works_is_kept_and_one_that_was_lost_replaced(
    queue: RunQueue,
) -> None:
    works()
    before = worker_process(queue)
    job_messages.outlook()
    works()
    assert worker_process(queue) == before
    before.kill()  # while it is free
    wait_until(lambda: not before.is_running())
    assert works().finished
    assert worker_process(queue) != before


def test_a_worker_lost_before_its_first_run_harms_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue = RunQueue()
    monkeypatch.setenv(messages.QUEUE, queue.address)
    worker_process(queue).kill()
    monkeypatch.setattr(run_queue, "PATIENCE", 0.1)
    assert foresee(job(), job_messages.outlook()) == "The studio is still warming up."
    monkeypatch.undo()
    monkeypatch.setenv(messages.QUEUE, queue.address)
    assert works().finished
    assert foresee(job(), job_messages.outlook()).startswith("This takes about")
    queue.close()


def test_a_full_disk_does_not_stop_a_run(queue: RunQueue) -> None:
    worker = worker_process(queue)
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (0, 0))
    assert works().finished
    assert worker.is_running()


def test_a_queue_that_has_ended_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(messages.QUEUE, raising=False)
    for address in (None, "00@/nowhere"):
        if address:
            monkeypatch.setenv(messages.QUEUE, address)
        live = LiveRun(make_there)
        live.start(job())
        assert live.join(10) == "error"
        assert live.error == job_messages.ENDED


def test_a_stranger_is_turned_away_and_the_queue_goes_on(queue: RunQueue) -> None:
    _, _, address = queue.address.partition("@")
    with pytest.raises(AuthenticationError):
        Client(address, authkey=b"guessed")
    assert works().finished


def test_a_queue_that_ends_leaves_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = RunQueue()
    monkeypatch.setenv(messages.QUEUE, queue.address)
    live, worker = begun(job(steps=300)), worker_process(queue)
    queue.close()
    assert live.join(10) == "error"
    wait_until(lambda: not queue.workers and not worker.is_running())


@pytest.mark.slow
def test_two_jobs_are_done_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = RunQueue(jobs=2)
    monkeypatch.setenv(messages.QUEUE, queue.address)
    lives = [begun(job(steps=300)) for _ in range(2)]
    third = LiveRun(make_there)
    third.start(job())
    wait_until(lambda: third.state == "waiting")
    assert all(live.busy for live in lives)
    for live in lives:
        live.stop()
    assert [live.join(300) for live in (*lives, third)] == [
        "stopped",
        "stopped",
        "done",
    ]
    queue.close()


@pytest.mark.slow
def test_fifty_runs_need_no_more_memory_than_ten(queue: RunQueue) -> None:
    sizes = iter([48, 64, 80, 96, 112] * 10)
    panel = PaintingPanel(
        lambda: job(steps=4, size=next(sizes), start="noise"), make_there, foresee, {}
    )
    seen = []
    for _ in range(50):
        panel.heartbeat._answer()  # as a page does that is looked at
        panel.start()
        assert panel.live.join(300) == "done", panel.live.error
        both = worker_process(queue), psutil.Process()  # the worker's, and the page's
        seen.append([process.memory_info().rss for process in both])
    print([[rss // 2**20 for rss in row] for row in seen])
    for after_ten, after_fifty in zip(seen[9], seen[49], strict=True):
        assert after_fifty <= 1.05 * after_ten


# --- The server -----------------------------------------------------------------------


def test_a_page_needs_neither_torch_nor_matplotlib() -> None:
    """Each would cost every visitor hundreds of megabytes, and seconds."""
    code = """
        import sys
        from stylelab.studio import page, painting_panel
        facts = {"step_times": {"gram": {"fixed": 1, "per_pixel": 0}}, "before": 0}
        page.outlook = lambda: facts
        painting_panel.guess_there = lambda job: b"a picture"
        new = page.Page()
        new.style.chosen = ["brick", "gravel"]
        new.panel.ahead.join(60)
        assert "This takes about" in new.panel.forecast.value
        print(*{"torch", "matplotlib", "onnxruntime", "scipy"} & {*sys.modules})
        """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "\n"), done.stderr


def test_the_server_and_the_queue_need_no_torch() -> None:
    code = "import sys, stylelab.studio.server; print('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n"


@pytest.mark.parametrize("words", [("--jobs", "0"), ("--jobs", "999"), ("--port", "0")])
def test_a_wrong_number_is_refused_in_words(
    capsys: pytest.CaptureFixture, words: tuple[str, str]
) -> None:
    assert main(["studio", *words]) == 2
    message = capsys.readouterr().err
    assert (
        f"{words[0][2:]} is {words[1]}: accepted is a whole number from 1 to" in message
    )


def test_there_is_room_for_one_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    class Memory:
        available = 10 * 2**30

    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    assert server.room(1) == (10 * 2**30 - server.RUN) // server.PAGE
    assert server.room(2) < server.room(1)
    Memory.available = 2**20
    assert server.room(1) == 1


# --- What visitors bring --------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is an empty file"),
        (b"Dear diary,", "holds no picture that can be read; accepted are JPEG"),
        (png(60, 60)[:60], "is damaged or cut short"),
        (huge_png(20_000, 10_000), "accepted are up to 50 million pixels"),
        (huge_png(8_000, 7_000), "accepted are 1 to 50 million pixels"),
        (png(900, 100), "is 900 x 100 pixels, too narrow"),
        (bytes(26_000_000), "is a file of 26 MB; accepted are pictures up to 25 MB"),
    ],
    ids=["empty", "text", "cut", "200 MP", "56 MP", "narrow", "large"],
)
def test_what_is_no_fit_picture_is_refused_in_one_sentence(
    content: bytes, words: str
) -> None:
    before = psutil.Process().memory_info().rss
    with pytest.raises(PictureError, match=r"'holiday\.png'") as refused:
        open_upload("holiday.png", content)
    assert words in str(refused.value)
    assert str(refused.value).count(".") == str(refused.value).count(".png") + 1
    # Nothing was decoded on the way: a pixel of it would be a byte at least.
    assert psutil.Process().memory_info().rss - before < 50_000_000


def test_an_upload_is_kept_small_upright_and_without_metadata() -> None:
    exif = PIL.Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a telling camera"  # turned by 90 degrees
    file = io.BytesIO()
    PIL.Image.new("RGB", (4000, 3000), "teal").save(file, "JPEG", exif=exif)
    image = open_upload("holiday.jpg", file.getvalue())
    assert image.size == (1536, 2048)
    assert image.mode == "RGB"
    assert b"telling" not in images.jpeg(image)
    assert images.base_name(image) == "holiday.jpg"


@pytest.fixture
def picker() -> PicturePicker:
    return PicturePicker("The style", ["starry_night", "great_wave", "brick"], most=2)


def test_the_browser_is_told_of_photos_from_phones(picker: PicturePicker) -> None:
    assert {"image/*", ".heic", ".avif"} <= set(picker.accept.split(","))


def test_samples_are_shown_with_their_credits(picker: PicturePicker) -> None:
    assert picker.sources == ["starry_night"]
    assert "Vincent van Gogh. public domain" in picker.caption
    picker.chosen = ["starry_night", "great_wave"]
    assert "Gogh" in picker.caption
    assert "Hokusai" in picker.caption
    assert len(picker.large) == 2


def test_only_what_is_on_the_list_can_be_chosen(picker: PicturePicker) -> None:
    picker.set_state({"chosen": ["/etc/passwd", "cat"]})
    assert picker.sources == ["starry_night"]
    picker.set_state({"chosen": ["brick", "/etc/passwd"]})
    assert picker.sources == ["brick"]
    picker.set_state({"chosen": ["starry_night", "great_wave", "brick"]})
    assert len(picker.sources) == 2


def test_an_upload_is_chosen_or_refused_in_words(picker: PicturePicker) -> None:
    picker._on_message(picker, {"name": "C:\\me\\red.png"}, [memoryview(png(30, 20))])
    (source,) = picker.sources
    assert np.asarray(source).shape == (20, 30, 3)
    assert picker.caption == "red.png"
    assert picker.message == ""
    picker._on_message(picker, {"name": "notes.txt"}, [memoryview(b"Dear diary,")])
    assert "'notes.txt' holds no picture" in picker.message
    assert picker.sources == [source]
    picker.chosen = ["brick"]
    assert picker.message == ""


def test_the_newest_uploads_are_kept(picker: PicturePicker) -> None:
    for i in range(UPLOADS + 3):
        picker.add_upload(f"{i}.png", png(10 + i, 10))
    assert len(picker.choices) == UPLOADS + 3
    assert picker.sources[0].width == 10 + UPLOADS + 2
    assert [item["title"] for item in picker.items[:UPLOADS]] == [
        f"{i}.png" for i in reversed(range(3, UPLOADS + 3))
    ]


# --- The page -------------------------------------------------------------------------


def test_what_a_browser_says_of_the_list_does_not_keep_uploads(
    picker: PicturePicker,
) -> None:
    for i in range(UPLOADS + 3):
        picker.items = []
        picker.add_upload(f"{i}.png", png(10 + i, 10))
    assert len(picker.choices) == UPLOADS + 3


def test_the_page_orders_what_it_shows() -> None:
    page = Page(make_here)
    page.photo.chosen = ["cat"]
    page.style.chosen = ["great_wave", "brick"]
    page.controls["brush"].value = 0.5
    page.controls["colors"].value = "luminance"
    described = page.job()
    assert described.sources == {"photo": "cat", "style": ["great_wave", "brick"]}
    recipe = described.recipe
    assert (recipe.brush, recipe.colors, recipe.size) == (0.5, "luminance", 512)
    page.controls["size"].value = 256
    assert job_messages.check_offered(page.job().recipe).size == 256


def test_what_takes_too_long_cannot_be_asked_for() -> None:
    page = Page(make_here)
    page.controls["steps"].value = 10_000
    assert page.job().recipe.steps == job_messages.MOST["steps"]


@pytest.mark.parametrize(
    ("photo", "size", "most"), [("palace", 512, 213), ("astronaut", 640, 205)]
)
def test_a_run_is_bounded_by_pixels_and_steps_together(
    photo: str, size: int, most: int
) -> None:
    """On the page and by the worker; of all levels; a square photo may have more."""
    sources = {"photo": photo, "style": "brick"}
    job_messages.check_work(Job(Recipe(size=size, steps=most), sources))
    sentence = rf"^{most + 1} steps are too many at this size: .* up to {most}$"
    with pytest.raises(ValueError, match=sentence):
        job_messages.pack_job(Job(Recipe(size=size, steps=most + 1), sources))
    message = job_messages.pack_job(Job(Recipe(size=size, steps=most), sources))
    message.facts["recipe"]["steps"] = most + 1
    with pytest.raises(ValueError, match=sentence):
        job_messages.unpack_job(message)


def test_a_style_is_not_seen_at_any_size() -> None:
    sources = {"photo": "cat", "style": ["brick", "starry_night"]}
    coarse = Job(Recipe(size=512, steps=5, brush=2.5), sources)
    with pytest.raises(ValueError, match=r"^'brick' would be seen too large: choose"):
        job_messages.pack_job(coarse)


def test_a_forecast_is_the_workers_and_says_who_comes_first(queue: RunQueue) -> None:
    assert re.fullmatch(
        r"This takes about \d+ s\.", foresee(job(), job_messages.outlook())
    )
    first = begun(job(steps=300))
    assert re.search(
        r"One run comes first: about .*\d s\.$", foresee(job(), job_messages.outlook())
    )
    first.stop()
    first.join(10)
    twice = [job_messages.outlook()["step_times"] for _ in range(2)]
    assert twice[0] == twice[1]
    assert {*twice[0]} == {*STATISTICS}
    assert all(
        StepTime(**step_time).seconds(100**2) > 0 for step_time in twice[0].values()
    )


def test_a_forecast_goes_half_way_to_what_a_run_took() -> None:
    def run(steps: int) -> Result:
        record = {"recipe": {"statistic": "gram"}}
        picture, seconds = torch.zeros(1, 3, 20, 50), 18.0 * steps
        return Result(picture, {}, (1.0,) * steps, seconds, True, record)

    other = {"fixed": 1.0, "per_pixel": 1.0}
    step_times = {"gram": {"fixed": 1.0, "per_pixel": 1e-3}, "mean_std": other}
    adjust(step_times, run(STEPS - 1))
    assert StepTime(**step_times["gram"]).seconds(1000) == 2
    adjust(step_times, run(STEPS))
    assert StepTime(**step_times["gram"]).seconds(1000) == pytest.approx(6)
    for _ in range(40):
        adjust(step_times, run(STEPS))
    assert StepTime(**step_times["gram"]).seconds(1000) == pytest.approx(18)
    assert step_times["mean_std"] is other


def test_a_worker_looks_for_a_stop_until_its_run_ends_and_no_longer() -> None:
    # The next run may be in the pipe as soon as the end is said: it must stay there.
    said: list[messages.Message] = []
    looked_after: list[str] = []

    def is_stopped() -> bool:
        looked_after.append(said[-1].kind)
        return False

    message = job_messages.pack_job(job())
    assert worker.make(message, {}, said.append, is_stopped)
    assert {*looked_after} == {"waiting", "shot"}
    assert said[-1].kind == "result"


def test_a_forecast_learns_that_coarse_steps_are_cheap() -> None:
    recipe = {"statistic": "gram", "size": 64, "steps": STEPS, "levels": 2}
    step_times = {"gram": {"fixed": 0.0, "per_pixel": 1.0}}
    coarse, fine = 16 * 16, 32 * 32  # pixels of its square picture's two levels
    for extra in (0, STEPS // 2):  # stopped at the end of the first level, or finished
        steps, seconds = STEPS + extra, float(coarse * STEPS + fine * extra)
        picture, history = torch.zeros(1, 3, 32, 32), (1.0,) * steps
        record = {"recipe": recipe}
        adjust(step_times, Result(picture, {}, history, seconds, extra > 0, record))
        assert step_times["gram"]["per_pixel"] == pytest.approx(1.0)


def test_a_forecast_knows_pixels_steps_and_statistic() -> None:
    step_times = {
        "gram": {"fixed": 0.5, "per_pixel": 1e-3},
        "sliced_wasserstein": {"fixed": 2.0, "per_pixel": 0.0},
    }
    ahead = {"step_times": step_times, "before": 0}
    photo = PIL.Image.open(io.BytesIO(png(80, 40)))

    def forecast(**options: object) -> str:
        sources = {"photo": photo, "style": "brick"}
        a_job = Job(job(**options).recipe, sources)
        return foresee(a_job, ahead)

    assert "about 25 s." in forecast(steps=10)  # 10 (0.5 + 32 64 / 1000)
    assert "about 1 min 27 s." in forecast(steps=10, size=64)
    assert "about 20 s." in forecast(steps=10, statistic="sliced_wasserstein")
    assert "warming up" in forecast(statistic="mean_std")  # nobody has timed it yet


def test_a_result_lies_over_its_photo_and_is_downloaded(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    panel = PaintingPanel(job, make_there, foresee, {})
    files = {}
    monkeypatch.setattr(panel.heartbeat, "download", files.__setitem__)
    panel.start()
    assert panel.live.join(300) == "done", panel.live.error
    wait_until(lambda: "st-ended" in panel._dom_classes)
    after = PIL.Image.open(io.BytesIO(panel.before_after.pictures[1]))
    before = PIL.Image.open(io.BytesIO(panel.before_after.pictures[0]))
    assert after.size == panel.result.image().size
    assert before.width / before.height == pytest.approx(
        after.width / after.height, 0.05
    )
    panel.save.click()
    (name, content) = files.popitem()
    assert name == "palace-brick.png"
    assert name in panel.message.value
    (tmp_path / name).write_bytes(content)
    record = read_record(tmp_path / name)
    assert record["recipe"]["size"] == 32
    assert images.fingerprint(tmp_path / name) == images.fingerprint(
        panel.result.image()
    )


def test_an_error_shows_no_path_of_this_machine(queue: RunQueue) -> None:
    panel = PaintingPanel(lambda: job(mix=(1, 2)), make_there, foresee, {})
    panel.start()
    assert panel.live.join(300) == "error"
    assert panel.live.traceback
    wait_until(lambda: "alert" in panel.message.value)
    assert "Traceback" not in panel.message.value
    assert ".py" not in panel.message.value


def test_an_error_in_a_page_is_replaced_and_ends_no_message() -> None:
    """jupyter_server's own code, with the studio's kernel: it lacked the attribute."""
    address = SimpleNamespace(base_url="/", word="")
    config = server._config(address)
    kernel = traitlets.import_item(config.MappingKernelManager.kernel_manager_class)
    session = Session(key=b"")
    error = {"ename": "KeyError", "evalue": "/home/ada", "traceback": ["/home/ada"]}
    message = session.msg("error", error)
    parts = [session.pack(message[k]) for k in ("header", "parent_header", "metadata")]
    parts.append(session.pack(error))
    connection = SimpleNamespace(
        multi_kernel_manager=SimpleNamespace(allow_tracebacks=False),
        kernel_manager=kernel(),
        session=session,
        subprotocol=doors.PROTOCOL,
        get_part=lambda name, value, parts: message[name],
    )
    ZMQChannelsWebsocketConnection._on_error(connection, "iopub", message, parts)
    assert b"/home/ada" not in parts[3]
    assert b"Something went wrong on this page." in parts[3]
