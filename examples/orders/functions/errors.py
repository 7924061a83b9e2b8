"""What can go wrong with an order. A definition's Retry and Catch name these classes."""


class InvalidOrder(Exception):
    """The order makes no sense; nothing was touched."""


class OutOfStock(Exception):
    """There is not enough of an item."""


class OrderCancelled(Exception):
    """The order is being undone; nothing more happens for it."""


class PaymentDeclined(Exception):
    """The customer's payment was refused, for good."""


class ProcessorUnavailable(Exception):
    """The payment processor did not answer; asking again is safe."""


class DatabaseUnavailable(Exception):
    """The shop's database did not answer; asking again is safe."""
