from django.db import migrations

from core.tenancy import same_organization


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_initial"), ("widgets", "0001_initial")]
    operations = [
        same_organization("analytics_dailyeventcount", "widget_id", "widgets_widget"),
        same_organization("analytics_incident", "widget_id", "widgets_widget"),
    ]
