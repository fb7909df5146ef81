"""What a reseller, or the platform, changes about a customer."""

from django.db import transaction

from accounts.models import Organization
from accounts.services import one_line, record
from licenses.authority import Actor, Deed, authority_of


@transaction.atomic
def rename_customer(*, actor: Actor, customer: Organization, name: str) -> Organization:
    """Its addresses stay. Raises NotAllowed."""
    authority = authority_of(actor)
    authority.require(Deed.ADD_CUSTOMER)
    authority.require_customer(customer)
    former, customer.name = customer.name, one_line(name)
    customer.save(update_fields=["name"])
    record(
        action="organization.renamed",
        actor=authority.actor,
        organization=customer,
        target=customer.public_id,
        former=former,
        now=customer.name,
    )
    return customer
