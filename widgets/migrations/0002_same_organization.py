from django.db import migrations

from core.tenancy import same_organization


class Migration(migrations.Migration):
    dependencies = [("widgets", "0001_initial"), ("licenses", "0001_initial")]
    operations = [
        same_organization("widgets_widget", "license_id", "licenses_license"),
        same_organization("widgets_widgetversion", "widget_id", "widgets_widget"),
        same_organization("widgets_credential", "widget_id", "widgets_widget"),
    ]
