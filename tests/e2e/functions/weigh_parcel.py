"""Weigh a parcel; what weighs too much is an error with a name of its own."""

MOST_KILOGRAMS = 20


class TooHeavy(Exception):
    pass


def handler(event, context):
    if event["kilograms"] > MOST_KILOGRAMS:
        raise TooHeavy(f"Parcel {event['number']} weighs {event['kilograms']} kg.")
    return {"number": event["number"], "postage": 3 + event["kilograms"] * 2}
