from django.urls.converters import IntConverter


class IdConverter(IntConverter):
    """A row's id: what no database can hold is no address (404) rather than an error of the database."""

    regex = "[1-9][0-9]{0,17}"
