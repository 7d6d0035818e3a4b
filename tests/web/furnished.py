"""A site that has one of everything readers can see, and a walk through all of its pages."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.test import Client

from forecasts.actions import close_dispute, open_dispute, save_reference, save_source, save_watch
from forecasts.exports.dataset import write_dataset
from forecasts.models import Article, EvidenceSource, Prediction, Topic, Watch
from forecasts.web import pictures
from tests.journeys.test_page_and_api import site
from tests.records import a_record, forty_claims
from tests.story import DAY, DEADLINE, START, Story
from tests.web.test_article import archived, made_there

LATER = DEADLINE.replace(year=2099)
FURTHER = (
    "/calibration/?track=all&cohort=all",
    "/calibration/?track=imported&counting=time&from=2026-01&to=2026-12",
    "/calibration/?track=imported&forecaster=sharp&topic=registers&lead=7_30d",
    "/calibration/?kind=numeric",
    "/calibration/?kind=multiple_choice",
    "/calibration/?basis=implied",
    "/compare/?a=sharp&b=bold&track=imported",
    "/compare/?a=sharp&b=policy-desk",
    "/forecasters/sharp/?scale=log-odds",
    "/forecasters/policy-desk/?kind=numeric",
    "/predictions/?state=open",
    "/predictions/?q=nothing+has+these+words",
    "/embed/forecasters/sharp/",
    "/embed/forecasters/policy-desk/",
    "/api/v1/docs",
    "/year/2026/",
)
MISTAKES = ("/compare/?a=b&x=y", "/nowhere/", "/predictions/?state=sleepy")
FAULTS = ("400.html", "403.html", "500.html")
ATOM_WORDS = tuple(f"{{http://www.w3.org/2005/Atom}}{name}" for name in ("title", "summary"))
ICAL_WORDS = ("SUMMARY", "X-WR-CALNAME", "NAME")
MOST = 14  # pages of a kind
ONE_OF_A_KIND = ("/predictions/", "/forecasters/", "/topics/", "/articles/", "/assessors/", "/recap/", "/year/")
LINE_END = re.compile(r"</text><text[^>]*>")  # within a text that takes several lines
LINK = re.compile(r'href="(/[^"#?]*)[#"]')
SKIPPED = ("/static/", "/api/", "/desk/", "/feeds/", "/cards/", "/dataset/2")


def furnish(story: Story, settings: Any) -> dict[str, Prediction]:
    """Everything once; the predictions whose pages hold most, by name."""
    site(story)
    a_record(story)
    forty_claims(story)
    kinds = {
        "choice": story.choice("Anthropic", "Google", resolves_by=LATER),
        "number": story.number("0", "200", open_above=True, resolves_by=LATER),
        "date": story.date("2026-01-01", "2027-06-30", resolves_by=LATER),
    }
    story.says(kinds["choice"], "Anthropic: 40 %\nGoogle: 60 %")
    for n in range(7):
        story.says(kinds["choice"], "Anthropic: 30 %\nGoogle: 70 %", forecaster=story.forecaster(f"voice-{n}-of-many"))
    story.says(kinds["number"], "100.5: 50 %\n180: 70 %")
    story.says(kinds["date"], "2026-03-31: 50 %")
    late = story.date("2026-01-01", "2026-06-30")
    story.says(late, "2026-03-31: 50 %")
    story.passes(late)
    story.resolves(late, "not_before", known_at=DEADLINE + DAY)
    rich = _rich(story)
    made_there(story, archived(story), "A rule will come by June.")
    story.says(story.opened(), 0.125, basis="implied", wording="is likely to", wording_table="1")
    chosen = story.choice("Anthropic", "Google")
    story.says(chosen, "Anthropic: 40 %\nGoogle: 60 %")
    story.passes(chosen)
    story.resolves(chosen, "1", known_at=DEADLINE + DAY)
    story.scores()
    unscored = story.settled(0.4, "yes")
    write_dataset(settings.DATASET_DIR, at=LATER)
    void = Prediction.objects.filter(status="void").earliest("pk")
    return {**kinds, "late": late, "chosen": chosen, "unscored": unscored, "void": void, **rich}


def _rich(story: Story) -> dict[str, Prediction]:
    """One that is watched, amended, disputed and still open; one that was corrected; one that nobody spoke about."""
    open_one = story.opened(resolves_by=LATER)
    story.says(open_one, 0.715)
    story.says(open_one, 0.333, at=START + DAY, forecaster=story.forecaster("late-comer"))
    story.withdraws(open_one, at=START + 2 * DAY)
    story.amends(open_one, {"criteria": "Yes if the gazette says so."}, at=START + 3 * DAY, reason="it was unclear")
    for title, more in (
        ("Wire", {}),
        ("Paused wire", {"paused": True, "paused_reason": "the site has moved"}),
        ("Silent wire", {"last_good_check_at": START}),
    ):
        given = {"title": title, "url": f"http://{title[:4]}.test/feed", "next_check_at": LATER, **more}
        source = save_source(source=EvidenceSource(**given), at=START, by=story.editor)
        save_watch(watch=Watch(prediction=open_one, source=source, groups=[["rule"]]), at=START, by=story.editor)
    story.unreviews(story.sees(open_one, at=START + DAY))
    for answer in ("You said will.", ""):
        given = {"reason": "misquoted", "text": "I said may.", "at": START, "by": "reader"}
        dispute = open_dispute(prediction=open_one, **given)
        if answer:
            close_dispute(dispute=dispute, status="answered", answer=answer, at=START + DAY, by=story.approver)
    story.desk.reply, story.desk.bio = "We said so early.", "A desk of five."
    save_reference(row=story.desk, at=START + DAY, by=story.editor)
    corrected = story.settled(0.8, "yes")
    story.corrects(corrected, "no", known_at=DEADLINE + DAY, at=DEADLINE + 3 * DAY)
    return {"open": open_one, "corrected": corrected, "unspoken": story.opened(resolves_by=LATER)}


def pages(client: Client, rich: dict[str, Prediction]) -> dict[str, str]:
    """The HTML of every kind of page, by address: what can be reached from the front page, at most 14 of each kind, and
    what only forms, other sites, programs and mistakes lead to.
    """
    waiting = ["/", *FURTHER, *(row.get_absolute_url() for row in rich.values())]
    waiting += [row.get_absolute_url() for row in Article.objects.all()]
    waiting += [f"/embed{row.get_absolute_url()}" for row in rich.values()]
    waiting += [row.get_absolute_url() for row in Article.objects.all()]
    waiting += [f"/embed{row.get_absolute_url().rstrip('/')}.svg" for row in Article.objects.all()]
    found: dict[str, str] = {}
    taken = dict.fromkeys(ONE_OF_A_KIND, 0)
    while waiting:
        address = waiting.pop(0)
        kind = next((kind for kind in ONE_OF_A_KIND if address.startswith(kind) and address != kind), "")
        if address in found or (kind and taken[kind] >= MOST):
            continue
        taken[kind] = taken.get(kind, 0) + 1
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        found[address] = answer.content.decode()
        waiting += [link for link in LINK.findall(found[address]) if not link.startswith(SKIPPED)]
    mistakes = {address: client.get(address).content.decode() for address in MISTAKES}
    return {**found, **mistakes, **{name: render_to_string(name) for name in FAULTS}}


def feeds(client: Client) -> dict[str, list[str]]:
    """What feeds and calendars say to people, by address."""
    topic = Topic.objects.earliest("pk").slug
    named = (
        "resolutions.atom",
        "predictions.atom",
        "recap.atom",
        "forecasters/policy-desk.atom",
        f"topics/{topic}.atom",
    )
    atoms = {name: ElementTree.fromstring(client.get(f"/feeds/{name}").content) for name in named}  # noqa: S314 -- ours
    found = {name: [row.text or "" for row in tree.iter() if row.tag in ATOM_WORDS] for name, tree in atoms.items()}
    for name in ("deadlines.ics", "forecasters/policy-desk.ics", f"topics/{topic}.ics"):
        lines = client.get(f"/feeds/{name}").content.decode().replace("\r\n ", "").splitlines()
        said = (line.partition(":") for line in lines if line.startswith(ICAL_WORDS))
        found[name] = [words.replace("\\", "") for _, _, words in said]
    return found


def cards(client: Client, rich: dict[str, Prediction], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The pictures for sharing as they are drawn, before they are PNG."""
    paths = [row.get_absolute_url().rstrip("/") for row in rich.values()]
    drawn: list[str] = []
    monkeypatch.setattr(pictures, "png", lambda svg: drawn.append(svg) or b"PNG")
    addresses = [f"/cards{path}.png" for path in (*paths, "/forecasters/sharp", "/forecasters/policy-desk")]
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)
    return {address: LINE_END.sub(" ", svg) for address, svg in zip(addresses, drawn, strict=True)}
