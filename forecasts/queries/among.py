"""A condition: `Among(F("pk"), rows)` holds where `pk__in=rows` does, and is for few rows.

PostgreSQL joins a table with what a query says; of what it takes for many rows it reads the whole table to do so. Of an
array it finds the keys first, and then looks each up.
"""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.lookups import In


class Among(In):
    def __init__(self, column: F, rows: QuerySet[Any, Any]) -> None:
        super().__init__(column, rows.query)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY(ARRAY{right})", [*left_params, *right_params]
