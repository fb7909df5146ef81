"""Harbour Coffee: a customer's web site with our widgets on it, on another origin than the product."""
