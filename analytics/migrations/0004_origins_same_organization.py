from django.db import migrations

from core.tenancy import same_organization


class Migration(migrations.Migration):
    dependencies = [("analytics", "0003_origins"), ("widgets", "0001_initial"), ("licenses", "0001_initial")]
    operations = [
        same_organization("analytics_seenorigin", "license_id", "licenses_license"),
        same_organization("analytics_sighting", "widget_id", "widgets_widget"),
    ]
