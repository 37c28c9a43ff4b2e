from .board_cell import BoardCell
from .exchange_rate import ExchangeRate
from .ledger import DealEvent, LedgerOpen
from .outbox import Outbox
from .pipeline import Pipeline, PlaybookItem, Stage
from .vocabulary import BuyingRole, LossReason, Source, TouchpointType

__all__ = [
    "BoardCell",
    "BuyingRole",
    "DealEvent",
    "ExchangeRate",
    "LedgerOpen",
    "LossReason",
    "Outbox",
    "Pipeline",
    "PlaybookItem",
    "Source",
    "Stage",
    "TouchpointType",
]
