"""A busy machine is no failure: hypothesis measures properties here, not time."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
