from django.db import migrations

from core.tenancy import same_organization


class Migration(migrations.Migration):
    dependencies = [("embed", "0001_initial"), ("widgets", "0001_initial"), ("licenses", "0001_initial")]
    operations = [
        same_organization("embed_visitorsession", "license_id", "licenses_license"),
        same_organization("embed_visitorsession", "widget_id", "widgets_widget"),
    ]
