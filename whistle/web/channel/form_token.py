"""The receipt of a report that is not sent yet, sealed into the form that will send it.

Because the receipt exists before the report, a double tap, a reload or an answer lost on weak signal sends the same
receipt again, and the store takes it only once. The token can be read by nobody without the server's secret.
"""

from datetime import date

from whistle.crypto.receipt import ENTROPY, Receipt, from_entropy
from whistle.crypto.suite import Refused
from whistle.crypto.tokens import open_token, seal_token
from whistle.services.context import Context
from whistle.services.intake import fresh_receipt, is_sent

PURPOSE = "form"
KEPT_DAYS = 7  # a form that lay open longer gets a new receipt; nothing that was typed is lost


def fresh(ctx: Context) -> str:
    """A token with a receipt that nobody has seen yet."""
    day = ctx.clock.today().toordinal().to_bytes(4, "big")
    return seal_token(ctx.settings.secret_key, PURPOSE, fresh_receipt().entropy + day)


def receipt_of(ctx: Context, token: str) -> Receipt | None:
    """The receipt in a token; None for a token that was changed or is another server's.

    None too for one that is too old, unless its report was sent: then the same form sent again is the same report.
    Raises StoreUnavailable.
    """
    try:
        payload = open_token(ctx.settings.secret_key, PURPOSE, token)
        made = date.fromordinal(int.from_bytes(payload[ENTROPY:], "big"))
        receipt = from_entropy(payload[:ENTROPY])
    except (Refused, ValueError, OverflowError):
        return None
    age = (ctx.clock.today() - made).days
    return receipt if -1 <= age <= KEPT_DAYS or is_sent(ctx, receipt) else None
