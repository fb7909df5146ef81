from django.db import migrations

from core.tenancy import same_organization


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_tokens_grants_webhooks")]
    operations = [same_organization("accounts_webhookdelivery", "endpoint_id", "accounts_webhookendpoint")]
