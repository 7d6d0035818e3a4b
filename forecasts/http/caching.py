"""What nobody may keep: answers that say nothing of caching themselves, such as errors and forms."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


def stored_only_if_it_says_so(get_response: Answer) -> Answer:
    """Middleware: without a word of its own, an answer is `no-store`. Else a 404 could be kept by any cache."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer
