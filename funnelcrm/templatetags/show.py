from decimal import Decimal

from django import template

from funnelcrm.money import full

register = template.Library()


@register.simple_tag
def money(amount: Decimal, currency: str) -> str:
    """An amount in full: "€48,000"."""
    return full(amount, currency)
