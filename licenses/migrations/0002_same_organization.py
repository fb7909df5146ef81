from django.db import migrations

from core.tenancy import same_organization


class Migration(migrations.Migration):
    dependencies = [("licenses", "0001_initial")]
    operations = [
        same_organization("licenses_domainrule", "license_id", "licenses_license"),
        same_organization("licenses_usagecounter", "license_id", "licenses_license"),
    ]
