from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ForecastsConfig(AppConfig):
    name = "forecasts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the ledger's doorbell, so that followers hear of every commit; register what a deployment checks."""
        from django.core import checks

        from forecasts.jobs import doorbell, hosts
        from forecasts.ledger import append

        append.register(doorbell.ring)
        checks.register(hosts.check_hosts, checks.Tags.security, deploy=True)


class DeskConfig(AdminConfig):
    default_site = "forecasts.admin.site.DeskSite"

    def ready(self) -> None:
        """Register the pages once the site exists: the site's own module lies in the same package."""
        super().ready()
        from forecasts.admin import pages  # noqa: F401 -- importing registers
