from .account import Account
from .contact import Contact
from .deal import Deal, DealContact, Tag
from .saved_view import SavedView
from .touchpoint import Touchpoint

__all__ = ["Account", "Contact", "Deal", "DealContact", "SavedView", "Tag", "Touchpoint"]
