"""Random forecasts with outcomes, for the properties that hold for all of them."""

from hypothesis import strategies as st

from forecasts.scoring.values import TickTable

ticks = st.integers(0, 10_000)
rows = st.tuples(ticks, st.integers(0, 50), st.integers(0, 50)).map(lambda row: (row[0], max(row[1:]), min(row[1:])))
some_rows = st.lists(rows, min_size=1, max_size=40).filter(lambda rows: any(weight for _, weight, _ in rows))
tables = some_rows.map(lambda rows: TickTable.from_rows(rows, independent=True))
forecasts = st.lists(st.tuples(ticks.map(lambda tick: tick / 10_000), st.integers(0, 1)), min_size=1, max_size=60)
