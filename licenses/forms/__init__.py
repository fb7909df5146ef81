from licenses.forms.domains import DomainsForm

__all__ = ["DomainsForm"]
