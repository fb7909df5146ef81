"""Plans from before these limits existed go on as they did: a limit that is not named would be none."""

from django.db import migrations

FORMER = {"concurrent_sessions": -1, "members": -1, "analytics_days": 90}


def name_new_limits(apps, schema_editor):
    for plan in apps.get_model("licenses", "Plan").objects.all():
        plan.limits = {**FORMER, "wildcard_domains": plan.limits.get("domains", 0), **plan.limits}
        plan.save(update_fields=["limits"])


def count_reservations(apps, schema_editor):
    """As licenses.services.common.save does from now on."""
    for license in apps.get_model("licenses", "License").objects.select_related("plan").iterator():
        for metric in ("widgets", "domains", "sessions_month"):
            value = license.limit_overrides.get(metric, license.plan.limits.get(metric))
            setattr(license, f"reserved_{metric}", value if isinstance(value, int) else 0)
        license.save(update_fields=["reserved_widgets", "reserved_domains", "reserved_sessions_month"])


class Migration(migrations.Migration):
    dependencies = [("licenses", "0004_same_organization")]
    operations = [
        migrations.RunPython(name_new_limits, migrations.RunPython.noop),
        migrations.RunPython(count_reservations, migrations.RunPython.noop),
    ]
