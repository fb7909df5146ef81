from django.db import migrations

from core.tenancy import same_organization


class Migration(migrations.Migration):
    dependencies = [("chatkit_sessions", "0001_initial"), ("widgets", "0001_initial"), ("embed", "0001_initial")]
    operations = [
        same_organization("chatkit_sessions_chatkitsession", "widget_id", "widgets_widget"),
        same_organization("chatkit_sessions_chatkitsession", "visitor_session_id", "embed_visitorsession"),
    ]
