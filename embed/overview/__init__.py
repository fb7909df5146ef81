"""The first page of an organization: what is left to set up, what needs somebody, and how every widget does.

On this floor because conversations are counted here; to the floors below it is a page of the widgets, known by name.
"""
