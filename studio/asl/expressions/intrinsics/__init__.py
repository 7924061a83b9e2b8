"""Intrinsic functions: what ``States.Format('Hello {}', $.name)`` and its 17 siblings mean.

``parser`` reads a call, ``compiler`` turns it into a function of Bindings, ``registry`` names the
functions, and each other file holds one family of them.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""
