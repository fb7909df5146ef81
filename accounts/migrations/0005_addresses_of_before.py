from typing import Any

from django.db import migrations


def confirm(apps: Any, schema_editor: Any) -> None:
    """Who was here before addresses were confirmed was let in by an operator."""
    address = apps.get_model("account", "EmailAddress")
    for user in apps.get_model("accounts", "User").objects.filter(emailaddress=None).iterator():
        address.objects.create(user=user, email=user.email, verified=True, primary=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_people"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
