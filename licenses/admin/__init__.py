from licenses.admin import business, licenses

__all__ = ["business", "licenses"]
