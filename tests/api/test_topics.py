"""/api/v1/topics"""

from tests.api.conftest import Get
from tests.story import Story


def test_it_works(get: Get, story: Story) -> None:
    story.topic("rivers")
    story.topic("bridges")
    assert get("topics")["results"] == [
        {"slug": "bridges", "name": "Bridges", "description": ""},
        {"slug": "rivers", "name": "Rivers", "description": ""},
    ]


def test_an_unknown_parameter_is_refused(get: Get) -> None:
    assert get("topics", status=400, page=2)["problems"][0]["field"] == "page"
