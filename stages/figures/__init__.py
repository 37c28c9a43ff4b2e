"""The funnel's figures: exactly what design/funnel-metrics.md, section 2, says, over plain data.

No database in here. `answer(ledger, config, query)` is the definition of each number; what is
kept for speed elsewhere must equal it, digit for digit.
"""
