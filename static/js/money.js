// Money in words, as funnelcrm/money.py says it: "€950", "€1.5k", "€48k", "€1,542k", "€38M".

const SYMBOLS = { EUR: "€", USD: "$", GBP: "£", JPY: "¥", INR: "₹" };
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0, roundingMode: "halfExpand" });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1, roundingMode: "halfExpand" });

export function short(amount, currency) {
  const sign = SYMBOLS[currency] ?? `${currency} `;
  if (amount < 1000) return sign + whole.format(amount);
  if (amount < 10_000) return `${sign}${tenths.format(amount / 1000)}k`;
  if (amount < 10_000_000) return `${sign}${whole.format(amount / 1000)}k`;
  return `${sign}${whole.format(amount / 1_000_000)}M`;
}
