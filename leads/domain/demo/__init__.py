"""The demo data: a small company's pipeline with months of history, and how it goes away again."""
