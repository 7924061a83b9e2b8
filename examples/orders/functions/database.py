"""The shop's tables: stock, orders, reservations, charges, vouchers, sales and outgoing mail.

They live in the schema ``example_orders`` of the database at DATABASE_URL and are made, and filled
with goods, when they are first needed.

Every function does its work in one transaction and can be called again with the same event: it then
finds what the first call did, changes nothing and gives the same answer. That is what makes it safe
to retry a call of which nobody knows whether it happened.
"""

import os
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from errors import DatabaseUnavailable, OrderCancelled
from psycopg.rows import dict_row

TABLES = """
CREATE SCHEMA IF NOT EXISTS example_orders;
CREATE TABLE IF NOT EXISTS example_orders.stock (
    sku text PRIMARY KEY,
    name text NOT NULL,
    price_cents integer NOT NULL,
    initial integer NOT NULL,
    available integer NOT NULL CHECK (available >= 0)
);
CREATE TABLE IF NOT EXISTS example_orders.orders (
    execution_id text PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL,
    total_cents bigint NOT NULL,
    status text NOT NULL DEFAULT 'RECEIVED'
        CHECK (status IN ('RECEIVED', 'PAID', 'CANCELLING', 'CANCELLED')),
    reason text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS example_orders.reservations (
    execution_id text NOT NULL,
    item integer NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    sku text NOT NULL REFERENCES example_orders.stock,
    quantity integer NOT NULL CHECK (quantity > 0),
    status text NOT NULL DEFAULT 'RESERVED'
        CHECK (status IN ('RESERVED', 'SOLD', 'RELEASED')),
    PRIMARY KEY (execution_id, item)
);
CREATE INDEX IF NOT EXISTS reservations_held ON example_orders.reservations (sku)
    INCLUDE (quantity) WHERE status <> 'RELEASED';
CREATE TABLE IF NOT EXISTS example_orders.charges (
    execution_id text PRIMARY KEY,
    method text NOT NULL,
    amount_cents bigint NOT NULL,
    voucher text,
    refunded boolean NOT NULL DEFAULT false
);
CREATE TABLE IF NOT EXISTS example_orders.vouchers (
    code text PRIMARY KEY,
    balance_cents bigint NOT NULL CHECK (balance_cents >= 0)
);
CREATE TABLE IF NOT EXISTS example_orders.processor_calls (
    execution_id text PRIMARY KEY,
    calls integer NOT NULL
);
CREATE TABLE IF NOT EXISTS example_orders.sales (
    execution_id text PRIMARY KEY,
    day date NOT NULL DEFAULT current_date,
    total_cents bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS sales_of_day ON example_orders.sales (day) INCLUDE (total_cents);
CREATE TABLE IF NOT EXISTS example_orders.outbox (
    execution_id text NOT NULL,
    kind text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (execution_id, kind)
);
INSERT INTO example_orders.stock (sku, name, price_cents, initial, available) VALUES
    ('teapot', 'Teapot, cast iron', 4900, 100000, 100000),
    ('cup', 'Cup, stoneware', 1200, 400000, 400000),
    ('kettle', 'Kettle, copper', 8900, 100000, 100000),
    ('assam', 'Assam, 250 g', 950, 400000, 400000),
    ('sencha', 'Sencha, 100 g', 1450, 400000, 400000),
    ('golden-teapot', 'Teapot, gold', 250000, 3, 3)
ON CONFLICT DO NOTHING;
INSERT INTO example_orders.vouchers (code, balance_cents) VALUES
    ('TEA-TIME', 100000000000), ('USED-UP', 0)
ON CONFLICT DO NOTHING;
"""

Cursor = psycopg.Cursor[dict[str, Any]]


class _Held:
    """A thread's connection, closed when the thread ends or this file is edited."""

    def __init__(self) -> None:
        self.connection = psycopg.connect(
            os.environ["DATABASE_URL"], autocommit=True, connect_timeout=5, row_factory=dict_row
        )

    def __del__(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()


_thread = threading.local()


def in_transaction(work: Callable[[Cursor], dict[str, Any]]) -> dict[str, Any]:
    """Do ``work`` in one transaction and return what it returns.

    A connection that turns out to be dead (the database was restarted) is replaced once, and
    tables that are not there yet are made. Raises DatabaseUnavailable when that does not help.
    """
    try:
        try:
            return _attempt(work)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            _make_tables()
        except psycopg.OperationalError:
            _thread.held = None
        return _attempt(work)
    except psycopg.OperationalError as error:
        _thread.held = None
        raise DatabaseUnavailable(str(error).strip()) from error


def _attempt(work: Callable[[Cursor], dict[str, Any]]) -> dict[str, Any]:
    held = getattr(_thread, "held", None)
    if held is None:
        held = _thread.held = _Held()
    with held.connection.transaction(), held.connection.cursor() as cursor:
        return work(cursor)


def _make_tables() -> None:
    def work(cursor: Cursor) -> dict[str, Any]:
        # IF NOT EXISTS alone does not keep two sessions from creating the same thing at once.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('example_orders'))")
        cursor.execute(TABLES)
        return {}

    _attempt(work)


def hold_open_order(cursor: Cursor, execution_id: str) -> None:
    """Make sure that nobody starts to undo the order before this transaction ends.

    A call that was given up (its Map failed, its time was over) may still be running: once the
    order is being undone, it finds so here and takes nothing more.
    """
    cursor.execute(
        "SELECT status FROM example_orders.orders WHERE execution_id = %s FOR SHARE",
        (execution_id,),
    )
    row = cursor.fetchone()
    if row is None or row["status"] in ("CANCELLING", "CANCELLED"):
        raise OrderCancelled("The order is being undone.")


def euros(cents: int) -> str:
    """Cents as people write them: ``€ 49.00``."""
    return f"€ {cents // 100:,}.{cents % 100:02}"
