from django.db import migrations

from core.tenancy import same_organization


class Migration(migrations.Migration):
    dependencies = [("licenses", "0003_business")]
    operations = [
        same_organization("licenses_renewal", "license_id", "licenses_license"),
        same_organization("licenses_reminder", "license_id", "licenses_license"),
        same_organization("licenses_quotawarning", "license_id", "licenses_license"),
    ]
