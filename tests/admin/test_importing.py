"""Importing at the desk: upload, look, apply; what was shown is what is applied."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecasts.actions import keep_import_file
from forecasts.actions.keep_import_file import KEPT_FOR, MOST_BYTES
from forecasts.models import ImportFile, ImportRun, LedgerEntry, Prediction, Resolution
from tests.imports.test_own import HEADER, ROW
from tests.journeys.desk import Desk, browsed
from tests.ledger.behind import execute
from tests.refusals import everything, refused
from tests.story import DAY, START, Story, make_user

PAGE = "/desk/forecasts/importrun/add/"
BAD = "mine:1,,,oracle,,,2026-02-01,<script>alert(1)</script>"
SETTLED = f"{HEADER},outcome,known_at\n{ROW},yes,2026-06-30\n"


def file(*rows: str, name: str = "mine.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join((HEADER, *rows)).encode())


def looks(desk: Desk, *given: SimpleUploadedFile, **more: Any) -> HttpResponse:
    """Upload, and open the page that one is sent to."""
    posted = desk.try_to(PAGE, file=list(given), **{"format": "auto", **more})
    assert posted.status_code == 302, posted.content.decode()
    return desk.get(posted["Location"])


def text(page: HttpResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_it_works(story: Story) -> None:
    desk = Desk(story.editor)
    assert f'href="{PAGE}"' in desk.get("/desk/").content.decode()
    page = looks(desk, file(ROW, BAD))
    assert not Prediction.objects.exists()
    said = text(page)
    assert "Brings all 3 new rows in one go and leaves out 1 that is refused or in conflict." in said
    assert "Refused row 3 forecast mine:1@2026-02-01T23:59:59+00:00 value “<script>alert(1)</script>”" in said
    assert "<script>alert" not in page.content.decode()
    applied = desk.send("/desk/forecasts/importrun/check/", **browsed(page))
    run = ImportRun.objects.get()
    assert (run.new, run.refused, run.by) == (3, 1, story.editor)
    done = text(desk.get(applied["Location"]))
    assert "1 row was left out" in done
    assert "The file was imported: 3 new." in done
    assert "It will rain. (" in done
    assert f"Entry {LedgerEntry.objects.count()}" in done
    again = looks(desk, file(ROW, BAD))
    assert "There is nothing to apply." in text(again)


def test_applying_twice_brings_nothing_twice(story: Story) -> None:
    desk = Desk(story.editor)
    sent = browsed(looks(desk, file(ROW)))
    desk.send("/desk/forecasts/importrun/check/", **sent)
    before = everything()
    answer = desk.send("/desk/forecasts/importrun/check/", **sent)
    assert "Nothing changed: whatever could be taken is here already." in text(desk.get(answer["Location"]))
    assert everything() == before


def test_rows_are_filtered_and_paged(story: Story) -> None:
    desk = Desk(story.editor)
    rows = [f"mine:1,,,oracle,,,2026-02-01T00:{at // 60:02}:{at % 60:02}Z,0.5" for at in range(120)]
    page = looks(desk, file(ROW, BAD, *rows))
    url = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    assert "Page 1 of 3" in text(page)
    with CaptureQueriesContext(connection) as queries:
        second = desk.get(f"{url}&state=new&page=3")
    assert len(queries) <= 15
    assert "Page 3 of 3" in text(second)
    assert "Refused row" not in text(second)
    only = text(desk.get(f"{url}&state=refused"))
    assert only.count("row 3 forecast") == 1
    assert "Page" not in only
    assert "No such rows." in text(desk.get(f"{url}&state=conflicting"))


def test_outcomes_wait_for_an_approver_who_opens_the_same_page(story: Story) -> None:
    desk = Desk(story.editor)
    page = looks(desk, SimpleUploadedFile("mine.csv", SETTLED.encode()))
    assert "Outcomes come in when an approver imports the same file." in text(page)
    desk.send("/desk/forecasts/importrun/check/", **browsed(page))
    assert not Resolution.objects.exists()
    theirs = Desk(story.approver).get(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"])
    assert "Brings the 1 new row in one go." in text(theirs)
    Desk(story.approver).send("/desk/forecasts/importrun/check/", **browsed(theirs))
    assert Resolution.objects.get().approver == story.approver


@pytest.mark.parametrize(
    ("given", "more", "said"),
    [
        ([], {}, "This field is required."),
        ([SimpleUploadedFile("empty.csv", b"")], {}, "The submitted file is empty."),
        ([SimpleUploadedFile("big.csv", b"x" * (MOST_BYTES + 1))], {}, "at most 20 MiB here"),
        ([file(ROW)], {"format": "gold"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_uploaded_is_told_beside_the_field(
    story: Story, given: list[SimpleUploadedFile], more: dict[str, str], said: str
) -> None:
    page = Desk(story.editor).try_to(PAGE, file=given, **{"format": "auto", **more})
    assert page.status_code == 200
    assert said in text(page)
    assert not ImportFile.objects.exists()


def test_a_file_that_cannot_be_read_can_be_read_as_another(story: Story) -> None:
    page = looks(Desk(story.editor), SimpleUploadedFile("mine.csv", b"year,state\n"))
    assert "The file was not read. format: 'mine.csv' is not accepted; it cannot be told from the file" in text(page)
    assert "Read again" in page.content.decode()
    two = looks(Desk(story.editor), file(ROW, name="a.csv"), file(ROW, BAD, name="a.csv"))
    assert "give files that belong together different names" in text(two)


def test_an_address_with_anything_in_it_names_no_file(story: Story) -> None:
    for digest in ("%00", "%ED%A0%80", "%F0%9F%92%A9"):
        page = Desk(story.editor).get(f"/desk/forecasts/importrun/check/?file={digest}")
        assert "it is not here any more; upload it again" in text(page)


def test_what_is_applied_is_what_was_shown(story: Story) -> None:
    desk = Desk(story.editor)
    sent = browsed(looks(desk, file(ROW)))
    other = ImportFile.objects.get()
    forged = keep_import_file(name="mine.csv", data=b"prediction\n", at=START, by=story.editor)
    execute(sql="UPDATE forecasts_importfile SET packed = %s WHERE id = %s", given=[forged.packed, other.pk])
    page = desk.try_to("/desk/forecasts/importrun/check/", **sent)
    assert "it is not what was uploaded; upload it again" in text(page)
    lost = desk.try_to("/desk/forecasts/importrun/check/", file="0" * 64, format="auto")
    assert "it is not here any more; upload it again" in text(lost)
    assert not Prediction.objects.exists()


def test_files_are_let_go(story: Story) -> None:
    keep_import_file(name="old.csv", data=b"1", at=START, by=story.editor)
    kept = keep_import_file(name="new.csv", data=b"2", at=START + DAY, by=story.editor)
    assert keep_import_file(name="b.csv", data=b"2", at=START + KEPT_FOR + DAY, by=story.editor) == kept
    assert list(ImportFile.objects.values_list("name", flat=True)) == ["b.csv"]
    with refused("file", "empty.csv", "choose another"):
        keep_import_file(name="empty.csv", data=b"", at=timezone.now(), by=story.editor)


def test_it_is_for_those_who_keep_predictions(story: Story) -> None:
    for group in ("", "Approvers", "Operators"):
        desk = Desk(make_user(f"one-of-{group}", *([group] if group else [])))
        assert desk.get(PAGE).status_code == 403
        assert desk.try_to(PAGE, file=file(ROW), format="auto").status_code == 403
        assert desk.get("/desk/forecasts/importrun/check/?file=x").status_code == 403
        assert desk.try_to("/desk/forecasts/importrun/check/", file="x").status_code == 403
