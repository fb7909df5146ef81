"""Words of the frame that the page itself needs; the chat UI brings its own English ones and takes these over them."""


def strings_for(language: str) -> dict[str, str]:
    """Overrides of the chat UI's English words. Translations come with the configurator's languages."""
    return {}
