"""An assessor behind any endpoint that speaks OpenAI's chat completions. Off until an operator names one."""

import math
import socket
from dataclasses import dataclass, field, replace
from decimal import Decimal

from forecasts.errors import Refused
from forecasts.evidence.assessors.answer import Reply, judge, read_reply
from forecasts.evidence.assessors.kind import Assessment, Question, Report, Usage
from forecasts.evidence.assessors.prompt import MAX_ANSWER_TOKENS, PROMPT_VERSION, request_body
from forecasts.evidence.dial import Dial, Resolve
from forecasts.evidence.fetch import FetchPolicy, PostRequest, post_json

MAX_ANSWER = 200_000


@dataclass(frozen=True)
class LlmOptions:
    """Where and what to ask. `url` is the base, such as https://models.example/v1; `key` is a secret.

    `allowed` holds exact (host, port) pairs; the endpoint must be one of them and may then be private. `seconds` is the
    time for one call in all. Prices are in the operator's currency per million tokens, 0 when unknown.
    """

    url: str
    model: str
    allowed: frozenset[tuple[str, int]]
    key: str = field(default="", repr=False)
    seconds: float = 60
    prompt_price: Decimal = Decimal(0)
    completion_price: Decimal = Decimal(0)
    user_agent: str = "Reckoner/0.1"


class LlmAssessor:
    """One call per item, no tools, one answer of fixed form. `resolve` and `dial` are replaced by tests."""

    name = "llm"

    def __init__(
        self,
        options: LlmOptions,
        *,
        resolve: Resolve = socket.getaddrinfo,
        dial: Dial = socket.create_connection,
    ) -> None:
        if not options.url or not options.model:
            raise Refused("assessor", options.url, "name both an endpoint and a model")
        self._options, self._resolve, self._dial = options, resolve, dial

    def __repr__(self) -> str:
        return f"LlmAssessor({self._options.url!r}, {self._options.model!r})"

    @property
    def version(self) -> str:
        return f"{self._options.model} {PROMPT_VERSION}"

    def at_most(self, question: Question, report: Report) -> int:
        """An upper bound in millionths: no tokenizer makes more tokens than there are bytes."""
        return self._cost(len(request_body(self._options.model, question, report)), MAX_ANSWER_TOKENS)

    def assess(self, question: Question, report: Report) -> Assessment:
        """See `Assessor.assess`. BadStatus carries `retry_after`; 401 and 403 mean that the key is wrong."""
        options = self._options
        document = request_body(options.model, question, report)
        request = PostRequest(f"{options.url.rstrip('/')}/chat/completions", document, options.key)
        reply = read_reply(post_json(request, self._policy(), resolve=self._resolve, dial=self._dial))
        return replace(
            judge(reply, question, report),
            model=reply.model or options.model,
            prompt_version=PROMPT_VERSION,
            usage=self._usage(reply, len(document)),
        )

    def _policy(self) -> FetchPolicy:
        seconds = self._options.seconds
        return FetchPolicy(
            allow_private=self._options.allowed,
            max_raw=MAX_ANSWER,
            max_decoded=MAX_ANSWER,
            read=seconds,
            total=seconds,
            user_agent=self._options.user_agent,
        )

    def _usage(self, reply: Reply, asked: int) -> Usage:
        if reply.prompt_tokens is None or reply.completion_tokens is None:
            return Usage(asked, MAX_ANSWER_TOKENS, self._cost(asked, MAX_ANSWER_TOKENS), estimated=True)
        cost = self._cost(reply.prompt_tokens, reply.completion_tokens)
        return Usage(reply.prompt_tokens, reply.completion_tokens, cost)

    def _cost(self, prompt_tokens: int, completion_tokens: int) -> int:
        """Millionths: a price per million tokens is one in millionths per token."""
        return math.ceil(
            prompt_tokens * self._options.prompt_price + completion_tokens * self._options.completion_price
        )
